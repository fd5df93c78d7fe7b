"""The live stream against the simulator: kept up, told honestly, nothing lost and nothing twice."""

import asyncio
from itertools import pairwise
import logging

import pytest

from custom_components.gatehouse.systems.paxton_net2.client import (
    AccessEvent,
    DoorLockUpdate,
    DoorStatusUpdate,
    EventKind,
    Net2AuthError,
    Net2CertificateError,
    Net2Client,
    Net2ConnectionError,
    Net2LicenceError,
    Net2MfaRequiredError,
    Net2Stream,
    RollCallUpdate,
    StreamConnected,
    StreamDisconnected,
    StreamMessage,
    signalr,
    stream as stream_module,
)
from simulators.paxton_net2 import Net2Simulator

from .support import Listener, connected, running, until


@pytest.fixture
def door(simulator: Net2Simulator) -> int:
    return next(iter(simulator.world.doors))


def subscriptions(simulator: Net2Simulator) -> set[str]:
    """Return the groups that live connections are in."""
    assert simulator._signalr is not None
    return {group for each in simulator._signalr.hub.subscriptions for group in each.groups}


async def test_a_swipe_is_told_on_all_three_streams(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator, door: int
) -> None:
    async with connected(stream, listener) as up:
        simulator.world.swipe(door, 8, "out")
        await listener.wait_for(AccessEvent, 2)
        status = await listener.wait_for(DoorStatusUpdate)
        lock = await listener.wait_for(DoorLockUpdate)
    assert up == StreamConnected()
    granted = listener.of(AccessEvent)[0]
    assert granted.kind is EventKind.ACCESS_GRANTED
    assert (granted.door_id, granted.user_id, granted.direction) == (door, 8, "out")
    assert (status.door_id, status.status.relay_open) == (door, True)
    assert lock == DoorLockUpdate(door, locked=False)


async def test_who_comes_is_told_before_what_the_relay_does(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator, door: int
) -> None:
    async with connected(stream, listener):
        simulator.world.swipe(door)
        await listener.wait_for(DoorLockUpdate)
    assert isinstance(listener[1], AccessEvent)


async def test_live_and_read_back_copies_have_the_same_keys(
    client: Net2Client, stream: Net2Stream, listener: Listener, simulator: Net2Simulator, door: int
) -> None:
    async with connected(stream, listener):
        simulator.world.swipe(door)
        simulator.world.swipe_unknown(door)
        simulator.world.enter_pin(door, 9)
        simulator.clock.advance(60)
        await until(lambda: len(listener.of(AccessEvent)) == len(simulator.world.events))
    live = [event.key for event in listener.of(AccessEvent)]
    assert live == [event.key for event in reversed(await client.get_events())]


@pytest.mark.parametrize(
    "faults",
    [
        {"camel_case_names": True},
        {"flat_arguments": True},
        {"door_id_key": True},
        {"pascal_case": True},
        {"numbers_as_text": True},
        {"extra_fields": True},
        {"null_users": True},
        {"collect_messages": 0.05},
        {"events_per_message": 2},
    ],
    ids=lambda faults: next(iter(faults)),
)
async def test_every_variant_of_the_wire_is_understood(
    stream: Net2Stream,
    listener: Listener,
    simulator: Net2Simulator,
    door: int,
    faults: dict[str, object],
) -> None:
    for name, value in faults.items():
        setattr(simulator.faults, name, value)
    async with connected(stream, listener):
        simulator.world.swipe(door)
        await listener.wait_for(AccessEvent, 2)
        await listener.wait_for(DoorStatusUpdate)
        await listener.wait_for(DoorLockUpdate)
    assert [event.code for event in listener.of(AccessEvent)] == [20, 28]


async def test_a_roll_call_is_followed(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator
) -> None:
    stream.set_roll_calls([1])
    async with connected(stream, listener):
        simulator.world.mark_safe(1, 9)
        assert await listener.wait_for(RollCallUpdate) == RollCallUpdate(1, 9)
        simulator.world.mark_unsafe(1, 9)
        await listener.wait_for(RollCallUpdate, 2)
        stream.set_roll_calls([])
        await until(lambda: "RollCallEvents.1" not in subscriptions(simulator))


async def test_a_door_that_comes_is_followed_and_one_that_goes_is_not(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator, door: int
) -> None:
    async with connected(stream, listener):
        new = simulator.world.add_door("Annexe")
        stream.set_doors([new])
        await until(
            lambda: {f"DoorEvents.{new}", f"DoorStatusEvents.{new}"} <= subscriptions(simulator)
        )
        await until(lambda: f"DoorEvents.{door}" not in subscriptions(simulator))
        simulator.world.force(door)
        simulator.world.force(new)
        update = await listener.wait_for(DoorStatusUpdate)
    assert update.door_id == new
    assert len(listener.of(StreamConnected)) == 1


@pytest.mark.parametrize("fault", ["refused_doors", "unanswered_doors"])
async def test_one_door_that_fails_breaks_no_other(
    stream: Net2Stream,
    listener: Listener,
    simulator: Net2Simulator,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
) -> None:
    monkeypatch.setattr(signalr, "_INVOKE_LIMIT", 0.5)
    bad, good, *_ = simulator.world.doors
    getattr(simulator.faults, fault).append(bad)
    async with connected(stream, listener) as up:
        assert up == StreamConnected(frozenset({bad}))
        simulator.world.force(good)
        assert (await listener.wait_for(DoorStatusUpdate)).door_id == good
        getattr(simulator.faults, fault).clear()
        stream.set_doors(simulator.world.doors)
        await until(lambda: f"DoorEvents.{bad}" in subscriptions(simulator))
    assert len(listener.of(StreamConnected)) == 1


async def test_an_unsubscribe_that_fails_breaks_nothing(
    stream: Net2Stream,
    listener: Listener,
    simulator: Net2Simulator,
    door: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invoke = signalr.SignalRConnection.invoke

    async def fail(self: signalr.SignalRConnection, method: str, *arguments: str) -> None:
        if method.startswith("unsubscribe"):
            raise Net2ConnectionError("lost")
        await invoke(self, method, *arguments)

    monkeypatch.setattr(signalr.SignalRConnection, "invoke", fail)
    async with connected(stream, listener):
        stream.set_doors([])
        await asyncio.sleep(0.1)
        stream.set_doors([door])
        simulator.world.swipe(door)
        await listener.wait_for(AccessEvent)


async def test_without_live_events_there_is_no_stream(
    stream: Net2Stream,
    listener: Listener,
    simulator: Net2Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream_module, "_LIVE_EVENTS", ("NoSuchEvents", None))
    async with running(stream):
        await until(lambda: [r.path for r in simulator.requests].count("/signalr/negotiate") >= 3)
    assert listener == []


async def test_a_cut_is_told_once_and_repaired(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator, door: int
) -> None:
    async with connected(stream, listener):
        for cut in range(1, 4):
            simulator.cut_streams()
            await listener.wait_for(StreamConnected, cut + 1)
        simulator.world.swipe(door)
        await listener.wait_for(AccessEvent)
    kinds = [
        type(each) for each in listener if isinstance(each, StreamConnected | StreamDisconnected)
    ]
    assert kinds == [StreamConnected, StreamDisconnected] * 3 + [StreamConnected]
    assert {each.reason for each in listener.of(StreamDisconnected)} == {"Net2ConnectionError"}


async def test_a_restart_of_the_server_is_survived(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator, door: int
) -> None:
    async with connected(stream, listener):
        await simulator.restart()
        await listener.wait_for(StreamConnected, 2)
        simulator.world.swipe(door)
        await listener.wait_for(AccessEvent)
    assert len(listener.of(StreamDisconnected)) == 1


async def test_a_long_outage_is_one_loss(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator, door: int
) -> None:
    async with connected(stream, listener):
        await simulator.stop()
        await listener.wait_for(StreamDisconnected)
        await asyncio.sleep(0.3)
        simulator.faults.service_down = True
        await simulator.start()
        await until(lambda: simulator.requests[-1].path == "/signalr/negotiate")
        await asyncio.sleep(0.2)
        assert listener.of(StreamConnected) == [StreamConnected()]
        simulator.faults.service_down = False
        await listener.wait_for(StreamConnected, 2)
    assert len(listener.of(StreamDisconnected)) == 1


async def test_a_server_that_is_away_at_the_start_is_waited_for(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator
) -> None:
    await simulator.stop()
    async with running(stream):
        await asyncio.sleep(0.2)
        assert listener == []
        await simulator.start()
        await listener.wait_for(StreamConnected)
    assert listener.of(StreamDisconnected) == []


async def test_an_expired_token_does_not_disturb_the_stream(
    client: Net2Client, stream: Net2Stream, listener: Listener, simulator: Net2Simulator, door: int
) -> None:
    async with connected(stream, listener):
        simulator.expire_tokens()
        await client.get_doors()
        simulator.world.swipe(door)
        await listener.wait_for(AccessEvent)
        simulator.expire_tokens(refresh_tokens=True)
        simulator.cut_streams()
        await listener.wait_for(StreamConnected, 2)


async def test_a_server_that_cuts_at_expiry_is_survived(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator
) -> None:
    simulator.faults.cut_at_token_expiry = True
    async with connected(stream, listener):
        simulator.clock.advance(31 * 60)
        await listener.wait_for(StreamConnected, 2)


async def test_credentials_refused_on_the_way_back_end_the_stream(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator
) -> None:
    async with running(stream) as task:
        await listener.wait_for(StreamConnected)
        simulator.revoke_operator()
        await simulator.restart()
        with pytest.raises(Net2AuthError):
            await task
    assert len(listener.of(StreamDisconnected)) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [("invalid_client", Net2LicenceError), ("mfa_required", Net2MfaRequiredError)],
)
async def test_credentials_refused_at_once_end_the_stream(
    stream: Net2Stream,
    listener: Listener,
    simulator: Net2Simulator,
    fault: str,
    error: type[Exception],
) -> None:
    setattr(simulator.faults, fault, True)
    with pytest.raises(error):
        await stream.follow()
    assert listener == []


async def test_a_changed_certificate_ends_the_stream(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator
) -> None:
    async with running(stream) as task:
        await listener.wait_for(StreamConnected)
        simulator.renew_certificate()
        await simulator.restart()
        with pytest.raises(Net2CertificateError):
            await task


async def test_a_polite_end_leaves_nothing_at_the_server(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator
) -> None:
    async with connected(stream, listener):
        pass
    assert simulator.requests[-1].path == "/signalr/abort"
    await until(lambda: not simulator.connections)
    assert listener == [StreamConnected()]


async def test_a_storm_is_told_whole_and_in_order(
    stream: Net2Stream, listener: Listener, simulator: Net2Simulator
) -> None:
    async with connected(stream, listener):
        await simulator.world.storm(10_000)
        await listener.wait_for(AccessEvent, 10_000)
    events = listener.of(AccessEvent)
    doors = list(simulator.world.doors)
    assert [event.door_id for event in events] == [doors[n % len(doors)] for n in range(10_000)]
    assert all(before.time <= after.time for before, after in pairwise(events))
    assert listener.of(StreamDisconnected) == []


async def test_a_storm_leaves_others_their_turn(
    client: Net2Client, simulator: Net2Simulator, stream: Net2Stream, listener: Listener
) -> None:
    reader = stream._readers["liveevents"]
    rows = [[event.live(simulator.world.zone)] for event in (simulator.world.emit(65),)] * 20_000
    assert reader is not None
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    task = asyncio.create_task(others())
    await stream._deliver("liveevents", rows)
    task.cancel()
    assert len(listener) == 20_000
    assert turns > 3


async def test_a_receiver_that_fails_does_not_end_the_stream(
    client: Net2Client,
    simulator: Net2Simulator,
    door: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[StreamMessage] = []

    def fail(message: StreamMessage) -> None:
        heard.append(message)
        if isinstance(message, AccessEvent):
            raise TypeError("no")

    stream = Net2Stream(client, fail)
    async with running(stream):
        await until(lambda: heard)
        simulator.world.swipe(door)
        await until(lambda: len(heard) == 3)
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 2
    caplog.clear()
