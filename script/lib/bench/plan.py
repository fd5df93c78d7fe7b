"""How much is measured."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The size of a run.

    `doors` is the size of the site whose events are followed, `many_doors` that of the one whose
    set-up is measured; `fault` is switched on at the simulators once their streams are up.
    `floors` and `fixtures` are the size of the large building, `polls` how often its statistics are
    taken over; in buildings of so many floors as `requests_of` says an hour's requests are counted,
    or those of so many `simulated_seconds`.
    """

    doors: int
    events: int
    storm: int
    many_doors: int
    rounds: int
    quiet_seconds: float
    floors: int
    fixtures: int
    polls: int
    requests_of: tuple[int, ...]
    simulated_seconds: float
    fault: str | None = None


FULL: Final = Plan(
    doors=200,
    events=1_000,
    storm=10_000,
    many_doors=1_000,
    rounds=3,
    quiet_seconds=180.0,
    floors=40,
    fixtures=18_000,
    polls=20,
    requests_of=(2, 10, 40),
    simulated_seconds=3600.0,
)
QUICK: Final = Plan(
    doors=20,
    events=20,
    storm=300,
    many_doors=20,
    rounds=1,
    quiet_seconds=5.0,
    floors=2,
    fixtures=240,
    polls=2,
    requests_of=(2,),
    simulated_seconds=300.0,
)
