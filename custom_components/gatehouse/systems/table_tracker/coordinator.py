"""One snapshot of a gateway, where its socket, the polls and the passing of time meet."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ...live import LiveCoordinator
from ...missed import Memories, Memory, async_load_memory
from .client import (
    Order,
    OrderPushed,
    OrdersListed,
    ResyncNeeded,
    StreamConnected,
    StreamDisconnected,
    StreamMessage,
    TableTrackerClient,
    TableTrackerError,
    TableTrackerStream,
)
from .const import LOGGER, POLL_WITH_STREAM, POLL_WITHOUT_STREAM
from .devices import async_add_gateway, async_keep_parts, part_identifier
from .errors import ERRORS
from .events import Happening, OrderEvent
from .flow import create_client
from .issues import async_note_error, async_note_success
from .missed import MissedOrders
from .options import TableTrackerOptions
from .orders import Listed, OrderBook
from .parts import OrderParts
from .reader import Reader, Reading
from .snapshot import (
    EMPTY,
    Hub,
    Kind,
    Numbered,
    Part,
    PartState,
    RepeaterState,
    TableTrackerSnapshot,
)
from .waiting import Waiting

type TableTrackerConfigEntry = ConfigEntry[TableTrackerCoordinator]

#: Seconds that a push may come after the list that a poll got. Only what a second list still
#: has differently was not pushed at all.
_GRACE: Final = 5.0
#: Seconds after the end of an order until the day's statistics are read: guests leave in groups.
_STATISTICS_DELAY: Final = 15


class TableTrackerCoordinator(LiveCoordinator[TableTrackerSnapshot]):
    """Listens to a gateway, reads it now and then, and keeps what both tell in one snapshot."""

    config_entry: TableTrackerConfigEntry
    errors = ERRORS

    def __init__(
        self,
        hass: HomeAssistant,
        entry: TableTrackerConfigEntry,
        client: TableTrackerClient,
        memories: Memories | None,
    ) -> None:
        """Prepare to read; nothing is sent yet."""
        super().__init__(
            hass,
            entry,
            LOGGER,
            with_stream=POLL_WITH_STREAM,
            without_stream=POLL_WITHOUT_STREAM,
        )
        self.data = EMPTY
        self.client = client
        self.options = TableTrackerOptions.read(entry.options)
        self.book = OrderBook(memories)
        self.reader = Reader(hass, client)
        self._parts = OrderParts(hass, entry, self.options, self.book)
        self._missed = MissedOrders(hass, entry, client, self.book)
        self._memory = Memory(hass, entry, self.book.store)
        self._waiting = Waiting(hass, self._on_time)
        self._stream = TableTrackerStream(client, self._on_message)
        #: Since when something may have happened that nobody told us; None while all is heard.
        self._deaf_since = self.book.seen_at
        #: What is to happen later, by what it is.
        self._timers: dict[str, CALLBACK_TYPE] = {}
        self._handlers: Mapping[type[StreamMessage], Callable[[Any], None]] = {
            OrderPushed: self._on_push,
            OrdersListed: self._on_list,
            ResyncNeeded: self._on_resync,
            StreamConnected: self._on_connected,
            StreamDisconnected: self._on_disconnected,
        }

    @callback
    @override
    def async_add_hub(self) -> None:
        """Create the gateway's device."""
        async_add_gateway(self.hass, self.config_entry, self.data.gateway.info)

    @override
    def has_part(self, identifier: str) -> bool:
        """Tell whether a device is of use; the gateway has no list of tables or trackers.

        Only an order speaks for them, and for a table being named in the options.
        """
        named = (Numbered(Kind.TABLE, number) for number in self.options.tables)
        used = {part_identifier(self.config_entry, part) for part in (*named, *self.data.in_use)}
        return identifier in used

    @override
    async def async_close(self) -> None:
        """Write down where the next one goes on."""
        self._waiting.cancel()
        for cancel in self._timers.values():
            cancel()
        await self._memory.async_close()

    @override
    async def _async_follow(self) -> None:
        await self._stream.follow()

    async def async_do[ResultT](self, command: Awaitable[ResultT], *changes: str) -> ResultT:
        """Send a command, once, and read what it `changes` that is not pushed.

        Raises:
            HomeAssistantError: It was refused, or nobody knows whether it ran.
        """
        with ERRORS.translated():
            result = await command
        if changes:
            self.reader.expect_changes(*changes)
        if changes or not self.is_live:
            await self.async_refresh()
        return result

    async def async_pair(self, seconds: int) -> None:
        """Have the gateway listen for new repeaters for so long; 0 ends it.

        Raises:
            HomeAssistantError: It was refused, or nobody knows whether it ran.
        """
        client = self.client
        await self.async_do(client.begin_pairing(seconds) if seconds else client.end_pairing())
        until = dt_util.utcnow() + timedelta(seconds=seconds) if seconds else None
        self._change_gateway(pairing_until=until)
        self._later("pairing", seconds, self._end_pairing)

    @callback
    def _end_pairing(self) -> None:
        self._change_gateway(pairing_until=None)
        self.run(self._async_read_more("repeaters"), "new repeaters")

    # The poll: a safety net, and all there is while the socket is down.

    @override
    async def _async_read(self) -> TableTrackerSnapshot:
        orders, sent_at = await self._async_list()
        at_first = self.book.differences(orders, sent_at) if self.is_live else None
        if at_first:
            await asyncio.sleep(_GRACE)
            orders, sent_at = await self._async_list()
        reading = await self.reader.async_read()
        clock = self.client.clock
        async_note_success(self.hass, self.config_entry, clock.zone_error or clock.skew)
        # No await from here on: what was pushed meanwhile is part of `self.data` and the book.
        snapshot = self._with(reading)
        listed = self.book.differences(orders, sent_at)
        if at_first is not None:
            listed = {
                uuid: order
                for uuid, order in listed.items()
                if uuid in at_first and at_first[uuid] == order
            }
        self._take(listed, snapshot.gateway.target)
        snapshot = snapshot.having(self._parts.states(self._parts.all(), snapshot.gateway.target))
        async_keep_parts(self.hass, self.config_entry, snapshot, self.options)
        return snapshot

    async def _async_list(self) -> tuple[tuple[Order, ...], float]:
        sent_at = self.hass.loop.time()
        return await self.client.get_active_orders(), sent_at

    def _with(self, reading: Reading) -> TableTrackerSnapshot:
        """Return a snapshot of what was read, but without the orders."""
        old = self.data.gateway
        gateway = replace(
            old,
            info=reading.info or old.info,
            settings=reading.settings or old.settings,
            cloud=reading.cloud,
            token=reading.token,
            clients=None if reading.tokens is None else len(reading.tokens),
        )
        if old.settings.target_seconds and gateway.target != old.target:
            # Who is late by another measure did not just become so.
            self.book.mark_overdue(gateway.target, dt_util.utcnow())
        self._parts.learn(reading.trackers or ())
        return TableTrackerSnapshot(
            {
                Hub.GATEWAY: gateway,
                Hub.STATISTICS: reading.statistics or self.data.statistics,
                **{
                    Numbered(Kind.REPEATER, repeater.address): RepeaterState(repeater)
                    for repeater in reading.repeaters or ()
                },
            }
        )

    @callback
    def _take(self, listed: Listed, target: int, since: datetime | None = None) -> None:
        """Take over what a list has differently, and tell what happened meanwhile."""
        is_first = self.book.seen_at is None
        now = dt_util.utcnow()
        found = self.book.take(listed, now)
        late = self.book.mark_overdue(target, now)
        if not is_first:
            found += [_late(order, target) for order in late if order.uuid in listed]
            self._tell_late([order for order in late if order.uuid not in listed], target)
        self._missed.tell(found, since)
        self._memory.save_soon()
        self._waiting.plan(self.book.orders.values(), target)

    async def _async_read_more(self, *what: str) -> None:
        """Read what changed beside the orders, without a poll."""
        self.reader.expect_changes(*what)
        with suppress(TableTrackerError):
            self._replace(self._with(await self.reader.async_read()).parts)

    # The pushes, and the passing of time. Each touches few parts, and only theirs are told.

    @callback
    def _on_message(self, message: StreamMessage) -> None:
        self._handlers[type(message)](message)

    @callback
    def _on_push(self, message: OrderPushed) -> None:
        order = message.order
        old = self.book.orders.get(order.uuid)
        news = self.book.push(message, dt_util.utcnow(), self.hass.loop.time())
        if not (news.live or news.missed):
            return
        target = self.data.gateway.target
        # An order that is new to us need not be young.
        late = [] if old else self.book.mark_overdue(target, dt_util.utcnow())
        # First those who wait for something to happen, then the dozen sensors that it changes.
        for happening in news.live:
            self._tell_live(happening)
        self._publish(self._parts.of(*filter(None, (old, order))))
        self._tell_late(late, target)
        self._missed.tell(news.missed)
        self._memory.save_soon()
        self._waiting.plan(self.book.orders.values(), target)
        if message.is_gone and "statistics" not in self._timers:
            self._later("statistics", _STATISTICS_DELAY, self._read_statistics)

    @callback
    def _on_list(self, message: OrdersListed) -> None:
        since, self._deaf_since = self._deaf_since, None
        listed = self.book.differences(message.orders, self.hass.loop.time())
        self._take(listed, self.data.gateway.target, since)
        self._publish(self._parts.all())

    @callback
    def _on_time(self, due: list[Order]) -> None:
        target = self.data.gateway.target
        self._tell_late(self.book.mark_overdue(target, dt_util.utcnow()), target)
        self._publish(self._parts.of(*due))
        self._waiting.plan(self.book.orders.values(), target)

    @callback
    def _on_resync(self, message: ResyncNeeded) -> None:
        LOGGER.debug("%s needs another look: %s", self.name, message.reason)
        self.run(self.async_request_refresh(), "resync")

    @callback
    def _on_connected(self, _message: StreamConnected) -> None:
        self._note_connected()
        self.run(self.async_refresh(), "poll")

    @callback
    def _on_disconnected(self, message: StreamDisconnected) -> None:
        self._deaf_since = self.book.seen_at
        # It may come back as another firmware.
        self.reader.expect_changes()
        self._note_disconnected(message.reason)

    @callback
    @override
    def _show_link(self) -> None:
        self._change_gateway(live_stream=self.is_live)

    @callback
    @override
    def _note_error(self, error: Exception) -> None:
        async_note_error(self.hass, self.config_entry, error)

    @callback
    def _read_statistics(self) -> None:
        self.run(self._async_read_more("statistics"), "statistics")

    @callback
    def _later(self, what: str, seconds: float, action: Callable[[], None]) -> None:
        """Do something once in so many seconds; asking anew puts it off."""

        @callback
        def act(_now: datetime) -> None:
            del self._timers[what]
            action()

        if cancel := self._timers.pop(what, None):
            cancel()
        self._timers[what] = async_call_later(self.hass, seconds, act)

    # Telling.

    @callback
    def _tell_live(self, happening: Happening) -> None:
        """Tell something that just happened."""
        self._fire(Hub.ORDERS, happening)
        for table in happening.tables:
            self._fire(Numbered(Kind.TABLE, table), happening)

    @callback
    def _tell_late(self, orders: Iterable[Order], target: int) -> None:
        """Tell that orders became overdue: without the socket that may not be so any more."""
        late = [_late(order, target) for order in orders]
        if self.is_live:
            for happening in late:
                self._tell_live(happening)
        else:
            self._missed.tell(late)

    # The parts.

    @callback
    def _change_gateway(self, **changed: Any) -> None:
        gateway = replace(self.data.gateway, **changed)
        self.async_publish(self.data.having({Hub.GATEWAY: gateway}), Hub.GATEWAY)

    @callback
    def _publish(self, parts: Iterable[Part]) -> None:
        """Bring these parts up to what the book has by now."""
        self._replace(self._parts.states(parts, self.data.gateway.target))

    @callback
    def _replace(self, states: Mapping[Part, PartState]) -> None:
        changed = {
            part: state for part, state in states.items() if self.data.parts.get(part) != state
        }
        is_new = not changed.keys() <= self.data.parts.keys()
        self.async_publish(self.data.having(changed), *changed, *([None] if is_new else ()))


def _late(order: Order, target: int) -> Happening:
    return Happening(OrderEvent.OVERDUE, order, order.started_at + timedelta(seconds=target))


async def async_create(
    hass: HomeAssistant, entry: TableTrackerConfigEntry
) -> TableTrackerCoordinator:
    """Return the coordinator of an entry, which goes on where the last one ended."""
    memories = await async_load_memory(hass, entry)
    return TableTrackerCoordinator(hass, entry, create_client(hass, entry.data), memories)
