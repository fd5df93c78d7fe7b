"""What a switch does to the fixtures and plug loads of its group."""

from collections import defaultdict

from .site import Site
from .switches import Scene, SwitchGroup


def apply_scene(site: Site, group: SwitchGroup, scene: Scene, seconds: float) -> None:
    """Set a scene's levels, colors and plug loads. Nobody remembers which scene it was (3.10)."""
    levels: dict[int, list[int]] = defaultdict(list)
    colors: dict[int, list[int]] = defaultdict(list)
    for each in scene.levels:
        levels[each.level].append(each.fixture)
        if each.color is not None:
            colors[each.color].append(each.fixture)
    for level, fixtures in levels.items():
        site.override(fixtures, level, seconds)
    for color, fixtures in colors.items():
        site.tint(fixtures, color, seconds)
    _switch_plugloads(site, group, is_on=scene.plugloads_on)


def dim_group(site: Site, group: SwitchGroup, level: int, seconds: float) -> None:
    """Set all fixtures of a group to a level; its plug loads go off with them."""
    site.override(group.fixtures, level, seconds)
    _switch_plugloads(site, group, is_on=level > 0)


def _switch_plugloads(site: Site, group: SwitchGroup, *, is_on: bool) -> None:
    for number in group.plugloads:
        if plugload := site.plugloads.all.get(number):
            site.plugloads.switch(plugload, is_on)
