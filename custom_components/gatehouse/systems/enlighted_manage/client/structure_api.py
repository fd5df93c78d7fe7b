"""What there is: floors, areas, fixtures, gateways, receptacles, switches and their scenes."""

from datetime import datetime
from typing import Final

from .access import segment
from .base import ManagerApi
from .decode import Row, read_all
from .errors import EnlightedError, EnlightedNotFoundError, EnlightedRejectedError
from .models import (
    Area,
    Company,
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
)
from .times import read_moment

_CLASSES: Final = {each.value.casefold(): each for each in SensorClass}
_OKAY: Final = "okay"


class StructureApi(ManagerApi):
    """Reads what changes when somebody changes it."""

    async def get_company(self) -> Company:
        """Return the company (O1)."""
        row = await self._row("/org/company", "company")
        return Company(row.text("name") or "", row.text("timezonename"))

    async def get_floors(self) -> tuple[Floor, ...]:
        """Return the floors that the user may see (O4), by the older list where that lacks (O5)."""
        try:
            found = await self._rows("/org/floor/v1/list", "floors", "floor")
        except EnlightedNotFoundError:
            found = await self._rows("/org/floor/list", "floors", "floor")
        return read_all(found, _floor)

    async def get_floor_plan(self, floor: int) -> bytes:
        """Return the picture of a floor's plan, a JPEG (O9)."""
        return await self._access.get_picture(f"/org/floor/{floor}")

    async def get_areas(self, floor: int) -> tuple[Area, ...]:
        """Return the areas of a floor (O7, O8)."""
        try:
            found = await self._rows(f"/org/area/v2/list/{floor}", "areas", "area")
        except EnlightedNotFoundError:
            found = await self._rows(f"/org/area/list/{floor}", "areas", "area")
        return read_all(found, _area)

    async def get_fixtures(self, floor: int) -> tuple[Fixture, ...]:
        """Return the sensors of a floor (F1), of whatever class."""
        path = f"/org/fixture/location/list/floor/{floor}/1"
        return read_all(await self._rows(path, "fixtures", "fixture"), _fixture)

    async def get_area_fixtures(self, area: int) -> tuple[Fixture, ...]:
        """Return the sensors of an area (F2), which does not tell their classes."""
        path = f"/org/fixture/v1/location/list/area/{area}"
        return read_all(await self._rows(path, "fixtures", "fixture"), _fixture)

    async def get_gateways(self, floor: int) -> tuple[Gateway, ...]:
        """Return the gateways of a floor (G1)."""
        path, now = f"/org/floor/v1/{floor}/gateways", self.now()

        def read(row: Row) -> Gateway | None:
            return _gateway(row, read_moment(row.text("lastcomm"), self.time_zone, now))

        return read_all(await self._rows(path, "gateways", "gateway"), read)

    async def get_plug_loads(self, floor: int) -> tuple[PlugLoad, ...]:
        """Return the receptacles of a floor, with whether they are on (P1)."""
        path = f"/org/plugload/v1/location/list/floor/{floor}/1"
        return read_all(await self._rows(path, "plugloads", "plugload"), _plug_load)

    async def get_area_plug_loads(self, area: int) -> tuple[PlugLoad, ...]:
        """Return the receptacles of an area (P2)."""
        path = f"/org/plugload/v1/location/list/area/{area}/1"
        return read_all(await self._rows(path, "plugloads", "plugload"), _plug_load)

    async def get_plug_load_details(self, plug_load: int) -> PlugLoadDetails:
        """Return what is told of one receptacle alone (P3)."""
        row = await self._row(f"/org/plugload/v1/details/{plug_load}", "plugload")
        return PlugLoadDetails(row.flag("active"), row.number("voltage"), row.text("version"))

    async def get_switch_groups(self, floor: int) -> tuple[SwitchGroup, ...]:
        """Return the switch groups of a floor (S1)."""
        found = await self._rows(f"/org/switchgroups/list/floor/{floor}", "gemsgroups", "gemsgroup")
        return read_all(found, _group)

    async def get_switch(self, floor: int, group: SwitchGroup) -> Switch | None:
        """Return the switch of a group, with its scenes (S3); None where nobody tells its id.

        The group's own id in its place would move other lights (appendix C 1).
        """
        path = f"/org/switch/v1/getSwitchScenes/{floor}/{segment(group.name)}"
        row = await self._row(path, "switch")
        scenes = row.rows("scenes", "scene")
        numbers = [each.integer("switchid") for each in scenes]
        switch = next((number for number in numbers if number is not None), None)
        if switch is None:
            return None
        found = read_all(scenes, _scene)
        return Switch(switch, tuple(sorted(found, key=lambda scene: (scene.order, scene.id))))

    async def get_scene_levels(self, switch: Switch) -> tuple[SceneLevel, ...]:
        """Return what the scenes of a switch do to its fixtures (S4).

        The vendor's guide takes the switch's id, its description of the service a scene's
        (appendix C 2): of those that answer, the one whose rows are this switch's is right.
        """
        refusal: EnlightedError | None = None
        is_answered = False
        levels: list[SceneLevel] = []
        for index, number in enumerate((switch.id, *(scene.id for scene in switch.scenes))):
            path = f"/org/scene/v1/list/getSceneLevels/{number}"
            try:
                found = await self._rows(path, "scenelevels", "scenelevel")
            except (EnlightedNotFoundError, EnlightedRejectedError) as error:
                refusal = error
            else:
                own = [row for row in found if row.integer("switchid") in (switch.id, None)]
                levels.extend(read_all(own, _scene_level))
                is_answered = True
            # All of them come by the switch, or some come neither by it nor by its first scene.
            if bool(levels) is (index == 0):
                break
        if refusal is not None and not is_answered:
            raise refusal
        return tuple(levels)

    async def get_profiles(self, fixture: int) -> FixtureProfiles:
        """Return the profile of a fixture, and those that it could have (F8)."""
        path = f"/org/fixture/v1/getFixtureApplicableProfiles/{fixture}"
        row = await self._row(path, "fixture")
        applicable = read_all(row.rows("applicableprofiles"), _profile)
        current = row.integer("groupid")
        name = row.text("currentprofile")
        known = {profile.id: profile for profile in applicable}
        if current is None or name is None:
            return FixtureProfiles(known.get(current or -1), applicable)
        return FixtureProfiles(known.get(current) or Profile(current, name), applicable)


def mac(text: str | None) -> str | None:
    """Return an address with two digits for each of its bytes (gotcha 7); None if it is none."""
    parts = (text or "").replace("-", ":").lower().split(":")
    try:
        octets = [int(part, 16) for part in parts]
    except ValueError:
        return None
    if not all(0 <= octet <= 255 for octet in octets):
        return None
    return ":".join(f"{octet:02x}" for octet in octets)


def _floor(row: Row) -> Floor | None:
    number = row.integer("id")
    if number is None:
        return None
    # The older list gives numbers for what the newer one gives names.
    return Floor(
        number, row.text("name") or str(number), row.text("buildingname"), row.text("campusname")
    )


def _area(row: Row) -> Area | None:
    number = row.integer("id")
    if not number:
        return None
    return Area(number, row.text("name") or str(number), row.flag("zonesensorenable"))


def _fixture(row: Row) -> Fixture | None:
    number = row.integer("id")
    if number is None:
        return None
    return Fixture(
        id=number,
        name=row.text("name") or str(number),
        kind=_CLASSES.get((row.text("class") or "").casefold(), SensorClass.FIXTURED),
        address=mac(row.text("macaddress")),
        profile=row.integer("groupid"),
    )


def _gateway(row: Row, last_seen: datetime | None) -> Gateway | None:
    number = row.integer("id")
    if number is None:
        return None
    status = row.text("commstatus")
    return Gateway(
        id=number,
        name=row.text("name") or str(number),
        mac=mac(row.text("macaddress")),
        is_okay=None if status is None else status.casefold() == _OKAY,
        last_seen=last_seen,
    )


def _plug_load(row: Row) -> PlugLoad | None:
    number = row.integer("id")
    if number is None:
        return None
    return PlugLoad(
        number, row.text("name") or str(number), row.flag("status"), mac(row.text("macaddress"))
    )


def _group(row: Row) -> SwitchGroup | None:
    number, name = row.integer("id"), row.text("name")
    # It is asked for by this very name, blanks at its ends and all (gotcha 14).
    written = row.value("name")
    if isinstance(written, str) and name is not None:
        name = written
    return None if number is None or name is None else SwitchGroup(number, name)


def _scene(row: Row) -> Scene | None:
    number = row.integer("id")
    if number is None:
        return None
    return Scene(number, row.text("name") or str(number), row.integer("sceneorder") or 0)


def _scene_level(row: Row) -> SceneLevel | None:
    fixture = row.integer("fixtureid")
    if fixture is None:
        return None
    color = row.integer("scenecolor")
    level = row.integer("lightlevel")
    return SceneLevel(row.integer("sceneid"), fixture, level, color or None)


def _profile(row: Row) -> Profile | None:
    number = row.integer("groupid")
    return None if number is None else Profile(number, row.text("name") or str(number))
