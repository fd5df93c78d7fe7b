"""Commands to doors and to the site: sent once, confirmed or refused, never repeated."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import replace
import hmac
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from ...const import DOMAIN
from .client import Relay
from .const import CONFIRM_TIMEOUT
from .devices import door_name
from .errors import ERRORS
from .issues import LOCKDOWN
from .options import DoorMode
from .snapshot import DoorState, Hub, Part

if TYPE_CHECKING:
    from .coordinator import Net2Coordinator

#: Seconds between polls for a confirmation where no push brings it; a pulse may be that short.
_POLL: Final = 0.3
#: Seconds for a relay whose time nobody gave: the common pulse (section 3.3).
_DEFAULT_SECONDS: Final = 1.0


class DoorControl:
    """Drives the doors. A 200 only means "queued" (section 7.4): the relay has to follow.

    A door takes one command at a time; a second one meanwhile is refused, not queued, since
    nobody waits at a door for an unlock that comes later.
    """

    def __init__(self, coordinator: Net2Coordinator) -> None:
        """Drive the doors of one coordinator."""
        self._coordinator = coordinator
        self._client = coordinator.client
        self._busy: set[Part] = set()

    def check_code(self, code: str | None) -> None:
        """Compare a control code with the entry's, where it has one.

        Raises:
            ServiceValidationError: The code is missing or wrong.
        """
        wanted = self._coordinator.options.control_code
        if wanted and not hmac.compare_digest(wanted.encode(), (code or "").encode()):
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key="wrong_code")

    async def async_release(
        self, door_id: int, *, relay: Relay = Relay.ONE, seconds: float | None = None
    ) -> None:
        """Release a door once: for its configured time, or one relay for `seconds`.

        Raises:
            HomeAssistantError: Refused, failed, or not confirmed by the door.
        """
        with self._command(door_id, DoorMode.LATCHED, DoorMode.MOMENTARY):
            if seconds is None and relay is Relay.ONE:
                command = self._client.open_door(door_id)
            else:
                command = self._client.release_relay(
                    door_id, relay=relay, seconds=seconds or _DEFAULT_SECONDS
                )
            if relay is Relay.ONE:
                await self._async_move(door_id, command, is_open=True)
            else:
                # The status tells of the first relay only.
                with ERRORS.translated():
                    await command

    async def async_hold_open(self, door_id: int) -> None:
        """Hold a door open until it is closed again.

        Raises:
            HomeAssistantError: Refused, failed, or not confirmed by the door.
        """
        with self._command(door_id, DoorMode.LATCHED):
            await self._async_move(door_id, self._client.hold_door_open(door_id), is_open=True)
            self._coordinator.change_door(replace(self._door(door_id), held=True))

    async def async_close(self, door_id: int) -> None:
        """End a release or a hold: the door locks.

        Raises:
            HomeAssistantError: Refused, failed, or not confirmed by the door.
        """
        with self._command(door_id, DoorMode.LATCHED):
            await self._async_move(door_id, self._client.close_door(door_id), is_open=False)
            self._coordinator.change_door(replace(self._door(door_id), held=False))

    async def async_set_lockdown(self, *, active: bool) -> None:
        """Start or reset the lockdown that Net2's own rules define.

        Raises:
            HomeAssistantError: Refused, failed, or no lockdown event followed.
        """
        coordinator = self._coordinator
        hass, entry = coordinator.hass, coordinator.config_entry
        with self._claim(Hub.SERVER, entry.title):
            command = self._client.set_lockdown(active)
            if await self._async_confirmed(
                command, Hub.SERVER, lambda: coordinator.data.server.lockdown is active
            ):
                LOCKDOWN.async_clear(hass, entry)
                return
        LOCKDOWN.async_raise(hass, entry)
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="lockdown_not_confirmed"
        )

    @contextmanager
    def _command(self, door_id: int, *modes: DoorMode) -> Generator[None]:
        """Claim a door for one command, if its options allow that command at all."""
        name = door_name(self._door(door_id).door)
        mode = self._coordinator.options.door(door_id).mode
        if mode not in modes:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key=f"door_is_{mode}",
                translation_placeholders={"door": name},
            )
        with self._claim(door_id, name):
            yield

    @contextmanager
    def _claim(self, part: Part, name: str) -> Generator[None]:
        """Keep a part to one command at a time."""
        if part in self._busy:
            raise HomeAssistantError(
                translation_domain=DOMAIN,
                translation_key="door_busy",
                translation_placeholders={"door": name},
            )
        self._busy.add(part)
        try:
            yield
        finally:
            self._busy.discard(part)

    async def _async_move(self, door_id: int, command: Awaitable[None], *, is_open: bool) -> None:
        """Send a command and see the relay follow it."""
        name = door_name(self._door(door_id).door)

        def has_moved() -> bool:
            state = self._coordinator.data.door(door_id)
            return state is not None and state.relay_open in (is_open, None)

        if await self._async_confirmed(command, door_id, has_moved):
            return
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_confirmed",
            translation_placeholders={"door": name},
        )

    async def _async_confirmed(
        self, command: Awaitable[None], part: Part, is_done: Callable[[], bool]
    ) -> bool:
        """Send a command once and wait until a part shows what was asked for.

        A door without a status (some wireless locks) has nothing to confirm with: for it the
        server's word is all there is. The watch begins before the command goes out, since the
        stream may be faster than the answer.
        """
        coordinator = self._coordinator
        loop = coordinator.hass.loop
        done = asyncio.Event()

        def look() -> None:
            if is_done():
                done.set()

        unsubscribe = coordinator.async_add_listener(look, part)
        try:
            with ERRORS.translated():
                await command
            deadline = loop.time() + CONFIRM_TIMEOUT
            while not done.is_set() and loop.time() < deadline:
                if not coordinator.is_pushed(part):
                    # What is known is older than the command.
                    await coordinator.async_refresh()
                look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_POLL):
                        await done.wait()
            if not done.is_set():
                await coordinator.async_refresh()
                look()
            return done.is_set()
        finally:
            unsubscribe()

    def _door(self, door_id: int) -> DoorState:
        if state := self._coordinator.data.door(door_id):
            return state
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="door_gone",
            translation_placeholders={"door": str(door_id)},
        )
