"""Coming back with a cursor and a groups token (section 5.5, appendix C, 6)."""

from simulators.paxton_net2 import Net2Simulator

from .support import Api, Line


async def listening(api: Api) -> tuple[Line, dict[str, str]]:
    """Return a line that listens to live events, and what to come back with."""
    line = await api.connect()
    await line.subscribe()
    groups = await line.groups_token()
    cursor = [frame["C"] for frame in line.frames if "C" in frame][-1]
    return line, {"messageId": cursor, "groupsToken": groups}


async def test_what_was_missed_is_replayed(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    line, position = await listening(api)
    simulator.cut_streams()
    for _ in range(25):
        simulator.world.press_bell(door_id)

    back = await api.connect("reconnect", line.token, **position)

    assert len(await back.told("LiveEvents", 25)) == 25
    assert not any("S" in frame for frame in back.frames)
    simulator.world.open_leaf(door_id)
    assert (await back.told("LiveEvents", 26))[-1]["eventType"] == 46


async def test_a_thousand_messages_are_kept_and_no_more(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    line, position = await listening(api)
    simulator.cut_streams()
    await line.socket.close()
    simulator.world.emit(9998, door_id)
    for _ in range(1000):
        simulator.world.press_bell(door_id)

    back = await api.connect("reconnect", line.token, **position)

    told = await back.told("LiveEvents", 1000)
    assert {event["eventType"] for event in told} == {52}


async def test_without_the_groups_token_the_connection_is_alive_but_deaf(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    line, position = await listening(api)
    simulator.cut_streams()

    back = await api.connect("reconnect", line.token, messageId=position["messageId"])
    assert await back.call("unsubscribeToLiveEvents") == {"I": "1"}
    simulator.world.press_bell(door_id)
    simulator.clock.advance(10)

    while (frame := await back.frame()) != {}:
        assert frame["M"] == []


async def test_a_groups_token_of_another_connection_is_worth_nothing(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    _, position = await listening(api)
    other = await api.connect()

    back = await api.connect("reconnect", other.token, **position)
    simulator.world.press_bell(door_id)
    simulator.clock.advance(10)

    while (frame := await back.frame()) != {}:
        assert frame["M"] == []


async def test_lateness_is_never_checked(simulator: Net2Simulator, api: Api, door_id: int) -> None:
    line, position = await listening(api)
    simulator.cut_streams()
    simulator.clock.advance(600)
    simulator.world.press_bell(door_id)

    back = await api.connect("reconnect", line.token, **position)

    assert len(await back.told("LiveEvents")) == 1


async def test_after_a_restart_with_the_same_keys_an_old_cursor_means_from_now(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.faults.keep_keys = True
    line, position = await listening(api)
    await line.socket.close()
    simulator.world.press_bell(door_id)
    await simulator.restart()
    await api.sign_in()

    back = await api.connect("reconnect", line.token, **position)
    await back.call("subscribeToDoorEvents", str(door_id))
    simulator.world.open_leaf(door_id)

    assert [event["eventType"] for event in await back.told("LiveEvents")] == [46]
