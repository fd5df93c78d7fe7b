"""Lights: what they are told, what is shown of it, and how that ends."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.gatehouse.systems.enlighted_manage.rounds import Tier
from simulators.enlighted_manage import EnlightedSimulator

from ..watching import eventually
from .acting import REPORTED, act, device, enabling, happened, later, level, light, refused, sent
from .site import Site

#: A fixture, its area, and a switch group of the same fixtures; none of their ids is another's.
FIXTURE, AREA, GROUP = ("fixture", 361), ("area", 9), ("group", 3)
LIGHTS = (361, 362, 363, 364, 365)
#: What each is told: the command, whom it names, and what else it says.
TOLD = {
    FIXTURE: ("dim", (361,), {"mode": "abs"}),
    AREA: ("dim", LIGHTS, {"mode": "abs"}),
    # By the switch: 3 is that of a group on another floor.
    GROUP: ("dimGroup", (1,), {}),
}
#: Its white can be tuned.
TUNABLE = ("fixture", 366)


def dimmed(part: tuple[str, int], percent: int, minutes: int = 60) -> tuple[Any, ...]:
    """Return the command that sets a part to a level."""
    name, ids, others = TOLD[part]
    amount = {"level" if name == "dimGroup" else "amount": percent}
    return name, ids, {**others, **amount, "seconds": minutes * 60.0}


def truth(site: Site, fixture: int) -> int:
    """Return how bright a light is."""
    return site.manager.world.fixtures[fixture].level(site.manager.clock.time())


def until(site: Site, kind: str, number: int) -> float | None:
    """Return in how many minutes a light goes back to its profile, as its two entities say."""
    attribute = site.state("light", "light", kind, number).attributes["override_until"]
    shown = site.state("sensor", "override_until", kind, number).state if kind != "fixture" else ""
    if attribute is None:
        assert shown in ("", "unknown")
        return None
    assert isinstance(attribute, datetime)
    if shown:
        assert dt_util.parse_datetime(shown) == attribute.replace(microsecond=0)
    minutes: float = round((attribute.timestamp() - site.manager.clock.time()) / 60, 1)
    return minutes


@pytest.mark.parametrize("part", [FIXTURE, AREA, GROUP])
async def test_brightness_becomes_percent_and_a_little_is_never_nothing(
    site: Site, part: tuple[str, int]
) -> None:
    percents = {1: 1, 2: 1, 3: 1, 127: 50, 128: 50, 254: 100, 255: 100}
    for brightness, percent in percents.items():
        await light(site, "turn_on", *part, brightness=brightness)
        assert level(site, *part) == ("on", max(1, round(percent * 255 / 100)))
        assert truth(site, 361) == percent
    assert sent(site) == [dimmed(part, percent) for percent in percents.values()]


@pytest.mark.parametrize("part", [FIXTURE, AREA, GROUP])
async def test_on_is_full_and_off_is_nothing(site: Site, part: tuple[str, int]) -> None:
    await light(site, "turn_on", *part)
    assert level(site, *part) == ("on", 255)
    await light(site, "turn_off", *part)
    assert level(site, *part) == ("off", None)
    assert sent(site) == [dimmed(part, 100), dimmed(part, 0)]


async def test_what_is_shown_is_what_it_would_be_set_to_again(
    hass: HomeAssistant, site: Site
) -> None:
    for percent in range(1, 101):
        await act(hass, "dim_fixtures", device_id=[device(site, *FIXTURE)], level=percent)
        _, brightness = level(site, *FIXTURE)
        await light(site, "turn_on", *FIXTURE, brightness=brightness)
        assert sent(site)[-2:] == [dimmed(FIXTURE, percent)] * 2


async def test_what_is_told_to_some_shows_in_all_that_they_are_part_of(site: Site) -> None:
    await light(site, "turn_on", *FIXTURE, brightness=128)
    assert [level(site, *part) for part in (FIXTURE, AREA, GROUP)] == [("on", 128)] * 3
    assert [round(until(site, *part) or 0) for part in (FIXTURE, AREA, GROUP)] == [60] * 3
    assert level(site, "area", 10) == ("off", None)
    assert until(site, "area", 10) is None


async def test_an_area_is_as_bright_as_the_mean_of_what_is_on(site: Site) -> None:
    await light(site, "turn_on", "fixture", 361, brightness=255)
    await light(site, "turn_on", "fixture", 362, brightness=128)
    # 75 percent.
    assert level(site, *AREA) == level(site, *GROUP) == ("on", 191)


async def test_a_command_is_believed_for_a_while_and_then_what_is_reported(site: Site) -> None:
    await light(site, "turn_on", *GROUP, brightness=128)
    # At the wall, of which nobody is told: all on.
    site.manager.world.wall_switch(1, 157)
    await later(site, 60)
    assert [level(site, *part) for part in (FIXTURE, AREA, GROUP)] == [("on", 128)] * 3
    await later(site, REPORTED)
    assert [level(site, *part) for part in (FIXTURE, AREA, GROUP)] == [("on", 255)] * 3


async def test_a_command_that_came_to_nothing_is_not_believed_for_long(site: Site) -> None:
    await light(site, "turn_on", "area", 11, brightness=255)
    site.manager.world.release(range(371, 376))
    await later(site, REPORTED)
    # Their profile's level without people.
    assert level(site, "area", 11) == ("on", 51)


@pytest.mark.parametrize("part", [FIXTURE, AREA, GROUP])
async def test_an_override_ends_by_the_managers_clock(site: Site, part: tuple[str, int]) -> None:
    await light(site, "turn_on", *part, brightness=128)
    assert until(site, *part) == pytest.approx(60, abs=0.1)
    await later(site, 59 * 60)
    assert until(site, *part) == pytest.approx(1, abs=0.1)
    assert level(site, *part) == ("on", 128)
    await later(site, 90)
    assert until(site, *part) is None
    await later(site, REPORTED)
    assert level(site, *part) == ("off", None)
    assert len(sent(site)) == 1


async def test_the_end_is_noticed_though_nothing_else_is_due(site: Site) -> None:
    await light(site, "turn_on", *FIXTURE, brightness=128)
    overrides, now = site.coordinator.overrides, site.coordinator.client.now()
    overrides.dim({361: 50}, 0, now)
    site.coordinator.hurry(Tier.OCCUPANCY)
    await eventually(lambda: until(site, *FIXTURE) is None, "the end")


async def test_telling_it_again_begins_anew(site: Site) -> None:
    await light(site, "turn_on", *FIXTURE, brightness=128)
    await later(site, 50 * 60)
    assert until(site, *FIXTURE) == pytest.approx(10, abs=0.1)
    await light(site, "turn_on", *FIXTURE, brightness=128)
    assert until(site, *FIXTURE) == pytest.approx(60, abs=0.1)
    await later(site, 50 * 60)
    assert level(site, *FIXTURE) == ("on", 128)
    assert truth(site, 361) == 50


@enabling("control", "return_to_auto")
@pytest.mark.parametrize("way", ["select", "button", "action"])
@pytest.mark.parametrize("part", [FIXTURE, AREA, GROUP])
async def test_back_to_automatic(
    hass: HomeAssistant, site: Site, part: tuple[str, int], way: str
) -> None:
    await light(site, "turn_on", *part, brightness=128)
    assert site.state("select", "control", *part).state == "manual"
    match way:
        case "select":
            entity_id = site.entity_id("select", "control", *part)
            await site.call("select", "select_option", entity_id=entity_id, option="auto")
        case "button":
            await site.call(
                "button", "press", entity_id=site.entity_id("button", "return_to_auto", *part)
            )
        case "action":
            await act(hass, "set_auto", device_id=[device(site, *part)])
    by_switch = part == GROUP and way != "action"
    ids = LIGHTS if part == GROUP and not by_switch else TOLD[part][1]
    values = {"level": "auto"} if by_switch else {"mode": "AUTO"}
    assert sent(site)[1:] == [("dimSwitch" if by_switch else "auto", ids, values)]
    assert site.state("select", "control", *part).state == "auto"
    assert until(site, *part) is None
    assert truth(site, 361) == 0
    await later(site, REPORTED)
    assert level(site, *part) == ("off", None)


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (
            ("area", 11),
            ("dim", (371, 372, 373, 374, 375), {"mode": "abs", "amount": 20, "seconds": 3600.0}),
        ),
        (GROUP, dimmed(GROUP, 0)),
    ],
)
async def test_manual_holds_them_as_they_are(site: Site, part: tuple[str, int], told: Any) -> None:
    before = level(site, *part)
    entity_id = site.entity_id("select", "control", *part)
    await site.call("select", "select_option", entity_id=entity_id, option="manual")
    assert sent(site) == [told]
    assert level(site, *part) == before
    assert site.state("select", "control", *part).state == "manual"


# White


async def test_only_what_a_scene_tunes_can_be_tuned(site: Site) -> None:
    modes = {
        part: site.state("light", "light", *part).attributes["supported_color_modes"]
        for part in (FIXTURE, AREA, GROUP, TUNABLE, ("area", 10), ("group", 4))
    }
    assert [[*each] for each in modes.values()] == [["brightness"]] * 3 + [["color_temp"]] * 3


@pytest.mark.parametrize("options", [{"tunable_white": True}])
async def test_an_option_says_that_all_can_be_tuned(site: Site) -> None:
    attributes = site.state("light", "light", *FIXTURE).attributes
    assert [*attributes["supported_color_modes"]] == ["color_temp"]
    assert (attributes["min_color_temp_kelvin"], attributes["max_color_temp_kelvin"]) == (
        2700,
        6500,
    )


@pytest.mark.parametrize("part", [TUNABLE, ("area", 10), ("group", 4)])
async def test_a_white_alone_dims_only_what_is_off(site: Site, part: tuple[str, int]) -> None:
    lights = (366,) if part == TUNABLE else (366, 367, 368, 369, 370)
    await light(site, "turn_on", *part, color_temp_kelvin=3000)
    await light(site, "turn_on", *part, color_temp_kelvin=4000)
    await light(site, "turn_on", *part, color_temp_kelvin=5000, brightness=128)
    assert [name for name, _, _ in sent(site)][1:] == ["color", "color", sent(site)[0][0], "color"]
    assert [(ids, values["kelvin"]) for _, ids, values in sent(site, "color")] == [
        (lights, 3000),
        (lights, 4000),
        (lights, 5000),
    ]
    state = site.state("light", "light", *part)
    assert state.attributes["color_temp_kelvin"] == 5000
    assert state.attributes["brightness"] == 128


async def test_a_white_ends_with_the_level_that_is_set(hass: HomeAssistant, site: Site) -> None:
    """Whatever it was to last by itself (gotcha 10)."""
    await light(site, "turn_on", *TUNABLE, brightness=128)
    named = {"device_id": [device(site, *TUNABLE)]}
    await act(hass, "set_color_temperature", **named, color_temp_kelvin=3000, minutes=600)
    assert until(site, *TUNABLE) == pytest.approx(60, abs=0.1)
    await act(hass, "dim_fixtures", **named, level=40, minutes=5)
    color = site.manager.world.fixtures[366].color_override(site.manager.clock.time())
    assert color is not None
    assert until(site, *TUNABLE) == pytest.approx(5, abs=0.1)
    assert color.until - site.manager.clock.time() == pytest.approx(300, abs=5)
    await later(site, 330)
    state = site.state("light", "light", *TUNABLE)
    assert (state.attributes["override_until"], state.attributes["color_temp_kelvin"]) == (
        None,
        None,
    )


async def test_lights_of_several_whites_have_none_together(site: Site) -> None:
    await light(site, "turn_on", "area", 10, color_temp_kelvin=3000)
    await light(site, "turn_on", *TUNABLE, color_temp_kelvin=5000)
    assert site.state("light", "light", *TUNABLE).attributes["color_temp_kelvin"] == 5000
    assert site.state("light", "light", "area", 10).attributes["color_temp_kelvin"] is None


# Switch groups and scenes


def path_of_last_command(site: Site) -> str:
    return next(each.path for each in reversed(site.manager.requests) if each.method == "POST")


async def test_a_slash_in_a_name_is_part_of_it(site: Site) -> None:
    await light(site, "turn_on", "group", 4, brightness=255)
    assert sent(site) == [("dimGroup", (2,), {"level": 100, "seconds": 3600.0})]
    assert "/1/Meeting%20Room%20%2F%20AV/100" in path_of_last_command(site)


async def test_where_a_slash_is_refused_the_switch_does_it_by_its_number(
    hass: HomeAssistant, manager: EnlightedSimulator, entry: MockConfigEntry, site: Site
) -> None:
    manager.faults.refuse_encoded_slash = True
    await light(site, "turn_on", "group", 4, brightness=128)
    assert sent(site) == [("dimSwitch", (2,), {"level": 50, "seconds": 3600.0})]
    assert level(site, "group", 4) == ("on", 128)
    assert {truth(site, each) for each in range(366, 371)} == {50}


async def test_a_switch_whose_scenes_nobody_tells_is_still_dimmed_and_released(
    manager: EnlightedSimulator, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """With a slash that is refused from the beginning, the switch's number is never told."""
    manager.faults.refuse_encoded_slash = True
    site = Site(hass, entry, manager=manager)
    await site.set_up()
    assert not site.has("light", "light", "group", 4)
    assert site.has("light", "light", *GROUP)


async def test_the_other_place_of_a_call_is_found_and_remembered(site: Site) -> None:
    site.manager.faults.services = "services"
    button = site.entity_id("button", "return_to_auto", *GROUP)
    for _ in range(2):
        await site.call("button", "press", entity_id=button)
    assert sent(site) == [("dimSwitch", (1,), {"level": "auto"})] * 2
    posted = [each.path for each in site.manager.requests if each.method == "POST"]
    assert [path.split("/")[2] for path in posted] == ["api", "services", "services"]


async def test_a_group_is_released_light_by_light_where_a_version_lacks_the_call(
    site: Site,
) -> None:
    site.manager.faults.fail(404, times=2, path="/op/dim/switch/")
    await light(site, "turn_on", *GROUP, brightness=128)
    await site.call("button", "press", entity_id=site.entity_id("button", "return_to_auto", *GROUP))
    assert sent(site)[1:] == [("auto", LIGHTS, {"mode": "AUTO"})]
    assert until(site, *GROUP) is None


@pytest.mark.parametrize(("scene", "percent"), [(157, 100), (158, 0), (159, 30), (160, 70)])
async def test_a_scene_is_applied_by_its_switch_and_its_levels_are_shown(
    site: Site, scene: int, percent: int
) -> None:
    await site.call("scene", "turn_on", entity_id=site.entity_id("scene", "scene", "scene", scene))
    assert sent(site) == [("applyScene", (1,), {"scene": scene, "seconds": 3600.0})]
    shown = ("on", round(percent * 255 / 100)) if percent else ("off", None)
    assert [level(site, *part) for part in (FIXTURE, AREA, GROUP)] == [shown] * 3
    assert until(site, *GROUP) == pytest.approx(60, abs=0.1)
    assert truth(site, 361) == percent


async def test_a_scene_that_was_applied_is_an_event(site: Site) -> None:
    scene = site.entity_id("scene", "scene", "scene", 164)
    await site.call("scene", "turn_on", entity_id=scene)
    await eventually(lambda: happened(site), "the event")
    assert happened(site) == [
        {"event_type": "scene_applied", "group": "Meeting Room / AV", "scene": "Cleaning / Night"}
    ]
    assert happened(site, 2) == []


async def test_a_scene_sets_whites_too(site: Site) -> None:
    await light(site, "turn_on", "group", 4, color_temp_kelvin=5000)
    await site.call("scene", "turn_on", entity_id=site.entity_id("scene", "scene", "scene", 163))
    color = site.manager.world.fixtures[366].color_override(site.manager.clock.time())
    assert color
    for part in (TUNABLE, ("area", 10), ("group", 4)):
        shown = site.state("light", "light", *part).attributes["color_temp_kelvin"]
        assert shown == color.value == 3000
        assert until(site, *part) == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize("way", ["scene", "group"])
async def test_outlets_that_a_switch_has_beside_its_lights_are_looked_at(
    site: Site, way: str
) -> None:
    if way == "scene":
        await site.call(
            "scene", "turn_on", entity_id=site.entity_id("scene", "scene", "scene", 158)
        )
    else:
        await light(site, "turn_off", *GROUP)
    await site.shows("off", "switch", "outlet", "plugload", 1301)
    assert site.state("switch", "outlet", "plugload", 1302).state == "on"


async def test_scenes_tell_their_place_among_the_buttons(site: Site) -> None:
    orders = [
        site.state("scene", "scene", "scene", each).attributes["order"] for each in range(157, 161)
    ]
    assert orders == [0, 1, 2, 3]
    assert site.state("scene", "scene", "scene", 160).name == "Open Office Cleaning / Night"


async def test_a_scene_at_the_wall_is_no_event(site: Site) -> None:
    site.manager.world.wall_switch(1, 157)
    await later(site, REPORTED)
    assert level(site, *GROUP) == ("on", 255)
    assert until(site, *GROUP) is None
    assert happened(site) == []


@enabling("override_minutes")
async def test_minutes_are_the_sites_or_the_groups_own(hass: HomeAssistant, site: Site) -> None:
    async def set_minutes(value: int, *part: Any) -> None:
        entity_id = site.entity_id("number", "override_minutes", *part)
        await site.call("number", "set_value", entity_id=entity_id, value=value)

    assert site.state("number", "override_minutes").state == "60"
    assert site.state("number", "override_minutes", *GROUP).state == "unknown"
    await set_minutes(15)
    await set_minutes(30, *GROUP)
    assert site.state("number", "override_minutes").state == "15"
    assert site.state("number", "override_minutes", *GROUP).state == "30"
    await light(site, "turn_on", *FIXTURE)
    await light(site, "turn_on", *GROUP)
    await light(site, "turn_on", "group", 4)
    await site.call("scene", "turn_on", entity_id=site.entity_id("scene", "scene", "scene", 158))
    await act(hass, "dim_group", device_id=device(site, *GROUP), level=20, minutes=5)
    assert [values["seconds"] / 60 for _, _, values in sent(site)] == [15, 30, 15, 30, 5]
    assert until(site, *GROUP) == pytest.approx(5, abs=0.1)
    assert until(site, "group", 4) == pytest.approx(15, abs=0.1)


@pytest.mark.parametrize("options", [{"override_minutes": 7}])
async def test_minutes_come_from_the_options_at_first(site: Site) -> None:
    await light(site, "turn_on", *FIXTURE)
    assert sent(site) == [dimmed(FIXTURE, 100, 7)]
    assert site.state("number", "override_minutes").state == "7"


# What goes wrong


async def each_command(site: Site, name: str) -> None:
    """Send one of the commands that there are for lights."""
    match name:
        case "dim":
            await light(site, "turn_on", *FIXTURE, brightness=128)
        case "dimGroup":
            await light(site, "turn_on", *GROUP, brightness=128)
        case "applyScene":
            scene = site.entity_id("scene", "scene", "scene", 157)
            await site.call("scene", "turn_on", entity_id=scene)


COMMANDS = {"dim": "/op/dim/abs/", "dimGroup": "/op/dimgroup/", "applyScene": "/op/applyscene/"}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("way", ["lost", "truncated", "failed"])
async def test_a_command_without_an_answer_is_sent_once_and_nothing_is_shown_of_it(
    site: Site, name: str, way: str
) -> None:
    faults, path = site.manager.faults, COMMANDS[name]
    match way:
        case "lost":
            faults.lose_answers(path=path)
        case "truncated":
            faults.truncate_answers(path=path)
        case "failed":
            faults.fail(502, path=path)
    await refused(each_command(site, name), "outcome_unknown")
    posted = [each.path for each in site.manager.requests if each.method == "POST"]
    assert len(posted) == 1
    # What fails was not done here; what got no answer was, and only the sensors can tell.
    assert len(sent(site)) == (way != "failed")
    assert level(site, *FIXTURE) == level(site, *GROUP) == ("off", None)
    assert until(site, *FIXTURE) is None
    assert happened(site) == []
    shown = {"dim": 128, "dimGroup": 128, "applyScene": 255}[name]
    await later(site, REPORTED)
    assert level(site, *FIXTURE) == (("off", None) if way == "failed" else ("on", shown))


@pytest.mark.parametrize("name", ["dim", "applyScene"])
@pytest.mark.parametrize(
    ("status", "body", "key"),
    [
        (200, '{"status": "1"}', "rejected"),
        (400, "Fixture ID does not exist", "rejected"),
        (401, "", "invalid_auth"),
        (403, "Access Denied!", "no_permission"),
        (404, "", "not_found"),
        (408, "", "clock_refused"),
        (429, "", "cannot_connect"),
    ],
)
async def test_a_command_that_is_refused_shows_nothing(
    site: Site, name: str, status: int, body: str, key: str
) -> None:
    kind = "application/json" if status == 200 else "text/plain"
    site.manager.faults.fail(status, path=COMMANDS[name], body=body, content_type=kind)
    await refused(each_command(site, name), key)
    assert sent(site) == []
    assert level(site, *FIXTURE) == level(site, *GROUP) == ("off", None)
    assert until(site, *GROUP) is None
    assert happened(site) == []


async def test_a_command_to_a_manager_that_is_away_fails_at_once(site: Site) -> None:
    await site.manager.stop()
    # The connection that is kept for the next request is found to be closed.
    await asyncio.sleep(0.1)
    await refused(light(site, "turn_on", *FIXTURE), "cannot_connect")
    await site.manager.start()
    assert sent(site) == []


@pytest.fixture
def crowded(manager: EnlightedSimulator) -> EnlightedSimulator:
    """Return a manager with 120 lights in one area."""
    for _ in range(115):
        manager.world.add_fixture(1, 9)
    return manager


async def test_many_lights_are_told_fifty_at_a_time(
    crowded: EnlightedSimulator, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    site = Site(hass, entry, manager=crowded)
    await site.set_up()
    await light(site, "turn_on", *AREA, brightness=128)
    assert [len(ids) for _, ids, _ in sent(site)] == [50, 50, 20]
    assert len({each for _, ids, _ in sent(site) for each in ids}) == 120
    assert level(site, *AREA) == ("on", 128)


async def test_what_a_chunk_was_not_told_is_not_sent_again(
    crowded: EnlightedSimulator, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    site = Site(hass, entry, manager=crowded)
    await site.set_up()
    crowded.faults.lose_answers(path="/op/dim/abs/")
    await refused(light(site, "turn_on", *AREA, brightness=128), "outcome_unknown")
    assert [len(ids) for _, ids, _ in sent(site)] == [50]
    assert level(site, *AREA) == ("off", None)


async def test_what_a_chunk_was_told_is_shown_though_the_next_was_lost(
    crowded: EnlightedSimulator,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = Site(hass, entry, manager=crowded)
    await site.set_up()
    dim = site.coordinator.client.dim

    async def lose_the_second(*args: Any) -> None:
        if sent(site):
            crowded.faults.lose_answers(path="/op/dim/abs/")
        await dim(*args)

    monkeypatch.setattr(site.coordinator.client, "dim", lose_the_second)
    await refused(light(site, "turn_on", *AREA, brightness=128), "outcome_unknown")
    first, second = (ids for _, ids, _ in sent(site))
    assert (len(first), len(second)) == (50, 50)
    assert level(site, *AREA) == ("on", 128)
    overrides = site.coordinator.overrides
    assert [overrides.get(each) is not None for each in (*first, *second)] == [True] * 50 + [
        False
    ] * 50


async def test_a_restart_sends_nothing_and_remembers_what_was_told(
    hass: HomeAssistant, site: Site
) -> None:
    await light(site, "turn_on", *AREA, brightness=128)
    assert await hass.config_entries.async_reload(site.entry.entry_id)
    await site.settled()
    assert until(site, *AREA) == pytest.approx(60, abs=0.2)
    assert level(site, *AREA) == ("on", 128)
    assert len(sent(site)) == 1
