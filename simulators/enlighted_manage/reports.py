"""What sensors tell every five minutes; it is worked out when somebody asks for it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from .faults import EnlightedFaults
from .fixtures import INTERVAL, Fixture, Report, lowered
from .presence import Zone
from .tree import Floor
from .usage import shares_at

#: Seconds after an interval until the last report about it is there: the longest jitter.
SETTLED: Final = 120.0
#: How often a level that changes within five minutes is looked at for its mean.
_LOOKS: Final = 10
_BITS: Final = 60
#: How many finished intervals of a floor are kept as they were written.
_KEPT: Final = 4
#: How often a sensor that was silent is followed back for its last report.
_STEPS: Final = 50

MINUTE: Final = "%Y-%m-%d %H:%M"


@dataclass(slots=True)
class _Interval:
    """Five minutes on a floor, and what all fixtures of a place have in common in it."""

    end: float
    daylight: float
    #: Mean levels by place and profile.
    levels: dict[tuple[int, int], float] = field(default_factory=dict)
    motion: dict[int, int] = field(default_factory=dict)


class Reports:
    """Works out reports, and keeps those that floors were asked for."""

    def __init__(
        self,
        faults: EnlightedFaults,
        seed: int,
        now: Callable[[], float],
        local: Callable[[float], datetime],
    ) -> None:
        self._faults = faults
        self._seed = seed
        self._now = now
        self._local = local
        self._written: dict[tuple[int, float, bool, bool, float], bytes] = {}

    def forget(self) -> None:
        """Forget what was written: other fixtures are there now."""
        self._written.clear()

    def last(self, fixture: Fixture) -> Report:
        """Return the newest that the manager knows of a fixture."""
        if fixture.frozen is not None:
            return fixture.frozen
        now = self._now()
        slot = self._last_slot(fixture, now)
        if fixture.refreshed > slot + fixture.jitter:
            return self._at_once(fixture, fixture.refreshed)
        return self._report(fixture, self._interval(fixture.floor_id, slot))

    def freeze(self, fixture: Fixture) -> None:
        """Keep what is known of a fixture that falls silent."""
        fixture.frozen = fixture.frozen or self.last(fixture)

    def listed_level(self, fixture: Fixture) -> int:
        """Return the level of the list of dim levels, which lags (5)."""
        if fixture.frozen is not None or not fixture.has_light:
            return fixture.frozen.dim if fixture.frozen else -1
        now = self._now()
        moment = self._last_slot(fixture, now - self._faults.dim_list_delay)
        return fixture.level(max(moment, fixture.refreshed))

    def lines(self, floor: Floor, slot: float) -> bytes:
        """Return the rows of F4 for the five minutes that end at `slot`, written as JSON."""
        faults = self._faults
        options = (faults.old_statistics, faults.repeat_silent, faults.clock_offset)
        key = (floor.id, slot, *options)
        if (known := self._written.get(key)) is not None:
            return known
        written = ",".join(self._lines(floor, slot)).encode()
        if self._now() >= slot + SETTLED:
            kept = [each for each in self._written if each[0] == floor.id]
            if len(kept) >= _KEPT:
                del self._written[min(kept, key=lambda each: each[1])]
            self._written[key] = written
        return written

    def of_floor(self, floor: Floor, slot: float) -> list[tuple[Fixture, Report]]:
        """Return the reports about the five minutes that end at `slot`, as far as they are in."""
        interval, now = self._interval(floor.id, slot), self._now()
        found: list[tuple[Fixture, Report]] = []
        for fixture in floor.fixtures.values():
            heard = slot + fixture.jitter
            if not fixture.since <= heard <= now:
                continue
            if fixture.was_reached(heard):
                found.append((fixture, self._report(fixture, interval)))
            elif fixture.frozen and self._faults.repeat_silent:
                found.append((fixture, fixture.frozen))
        return found

    def _lines(self, floor: Floor, slot: float) -> list[str]:
        captured = self._local(slot).strftime(MINUTE)
        minutes: dict[int, str] = {}
        lines: list[str] = []
        for fixture, report in self.of_floor(floor, slot):
            start = (
                f'{{"id":"{fixture.id}","power":"{report.power:.2f}",'
                f'"temperature":"{report.temperature}","lightLevel":"{report.lux}",'
            )
            end = f'"captureTime":"{captured}"}}'
            if self._faults.old_statistics:
                lines.append(start + end)
                continue
            minute = int(report.last_communication // 60)
            if minute not in minutes:
                minutes[minute] = self._local(report.last_communication).strftime(MINUTE)
            heard = minutes[minute]
            lines.append(
                f'{start}"avgDimLevel":"{report.dim}","lastCommunicationtime":"{heard}",{end}'
            )
        return lines

    def _interval(self, floor: int, slot: float) -> _Interval:
        return _Interval(slot, shares_at(self._seed, floor, self._local(slot)).daylight)

    def _last_slot(self, fixture: Fixture, now: float) -> float:
        """Return the end of the newest five minutes that were reported by now."""
        slot = (now - fixture.jitter) // INTERVAL * INTERVAL
        for _ in range(_STEPS):
            if fixture.was_reached(slot + fixture.jitter):
                break
            slot -= INTERVAL
        return slot

    def _report(self, fixture: Fixture, interval: _Interval) -> Report:
        slot = interval.end
        mean = _mean_level(fixture, interval) if fixture.has_light else -1.0
        place = -fixture.id if fixture.kind == "Desk" else id(fixture.zone)
        if place not in interval.motion:
            interval.motion[place] = _motion(fixture, slot)
        return _tell(
            fixture,
            slot,
            mean,
            interval.daylight,
            heard=slot + fixture.jitter,
            motion=interval.motion[place],
        )

    def _at_once(self, fixture: Fixture, moment: float) -> Report:
        """Return what a fixture tells when it is asked to."""
        daylight = self._interval(fixture.floor_id, moment).daylight
        level = float(fixture.level(moment))
        motion = _motion(fixture, moment)
        return _tell(fixture, moment, level, daylight, heard=moment, motion=motion)


def _tell(
    fixture: Fixture, moment: float, mean: float, daylight: float, *, heard: float, motion: int
) -> Report:
    noise = (fixture.id * 7919 + int(moment) // 300 * 104729) % 101
    level = max(0.0, mean)
    power = 0.0
    if level and moment < fixture.broken_since:
        power = fixture.watts * level / 100.0 * (0.99 + noise / 5000.0)
    temperature = int(71.5 + fixture.id % 4 + level / 40.0 + noise / 100.0)
    lux = int(12 + noise / 10 + 420.0 * daylight * fixture.exposure + 3.2 * level)
    return Report(moment, power, temperature, lux, round(mean), heard, motion)


def _mean_level(fixture: Fixture, interval: _Interval) -> float:
    end = interval.end
    start = end - INTERVAL
    if any(each.until > start and each.start <= end for each in fixture.overrides):
        return _mean(fixture.level, end)
    key = (id(fixture.zone), fixture.profile.id)
    if key not in interval.levels:
        zone, profile = fixture.zone, fixture.profile

        def automatic(moment: float) -> int:
            return lowered(zone, profile.level(zone, moment), moment)

        interval.levels[key] = (
            _mean(automatic, end)
            if _is_lively(zone, profile.window, end)
            else (float(automatic(end)))
        )
    return interval.levels[key]


def _is_lively(zone: Zone, window: float, end: float) -> bool:
    """Return whether a level may change within five minutes without anybody's command."""
    return not zone.demand.is_quiet() or zone.presence.changes(end - INTERVAL, end, window)


def _mean(level: Callable[[float], int], end: float) -> float:
    step = INTERVAL / _LOOKS
    return sum(level(end - (look + 0.5) * step) for look in range(_LOOKS)) / _LOOKS


def _motion(fixture: Fixture, end: float) -> int:
    """Return 60 bits, one for each five seconds. People hold still now and then."""
    spans = fixture.seat if fixture.kind == "Desk" else fixture.zone.presence
    start = end - INTERVAL
    bits = 0
    for first, last in spans.items:
        if last <= start or first >= end:
            continue
        low, high = int((max(first, start) - start) // 5), int((min(last, end) - start - 1e-6) // 5)
        for each in range(low, high + 1):
            if each in {low, high} or (each * 7 + fixture.id) % 5:
                bits |= 1 << (_BITS - 1 - each)
    return bits
