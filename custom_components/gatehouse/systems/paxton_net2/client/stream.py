"""The live stream: one SignalR connection kept up, subscribed and read."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from itertools import product
import logging
from typing import Final

from .api import Net2Client
from .errors import Net2Error
from .models import StreamConnected, StreamDisconnected, StreamMessage
from .parse import (
    Json,
    Record,
    objects,
    read_lock_update,
    read_roll_call_update,
    read_status_update,
)
from .signalr import SignalRConnection

_LOGGER = logging.getLogger(__name__)

#: Subscribing is answered one call after the other; no more than these wait at a time.
_PARALLEL_CALLS: Final = 32
#: How long messages are handed over before everybody else gets a turn.
_TURN: Final = 0.01

#: A stream as the hub's methods spell it, and what of it is followed.
type _Topic = tuple[str, int | None]

_LIVE_EVENTS: Final[_Topic] = ("LiveEvents", None)
_DOOR_STREAMS: Final = ("DoorEvents", "DoorStatusEvents")
_ROLL_CALL_STREAM: Final = "RollCallEvents"


class Net2Stream:
    """Follows a server's live events, one connection at a time."""

    def __init__(self, client: Net2Client, on_message: Callable[[StreamMessage], None]) -> None:
        """Prepare; nothing is sent.

        Args:
            client: Whose tokens, clock and session are used.
            on_message: Called in the event loop with every message, in order.

        """
        self._client = client
        self._on_message = on_message
        self._readers: Mapping[str, Callable[[Record], StreamMessage | None]] = {
            "liveevents": client.event_reader.read,
            "doorevents": read_lock_update,
            "doorstatusevents": read_status_update,
            "rollcallevents": read_roll_call_update,
        }
        self._doors: frozenset[int] = frozenset()
        self._roll_calls: frozenset[int] = frozenset()
        self._wanted_changed = asyncio.Event()
        self._connected = False
        self._turn_ends = 0.0

    def set_doors(self, door_ids: Iterable[int]) -> None:
        """Say which doors to follow; the difference is (un)subscribed at once."""
        self._doors = frozenset(door_ids)
        self._wanted_changed.set()

    def set_roll_calls(self, report_ids: Iterable[int]) -> None:
        """Say which roll calls to follow; the difference is (un)subscribed at once."""
        self._roll_calls = frozenset(report_ids)
        self._wanted_changed.set()

    async def follow(self) -> None:
        """Live through one connection; returns only by raising.

        Raises:
            Net2Error: Why there is no stream, or no more. Trying again is the caller's.

        """
        self._connected = False
        connection = await self._client.open_connection()
        subscribing = asyncio.create_task(self._keep_subscribed(connection))
        try:
            await connection.receive(self._deliver)
        except Net2Error as error:
            if self._connected:
                self._tell(StreamDisconnected(type(error).__name__))
            raise
        finally:
            subscribing.cancel()
            await asyncio.wait([subscribing])
            await connection.close()

    async def _keep_subscribed(self, connection: SignalRConnection) -> None:
        """Bring the subscriptions up to what is wanted, now and whenever that changes."""
        slots = asyncio.Semaphore(_PARALLEL_CALLS)
        followed: set[_Topic] = set()
        while True:
            self._wanted_changed.clear()
            doors = self._doors
            roll_calls = product([_ROLL_CALL_STREAM], self._roll_calls)
            wanted = {_LIVE_EVENTS, *product(_DOOR_STREAMS, doors), *roll_calls}
            async with asyncio.TaskGroup() as calls:
                # Live events first: a frame lists its messages in the order of subscription,
                # and somebody who waits at a door comes before what the door's relay does.
                for topic in sorted(wanted ^ followed, key=lambda topic: topic != _LIVE_EVENTS):
                    calls.create_task(self._toggle(connection, slots, followed, topic))
            if not self._connected and _LIVE_EVENTS in followed:
                self._connected = True
                failed = (
                    door
                    for door in doors
                    if not followed.issuperset(product(_DOOR_STREAMS, [door]))
                )
                self._tell(StreamConnected(frozenset(failed)))
            await self._wanted_changed.wait()

    async def _toggle(
        self,
        connection: SignalRConnection,
        slots: asyncio.Semaphore,
        followed: set[_Topic],
        topic: _Topic,
    ) -> None:
        """Follow a topic, or no longer. One that is refused breaks nothing for the others."""
        stream, subject = topic
        arguments = () if subject is None else (str(subject),)
        gone = topic in followed
        try:
            async with slots:
                await connection.invoke(
                    f"{'unsubscribeTo' if gone else 'subscribeTo'}{stream}", *arguments
                )
        except Net2Error as error:
            _LOGGER.debug("The server refused %s of %s: %s", stream, subject, error)
            if topic == _LIVE_EVENTS:
                connection.end(error)
            if not gone:
                return
        followed ^= {topic}

    async def _deliver(self, stream: str, arguments: Json) -> None:
        """Read the events of one hub message: a list of lists, or flat (section 5.3)."""
        if (read := self._readers.get(stream)) is None:
            return
        clock = asyncio.get_running_loop().time
        for record in objects(arguments):
            if (message := read(record)) is not None:
                self._tell(message)
            if clock() >= self._turn_ends:
                await asyncio.sleep(0)
                self._turn_ends = clock() + _TURN

    def _tell(self, message: StreamMessage) -> None:
        try:
            self._on_message(message)
        except Exception:
            # One message that its receiver cannot take must not end the stream.
            _LOGGER.exception("A live message could not be handled")
