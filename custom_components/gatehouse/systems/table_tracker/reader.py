"""What to ask a gateway beside its orders, and how often."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from homeassistant.core import HomeAssistant

from .client import (
    GatewayInfo,
    GatewaySettings,
    Repeater,
    Statistics,
    TableTrackerAuthError,
    TableTrackerClient,
    TableTrackerConnectionError,
    TableTrackerError,
    TableTrackerNotFoundError,
    TableTrackerUnsupportedError,
    TokenInfo,
    Tracker,
)
from .const import (
    LOGGER,
    REPEATERS_INTERVAL,
    SLOW_INTERVAL,
    STATISTICS_INTERVAL,
    TRACKERS_INTERVAL,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known beside the orders; None where the gateway has it not, or not yet."""

    settings: GatewaySettings | None = None
    info: GatewayInfo | None = None
    cloud: str | None = None
    token: TokenInfo | None = None
    tokens: tuple[TokenInfo, ...] | None = None
    statistics: Statistics | None = None
    repeaters: tuple[Repeater, ...] | None = None
    trackers: tuple[Tracker, ...] | None = None


#: How often each is due, in seconds.
INTERVALS: Final = {
    "settings": SLOW_INTERVAL,
    "info": SLOW_INTERVAL,
    "cloud": SLOW_INTERVAL,
    "token": SLOW_INTERVAL,
    "tokens": SLOW_INTERVAL,
    "statistics": STATISTICS_INTERVAL,
    "repeaters": REPEATERS_INTERVAL,
    "trackers": TRACKERS_INTERVAL,
}

#: Seconds until something is asked for again that could not be read.
_RETRY: Final = 60


class Reader:
    """Reads each thing when it is due.

    None of them is what the orders need, so that one that fails keeps its last value; what a
    firmware turns out not to have is not asked for again until the next connection.
    """

    def __init__(self, hass: HomeAssistant, client: TableTrackerClient) -> None:
        """Read everything the first time."""
        self._hass = hass
        #: By the names of the reading's fields.
        self._reads: dict[str, Callable[[], Awaitable[Any]]] = {
            "settings": client.get_settings,
            "info": client.get_gateway,
            "cloud": client.get_cloud_state,
            "token": client.get_token,
            "tokens": client.list_tokens,
            "statistics": client.get_statistics,
            "repeaters": client.get_repeaters,
            "trackers": client.get_trackers,
        }
        self._due = dict.fromkeys(self._reads, 0.0)
        self._missing: set[str] = set()
        self.reading = Reading()

    def expect_changes(self, *what: str) -> None:
        """Read these again at the next poll; everything where nothing is named."""
        if not what:
            self._missing.clear()
        for each in what or self._reads:
            self._due[each] = 0.0

    async def async_read(self) -> Reading:
        """Read what is due.

        Raises:
            TableTrackerAuthError: The token is refused.
        """
        for what, read in self._reads.items():
            if what in self._missing or self._hass.loop.time() < self._due[what]:
                continue
            # Before the answer comes: what is expected meanwhile is for the next time.
            self._due[what] = self._hass.loop.time() + INTERVALS[what]
            try:
                self.reading = replace(self.reading, **{what: await read()})
            except TableTrackerAuthError:
                raise
            except TableTrackerUnsupportedError, TableTrackerNotFoundError:
                self._missing.add(what)
                LOGGER.debug("This gateway has no %s to read", what)
            except TableTrackerConnectionError as err:
                # Slow or away: what else is due would only wait as long.
                LOGGER.debug("The %s were not read: %s", what, err)
                self._due[what] = self._hass.loop.time() + _RETRY
                break
            except TableTrackerError as err:
                LOGGER.debug("The %s were not read: %s", what, err)
                self._due[what] = self._hass.loop.time() + _RETRY
        return self.reading
