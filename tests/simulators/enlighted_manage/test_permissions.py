"""Who may see and do what: roles, and full, partial or no access (1.4)."""

import re

import pytest

from simulators.enlighted_manage import EnlightedSimulator
from simulators.enlighted_manage.access import ADMINISTRATOR, AUDITOR, EMPLOYEE, FACILITIES_ADMIN
from simulators.enlighted_manage.api import TABLE

from .support import DESK, FLOORS, LIGHT, MEETING, OFFICE, Api, fixtures

DIM = "/org/fixture/v1/op/dim/abs/50"
#: Of the second floor: its open office, which is all of it that "somebody" has, and another area.
THEIRS, OTHERS = 13, 14
THEIR_LIGHT, OTHERS_LIGHT, LOOSE_LIGHT = 385, 390, 404


@pytest.fixture
def somebody(manager: EnlightedSimulator) -> str:
    """Return the name of an employee with the first floor, and a part of the second."""
    manager.world.add_floor()
    manager.world.add_user("somebody", EMPLOYEE, [1], [THEIRS])
    return "somebody"


def paths_of_a_floor(floor: int) -> list[str]:
    return [
        f"/org/fixture/location/list/floor/{floor}/1",
        f"/org/sensor/v2/stats/floor/{floor}/202402121000/202402121005",
        f"/org/sensor/stats/floor/{floor}/202402121000/202402121005",
        f"/org/sensor/dimlevel/list/floor/{floor}",
        f"/org/facility/v1/getOccupancyStateofFloorAreas/{floor}",
        f"/org/sensor/v1/getDeskOccupancyState/list/floor/{floor}",
        f"/org/floor/v1/{floor}/gateways",
        f"/org/fixture/blefixture/list/floor/{floor}",
        f"/org/floor/{floor}",
    ]


async def test_lists_hold_what_is_theirs(api: Api, somebody: str) -> None:
    floors = await api.rows(FLOORS, "floor", user=somebody)
    assert [row["id"] for row in floors] == ["1", "2"]
    areas = await api.rows("/org/area/v2/list/1", "area", user=somebody)
    assert len(areas) == 4
    areas = await api.rows("/org/area/v2/list/2", "area", user=somebody)
    assert [row["id"] for row in areas] == [str(THEIRS)]
    assert len(await api.rows("/org/building/list/2", "building", user=somebody)) == 1
    assert len(await api.rows(FLOORS, "floor")) == 3


async def test_a_part_of_a_floor_is_not_enough_for_what_is_on_it(api: Api, somebody: str) -> None:
    for floor, status in ((1, 200), (2, 403), (3, 403)):
        for path in paths_of_a_floor(floor):
            assert (await api.get(path, user=somebody, accept="*/*")).status == status, path


async def test_the_refusal_names_what_is_refused(api: Api, somebody: str) -> None:
    answer = await api.get("/org/area/v2/list/3", user=somebody)
    assert answer.status == 403
    assert answer.text == (
        "Access Denied! The user doesn't have the required permissions to access this 'floor'"
    )
    assert answer.headers["Content-Type"].startswith("application/xml")
    answer = await api.get(f"/org/area/v1/occ/{OTHERS}", user=somebody)
    assert answer.text.endswith("access this 'area'")
    answer = await api.get(f"/org/sensor/v3/details/{OTHERS_LIGHT}", user=somebody)
    assert answer.text.endswith("access this 'fixture'")


async def test_an_area_opens_what_is_in_it(api: Api, somebody: str) -> None:
    for path in ("/org/fixture/v1/location/list/area", "/org/area/v1/occ", "/org/area/v1/out"):
        for area, status in ((OFFICE, 200), (THEIRS, 200), (OTHERS, 403)):
            assert (await api.get(f"{path}/{area}", user=somebody)).status == status, path
    for path in ("/org/sensor/v3/details", "/org/sensor/v2/details", "/org/fixture/details"):
        for light, status in (
            (LIGHT, 200),
            (THEIR_LIGHT, 200),
            (OTHERS_LIGHT, 403),
            (LOOSE_LIGHT, 403),
        ):
            assert (await api.get(f"{path}/{light}", user=somebody)).status == status, path
    for node, status in ((f"area/{THEIRS}", 200), (f"area/{OTHERS}", 403), ("floor/3", 403)):
        assert (await api.get(f"/org/facilities/{node}", user=somebody)).status == status
    assert (await api.get("/org/gateway/details/3", user=somebody)).status == 403


async def test_nothing_is_done_if_one_of_many_is_not_theirs(
    api: Api, manager: EnlightedSimulator, somebody: str
) -> None:
    body = fixtures([LIGHT, OTHERS_LIGHT])
    assert (await api.ask("POST", DIM, body, user=somebody)).status == 403
    path = f"{DIM}/{OTHERS_LIGHT}"
    assert (await api.ask("POST", path, user=somebody)).status == 403
    assert manager.commands == []
    assert manager.world.fixtures[LIGHT].override(manager.world.now()) is None
    body = fixtures([LIGHT, THEIR_LIGHT])
    assert (await api.ask("POST", DIM, body, user=somebody)).status == 200


async def test_auditors_read_and_do_nothing(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.add_user("auditor", AUDITOR, [1, 2], [])
    assert (await api.get(f"/org/fixture/details/{LIGHT}", user="auditor")).status == 200
    for route in TABLE.routes:
        if route.method == "GET":
            assert route.is_for(AUDITOR), route.path
        else:
            path = re.sub(r"\{[^}]*\}", "1", route.path)
            answer = await api.ask(route.method, path, fixtures([LIGHT]), user="auditor")
            assert answer.status == 403, path
    assert manager.commands == []


@pytest.mark.parametrize("role", [FACILITIES_ADMIN, EMPLOYEE])
async def test_others_are_bound_to_what_they_were_given(
    api: Api, manager: EnlightedSimulator, role: str
) -> None:
    manager.world.add_user("other", role, [], [MEETING])
    assert (await api.ask("POST", DIM, fixtures([366]), user="other")).status == 200
    assert (await api.ask("POST", DIM, fixtures([LIGHT]), user="other")).status == 403
    assert (await api.get(f"/org/sensor/v3/details/{DESK}", user="other")).status == 403


async def test_an_administrator_sees_all(api: Api, manager: EnlightedSimulator) -> None:
    manager.world.add_user("chief", ADMINISTRATOR, [], [])
    for path in (*paths_of_a_floor(1), *paths_of_a_floor(2)):
        assert (await api.get(path, user="chief", accept="*/*")).status == 200


async def test_before_3_9_13_everybody_saw_all(
    api: Api, manager: EnlightedSimulator, somebody: str
) -> None:
    manager.faults.no_permissions = True
    for path in paths_of_a_floor(2):
        assert (await api.get(path, user=somebody, accept="*/*")).status == 200
    assert len(await api.rows(FLOORS, "floor", user=somebody)) == 3


async def test_the_limited_user_has_a_floor_and_a_part_of_the_next(
    api: Api, manager: EnlightedSimulator
) -> None:
    limited = manager.world.gate.users["limited"]
    assert (limited.role, limited.floors, limited.areas) == (EMPLOYEE, {1}, {THEIRS})
    assert (await api.get("/org/floor/v1/1/gateways", user="limited")).status == 200
    assert (await api.get("/org/floor/v1/2/gateways", user="limited")).status == 403
