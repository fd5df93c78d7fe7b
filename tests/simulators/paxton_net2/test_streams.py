"""Subscriptions and what they bring (sections 5.1, 5.3, 5.4, 5.7)."""

import asyncio
import re

import aiohttp
import pytest

from simulators.paxton_net2 import Net2Simulator

from .support import HUB, Api, Line, contents


@pytest.mark.parametrize("number", [0, 7, "7", "abc"])
async def test_a_call_is_answered_by_its_id_as_a_text(line: Line, number: int | str) -> None:
    assert await line.call("subscribeToLiveEvents", number=number) == {"I": str(number)}


async def test_a_call_without_an_id_is_answered_all_the_same(line: Line) -> None:
    await line.socket.send_json({"H": HUB, "M": "subscribeToLiveEvents", "A": []})

    while "I" not in (frame := await line.frame()):
        pass
    assert frame == {"I": None}


async def test_after_a_subscription_comes_a_groups_token_with_no_message(
    line: Line, door_id: int
) -> None:
    await line.call("subscribeToDoorEvents", str(door_id))
    await line.groups_token()

    assert line.frames[-1]["M"] == []


@pytest.mark.parametrize("method", ["SUBSCRIBETOLIVEEVENTS", "SubscribeToLiveEvents"])
async def test_methods_are_called_in_any_case(line: Line, method: str) -> None:
    assert await line.call(method) == {"I": "1"}


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("subscribeToNothing", []),
        ("subscribeToDoorEvents", []),
        ("subscribeToDoorEvents", ["front"]),
    ],
)
async def test_a_failure_is_told_in_the_clients_own_words(
    line: Line, method: str, arguments: list[str]
) -> None:
    assert await line.call(method, *arguments) == {
        "I": "1",
        "E": f"There was an error invoking Hub method '{HUB}.{method}'.",
    }


async def test_detailed_errors_say_more(simulator: Net2Simulator, line: Line) -> None:
    simulator.faults.detailed_errors = True

    answer = await line.call("subscribeToNothing")

    assert answer["E"] == (
        "'subscribeToNothing' method could not be resolved. No method found with that name."
    )


async def test_a_door_can_be_refused_or_never_answered(
    simulator: Net2Simulator, line: Line
) -> None:
    first, second, third, _ = simulator.world.doors
    simulator.faults.refused_doors = [first]
    simulator.faults.unanswered_doors = [second]

    assert "E" in await line.call("subscribeToDoorEvents", str(first), number="a")
    call = {"H": HUB, "M": "subscribeToDoorEvents", "A": [str(second)], "I": "b"}
    await line.socket.send_json(call)
    assert await line.call("subscribeToDoorEvents", str(third), number="c") == {"I": "c"}
    assert "b" not in [frame.get("I") for frame in line.frames]


async def test_nothing_is_told_before_a_subscription(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    simulator.world.swipe(door_id)
    await line.subscribe()
    simulator.world.press_bell(door_id)

    told = await line.told("LiveEvents")

    assert [event["eventType"] for event in told] == [52]


async def test_a_swipe_is_told_on_every_stream(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe(door_id)
    simulator.world.swipe(door_id, 8)
    simulator.clock.advance(8)

    events = await line.told("LiveEvents", 3)
    assert events[0] == {
        "eventTime": events[0]["eventTime"],
        "eventType": 20,
        "eventSubType": 0,
        "tokenType": 0,
        "tokenNumber": 12345678,
        "userId": 8,
        "userName": "Example Ada",
        "deviceId": door_id,
        "areaName": f"{simulator.world.doors[door_id].name} (In)",
        "details": None,
        "notificationType": "EventsReportEvent",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", events[0]["eventTime"])
    assert [event["eventType"] for event in events] == [20, 28, 29]
    assert events[1]["userName"] is None
    assert await line.told("DoorEvents", 2) == [
        {"doorId": door_id, "locked": False},
        {"doorId": door_id, "locked": True},
    ]
    statuses = await line.told("DoorStatusEvents", 2)
    assert [status["deviceId"] for status in statuses] == [door_id] * 2
    assert [status["status"]["doorRelayOpen"] for status in statuses] == [True, False]
    assert statuses[0]["status"].keys() == {
        "intruderAlarmArmed",
        "psuContactClosed",
        "tamperContactClosed",
        "doorContactClosed",
        "alarmTripped",
        "doorRelayOpen",
    }


@pytest.mark.parametrize("spelling", ["{}", "0{}"])
async def test_a_door_is_named_by_its_number_however_spelt(
    simulator: Net2Simulator, line: Line, door_id: int, spelling: str
) -> None:
    await line.call("subscribeToDoorEvents", spelling.format(door_id))
    simulator.world.doors[door_id].hold()

    assert await line.told("DoorEvents") == [{"doorId": door_id, "locked": False}]


async def test_one_door_is_told_of_and_not_the_others(simulator: Net2Simulator, line: Line) -> None:
    first, second, *_ = simulator.world.doors
    await line.call("subscribeToDoorEvents", second)
    simulator.world.doors[first].hold()
    simulator.world.doors[second].hold()

    assert await line.told("DoorEvents") == [{"doorId": second, "locked": False}]


async def test_an_unsubscription_ends_it(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe(door_id)
    assert await line.call("unsubscribeToDoorEvents", str(door_id)) == {"I": "1"}
    simulator.world.doors[door_id].hold()

    await line.told("DoorStatusEvents")

    assert contents(line.frames, "DoorEvents") == []
    assert simulator.subscriptions == {"LiveEvents", f"DoorStatusEvents.{door_id}"}


async def test_names_come_in_pascal_case_and_contents_in_a_list(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe()
    simulator.world.press_bell(door_id)
    await line.told("LiveEvents")

    message = line.frames[-1]["M"][0]
    assert (message["H"], message["M"]) == ("EventHubLocal", "LiveEvents")
    assert isinstance(message["A"][0], list)


async def test_names_can_be_in_camel_case_and_contents_flat(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    simulator.faults.camel_case_names = True
    simulator.faults.flat_arguments = True
    await line.subscribe()
    simulator.world.press_bell(door_id)
    while not (frame := await line.frame()).get("M"):
        pass

    message = frame["M"][0]
    assert (message["H"], message["M"]) == ("eventHubLocal", "liveEvents")
    assert message["A"][0]["eventType"] == 52


async def test_door_statuses_can_name_the_door_otherwise(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    simulator.faults.door_id_key = True
    simulator.faults.missing_contact = True
    simulator.faults.pascal_case = True
    await line.subscribe(door_id)
    simulator.world.doors[door_id].hold()

    (told,) = await line.told("DoorStatusEvents")

    assert told["DoorId"] == door_id
    assert "DoorContactClosed" not in told["Status"]


async def test_system_events_are_not_live_unless_switched_on(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe()
    simulator.world.battery(door_id)
    simulator.world.press_bell(door_id)
    assert [event["eventType"] for event in await line.told("LiveEvents")] == [52]

    simulator.faults.system_events_live = True
    simulator.world.battery(door_id)
    assert [event["eventType"] for event in await line.told("LiveEvents", 2)] == [52, 722]


async def test_a_frame_carries_at_most_ten_messages_of_a_signal_and_sorts_by_signal(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe(door_id)
    for _ in range(15):
        simulator.world.doors[door_id].hold()
        simulator.world.doors[door_id].relock()

    await line.told("LiveEvents", 30)

    full = next(frame for frame in line.frames if frame.get("M"))
    assert [message["M"] for message in full["M"]] == [
        *["LiveEvents"] * 10,
        *["DoorEvents"] * 10,
        *["DoorStatusEvents"] * 10,
    ]


async def test_several_events_can_come_in_one_message(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    simulator.faults.events_per_message = 3
    await line.subscribe()
    for _ in range(4):
        simulator.world.press_bell(door_id)
    simulator.clock.advance(1)

    await line.told("LiveEvents", 4)

    messages = [message for frame in line.frames for message in frame.get("M", ())]
    assert [len(message["A"][0]) for message in messages] == [3, 1]


async def test_frames_can_come_twice_and_messages_in_disorder(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe()
    simulator.faults.duplicate_frames = True
    simulator.faults.out_of_order = True
    simulator.world.swipe(door_id)

    told = await line.told("LiveEvents", 4)

    assert [event["eventType"] for event in told] == [28, 20, 28, 20]


async def test_messages_can_be_collected(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe()
    simulator.faults.collect_messages = 0.2
    simulator.world.press_bell(door_id)
    await asyncio.sleep(0.05)
    simulator.world.press_bell(door_id)

    await line.told("LiveEvents", 2)

    assert [len(frame["M"]) for frame in line.frames if frame.get("M")] == [2]


async def test_events_of_hours_ago_are_told_as_of_then(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe()
    simulator.world.take_offline(door_id)
    simulator.world.swipe(door_id)
    simulator.clock.advance(7200)
    now = simulator.world.now().astimezone(simulator.world.zone)
    simulator.world.bring_online(door_id)

    late = (await line.told("LiveEvents"))[0]

    assert late["eventType"] == 20
    assert late["eventTime"] < now.isoformat()[:16]


async def test_the_door_that_is_cut_off_has_no_status_events(
    simulator: Net2Simulator, line: Line, door_id: int
) -> None:
    await line.subscribe(door_id)
    simulator.world.take_offline(door_id)
    simulator.world.open_leaf(door_id)
    simulator.world.bring_online(door_id)

    statuses = await line.told("DoorStatusEvents")

    assert [status["status"]["doorContactClosed"] for status in statuses] == [False]


async def test_what_cannot_be_read_is_not_answered(line: Line) -> None:
    for text in ("{}", "nonsense", '"text"', '{"H":"otherHub","M":"x","A":[],"I":"8"}'):
        await line.socket.send_str(text)

    await line.call("subscribeToLiveEvents", number=9)

    assert [frame["I"] for frame in line.frames if "I" in frame] == ["9"]


async def test_a_message_above_64_kilobytes_ends_the_socket(line: Line) -> None:
    call = {"H": HUB, "M": "subscribeToDoorEvents", "A": ["1" * 65_000], "I": 1}
    await line.socket.send_json(call)
    assert "I" in await line.frame()

    await line.socket.send_json({**call, "A": ["1" * 66_000]})

    assert await line.close_code() == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_a_storm_of_ten_thousand_events_loses_none(
    simulator: Net2Simulator, line: Line
) -> None:
    await line.subscribe()
    storm = simulator.world.storm(10_000)

    told = []
    while len(told) < 10_000:
        told += contents([await line.frame()], "LiveEvents")
    await storm

    assert len(told) == 10_000
    assert {event["eventType"] for event in told} == {20}


async def test_two_listeners_hear_the_same(
    simulator: Net2Simulator, api: Api, line: Line, door_id: int
) -> None:
    other = await api.connect()
    await line.subscribe()
    await other.subscribe()
    simulator.world.press_bell(door_id)

    assert await line.told("LiveEvents") == await other.told("LiveEvents")
