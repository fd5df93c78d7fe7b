"""The coordinator tells a change to the parts it touches, and to nobody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
import logging
from typing import override

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import UpdateFailed

from custom_components.gatehouse.coordinator import GatehouseCoordinator


@dataclass(frozen=True)
class Numbers:
    """A snapshot of numbers."""

    parts: Mapping[str, int]


class Counter(GatehouseCoordinator[Numbers]):
    """Counts for a hub without a device."""

    @callback
    @override
    def async_add_hub(self) -> None:
        raise AssertionError("nobody sets this up")

    @override
    def has_part(self, identifier: str) -> bool:
        return identifier in self.data.parts


class Told:
    """Two parts with a watcher each, and one that watches parts come and go."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with two parts."""
        self.polled: Mapping[str, int] | None = {"a": 1, "b": 1}
        self.calls: list[str] = []
        entry = MockConfigEntry()
        self.coordinator = Counter(
            hass,
            entry,
            logging.getLogger(__name__),
            name="numbers",
            update_interval=timedelta(hours=1),
        )
        self.coordinator.data = Numbers({})
        self.coordinator.update_method = self._poll
        self.removers = {
            part: self.coordinator.async_add_listener(self._watcher(part), part)
            for part in ("a", "b", None)
        }

    def _watcher(self, part: str | None):  # a plain callback
        @callback
        def watch() -> None:
            self.calls.append(part or "parts")

        return watch

    async def _poll(self) -> Numbers:
        if self.polled is None:
            raise UpdateFailed
        return Numbers(self.polled)

    def taken(self) -> list[str]:
        """Return who was told since the last time."""
        calls, self.calls = sorted(self.calls), []
        return calls


@pytest.fixture
async def told(hass: HomeAssistant) -> Told:
    """Return a coordinator that has polled once."""
    told = Told(hass)
    await told.coordinator.async_refresh()
    assert told.taken() == ["a", "b", "parts"]
    return told


@pytest.mark.parametrize(
    ("polled", "calls"),
    [
        ({"a": 1, "b": 1}, []),
        ({"a": 2, "b": 1}, ["a"]),
        ({"a": 1}, ["b", "parts"]),
        ({"a": 1, "b": 1, "c": 1}, ["parts"]),
    ],
)
async def test_a_poll_tells_what_changed(
    told: Told, polled: Mapping[str, int], calls: list[str]
) -> None:
    """Nothing for nothing, a part for a part."""
    told.polled = polled
    await told.coordinator.async_refresh()
    assert told.taken() == calls


async def test_a_push_tells_its_part_once(told: Told) -> None:
    """And the poll that finds the same tells nothing more."""
    told.coordinator.async_publish(Numbers({"a": 5, "b": 1}), "a")
    assert told.taken() == ["a"]
    told.polled = {"a": 5, "b": 1}
    await told.coordinator.async_refresh()
    assert told.taken() == []


async def test_the_link_concerns_everybody(told: Told) -> None:
    """Down once, up once."""
    polled, told.polled = told.polled, None
    await told.coordinator.async_refresh()
    assert told.taken() == ["a", "b", "parts"]
    await told.coordinator.async_refresh()
    assert told.taken() == []
    told.coordinator.async_publish(Numbers({"a": 5, "b": 1}), "a")
    assert not told.coordinator.last_update_success
    told.taken()
    told.polled = polled
    await told.coordinator.async_refresh()
    assert told.taken() == ["a", "b", "parts"]


async def test_who_stops_listening_is_told_nothing(told: Told) -> None:
    """Also when the last of a part goes."""
    told.removers["a"]()
    told.coordinator.async_publish(Numbers({"a": 7, "b": 1}), "a")
    assert told.taken() == []


async def test_one_that_fails_does_not_keep_it_from_the_others(
    told: Told, caplog: pytest.LogCaptureFixture
) -> None:
    """The failure is logged."""

    @callback
    def fail() -> None:
        raise RuntimeError

    told.coordinator.async_add_listener(fail, "b")
    told.coordinator.async_add_listener(told._watcher("b"), "b")  # a second one
    told.coordinator.async_publish(Numbers({"a": 1, "b": 9}), "b")
    assert told.taken() == ["b", "b"]
    assert "Unexpected error" in caplog.text
