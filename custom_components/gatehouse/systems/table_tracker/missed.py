"""What happened to orders unheard: completed from the history, told once, never acted out."""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import batched
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ...missed import async_tell_missed
from .client import OrderSummary, TableTrackerClient, TableTrackerError
from .const import LOGGER
from .devices import part_identifier
from .events import Happening, OrderEvent, Source
from .orders import OrderBook
from .snapshot import Kind, Numbered

#: No guest sits longer than this: what ended since a loss began at most so long before it.
_LONGEST_MEAL: Final = timedelta(hours=6)
#: Weeks of orders; the gateway gives them a hundred at a time.
_HISTORY_LIMIT: Final = 10_000
#: How many are told before everybody else gets a turn.
_BATCH: Final = 200


class MissedOrders:
    """Puts on Home Assistant's bus what the book finds out too late."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, client: TableTrackerClient, book: OrderBook
    ) -> None:
        """Tell of one gateway."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._book = book

    @callback
    def tell(self, found: list[Happening], since: datetime | None = None) -> None:
        """Tell what nobody heard when it happened.

        Where orders ended, or may have come and gone unseen `since` then, the history is asked.
        """
        if since is not None or any(each.type is OrderEvent.CLEARED for each in found):
            job = self._async_tell_history(found, since or dt_util.utcnow())
            self._entry.async_create_background_task(self._hass, job, "order history")
        else:
            self._put_on_bus(found)

    async def _async_tell_history(self, found: list[Happening], since: datetime) -> None:
        history: tuple[OrderSummary, ...] = ()
        # The history is kept by the gateway's clock.
        since += self._client.clock.skew or timedelta()
        try:
            history = await self._client.get_history(
                created_after=since - _LONGEST_MEAL, limit=_HISTORY_LIMIT
            )
        except TableTrackerError as err:
            LOGGER.debug("The history was not read: %s", err)
        finally:
            # Even if all ends here: nobody will find these a second time.
            for batch in batched(
                self._book.read_history(found, history, since), _BATCH, strict=False
            ):
                self._put_on_bus(batch)
                await asyncio.sleep(0)

    @callback
    def _put_on_bus(self, found: Iterable[Happening]) -> None:
        for happening in found:
            table = happening.order.table
            part = (
                part_identifier(self._entry, Numbered(Kind.TABLE, table))
                if table
                else self._entry.entry_id
            )
            fields = happening.fields(Source.RESYNC)
            async_tell_missed(self._hass, self._entry, part, happening.type, fields)
