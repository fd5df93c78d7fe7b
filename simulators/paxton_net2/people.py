"""People, their cards and PINs, and where and when they may go."""

from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Final


@dataclass(slots=True)
class NamedThing:
    """A department, an area, an operator group: something with an id and a name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class TimeZone:
    """A weekly schedule (not a zone of the clock)."""

    id: int
    name: str
    days: range = range(7)
    start: time = time.min
    end: time = time.max

    def holds(self, local: datetime) -> bool:
        """Tell whether the schedule covers this local time."""
        return local.weekday() in self.days and self.start <= local.time() <= self.end


@dataclass(slots=True)
class AccessLevel:
    """Which areas, and when: rows of area id and time zone id."""

    id: int
    name: str
    rows: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Token:
    """A card or fob."""

    id: int
    type: str
    value: str = field(repr=False)
    lost: bool = False


@dataclass(slots=True)
class User:
    """A person."""

    id: int
    first_name: str = ""
    last_name: str = ""
    middle_name: str | None = None
    activates: datetime | None = None
    expires: datetime | None = None
    pin: str | None = field(default=None, repr=False)
    telephone: str | None = None
    extension: str | None = None
    fax: str | None = None
    anti_passback: bool = True
    alarm_user: bool = False
    lockdown_exempt: bool = False
    custom_fields: dict[int, str] = field(default_factory=dict)
    access_levels: list[int] = field(default_factory=list)
    #: Pairs of area id and time zone id.
    individual_permissions: list[tuple[int, int]] = field(default_factory=list)
    department_id: int | None = None
    image: bytes | None = field(default=None, repr=False)
    tokens: dict[int, Token] = field(default_factory=dict)
    #: Area the person was last let into.
    area_id: int = 0

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def card_number(self) -> int | None:
        """The number of the first card, as events carry it."""
        numbers = (int(token.value) for token in self.tokens.values() if token.value.isdigit())
        return next(numbers, None)

    @property
    def has_lost_token(self) -> bool:
        """Whether the card they would show is blocked."""
        return any(token.lost for token in self.tokens.values())


CUSTOM_FIELDS: Final = (
    "Address 1",
    "Address 2",
    "Town",
    "County",
    "Post code",
    "Home telephone",
    "Home fax",
    "Mobile",
    "Email",
    "Position",
    "Start date",
    "Car registration",
    "Notes",
    "Personnel number",
)

TOKEN_TYPES: Final = (
    "Unspecified",
    "ProxCard",
    "ProxIsoCard",
    "Keyfob",
    "HandsFreeToken",
    "Watchprox",
    "ProxIsoCardWithoutMagstripe",
    "VehicleNumberPlate",
    "HandsFreeKeyCard",
    "FingerprintVerificationCard",
    "TelephoneCallerId",
)


@dataclass(slots=True)
class Site:
    """Everybody and everything that access is granted by, besides the doors."""

    users: dict[int, User]
    departments: dict[int, NamedThing]
    areas: dict[int, NamedThing]
    time_zones: dict[int, TimeZone]
    access_levels: dict[int, AccessLevel]
    #: Ids of the users who may sign in.
    operators: set[int]

    def may_enter(self, user: User, area_id: int, local: datetime) -> bool:
        """Tell whether a person may go into an area at a local time (aware)."""
        if user.activates and local < user.activates:
            return False
        if user.expires and local >= user.expires:
            return False
        rows = [*user.individual_permissions]
        for level in user.access_levels:
            if level in self.access_levels:
                rows += self.access_levels[level].rows
        return any(area == area_id and self.time_zones[zone].holds(local) for area, zone in rows)


def default_site() -> Site:
    """Return a site with two operators and five people, one of them in office hours only."""
    always, office = (
        TimeZone(1, "All day, every day"),
        TimeZone(2, "Working hours", range(5), time(8), time(18)),
    )
    areas = [NamedThing(0, "Outside"), NamedThing(1, "Main building"), NamedThing(2, "Plant")]
    levels = [
        AccessLevel(0, "No access"),
        AccessLevel(1, "All hours, all doors", [(area.id, always.id) for area in areas]),
        AccessLevel(2, "Working hours", [(1, office.id)]),
        AccessLevel(3, "Main building", [(1, always.id)]),
    ]
    names = [
        (1, "System", "Engineer", None),
        (2, "Home", "Assistant", None),
        (8, "Ada", "Example", 1),
        (9, "Björn", "Beispiel", 1),
        (10, "Chloë", "Exemple", 1),
        (11, "Dora", "Ejemplo", 2),
        (12, "Emil", "Esempio", 3),
    ]
    users = {number: User(number, first, last) for number, first, last, _ in names}
    for number, _, _, level in names:
        if level is not None:
            user = users[number]
            user.access_levels = [level]
            user.department_id = 3 + number % 2
            user.pin = f"{4000 + number}"
            user.tokens[0] = Token(0, "Keyfob", f"{12345670 + number}")
    return Site(
        users=users,
        departments={3: NamedThing(3, "Sales"), 4: NamedThing(4, "Workshop")},
        areas={area.id: area for area in areas},
        time_zones={always.id: always, office.id: office},
        access_levels={level.id: level for level in levels},
        operators={1, 2},
    )
