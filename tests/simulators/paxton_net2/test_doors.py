"""Doors and commands (sections 3.2, 3.3, 4.1, 4.2, 7.3, 7.4)."""

import pytest

from simulators.paxton_net2 import Door, DoorKind, Net2Simulator

from .support import Api

QUIET = {
    "intruderAlarmArmed": False,
    "psuContactClosed": True,
    "tamperContactClosed": True,
    "doorContactClosed": True,
    "alarmTripped": False,
    "doorRelayOpen": False,
}


def door_of(simulator: Net2Simulator, kind: DoorKind) -> Door:
    return next(door for door in simulator.world.doors.values() if door.kind is kind)


def codes(simulator: Net2Simulator) -> list[int]:
    return [event.code for event in simulator.world.events]


async def test_doors_have_an_id_and_a_name(simulator: Net2Simulator, api: Api) -> None:
    doors = (await api.get("/doors")).json

    assert [door.keys() for door in doors] == [{"id", "name"}] * 4
    assert (await api.get(f"/doors/{doors[1]['id']}")).json == doors[1]
    assert (await api.get("/doors/1")).status == 404


async def test_an_id_is_not_the_number_in_the_name(simulator: Net2Simulator) -> None:
    assert all(str(door.id) not in door.name for door in simulator.world.doors.values())


async def test_the_same_seed_makes_the_same_doors() -> None:
    first, again, other = (Net2Simulator(seed=seed, doors=9) for seed in (5, 5, 6))

    assert list(first.world.doors) == list(again.world.doors)
    assert list(first.world.doors) != list(other.world.doors)


async def test_a_quiet_door(api: Api) -> None:
    doors = (await api.get("/doors/status")).json

    assert [door["status"] for door in doors] == [QUIET] * 4


@pytest.mark.parametrize(
    ("command", "name"),
    [("open", "OpenDoor"), ("holdopen", "HoldDoorOpen"), ("close", "CloseDoor")],
)
async def test_a_command_is_answered_as_queued(
    simulator: Net2Simulator, api: Api, door_id: int, command: str, name: str
) -> None:
    answer = await api.post(f"/commands/door/{command}", {"doorId": door_id})

    assert answer.json == {
        "commandName": name,
        "input": {"doorId": door_id},
        "output": {"status": "FireAndForget", "errors": None},
        "id": None,
    }
    assert [(each.name, each.door_id) for each in simulator.commands] == [(name, door_id)]


async def test_even_for_a_door_that_is_not_there(simulator: Net2Simulator, api: Api) -> None:
    assert (await api.post("/commands/door/open", {"doorId": 1})).status == 200
    assert not codes(simulator)


async def test_open_releases_for_the_doors_time(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    door = simulator.world.doors[door_id]

    await api.post("/commands/door/open", {"doorId": door_id})
    assert door.relay_open
    simulator.clock.advance(door.open_seconds - 1)
    assert door.relay_open
    simulator.clock.advance(1.1)

    assert not door.relay_open
    assert codes(simulator) == [580, 28, 29]


async def test_a_hold_lasts_until_close(simulator: Net2Simulator, api: Api, door_id: int) -> None:
    door = simulator.world.doors[door_id]

    await api.post("/commands/door/holdopen", {"doorId": door_id})
    await api.post("/commands/door/open", {"doorId": door_id})
    simulator.clock.advance(300)
    assert door.relay_open
    await api.post("/commands/door/close", {"doorId": door_id})

    assert not door.relay_open
    assert not door.held


@pytest.mark.parametrize("led", ["NoLed", 3])
async def test_control_opens_for_milliseconds(
    simulator: Net2Simulator, api: Api, door_id: int, led: str | int
) -> None:
    door = simulator.world.doors[door_id]
    function = {"relayId": "Relay1", "relayAction": "TimedOpen", "relayOpenTime": 1500}

    answer = await api.post(
        "/commands/door/control", {"doorId": door_id, "relayFunction": function, "ledFlash": led}
    )

    assert answer.json["commandName"] == "ControlDoor"
    assert door.relay_open
    simulator.clock.advance(1.4)
    assert door.relay_open
    simulator.clock.advance(0.2)
    assert not door.relay_open
    command = simulator.commands[-1]
    assert (command.relay, command.action, command.seconds) == ("Relay1", "TimedOpen", 1.5)


async def test_control_drives_the_second_relay_alone(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    door = simulator.world.doors[door_id]
    function = {"relayId": "Relay2", "relayAction": "TimedOpen", "relayOpenTime": 1000}

    await api.post("/commands/door/control", {"doorId": door_id, "relayFunction": function})
    assert (door.relay_open, door.relay2_open) == (False, True)
    simulator.clock.advance(1)

    assert not door.relay2_open
    assert codes(simulator) == [580, 67, 68]


async def test_control_unlocks_and_locks(simulator: Net2Simulator, api: Api, door_id: int) -> None:
    door = simulator.world.doors[door_id]
    for relay in ("Relay1", "Relay2"):
        for action in ("Unlock", "Lock"):
            function = {"relayId": relay, "relayAction": action}
            await api.post("/commands/door/control", {"doorId": door_id, "relayFunction": function})
            simulator.clock.advance(300)
            assert [door.relay_open, door.relay2_open][relay == "Relay2"] is (action == "Unlock")


@pytest.mark.parametrize(
    "function",
    [None, {"relayId": "Relay3"}, {"relayAction": "Explode"}, {"relayOpenTime": "long"}],
)
async def test_control_refuses_what_it_does_not_know(
    simulator: Net2Simulator, api: Api, door_id: int, function: dict[str, str] | None
) -> None:
    body = {"doorId": door_id, "relayFunction": function}

    assert (await api.post("/commands/door/control", body)).status == 400
    assert not simulator.commands


async def test_a_gate_is_toggled_by_every_command(simulator: Net2Simulator, api: Api) -> None:
    gate = door_of(simulator, DoorKind.TOGGLE)

    for command, closed in (("open", False), ("close", True), ("holdopen", False)):
        await api.post(f"/commands/door/{command}", {"doorId": gate.id})
        assert gate.relay_open
        assert gate.contact_closed is closed
        simulator.clock.advance(2)
        assert not gate.relay_open


async def test_a_wireless_lock_logs_and_does_not_move(simulator: Net2Simulator, api: Api) -> None:
    lock = door_of(simulator, DoorKind.WIRELESS)

    for command in ("open", "holdopen", "close"):
        assert (await api.post(f"/commands/door/{command}", {"doorId": lock.id})).status == 200
        assert not lock.relay_open

    assert codes(simulator) == [580, 28, 580, 28, 580]


async def test_a_command_can_be_answered_with_errors(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.faults.command_errors = "Not allowed"

    answer = await api.post("/commands/door/open", {"doorId": door_id})

    assert (answer.status, answer.json["output"]["errors"]) == (200, ["Not allowed"])


async def test_lockdown_locks_every_door_and_denies_all_but_the_exempt(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    world = simulator.world
    world.users[9].lockdown_exempt = True
    world.doors[door_id].hold()

    answer = await api.post("/commands/controlLockdown", {"lockdown": True})

    assert answer.json["commandName"] == "ControlLockdown"
    assert not world.doors[door_id].relay_open
    assert {590, 300, 120} <= set(codes(simulator))
    assert not world.swipe(door_id, 8)
    assert codes(simulator)[-1] == 112
    assert world.swipe(door_id, 9)
    await api.post("/commands/controlLockdown", {"lockdown": False})
    assert {591, 301, 121} <= set(codes(simulator))
    assert world.swipe(door_id, 8)


async def test_lockdown_without_rules_does_nothing(simulator: Net2Simulator, api: Api) -> None:
    simulator.world.lockdown_configured = False

    assert (await api.post("/commands/controlLockdown", {"lockdown": True})).status == 200
    assert not simulator.world.lockdown


async def test_anti_passback_is_reset_for_people_that_exist(
    simulator: Net2Simulator, api: Api
) -> None:
    assert (await api.post("/commands/antipassback/reset", {"userId": 8})).status == 200
    assert simulator.commands[-1].user_id == 8
    assert codes(simulator) == [33]
    assert (await api.post("/commands/antipassback/reset", {"userId": 999})).status == 404


async def test_a_controller_that_is_offline_freezes_and_catches_up(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    world = simulator.world
    world.take_offline(door_id)
    world.open_leaf(door_id)
    await api.post("/commands/door/open", {"doorId": door_id})
    simulator.clock.advance(1500)

    assert (await api.get("/doors/status")).json[0]["status"] == QUIET
    assert codes(simulator) == [500, 580]

    world.bring_online(door_id)

    assert (await api.get("/doors/status")).json[0]["status"]["doorContactClosed"] is False
    late = world.events[-1]
    assert codes(simulator) == [500, 580, 501, 46]
    assert late.id > world.events[-2].id
    assert (world.now() - late.time).total_seconds() > 1400


async def test_doors_come_and_go_and_change_their_names(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    added = simulator.world.add_door("Side Door")
    simulator.world.remove_door(door_id)
    simulator.world.rename_door(added, "Side Gate")

    doors = (await api.get("/doors")).json

    assert door_id not in [door["id"] for door in doors]
    assert {"id": added, "name": "Side Gate"} in doors


async def test_older_servers_tell_no_status(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.no_door_status = True

    assert (await api.get("/doors/status")).status == 404


async def test_a_door_may_be_in_one_list_only(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.faults.unlisted_doors = [door_id]
    assert len((await api.get("/doors")).json) == 3
    assert len((await api.get("/doors/status")).json) == 4

    simulator.faults.statusless_doors = [door_id]
    assert len((await api.get("/doors/status")).json) == 3


async def test_a_status_or_a_contact_may_be_missing(simulator: Net2Simulator, api: Api) -> None:
    simulator.faults.missing_contact = True
    assert "doorContactClosed" not in (await api.get("/doors/status")).json[0]["status"]
    simulator.faults.missing_status = True
    assert "status" not in (await api.get("/doors/status")).json[0]


@pytest.mark.parametrize("path", ["/doorgroups/root/doors", "/doorgroups/0/doors"])
async def test_all_doors_are_in_one_group(api: Api, path: str) -> None:
    assert (await api.get("/doorgroups")).json == [(await api.get("/doorgroups/0")).json]
    assert (await api.get(path)).json == (await api.get("/doors")).json
