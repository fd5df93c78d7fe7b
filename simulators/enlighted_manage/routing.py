"""Requests as the handlers see them, and which handler is whose."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
import re
from typing import Final
from xml.etree import ElementTree as ET

import orjson

from .access import AUDITOR, EVERYBODY, Right, User, denied
from .fixtures import Fixture
from .site import Command
from .tree import Area, Floor
from .wire import JSON, XML, Json, RefusedError, Reply
from .world import World

_VARIABLE: Final = re.compile(r"\{(\w+)(?::([^}]+))?\}")
_FRACTION: Final = re.compile(r"-?\d*\.\d+")
_MINUTES: Final = 60


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a user who is let in."""

    world: World
    user: User
    variables: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes
    content_type: str
    #: The name of the command that it is, if it is one.
    command: str = ""
    noted: list[Command] = field(default_factory=list)

    # What is in it.

    def integer(self, name: str) -> int:
        """Return a number of the path.

        Raises:
            RefusedError: It is none; Jersey then finds no such resource (C13).
        """
        return self._whole(name, self.variables[name])

    def seconds(self, name: str = "time", default: int = _MINUTES) -> float:
        """Return how long a command is for, which the path or the query has in minutes.

        Raises:
            RefusedError: It is no whole number (C13).
        """
        given = self.variables.get(name, self.query.get(name, str(default)))
        return (self._whole(name, given) or self.world.faults.zero_time) * 60.0

    def note(self, ids: list[int], **values: Json) -> None:
        """Note the command that this is."""
        command = Command(self.command, tuple(ids), values, self.world.now())
        self.noted.append(command)
        self.world.commands.append(command)

    def fixtures_in_body(self) -> list[int]:
        """Return the ids of the fixtures that the body names, some of which may not exist.

        Raises:
            RefusedError: The body is not understood, or one of them is not the user's.
        """
        ids = list(_fixtures(self.body, self.content_type))
        for number in ids:
            if fixture := self.world.fixtures.get(number):
                self.need_device(fixture.floor_id, fixture.area_id)
        return ids

    # What it is about.

    def floor(self, *, full: bool = False) -> Floor:
        """Return the floor that the path names.

        Raises:
            RefusedError: There is none, or it is not the user's, or a fault says so.
        """
        return self.floor_of(self.integer("floor"), full=full)

    def floor_of(self, number: int, *, full: bool = False) -> Floor:
        """Return a floor.

        Raises:
            RefusedError: There is none, or it is not the user's, or a fault says so.
        """
        floor = self.world.floors.get(number)
        if floor is None:
            raise RefusedError(400, "Floor ID does not exist; please correct and try again")
        if self.right_to_floor(floor) < (Right.FULL if full else Right.PARTIAL):
            raise denied("floor")
        faults = self.world.faults
        if floor.id in faults.failing_floors:
            raise RefusedError(faults.failing_status)
        return floor

    def area(self, *, full: bool = False) -> Area:
        """Return the area that the path names; there is no part of an area.

        Raises:
            RefusedError: There is none, or it is not the user's.
        """
        del full
        area = self.world.areas.get(self.integer("area"))
        if area is None:
            raise RefusedError(400, "Area ID does not exist; please correct and try again")
        if not self.may_see_area(area):
            raise denied("area")
        return area

    def fixture(self) -> Fixture:
        """Return the fixture that the path names.

        Raises:
            RefusedError: There is none, or it is not the user's.
        """
        fixture = self.world.fixtures.get(self.integer("fixture"))
        if fixture is None:
            raise RefusedError(400, "Fixture ID does not exist; please correct and try again")
        self.need_device(fixture.floor_id, fixture.area_id)
        return fixture

    # What the user may see.

    def right_to_floor(self, floor: Floor) -> Right:
        """Return how much of a floor is the user's: part of it if one of its areas is (1.4)."""
        if self._sees_all or floor.id in self.user.floors:
            return Right.FULL
        if any(area in self.user.areas for area in floor.areas):
            return Right.PARTIAL
        return Right.NONE

    def may_see_area(self, area: Area) -> bool:
        """Return whether an area is the user's."""
        return self._sees_all or area.id in self.user.areas or area.floor_id in self.user.floors

    def need_device(self, floor: int, area: int | None) -> None:
        """Refuse what is neither on a floor nor in an area of the user's.

        Raises:
            RefusedError: It is not the user's.
        """
        if not (self._sees_all or floor in self.user.floors or area in self.user.areas):
            raise denied("fixture")

    def need_floor(self, number: int) -> None:
        """Refuse what needs a whole floor that is not the user's.

        Raises:
            RefusedError: It is not the user's.
        """
        floor = self.world.floors.get(number)
        if floor is None or self.right_to_floor(floor) is not Right.FULL:
            raise denied("floor")

    def visible_floors(self, *, full: bool = False) -> Iterator[Floor]:
        """Yield the floors that are the user's, at least in part."""
        for floor in self.world.floors.values():
            if self.right_to_floor(floor) >= (Right.FULL if full else Right.PARTIAL):
                yield floor

    @property
    def _sees_all(self) -> bool:
        return self.user.sees_all or self.world.faults.no_permissions

    def _whole(self, name: str, text: str) -> int:
        # `isdigit` holds for digits that `int` does not know.
        if re.fullmatch(r"-?[0-9]+", text):
            return int(text)
        if _FRACTION.fullmatch(text):
            self.world.note_mistake(f"{name} is a fraction")
        raise RefusedError(404)


type Handler = Callable[[Request], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path below `/ems/api`, and who may use it.

    A variable of the path may say what it looks like: `{kind:floor|company}`.
    """

    method: str
    path: str
    handler: Handler
    #: The name under which the command is noted that it is.
    command: str = ""
    roles: frozenset[str] = EVERYBODY
    #: Whether the guide puts it below `/ems/services` (C3).
    is_service: bool = False

    def is_for(self, role: str) -> bool:
        """Return whether a role may use it; auditors read and do nothing else (1.4)."""
        return role in self.roles and (self.method == "GET" or role != AUDITOR)


class Table:
    """Finds routes by their path, of which capitals are not the same as small letters."""

    def __init__(self, *routes: Route) -> None:
        self.routes = routes
        self._by_length: dict[int, list[tuple[tuple[str, ...], Route]]] = {}
        for route in routes:
            parts = tuple(route.path.strip("/").split("/"))
            self._by_length.setdefault(len(parts), []).append((parts, route))

    def find(self, parts: list[str]) -> dict[str, tuple[Route, Mapping[str, str]]]:
        """Return the routes of a path and its variables, by method; plain paths come first."""
        found: dict[str, tuple[Route, Mapping[str, str]]] = {}
        fewest: dict[str, int] = {}
        for pattern, route in self._by_length.get(len(parts), ()):
            variables = _match(pattern, parts)
            if variables is not None and len(variables) < fewest.get(route.method, 99):
                found[route.method] = (route, variables)
                fewest[route.method] = len(variables)
        return found


def _match(pattern: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    variables: dict[str, str] = {}
    for wanted, part in zip(pattern, parts, strict=True):
        if variable := _VARIABLE.fullmatch(wanted):
            if not part or (variable[2] and not re.fullmatch(variable[2], part)):
                return None
            variables[variable[1]] = part
        elif wanted != part:
            return None
    return variables


def _fixtures(body: bytes, content_type: str) -> Iterator[int]:
    if content_type in {XML, "text/xml"}:
        texts = _ids_of_xml(body)
    elif content_type == JSON:
        texts = _ids_of_json(body)
    else:
        raise RefusedError(415)
    for text in texts:
        if not re.fullmatch(r"\s*[0-9]+\s*", text):
            raise RefusedError(400, "Invalid fixture id")
        yield int(text)


def _ids_of_xml(body: bytes) -> list[str]:
    try:
        root = ET.fromstring(body)
    except ET.ParseError:
        raise RefusedError(
            400, "The request sent by the client was syntactically incorrect"
        ) from None
    if root.tag != "fixtures":
        raise RefusedError(400, "The request sent by the client was syntactically incorrect")
    return [each.findtext("id", "") for each in root.iter("fixture")]


def _ids_of_json(body: bytes) -> list[str]:
    try:
        given: Json = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise RefusedError(
            400, "The request sent by the client was syntactically incorrect"
        ) from None
    fixtures = given.get("fixture") if isinstance(given, dict) else None
    if isinstance(fixtures, dict):
        fixtures = [fixtures]
    if not isinstance(fixtures, list):
        raise RefusedError(400, "The request sent by the client was syntactically incorrect")
    return [str(each.get("id", "")) if isinstance(each, dict) else "" for each in fixtures]
