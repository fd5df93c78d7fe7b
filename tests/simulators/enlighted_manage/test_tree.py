"""What there is: company, buildings, floors, areas, gateways, fixtures (3.1 to 3.3)."""

import io

from PIL import Image
import pytest

from simulators.enlighted_manage import EnlightedSimulator

from .support import (
    DESK,
    EMERGENCY,
    FIXTURELESS,
    FLOORS,
    GATEWAY,
    KITCHEN,
    LIGHT,
    MEETING,
    NOTHING,
    OFFICE,
    TUNABLE,
    Api,
)

LOCATION = "/org/fixture/location/list/floor/1"


async def test_the_company_and_what_it_is_made_of(api: Api) -> None:
    company = (await api.get("/org/company")).fields
    assert (company["id"], company["timezone_name"]) == ("1", "America/Los_Angeles")
    assert company["title24.compliance.flag"] == "false"
    assert company["campus"]["id"] == "2"
    assert (await api.get("/facilities/company/1")).fields == company
    assert await api.rows("/org/campus/list/1", "campus") == [company["campus"]]
    (building,) = await api.rows("/org/building/list/2", "building")
    assert (building["id"], building["useOrgLocation"]) == ("4", "true")


async def test_buildings_answer_to_the_companys_id_too(
    api: Api, manager: EnlightedSimulator
) -> None:
    assert len(await api.rows("/org/building/list/1", "building")) == 1
    manager.faults.buildings_of_company = False
    assert (await api.get("/org/building/list/1")).status == 400


async def test_floors_in_both_lists(api: Api) -> None:
    newer = await api.rows(FLOORS, "floor")
    assert newer[0] == {
        "id": "1",
        "name": "First Floor",
        "buildingName": "Main",
        "campusName": "Monroe",
        "organization": "Acme",
        "description": "Sales",
        "floorPlanUrl": "main1.jpg",
    }
    assert newer[1]["floorPlanUrl"] == "default_floor_plan.gif"
    older = await api.rows("/org/floor/list", "floor")
    assert [each["id"] for each in older] == [each["id"] for each in newer]
    assert (older[0]["building"], older[0]["campus"], older[0]["company"]) == ("4", "2", "1")
    assert await api.rows("/org/floor/list/4", "floor") == older


async def test_areas_of_a_floor(api: Api) -> None:
    areas = await api.rows("/org/area/v2/list/1", "area")
    assert [each["name"] for each in areas] == ["Open Office", "Meeting Room", "Lobby", "Kitchen"]
    unzoned = [each["id"] for each in areas if each["zonesensorenable"] == "false"]
    assert unzoned == [str(KITCHEN)]
    older = await api.rows("/org/area/list/1", "area")
    assert [each["id"] for each in older] == [each["id"] for each in areas]


@pytest.mark.parametrize(
    "path",
    [
        f"/org/area/v2/list/{NOTHING}",
        f"/org/floor/v1/{NOTHING}/gateways",
        f"/org/fixture/location/list/floor/{NOTHING}/1",
        f"/org/fixture/v1/location/list/area/{NOTHING}",
        f"/org/sensor/v3/details/{NOTHING}",
        f"/org/fixture/details/{NOTHING}",
        f"/org/floor/list/{NOTHING}",
        f"/org/building/list/{NOTHING}",
        f"/org/campus/list/{NOTHING}",
        f"/org/facilities/floor/{NOTHING}",
        f"/org/facility/v1/getOccupancyStateofFloorAreas/{NOTHING}",
        f"/org/gateway/details/{NOTHING}",
    ],
)
async def test_what_does_not_exist_is_400(api: Api, path: str) -> None:
    answer = await api.get(path)
    assert answer.status == 400
    assert answer.text.endswith("does not exist; please correct and try again")


@pytest.mark.parametrize(
    ("node", "kind", "number"),
    [
        (f"area/{OFFICE}", "floor", "1"),
        ("floor/2", "building", "4"),
        ("building/4", "campus", "2"),
        ("campus/2", "company", "1"),
    ],
)
async def test_every_node_has_a_parent(api: Api, node: str, kind: str, number: str) -> None:
    parent = (await api.get(f"/org/facilities/{node}")).fields
    assert (parent["nodeType"], parent["id"]) == (kind, number)


async def test_a_plan_is_a_picture(api: Api) -> None:
    for path in ("/org/floor/1", f"/org/area/{OFFICE}"):
        answer = await api.get(path, accept="*/*")
        assert answer.headers["Content-Type"] == "image/jpeg"
        picture = Image.open(io.BytesIO(answer.body))
        assert (picture.format, picture.size) == ("JPEG", (480, 320))
        assert picture.convert("L").getextrema()[0] < 100


async def test_a_gateway_writes_its_address_with_dashes(
    api: Api, manager: EnlightedSimulator
) -> None:
    (gateway,) = await api.rows("/org/floor/v1/1/gateways", "gateway")
    assert gateway["id"] == str(GATEWAY)
    assert gateway["macAddress"].startswith("0-B3-D6-")
    assert (gateway["commStatus"], gateway["lastComm"]) == ("okay", "2024-02-12T18:07:30.000Z")
    assert (await api.get(f"/org/gateway/details/{GATEWAY}")).fields == gateway
    manager.world.set_gateway(GATEWAY, False)
    manager.clock.advance(600)
    (gateway,) = await api.rows("/org/gateway/list/floor/1", "gateway")
    assert gateway["commStatus"] == "out"
    assert gateway["lastComm"].startswith("2024-02-12T18:07:30")


async def test_fixtures_of_a_floor(api: Api, manager: EnlightedSimulator) -> None:
    rows = await api.rows(f"{LOCATION}/1", "fixture")
    assert len(rows) == 24
    assert rows[0] == {
        "id": str(LIGHT),
        "name": "Sensor000169",
        "xaxis": "0",
        "yaxis": "-20",
        "groupId": "28",
        "macAddress": "0:1:69",
        "class": "Fixtured",
    }
    manager.faults.lower_case_keys = True
    row = (await api.rows(f"{LOCATION}/1", "fixture"))[0]
    assert (row["groupid"], row["macaddress"]) == ("28", "0:1:69")
    assert "groupId" not in row
    assert "macAddress" not in row


@pytest.mark.parametrize(
    ("name", "count", "holds", "lacks"),
    [
        ("Fixtured", 21, EMERGENCY, FIXTURELESS),
        ("fixtured", 21, LIGHT, DESK),
        ("Emergency", 1, EMERGENCY, LIGHT),
        ("Fixtureless", 3, DESK, LIGHT),
        ("Desk", 2, DESK, FIXTURELESS),
    ],
)
async def test_classes_hold_one_another(
    api: Api, name: str, count: int, holds: int, lacks: int
) -> None:
    for path in (f"{LOCATION}/1?class={name}", f"{LOCATION}/{name.lower()}"):
        ids = [int(each["id"]) for each in await api.rows(path, "fixture")]
        assert len(ids) == count
        assert holds in ids
        assert lacks not in ids


async def test_a_class_that_is_none_is_refused(api: Api) -> None:
    assert (await api.get(f"{LOCATION}/1?class=Lamp")).status == 400
    assert (await api.get(f"{LOCATION}/lamp")).status == 404
    assert (await api.get(LOCATION)).status == 404


async def test_fixtures_of_an_area_have_keys_of_their_own(api: Api) -> None:
    rows = await api.rows(f"/org/fixture/v1/location/list/area/{MEETING}", "fixture")
    assert [int(each["id"]) for each in rows] == list(range(TUNABLE, TUNABLE + 5))
    assert set(rows[0]) == {"id", "name", "xaxis", "yaxis", "macaddress", "groupid"}


async def test_fixtures_with_bluetooth(api: Api) -> None:
    rows = await api.rows("/org/fixture/blefixture/list/floor/1", "fixture")
    assert 0 < len(rows) < 24
    assert {each["modelNo"] for each in rows} == {"SU-5E-01"}
    assert list(rows[0])[-3:] == ["groupid", "modelNo", "macaddress"]


async def test_what_is_built_and_taken_away(api: Api, manager: EnlightedSimulator) -> None:
    world = manager.world
    floor = world.add_floor("Roof")
    area = world.add_area(floor, "Terrace")
    fixture = world.add_fixture(floor, area)
    world.rename_area(area, "Deck")
    assert (await api.rows(FLOORS, "floor"))[-1]["name"] == "Roof"
    assert (await api.rows(f"/org/area/v2/list/{floor}", "area"))[0]["name"] == "Deck"
    of_area = f"/org/fixture/v1/location/list/area/{area}"
    assert [each["id"] for each in await api.rows(of_area, "fixture")] == [str(fixture)]
    world.remove_area(area)
    assert (await api.get(of_area)).status == 400
    of_floor = f"/org/fixture/location/list/floor/{floor}/1"
    assert [each["id"] for each in await api.rows(of_floor, "fixture")] == [str(fixture)]
    world.remove_fixture(fixture)
    assert await api.rows(of_floor, "fixture") == []
    world.remove_floor(floor)
    assert len(await api.rows(FLOORS, "floor")) == 2


async def test_a_floor_goes_with_all_that_is_on_it(api: Api, manager: EnlightedSimulator) -> None:
    world = manager.world
    world.remove_floor(1)
    assert {each.floor_id for each in world.fixtures.values()} == {2}
    assert {each.floor_id for each in world.areas.values()} == {2}
    assert {each.floor_id for each in world.gateways.values()} == {2}
    assert {each.floor_id for each in world.plugloads.all.values()} == {2}
    assert {each.floor_id for each in world.switches.groups.values()} == {2}
    assert (await api.get(f"/org/sensor/v3/details/{LIGHT}")).status == 400
