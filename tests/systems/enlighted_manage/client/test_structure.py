"""What there is, read from the simulated manager and from the vendor's samples."""

import dataclasses
from datetime import timedelta
from urllib.parse import unquote

import aiohttp
import pytest

from custom_components.gatehouse.systems.enlighted_manage.client import (
    Area,
    Company,
    EnlightedClient,
    EnlightedNotFoundError,
    EnlightedRejectedError,
    EnlightedResponseError,
    Fixture,
    FixtureProfiles,
    Floor,
    Gateway,
    PlugLoad,
    PlugLoadDetails,
    Profile,
    Scene,
    SceneLevel,
    SensorClass,
    Switch,
    SwitchGroup,
    access,
)
from custom_components.gatehouse.systems.enlighted_manage.client.structure_api import mac
from simulators.enlighted_manage import EnlightedSimulator

from .support import (
    DESK,
    EMERGENCY,
    EVENT,
    FIXTURELESS,
    GROUP,
    LIGHT,
    NOON,
    OFFICE,
    READS,
    SLASHED,
    SWITCH,
    TUNABLE,
    Answer,
    Call,
    StubManager,
    at,
    client_of,
)

# Two formats, and many manners of writing


async def busy(manager: EnlightedSimulator, client: EnlightedClient) -> None:
    """Let there be something in every list."""
    manager.world.enter(OFFICE)
    manager.world.sit_down(DESK)
    await client.schedule_demand_response(
        dataclasses.replace(EVENT, start=NOON + timedelta(days=1))
    )
    manager.clock.advance(360)


@pytest.mark.parametrize("call", READS.values(), ids=READS)
async def test_xml_and_every_manner_of_json_are_the_same(
    session: aiohttp.ClientSession,
    manager: EnlightedSimulator,
    monkeypatch: pytest.MonkeyPatch,
    call: Call,
) -> None:
    """Gotchas 4 and 5."""

    async def read() -> object:
        client = client_of(session, manager)
        # The first answer tells the manager's time, which the others are asked for in.
        await client.get_company()
        return await call(client)

    await busy(manager, client_of(session, manager))
    usual = await read()
    assert usual not in (None, (), {})
    for manner in (
        {"strings_only": False},
        {"collapse_lists": False},
        {"empty_as": "list"},
        {"empty_as": "absent"},
        {"lower_case_keys": True},
        {"plain_groups": True},
        {"plain_energy": True},
        {"offset_without_colon": True},
        {"occupancy_spelling": "Of"},
    ):
        ((name, value),) = manner.items()
        before = getattr(manager.faults, name)
        manager.faults.set(name, value)
        assert await read() == usual, manner
        manager.faults.set(name, before)
    monkeypatch.setattr(access, "_ACCEPT", "application/xml, application/json;q=0.5")
    assert await read() == usual


@pytest.mark.parametrize("empty_as", ["absent", "null", "list"])
async def test_an_empty_floor(
    client: EnlightedClient, manager: EnlightedSimulator, empty_as: str
) -> None:
    """Gotcha 4, and gotcha 16: a floor without areas has the pseudo-area nevertheless."""
    manager.faults.empty_as = empty_as
    floor = manager.world.add_floor("Attic")
    assert await client.get_areas(floor) == ()
    assert await client.get_fixtures(floor) == ()
    assert await client.get_plug_loads(floor) == ()
    assert await client.get_switch_groups(floor) == ()
    assert await client.get_desk_occupancy(floor) == ()
    assert await client.get_motion(floor) == {}
    assert await client.get_dim_levels(floor) == {}
    assert (await client.get_readings(floor)).readings == {}
    assert [state.id for state in await client.get_floor_occupancy(floor)] == [0]
    assert await client.get_demand_responses() == ()


# The facility tree


async def test_the_company_and_its_floors(client: EnlightedClient) -> None:
    assert await client.get_company() == Company("Acme", "America/Los_Angeles")
    assert await client.get_floors() == (
        Floor(1, "First Floor", "Main", "Monroe"),
        Floor(2, "Second Floor", "Main", "Monroe"),
    )
    assert await client.get_areas(1) == (
        Area(9, "Open Office", has_zone_sensor=True),
        Area(10, "Meeting Room", has_zone_sensor=True),
        Area(11, "Lobby", has_zone_sensor=True),
        Area(12, "Kitchen", has_zone_sensor=False),
    )


@pytest.mark.parametrize("status", [404, 405])
async def test_an_older_manager_has_other_lists_of_floors_and_areas(
    stub: StubManager, stub_client: EnlightedClient, status: int
) -> None:
    """O5 and O8, in the form that real clients read."""
    stub.otherwise = Answer("", status)
    stub.answers["GET /org/floor/list"] = Answer(
        "<floors><floor><id>1</id><name>1</name><building>4</building><campus>3</campus>"
        "<company>1</company><description></description><floorPlanUrl>main1.jpg</floorPlanUrl>"
        "<parentFloorId></parentFloorId></floor></floors>"
    )
    stub.answers["GET /org/area/list/1"] = Answer({"area": {"id": "9", "name": "Hardware"}})
    assert await stub_client.get_floors() == (Floor(1, "1"),)
    assert await stub_client.get_areas(1) == (Area(9, "Hardware", None),)


async def test_what_is_refused_is_not_asked_for_elsewhere(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    stub.otherwise = Answer("Floor ID does not exist; please correct and try again", 400)
    with pytest.raises(EnlightedRejectedError):
        await stub_client.get_areas(1)
    assert stub.routes == ["GET /org/area/v2/list/1"]


@pytest.mark.parametrize(
    ("status", "okay"), [("okay", True), ("Okay", True), ("out", False), (None, None)]
)
async def test_gateways(
    stub: StubManager, stub_client: EnlightedClient, status: str | None, okay: bool | None
) -> None:
    """Gotcha 7: dashes, and zeros that are missing; the vendor's sample."""
    row = {"id": "2", "name": "GWf9c730", "lastComm": "2024-10-19T05:33:04.852Z"}
    row |= {"macAddress": "0-B3-D6-63-C1-23", "xaxis": "3285", "xaxis2": "1"}
    stub.otherwise = Answer({"gateway": [row | ({"commStatus": status} if status else {})]})
    seen = at("2024-10-19T05:33:04.852")
    assert await stub_client.get_gateways(1) == (
        Gateway(2, "GWf9c730", "00:b3:d6:63:c1:23", okay, seen),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0:c0:17", "00:c0:17"),
        ("6:0:c", "06:00:0c"),
        ("00:C0:17", "00:c0:17"),
        ("0-B3-D6-63-C1-23", "00:b3:d6:63:c1:23"),
        ("", None),
        (None, None),
        ("none", None),
        ("1:2:", None),
        ("100:0:0", None),
        ("-1:0:0", None),
    ],
)
def test_addresses_get_their_zeros_back(text: str | None, expected: str | None) -> None:
    """Gotcha 7."""
    assert mac(text) == expected


# Fixtures and receptacles


async def test_fixtures(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    """Gotcha 23 (no light there), and gotcha 25: the path ends with a 1."""
    found = {fixture.id: fixture for fixture in await client.get_fixtures(1)}
    assert manager.requests[-1].path == "/ems/api/org/fixture/location/list/floor/1/1"
    assert manager.requests[-1].query == ""
    assert len(found) == 24
    assert found[LIGHT] == Fixture(LIGHT, "Sensor000169", SensorClass.FIXTURED, "00:01:69", 28)
    kinds = {number: found[number].kind for number in (EMERGENCY, FIXTURELESS, DESK)}
    assert kinds == {
        EMERGENCY: SensorClass.EMERGENCY,
        FIXTURELESS: SensorClass.FIXTURELESS,
        DESK: SensorClass.DESK,
    }
    dark = [number for number, fixture in found.items() if not fixture.has_light]
    assert dark == [382, 383, 384]
    own = await client.get_area_fixtures(OFFICE)
    assert [fixture.id for fixture in own] == [361, 362, 363, 364, 365, 382, 383, 384]


async def test_receptacles(client: EnlightedClient, manager: EnlightedSimulator) -> None:
    """Gotcha 25."""
    manager.world.set_plugload(1302, on=False)
    manager.world.set_plugload_active(1302, active=False)
    assert await client.get_plug_loads(1) == (
        PlugLoad(1301, "Plugload060515", is_on=True, address="06:05:15"),
        PlugLoad(1302, "Plugload060516", is_on=False, address="06:05:16"),
        PlugLoad(1303, "Plugload060517", is_on=True, address="06:05:17"),
    )
    assert [each.id for each in await client.get_area_plug_loads(OFFICE)] == [1301]
    assert {request.path.rpartition("/")[2] for request in manager.requests} == {"1"}
    assert await client.get_plug_load_details(1302) == PlugLoadDetails(
        is_active=False, voltage=120.0, version="2.8.0 b2588"
    )


async def test_profiles(stub: StubManager, stub_client: EnlightedClient) -> None:
    """The vendor's sample, and what may be missing of it."""
    sample = {"id": "28", "currentProfile": "Open Office Max 35", "groupId": "27"}
    known = [{"name": "Open Office Max 35", "groupId": "27"}, {"name": "Max 70", "groupId": "28"}]
    current, other = Profile(27, "Open Office Max 35"), Profile(28, "Max 70")
    for body, expected in (
        (sample | {"applicableProfiles": known}, FixtureProfiles(current, (current, other))),
        (sample | {"applicableProfiles": known[1]}, FixtureProfiles(current, (other,))),
        (sample, FixtureProfiles(current, ())),
        ({"groupId": "28", "applicableProfiles": known}, FixtureProfiles(other, (current, other))),
        ({"id": "28", "applicableProfiles": None}, FixtureProfiles(None, ())),
    ):
        stub.otherwise = Answer(body)
        assert await stub_client.get_profiles(28) == expected


# Switch groups, which are not switches


async def test_a_group_is_not_its_switch(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Gotcha 14 and appendix C 1: the id of a group is another switch's."""
    assert await client.get_switch_groups(1) == (GROUP, SLASHED)
    assert GROUP.id == 3
    assert manager.world.switches.by_switch(3) is not manager.world.switches.groups[3]
    switch = await client.get_switch(1, GROUP)
    assert switch == Switch(
        1,
        (
            Scene(157, "All On", 0),
            Scene(158, "All Off", 1),
            Scene(159, "Presentation", 2),
            Scene(160, "Cleaning / Night", 3),
        ),
    )


@pytest.mark.parametrize(
    "name",
    [
        "Meeting Room / AV",
        "../../floor/list",
        "100% ?x=1#y",
        "süß + groß",
        " North ",
        "a%2Fb",
        ".",
        "..",
    ],
)
async def test_names_are_sent_as_they_are(
    client: EnlightedClient, manager: EnlightedSimulator, name: str
) -> None:
    """Gotcha 14: blanks, slashes and whatever else there may be in a name."""
    manager.world.switches.groups[SLASHED.id].name = name
    group = (await client.get_switch_groups(1))[1]
    assert group == SwitchGroup(SLASHED.id, name)
    switch = await client.get_switch(1, group)
    assert switch
    assert switch.id == 2
    assert manager.requests[-1].path.count("/") == 8
    assert unquote(manager.requests[-1].path).endswith(f"/getSwitchScenes/1/{name}")
    await client.dim_group(1, group, None, 40, 5)
    assert manager.commands[-1].values["level"] == 40
    assert manager.world.mistakes == []


async def test_scenes_without_a_switch_have_none(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """Appendix C 1: the group's id in its place would move other lights."""
    scene = {"id": "157", "name": "All On", "sceneOrder": "0"}
    for scenes in ([], None, scene, [scene, {"id": "158"}]):
        stub.otherwise = Answer({"id": "7", "name": "X", "scenes": scenes})
        assert await stub_client.get_switch(1, GROUP) is None


async def test_scenes_are_in_their_order(stub: StubManager, stub_client: EnlightedClient) -> None:
    rows = [
        {"id": "9", "switchid": "29", "name": "C", "sceneOrder": "2"},
        {"id": "8", "name": "", "sceneOrder": "1"},
        {"id": "x", "switchid": "29", "name": "nothing"},
        {"id": "7", "switchid": "29", "name": "A"},
    ]
    stub.otherwise = Answer({"switch": {"id": "1", "name": "X", "scenes": rows}})
    switch = await stub_client.get_switch(1, GROUP)
    assert switch == Switch(29, (Scene(7, "A", 0), Scene(8, "8", 1), Scene(9, "C", 2)))


async def test_levels_of_scenes(client: EnlightedClient) -> None:
    switch = await client.get_switch(1, SLASHED)
    assert switch
    levels = await client.get_scene_levels(switch)
    assert len(levels) == 4 * 5
    assert levels[0] == SceneLevel(161, TUNABLE, 100, 4000)
    assert {level.color for level in levels} == {3000, 4000, 5000}
    assert {level.color for level in await client.get_scene_levels(SWITCH)} == {None}


async def test_levels_by_the_scene_where_it_is_asked_for_by_that(
    client: EnlightedClient, manager: EnlightedSimulator
) -> None:
    """Appendix C 2: both are answered, and both are the same."""
    switch = await client.get_switch(1, SLASHED)
    assert switch
    usual = await client.get_scene_levels(switch)
    manager.faults.scene_levels_by_scene = True
    assert await client.get_scene_levels(switch) == usual


async def test_levels_of_another_switch_are_not_taken(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """A switch's id may be a scene's of another one (appendix C 2)."""
    row = {"id": "6", "sceneid": "1", "fixtureid": "885", "lightlevel": "100", "sceneColor": "0"}
    path = "GET /org/scene/v1/list/getSceneLevels"
    stub.answers[f"{path}/1"] = Answer({"sceneLevel": row | {"switchid": "99"}})
    stub.answers[f"{path}/157"] = Answer({"sceneLevel": row | {"switchid": "1", "sceneid": "157"}})
    assert await stub_client.get_scene_levels(SWITCH) == (SceneLevel(157, 885, 100, None),)
    del stub.answers[f"{path}/157"]
    assert await stub_client.get_scene_levels(SWITCH) == ()
    del stub.answers[f"{path}/1"]
    with pytest.raises(EnlightedNotFoundError):
        await stub_client.get_scene_levels(SWITCH)
    assert len(stub.requests) == 6


async def test_the_vendors_first_form_of_groups(
    stub: StubManager, stub_client: EnlightedClient
) -> None:
    """S1 with real numbers, and without the wrapper; appendix C 3 has it wrapped twice."""
    stub.otherwise = Answer({"gemsGroup": [{"id": 7, "name": "594_SWG"}, {"id": 8}, {"name": "x"}]})
    assert await stub_client.get_switch_groups(1) == (SwitchGroup(7, "594_SWG"),)


async def test_a_floor_that_is_gone(client: EnlightedClient) -> None:
    with pytest.raises(EnlightedRejectedError):
        await client.get_fixtures(99)


@pytest.mark.parametrize("name", ["company", "plug load details", "sensor", "profiles", "bacnet"])
async def test_a_record_that_is_not_there_is_no_record(
    stub: StubManager, stub_client: EnlightedClient, name: str
) -> None:
    stub.otherwise = Answer(None)
    with pytest.raises(EnlightedResponseError):
        await READS[name](stub_client)


async def test_who_may_see_less_is_told_less(
    session: aiohttp.ClientSession, manager: EnlightedSimulator
) -> None:
    manager.world.add_user("area", "Employee", [], [OFFICE])
    client = client_of(session, manager, user="area")
    assert [floor.id for floor in await client.get_floors()] == [1]
    assert [area.id for area in await client.get_areas(1)] == [OFFICE]
    assert len(await client.get_area_fixtures(OFFICE)) == 8
