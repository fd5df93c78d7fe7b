"""What a benchmark needs to know of a system to measure it."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from homeassistant.core import HomeAssistant, State

from .server import Control, Server

type EntryData = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One system, and the event whose way to the state is measured."""

    system: str
    #: The entry's data for a server, which may first have to give access.
    entry_data: Callable[[Server], Awaitable[EntryData]]
    #: The least that a client can do to write a state per event.
    bare_client: Callable[[HomeAssistant, Server], AbstractAsyncContextManager[None]]
    #: Whether a state is the event, as Gatehouse or as the bare client wrote it.
    is_gatehouses: Callable[[State], bool]
    is_bare_clients: Callable[[State], bool]
    #: What a frame holds that brings the event.
    frame: bytes
    #: Makes the event happen, the so-many-eth time.
    happen: Callable[[Control, int], Awaitable[None]]
