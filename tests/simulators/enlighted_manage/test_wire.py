"""How answers are written, and how paths and bodies are read (section 3.0)."""

import asyncio

import aiohttp
import pytest

from simulators.enlighted_manage import EnlightedSimulator
from simulators.enlighted_manage.api import TABLE
from simulators.enlighted_manage.faults import EnlightedFaults
from simulators.enlighted_manage.wire import JSON, XML, RefusedError, Reply, negotiate, respond

from .support import DESK, FLOORS, LIGHT, Api, fixtures

DIM = "/org/fixture/v1/op/dim/abs/50"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, XML),
        ("*/*", XML),
        (JSON, JSON),
        (XML, XML),
        ("application/json, application/xml", JSON),
        ("application/xml;q=0.5, application/json;q=0.9", JSON),
        ("application/xml, application/json;q=0.9", XML),
        ("text/html, application/json;q=0.1", JSON),
        ("Application/JSON", JSON),
        ("application/json;q=0, application/xml", XML),
    ],
)
async def test_the_format_is_what_is_accepted_most(api: Api, accept: str, kind: str) -> None:
    answer = await api.get(FLOORS, accept=accept)
    assert answer.headers["Content-Type"].startswith(kind)
    assert answer.body.startswith(b"<?xml" if kind == XML else b"{")


def test_what_is_json_only_is_json() -> None:
    assert negotiate(None, json_only=True) == JSON
    with pytest.raises(RefusedError):
        negotiate(XML, json_only=True)


async def test_what_cannot_be_written_is_406(api: Api) -> None:
    for accept in ("text/html", "application/json;q=0", "application/json;q=x"):
        assert (await api.get(FLOORS, accept=accept)).status == 406


async def test_xml_repeats_the_name_of_a_list(api: Api) -> None:
    root = (await api.get(FLOORS, accept=None)).element
    assert root.tag == "floors"
    assert [each.findtext("id") for each in root.findall("floor")] == ["1", "2"]
    assert root.findtext("floor/name") == "First Floor"


async def test_names_are_escaped_in_xml(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.rename_floor(1, 'R&D <"one">')
    assert (await api.get(FLOORS, accept=XML)).element.findtext("floor/name") == 'R&D <"one">'
    assert (await api.get(FLOORS)).fields["floor"][0]["name"] == 'R&D <"one">'


async def test_all_is_text_in_json_unless_a_switch_says_otherwise(
    api: Api, manager: EnlightedSimulator
) -> None:
    building = (await api.get("/org/building/list/2")).fields["building"]
    assert (building["id"], building["visible"]) == ("4", "true")
    manager.faults.strings_only = False
    building = (await api.get("/org/building/list/2")).fields["building"]
    assert (building["id"], building["visible"]) == (4, True)


async def test_a_list_of_one_collapses_unless_a_switch_says_otherwise(
    api: Api, manager: EnlightedSimulator
) -> None:
    manager.world.remove_floor(2)
    assert (await api.get(FLOORS)).fields["floor"]["id"] == "1"
    manager.faults.collapse_lists = False
    assert [each["id"] for each in (await api.get(FLOORS)).fields["floor"]] == ["1"]


async def test_an_empty_list_is_null_or_absent_or_empty(
    api: Api, manager: EnlightedSimulator
) -> None:
    floor = manager.world.add_floor()
    for path in (
        f"/org/fixture/location/list/floor/{floor}/1",
        f"/org/sensor/v2/stats/floor/{floor}/202401010000/202401010010",
    ):
        manager.faults.empty_as = "null"
        assert (await api.get(path)).body == b"null"
        manager.faults.empty_as = "absent"
        assert (await api.get(path)).body == b"{}"
        manager.faults.empty_as = "list"
        assert (await api.get(path)).fields in ({"fixture": []}, {"sensor": []})
        assert list((await api.get(path, accept=XML)).element) == []


def test_what_is_beside_an_empty_list_stays() -> None:
    reply = Reply("dimlevels", {"page": 1, "fixture": []})
    assert respond(reply, JSON, EnlightedFaults()).body == b'{"page":"1"}'


def test_a_native_answer_is_written_as_it_is() -> None:
    reply = Reply("x", {"a": [{"id": 1}], "b": [], "c": None}, is_native=True)
    assert respond(reply, JSON, EnlightedFaults()).body == b'{"a":[{"id":1}],"b":[],"c":null}'


async def test_statistics_of_one_sensor_collapse_too(api: Api, manager: EnlightedSimulator) -> None:
    floor = manager.world.add_floor()
    fixture = manager.world.add_fixture(floor)
    manager.clock.advance(600)
    one = (await api.get(api.statistics(floor, 5))).fields["sensor"]
    assert one["id"] == str(fixture)
    manager.faults.collapse_lists = False
    assert (await api.get(api.statistics(floor, 5))).fields["sensor"] == [one]
    manager.faults.collapse_lists = True
    assert len((await api.get(api.statistics(floor, 10))).fields["sensor"]) == 2


async def test_capitals_matter_in_paths(api: Api) -> None:
    for path in (FLOORS.upper(), "/org/Floor/v1/list", "/org/floor/v1/List"):
        assert (await api.get(path)).status == 404
    assert (await api.get(f"{FLOORS}/")).status == 200
    assert (await api.get(FLOORS, below="/ems/API")).status == 404
    assert (await api.get(FLOORS, below="/ems/services")).status == 404


async def test_the_wrong_method_is_405(api: Api, manager: EnlightedSimulator) -> None:
    assert (await api.get(DIM)).status == 405
    assert (await api.ask("POST", FLOORS, "")).status == 405
    for route in TABLE.routes:
        path = route.path.replace("{kind:floor|company}", "floor")
        other = "GET" if route.method != "GET" else "DELETE"
        paths = [each for each in TABLE.routes if each.path == route.path]
        if other not in {each.method for each in paths}:
            assert (await api.ask(other, path)).status in {404, 405}, path
    assert manager.commands == []


@pytest.mark.parametrize(
    "path",
    [
        "/org/fixture/v1/op/dim/abs/50.5",
        "/org/fixture/v1/op/dim/abs/50?time=1.5",
        "/org/fixture/v1/op/dim/abs/half",
        "/org/fixture/v1/op/dim/abs/50?time=",
        "/org/fixture/v1/op/dim/abs/",
        "/org/sensor/tunable-white/change-color/value/3200.0/60",
        "/org/sensor/tunable-white/change-color/value/3200/0.5",
    ],
)
async def test_what_is_no_whole_number_is_404(
    api: Api, manager: EnlightedSimulator, path: str
) -> None:
    assert (await api.ask("POST", path, fixtures([LIGHT]))).status == 404
    assert manager.commands == []
    assert any("fraction" in each for each in manager.world.mistakes) == ("." in path)


async def test_a_body_without_its_type_is_415(api: Api, manager: EnlightedSimulator) -> None:
    for kind in (None, "text/plain", "application/octet-stream"):
        assert (await api.ask("POST", DIM, fixtures([LIGHT]), kind=kind)).status == 415
    assert (await api.ask("POST", DIM)).status == 415
    assert manager.commands == []


async def test_a_body_may_be_xml_or_json(api: Api, manager: EnlightedSimulator) -> None:
    for kind, body in (
        ("application/xml; charset=utf-8", fixtures([LIGHT, 362])),
        ("text/xml", fixtures([LIGHT, 362])),
        ("application/json", '{"fixture":[{"id":"361"},{"id":362}]}'),
    ):
        answer = await api.ask("POST", DIM, body, kind=kind)
        assert answer.fields == {"status": "0"}
        assert manager.commands[-1].ids == (LIGHT, 362)
    await api.ask("POST", DIM, '{"fixture":{"id":"361"}}', kind="application/json")
    assert manager.commands[-1].ids == (LIGHT,)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/xml", "<fixtures><fixture>"),
        ("application/xml", "<fixture><id>1</id></fixture>"),
        ("application/xml", "<fixtures><fixture/></fixtures>"),
        ("application/xml", "<fixtures><fixture><id>x</id></fixture></fixtures>"),
        ("application/xml", ""),
        ("application/json", "{"),
        ("application/json", "[]"),
        ("application/json", '{"fixture":[1]}'),
    ],
)
async def test_a_body_that_makes_no_sense_is_400(
    api: Api, manager: EnlightedSimulator, kind: str, body: str
) -> None:
    answer = await api.ask("POST", DIM, body, kind=kind)
    assert answer.status == 400
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert manager.commands == []


async def test_errors_are_sentences_labelled_xml(api: Api) -> None:
    answer = await api.get("/org/area/v2/list/77")
    assert answer.status == 400
    assert answer.text == "Floor ID does not exist; please correct and try again"
    assert answer.headers["Content-Type"].startswith("application/xml")


async def test_a_command_answers_in_xml_without_accept(api: Api) -> None:
    answer = await api.ask("POST", DIM, fixtures([LIGHT]), accept=None)
    assert answer.body.endswith(b"<response><status>0</status></response>")


async def test_desks_are_a_list_of_text(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.remove_fixture(DESK)
    answer = await api.get("/org/sensor/v1/getDeskOccupancyState/list/floor/1")
    name = manager.world.fixtures[DESK + 1].name
    row = {"id": str(DESK + 1), "name": name, "occupancyState": "0"}
    assert answer.fields == {"deskSensor": [row]}


async def test_many_at_a_time_are_noted(api: Api, manager: EnlightedSimulator) -> None:
    manager.faults.delay = 0.05
    await asyncio.gather(*(api.get(FLOORS) for _ in range(2)))
    assert manager.world.mistakes == []
    await asyncio.gather(*(api.get(FLOORS) for _ in range(3)))
    assert "at the same time" in manager.world.mistakes[0]


async def test_a_name_with_a_slash_has_to_be_encoded(api: Api, manager: EnlightedSimulator) -> None:
    path = "/org/switch/v1/getSwitchScenes/1/Meeting%20Room%20"
    assert (await api.get(f"{path}/%20AV")).status == 404
    assert "not encoded" in manager.world.mistakes[0]
    assert (await api.get(f"{path}%2F%20AV")).fields["name"] == "Meeting Room / AV"


async def test_faults_strike_where_they_are_meant_to(api: Api, manager: EnlightedSimulator) -> None:
    whole = await api.get(FLOORS)
    manager.faults.truncate_answers(path="floor/v1")
    assert (await api.get(FLOORS)).body == whole.body[: len(whole.body) // 2]
    manager.faults.fail(503, path="/area/")
    assert (await api.get(FLOORS)).status == 200
    assert (await api.get("/org/area/v2/list/1")).status == 503
    manager.faults.failing_floors = [2]
    assert (await api.get("/org/area/v2/list/2")).status == 500
    assert (await api.get("/org/area/v2/list/1")).status == 200
    assert (await api.get(FLOORS)).status == 200


async def test_an_answer_may_be_lost_after_the_deed(api: Api, manager: EnlightedSimulator) -> None:
    manager.faults.lose_answers(path="/op/dim")
    with pytest.raises(aiohttp.ClientConnectionError):
        await api.command(DIM, LIGHT)
    assert manager.world.fixtures[LIGHT].level(manager.world.now()) == 50
    manager.faults.fail(429, retry_after="7", path="/op/dim")
    answer = await api.ask("POST", DIM, fixtures([LIGHT]))
    assert (answer.status, answer.headers["Retry-After"]) == (429, "7")
    assert len(manager.commands) == 1


async def test_some_methods_are_services_too(api: Api, manager: EnlightedSimulator) -> None:
    path = "/org/switch/op/dim/switch/1/scene/157/50/5"
    for where, api_status, service_status in (
        ("both", 200, 200),
        ("api", 200, 404),
        ("services", 404, 200),
    ):
        manager.faults.services = where
        assert (await api.ask("POST", path)).status == api_status
        assert (await api.ask("POST", path, below="/ems/services")).status == service_status
