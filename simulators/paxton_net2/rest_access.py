"""Access levels, areas and weekly schedules (section 3.6)."""

import calendar
from datetime import time
from typing import Final

from .people import AccessLevel, NamedThing, TimeZone
from .routing import DONE, Reply, Request, Routes, found
from .wire import BadRequestError, Body, Json


def _levels(request: Request) -> Reply:
    return Reply([_named(level) for level in request.world.site.access_levels.values()])


def _level(request: Request) -> Reply:
    return Reply(_named(found(request.world.site.access_levels, request.ids[0])))


def _detail(request: Request) -> Reply:
    level = found(request.world.site.access_levels, request.ids[0])
    rows: list[Json] = [{"areaID": area, "timezoneID": zone} for area, zone in level.rows]
    return Reply(rows)


def _create_level(request: Request) -> Reply:
    levels = request.world.site.access_levels
    level = AccessLevel(max(levels) + 1, request.body.text("name"), _rows(request))
    levels[level.id] = level
    return Reply(_named(level))


def _put_level(request: Request) -> Reply:
    level = found(request.world.site.access_levels, request.ids[0])
    level.rows = _rows(request)
    level.name = request.body.text("name")
    return DONE


def _delete_level(request: Request) -> Reply:
    site, number = request.world.site, request.ids[0]
    found(site.access_levels, number)
    if number == 0:
        raise BadRequestError("This access level cannot be deleted.")
    del site.access_levels[number]
    for user in site.users.values():
        user.access_levels = [level for level in user.access_levels if level != number]
    return DONE


def _rows(request: Request) -> list[tuple[int, int]]:
    site = request.world.site
    rows = [
        (row.integer("areaID"), row.integer("timezoneID"))
        for row in request.body.parts("detailRows")
    ]
    if any(area not in site.areas or zone not in site.time_zones for area, zone in rows):
        raise BadRequestError("There is no such area or time zone.")
    return rows


def _areas(request: Request) -> Reply:
    areas = request.world.site.areas.values()
    return Reply([{"areaID": area.id, "name": area.name} for area in areas])


def _area_groups(_: Request) -> Reply:
    return Reply([_ALL_AREAS])


def _area_group(request: Request) -> Reply:
    return Reply(found({0: _ALL_AREAS}, request.ids[0]))


def _zones(request: Request) -> Reply:
    return Reply([_named(zone) for zone in request.world.site.time_zones.values()])


def _zone(request: Request) -> Reply:
    return Reply(_named(found(request.world.site.time_zones, request.ids[0])))


def _create_zone(request: Request) -> Reply:
    zones = request.world.site.time_zones
    zone = _read_zone(max(zones) + 1, request.body)
    zones[zone.id] = zone
    return Reply(_named(zone))


def _put_zone(request: Request) -> Reply:
    zones = request.world.site.time_zones
    zone = found(zones, request.ids[0])
    zones[zone.id] = _read_zone(zone.id, request.body)
    return DONE


def _delete_zone(request: Request) -> Reply:
    zones, number = request.world.site.time_zones, request.ids[0]
    found(zones, number)
    levels = request.world.site.access_levels.values()
    if any(zone == number for level in levels for _, zone in level.rows):
        raise BadRequestError("This time zone is in use.")
    del zones[number]
    return DONE


def _read_zone(number: int, body: Body) -> TimeZone:
    rows = body.parts("detailRows")
    if not rows:
        return TimeZone(number, body.text("name"))
    days = sorted(row.integer("dayID") for row in rows)
    try:
        start = time.fromisoformat(rows[0].text("startTime"))
        end = time.fromisoformat(rows[0].text("endTime"))
    except ValueError:
        raise BadRequestError("not a time of day") from None
    return TimeZone(number, body.text("name"), range(days[0], days[-1] + 1), start, end)


def _zone_detail(request: Request) -> Reply:
    zone = found(request.world.site.time_zones, request.ids[0])
    rows: list[Json] = [
        {
            "dayID": day,
            "startTime": zone.start.isoformat("seconds"),
            "endTime": zone.end.isoformat("seconds"),
        }
        for day in zone.days
    ]
    return Reply(rows)


def _days(_: Request) -> Reply:
    return Reply(list(_DAYS.values()))


def _day(request: Request) -> Reply:
    return Reply(found(_DAYS, request.ids[0]))


def _named(thing: AccessLevel | NamedThing | TimeZone) -> Json:
    return {"id": thing.id, "name": thing.name}


_ALL_AREAS: Final[Json] = {"id": 0, "name": "All areas"}
_DAYS: Final[dict[int, Json]] = {
    number: {"id": number, "name": name} for number, name in enumerate(calendar.day_name)
}

ROUTES: Final[Routes] = {
    ("GET", "/accesslevels"): _levels,
    ("POST", "/accesslevels"): _create_level,
    ("GET", "/accesslevels/{}"): _level,
    ("PUT", "/accesslevels/{}"): _put_level,
    ("DELETE", "/accesslevels/{}"): _delete_level,
    ("GET", "/accesslevels/{}/detail"): _detail,
    ("GET", "/accesslevels/areas"): _areas,
    ("GET", "/areagroups"): _area_groups,
    ("GET", "/areagroups/{}"): _area_group,
    ("GET", "/timezones"): _zones,
    ("POST", "/timezones"): _create_zone,
    ("GET", "/timezones/{}"): _zone,
    ("PUT", "/timezones/{}"): _put_zone,
    ("DELETE", "/timezones/{}"): _delete_zone,
    ("GET", "/timezones/{}/detail"): _zone_detail,
    ("GET", "/timezones/days"): _days,
    ("GET", "/timezones/days/{}"): _day,
}
