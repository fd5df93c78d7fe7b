"""The live stream: one SignalR connection kept up, subscribed and read."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from itertools import product
import logging
import random
from typing import Final

from .api import Net2Client
from .errors import (
    Net2AuthError,
    Net2CertificateError,
    Net2Error,
    Net2LicenceError,
    Net2MfaRequiredError,
    Net2RateLimitedError,
)
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

_LONGEST_DELAY: Final = 60.0
#: A connection that lived this long was a good one; the back-off starts over.
_GOOD_LIFE: Final = 60.0
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
    """Follows a server's live events until it is cancelled."""

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
        self._life = 0.0
        self._turn_ends = 0.0

    def set_doors(self, door_ids: Iterable[int]) -> None:
        """Say which doors to follow; the difference is (un)subscribed at once."""
        self._doors = frozenset(door_ids)
        self._wanted_changed.set()

    def set_roll_calls(self, report_ids: Iterable[int]) -> None:
        """Say which roll calls to follow; the difference is (un)subscribed at once."""
        self._roll_calls = frozenset(report_ids)
        self._wanted_changed.set()

    async def run(self) -> None:
        """Follow the stream until cancelled.

        Raises:
            Net2AuthError: If the operator is refused.
            Net2LicenceError: If the client id is refused.
            Net2MfaRequiredError: If the operator needs a second factor.
            Net2CertificateError: If the certificate is not trusted, or no longer the pinned one.

        """
        failures = 0
        while True:
            try:
                await self._follow()
            except Net2AuthError, Net2CertificateError, Net2LicenceError, Net2MfaRequiredError:
                raise
            except Net2Error as error:
                if self._life >= _GOOD_LIFE:
                    failures = 0
                delay = _delay(failures, error)
                failures += 1
                _LOGGER.debug("No live stream (%s); next try in %.1f s", error, delay)
                await asyncio.sleep(delay)

    async def _follow(self) -> None:
        """Live through one connection; returns only by raising."""
        clock = asyncio.get_running_loop().time
        self._life, self._connected = 0.0, False
        connection = await self._client.open_connection()
        began = clock()
        subscribing = asyncio.create_task(self._keep_subscribed(connection))
        try:
            await connection.receive(self._deliver)
        except Net2Error as error:
            self._life = clock() - began
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


def _delay(failures: int, error: Net2Error) -> float:
    """Return the seconds until the next try: 1 to 2, doubling up to 60, or what was asked."""
    ceiling = min(2.0 ** min(failures + 1, 6), _LONGEST_DELAY)
    delay = random.uniform(ceiling / 2, ceiling)
    asked = error.retry_after if isinstance(error, Net2RateLimitedError) else None
    return max(delay, asked or 0)
