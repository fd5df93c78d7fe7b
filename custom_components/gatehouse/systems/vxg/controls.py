"""What switches, selects, numbers and buttons have in common: a row tells what to send."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from .client import VxgClient
from .entity import VxgEntity, VxgShows
from .snapshot import Kind


@dataclass(frozen=True, kw_only=True)
class VxgControls[ValueT, SentT](VxgShows[ValueT]):
    """The half of a description that tells how a part is changed.

    `send` gets the client, the part's state and the new value; `changes` names what is to be
    read again afterwards.
    """

    send: Callable[[VxgClient, Any, SentT], Awaitable[object]]
    changes: Kind
    needs_all: bool = True


class VxgControl[ValueT, SentT](VxgEntity[ValueT]):
    """An entity that changes something of a camera."""

    async def _async_send(self, value: SentT) -> None:
        """Send a change, once, and read what it changed.

        Raises:
            HomeAssistantError: It was refused, or nobody knows whether it was made.
        """
        shows = self._shows
        assert isinstance(shows, VxgControls)
        coordinator = self.coordinator
        command = shows.send(coordinator.client, self._state, value)
        await coordinator.async_do(self.camera_id, command, shows.changes)

    def _named(self) -> dict[str, str]:
        """Return what tells apart entities that a camera has several of, for their names."""
        name = getattr(self._state.value, "name", self.coordinator_context.name)
        return {"name": name.replace("_", " ")}
