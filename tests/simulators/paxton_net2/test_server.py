"""Roll calls, I/O boards and what the server says of itself (sections 3.7, 4.7)."""

import pytest

from simulators.paxton_net2 import Net2Simulator

from .support import Api, Line


async def test_a_roll_call_holds_who_is_inside(
    simulator: Net2Simulator, api: Api, door_id: int
) -> None:
    simulator.world.swipe(door_id, 8)
    simulator.world.swipe(door_id, 9)
    simulator.world.swipe(door_id, 9, "out")

    report = await api.post("/rollcallreports", {"name": "Fire drill"})

    path = f"/rollcallreports/{report.json['id']}"
    assert (await api.get("/rollcallreports")).json == [
        {"id": 1, "name": "Head office"},
        report.json,
    ]
    assert (await api.get(path)).json == {"id": 2, "name": "Fire drill"}
    assert (await api.get(f"{path}/reportitems")).json == [
        {
            "userId": 8,
            "firstName": "Ada",
            "lastName": "Example",
            "lastKnownLocation": "Main building",
            "musteredAt": None,
            "markedSafeBy": None,
        }
    ]


async def test_people_are_marked_safe_and_the_stream_tells_it(api: Api, line: Line) -> None:
    item = "/rollcallreports/1/reportitems/8"
    await line.call("subscribeToRollCallEvents", "1")

    assert (await api.post(f"{item}/safeupdates")).status == 204
    marked_by = {"id": 2, "name": "Home Assistant"}
    assert (await api.get(item)).json["markedSafeBy"] == marked_by
    assert (await api.delete(f"{item}/safeupdates/1")).status == 404
    assert (await api.delete(f"{item}/safeupdates/2")).status == 204
    assert (await api.get(item)).json["markedSafeBy"] is None

    safe, unsafe = await line.told("RollCallEvents", 2)
    assert safe["rollCallReportId"] == 1
    assert safe["musterEventData"] is None
    assert safe["markedSafeRecordEventData"] == {"userId": 8, "markedSafeBy": marked_by}
    assert unsafe["musterEventData"]["userId"] == 8
    assert unsafe["markedSafeRecordEventData"] is None


@pytest.mark.parametrize(
    "path", ["/rollcallreports/9/reportitems", "/rollcallreports/1/reportitems/12"]
)
async def test_nobody_else_is_in_it(api: Api, path: str) -> None:
    assert (await api.get(path)).status == 404


async def test_the_server_says_what_it_is(api: Api) -> None:
    assert (await api.get("/serversettings/version")).json == "6.9"
    assert (await api.get("/serversettings/productType")).json == "Professional"
    assert (await api.get("/serversettings/version/history")).json[-1] == {"version": "6.9"}
    assert (await api.get("/serversettings/features")).json["lockdown"] is True
    assert (await api.get("/serversettings/properties")).json["timeZone"] == "Europe/London"
    assert (await api.get("/versions")).json == ["v1"]


async def test_there_is_one_io_board(simulator: Net2Simulator, api: Api) -> None:
    assert (await api.get("/ioboards")).json == [(await api.get("/ioboards/1/detail")).json]
    assert len((await api.get("/ioboards/1/inputs")).json) == 4
    assert len((await api.get("/ioboards/1/outputs")).json) == 4
    assert (await api.get("/ioboards/2")).status == 404
    relay = {"relayFunction": {"relayId": "Relay1", "relayAction": "TimedOpen"}}
    assert (await api.post("/ioboards/1/relays", relay)).status == 204
    assert (await api.post("/ioboards/1/relays", {})).status == 400
    assert [command.name for command in simulator.commands] == ["ControlIoBoardRelay"]
