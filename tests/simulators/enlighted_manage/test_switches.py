"""Switch groups, switches and scenes (3.10, Appendix C 1 to 3)."""

import pytest

from .support_b import building

_SLASH = "Meeting%20Room%20%2F%20AV"


async def test_groups_are_listed_with_ids_that_are_text() -> None:
    async with building() as api:
        groups = (await api.get("/org/switchgroups/list/floor/1"))["gemsGroups"]["gemsGroup"]
        assert [group["id"] for group in groups] == ["3", "4"]
        assert groups[1]["name"] == "Meeting Room / AV"
        everywhere = await api.get("/org/switchgroups/list/company/1")
        assert len(everywhere["gemsGroups"]["gemsGroup"]) == 4
        assert (await api.ask("GET", "/org/switchgroups/list/floor/9")).status == 400
        assert (await api.ask("GET", "/org/switchgroups/list/company/9")).status == 400


async def test_groups_were_numbers_without_a_wrapper() -> None:
    async with building() as api:
        api.manager.faults.plain_groups = True
        groups = await api.get("/org/switchgroups/list/floor/1")
        assert groups["gemsGroup"][0] == {"id": 3, "name": "Open Office"}


async def test_a_newer_manager_lists_groups_by_facility() -> None:
    async with building() as api:
        found = await api.get("/switch-groups?facility=FLOOR&facilityId=2")
        assert [each["id"] for each in found["switchGroup"]] == [5, 6]
        answer = await api.ask("GET", "/switch-groups?facility=ROOM&facilityId=2")
        assert answer.status == 400
    async with building(version="4.4") as api:
        answer = await api.ask("GET", "/switch-groups?facility=FLOOR&facilityId=2")
        assert answer.status == 404


async def test_scenes_tell_the_switch_which_is_not_the_group() -> None:
    async with building() as api:
        found = await api.get("/org/switch/v1/getSwitchScenes/1/Open%20Office")
        assert found["id"] == "3"
        assert {scene["switchid"] for scene in found["scenes"]} == {"1"}
        assert [scene["name"] for scene in found["scenes"]][:2] == ["All On", "All Off"]
        assert [scene["sceneOrder"] for scene in found["scenes"]] == ["0", "1", "2", "3"]


async def test_a_name_with_a_slash_is_encoded_unless_tomcat_refuses_it() -> None:
    async with building() as api:
        path = f"/org/switch/v1/getSwitchScenes/1/{_SLASH}"
        assert (await api.get(path))["id"] == "4"
        plain = await api.ask("GET", "/org/switch/v1/getSwitchScenes/1/Meeting%20Room%20/%20AV")
        assert plain.status == 404
        api.manager.faults.refuse_encoded_slash = True
        assert (await api.ask("GET", path)).status == 400


async def test_levels_are_asked_for_by_switch() -> None:
    async with building() as api:
        levels = (await api.get("/org/scene/v1/list/getSceneLevels/2"))["sceneLevel"]
        assert {level["switchid"] for level in levels} == {"2"}
        assert len({level["sceneid"] for level in levels}) == 4
        assert len({level["id"] for level in levels}) == len(levels)
        # A meeting room's white can be tuned, that of an open office cannot.
        assert {level["sceneColor"] for level in levels} == {"3000", "4000", "5000"}
        plain = (await api.get("/org/scene/v1/list/getSceneLevels/1"))["sceneLevel"]
        assert "sceneColor" not in plain[0]


async def test_levels_may_be_asked_for_by_scene() -> None:
    async with building() as api:
        api.manager.faults.scene_levels_by_scene = True
        levels = (await api.get("/org/scene/v1/list/getSceneLevels/158"))["sceneLevel"]
        assert {level["sceneid"] for level in levels} == {"158"}
        assert {level["lightlevel"] for level in levels} == {"0"}
        assert (await api.ask("GET", "/org/scene/v1/list/getSceneLevels/1")).status == 400


async def test_a_scene_sets_levels_colors_and_plug_loads_for_a_time() -> None:
    async with building() as api:
        group = api.world.switches.groups[4]
        presentation = group.scenes[2]
        path = f"/org/switch/v1/op/applyScene/{group.switch_id}/{presentation.id}?time=30"
        assert await api.post(path) == {"status": "0"}
        assert api.levels(group.fixtures) == {30}
        color = api.world.fixtures[group.fixtures[0]].color_override(api.world.now())
        assert color is not None
        assert color.value == 3000
        assert [api.world.plugloads.all[each].is_on for each in group.plugloads] == [True]
        api.manager.clock.advance(30 * 60)
        assert api.levels(group.fixtures) == {0}
        off = group.scenes[1]
        await api.post(f"/org/switch/v1/op/applyScene/{group.switch_id}/{off.id}")
        assert [api.world.plugloads.all[each].is_on for each in group.plugloads] == [False]
        assert [command.name for command in api.manager.commands] == ["applyScene", "applyScene"]
        assert api.manager.commands[0].ids == (group.switch_id,)
        assert api.manager.commands[0].values == {"scene": presentation.id, "seconds": 1800.0}


async def test_the_id_of_a_group_is_another_switch_or_none() -> None:
    async with building() as api:
        mine, other = api.world.switches.groups[3], api.world.switches.groups[5]
        path = f"/org/switch/v1/op/dim/{mine.id}/77"
        assert await api.post(path) == {"status": "0"}
        assert api.levels(mine.fixtures) == {0}
        assert api.levels(other.fixtures) == {77}
        scene = api.world.switches.groups[6].scenes[0].id
        assert await api.post(f"/org/switch/v1/op/applyScene/6/{scene}") == {"status": "1"}


async def test_what_is_wrong_with_a_scene_is_told_by_codes() -> None:
    async with building() as api:
        group = api.world.switches.groups[3]
        scene = group.scenes[0]
        path = f"/org/switch/v1/op/applyScene/1/{scene.id}"
        assert await api.post("/org/switch/v1/op/applyScene/1/161") == {"status": "-1"}
        scene.levels = []
        assert await api.post(path) == {"status": "4"}
        group.fixtures, group.plugloads = [], []
        assert await api.post(path) == {"status": "3"}
        api.manager.faults.scene_status = 2
        assert await api.post(path) == {"status": "2"}


async def test_a_group_is_dimmed_by_its_name() -> None:
    async with building() as api:
        group = api.world.switches.groups[4]
        path = f"/org/switch/v1/op/dimGroup/1/{_SLASH}"
        assert await api.post(f"{path}/45?time=10") == {"status": "0"}
        assert api.levels(group.fixtures) == {45}
        assert await api.post(f"{path}/101") == {"status": "1"}
        assert await api.post("/org/switch/v1/op/dimGroup/1/Nothing/45") == {"status": "1"}
        assert (await api.ask("POST", f"{path}/4.5")).status == 404
        assert (await api.ask("GET", f"{path}/45")).status == 405
        api.manager.clock.advance(600)
        assert api.levels(group.fixtures) == {0}


async def test_a_switch_dims_applies_its_scene_and_goes_back_to_automatic() -> None:
    async with building() as api:
        group = api.world.switches.groups[3]
        scene = group.scenes[2].id
        path = f"/org/switch/op/dim/switch/1/scene/{scene}"
        assert await api.post(f"{path}/55/60") == {"status": "0"}
        assert api.levels(group.fixtures) == {55}
        assert await api.post(f"{path}/102/60") == {"status": "0"}
        assert api.levels(group.fixtures) == {30}
        assert await api.post(f"{path}/101/60") == {"status": "0"}
        assert api.levels(group.fixtures) == {0}
        assert await api.post(f"{path}/103/60") == {"status": "1"}
        assert await api.post("/org/switch/op/dim/switch/1/scene/161/55/60") == {"status": "1"}


@pytest.mark.parametrize(
    ("where", "api_status", "services_status"),
    [("both", 200, 200), ("api", 200, 404), ("services", 404, 200)],
)
async def test_a_switch_is_dimmed_below_one_path_or_another(
    where: str, api_status: int, services_status: int
) -> None:
    async with building() as api:
        api.manager.faults.services = where
        path = "/org/switch/op/dim/switch/1/scene/157/55/60"
        assert (await api.ask("POST", path)).status == api_status
        assert (await api.ask("POST", path, below="/ems/services")).status == services_status


async def test_older_calls_of_a_switch() -> None:
    async with building() as api:
        group = api.world.switches.groups[3]
        assert await api.post("/org/switch/v1/op/dim/1/157/20") == {"status": "0"}
        assert api.levels(group.fixtures) == {20}
        assert await api.post("/org/switch/v1/op/dim/1/161/20") == {"status": "1"}
        assert await api.post("/org/switch/v1/op/auto/1") == {"status": "0"}
        assert api.levels(group.fixtures) == {0}
        assert await api.post("/org/switch/v1/op/auto/99") == {"status": "1"}
        found = await api.get("/org/switch/v1/getSwitchFixtures/1")
        assert [int(each["id"]) for each in found["fixture"]] == group.fixtures


async def test_colors_can_be_made_sticky() -> None:
    async with building() as api:
        path = "/org/switch/1/editAndApplyChanges"
        found = await api.post(path, '{"onOffStickyColor":true}')
        assert found == {"onOffStickyColor": True, "ovrStickyColor": False}
        assert (await api.ask("POST", path, "[]")).status == 400
        assert (await api.ask("POST", path, "{")).status == 400
    async with building(version="4.3") as api:
        assert (await api.ask("POST", path, "{}")).status == 404


async def test_a_switch_at_the_wall_is_no_command() -> None:
    async with building() as api:
        group = api.world.switches.groups[3]
        api.world.wall_switch(1, group.scenes[0].id)
        assert api.levels(group.fixtures) == {100}
        assert api.manager.commands == []
        with pytest.raises(KeyError):
            api.world.wall_switch(1, 1)


async def test_a_group_is_somebodys_only_with_its_whole_floor() -> None:
    async with building() as api:
        api.user = "limited"
        assert (await api.ask("GET", "/org/switchgroups/list/floor/1")).status == 200
        refused = await api.ask("GET", "/org/switchgroups/list/floor/2")
        assert refused.status == 403
        assert "Access Denied" in refused.text
        assert (await api.ask("POST", "/org/switch/v1/op/dim/3/50")).status == 403
        found = await api.get("/org/switchgroups/list/company/1")
        assert len(found["gemsGroups"]["gemsGroup"]) == 2


async def test_groups_and_scenes_come_and_go() -> None:
    async with building() as api:
        api.world.remove_switch_group(6)
        made = api.world.add_switch_group(2, "Annex", [361, 366])
        assert made == 7
        api.world.rename_switch_group(made, "Extension")
        found = await api.get("/org/switch/v1/getSwitchScenes/2/Extension")
        scenes = [int(scene["id"]) for scene in found["scenes"]]
        api.world.rename_scene(scenes[0], "Bright")
        for scene in scenes[1:]:
            api.world.remove_scene(scene)
        found = await api.get("/org/switch/v1/getSwitchScenes/2/Extension")
        # A list of scenes stays one even if there is one scene (Appendix C 9).
        assert [scene["name"] for scene in found["scenes"]] == ["Bright"]
        for verb in (api.world.remove_scene, lambda scene: api.world.rename_scene(scene, "")):
            with pytest.raises(KeyError):
                verb(1)


async def test_an_auditor_looks_and_does_not_touch() -> None:
    async with building() as api:
        api.world.add_user("auditor", "Auditor", [1, 2], [])
        api.user = "auditor"
        assert (await api.ask("GET", "/org/switchgroups/list/floor/1")).status == 200
        assert (await api.ask("POST", "/org/switch/v1/op/dim/1/50")).status == 403
        assert (await api.ask("POST", "/org/area/v1/setPlugloadStatus/1301/0")).status == 403
