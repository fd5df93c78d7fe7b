"""What a system is to the rest of Gatehouse: one row in the table of `systems`."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import probatio

from homeassistant.config_entries import ConfigEntry, OptionsFlow
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

type PlatformSetup = Callable[
    [HomeAssistant, ConfigEntry, AddConfigEntryEntitiesCallback], Awaitable[None]
]


class SetupError(Exception):
    """A form was refused; `key` names the sentence that tells the user why."""

    def __init__(self, key: str) -> None:
        """Keep the error's translation key."""
        super().__init__(key)
        self.key = key


class CertificateUntrustedError(Exception):
    """The server's certificate is neither trusted by the system's CAs nor the pinned one."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the flow found at an address.

    `parts` are the device identifiers the vendor itself gives (door serials, channel ids): two
    addresses that share one are the same site, whatever their host names say.
    """

    title: str
    unique_id: str
    parts: frozenset[str]


class SystemForm(ABC):
    """A system's part in the config flow: its fields, and the proof that they are right."""

    #: The step named after the system; reconfiguring shows it again.
    schema: ClassVar[probatio.Schema]
    #: What a reauthentication asks for.
    credentials: ClassVar[probatio.Schema]

    @abstractmethod
    async def async_read(
        self, hass: HomeAssistant, user_input: Mapping[str, Any]
    ) -> Sequence[dict[str, Any]]:
        """Turn a filled form into the entry data to try, best guess first.

        Raises:
            SetupError: The form cannot be right as it is.
        """

    @abstractmethod
    async def async_identify(self, hass: HomeAssistant, data: Mapping[str, Any]) -> Site:
        """Connect, sign in and tell what is there.

        Raises:
            SetupError: It did not work.
            CertificateUntrustedError: A person has to look at the certificate first.
        """

    def suggest(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Turn entry data, or a filled form, into what the form suggests: secrets are left out."""
        return dict(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One system: everything the root modules hand over to it."""

    id: str
    platforms: Mapping[Platform, PlatformSetup]
    form: SystemForm
    options_flow: type[OptionsFlow]
    #: Connect and fill `entry.runtime_data`; before the platforms are forwarded.
    async_setup: Callable[[HomeAssistant, ConfigEntry], Awaitable[None]]
    #: Begin to listen; after the platforms are there to hear it.
    async_start: Callable[[HomeAssistant, ConfigEntry], Awaitable[None]]
    #: Listen no more; before the platforms are unloaded.
    async_stop: Callable[[HomeAssistant, ConfigEntry], Awaitable[None]]
    async_remove: Callable[[HomeAssistant, ConfigEntry], Awaitable[None]]
    #: Register the system's actions; called once.
    register_actions: Callable[[HomeAssistant], None]
    #: A dump without secrets or names.
    diagnostics: Callable[[HomeAssistant, ConfigEntry], Mapping[str, object]]
    #: One line for the system health page.
    health: Callable[[ConfigEntry], str]
    #: Whether the vendor still has the part with this device identifier.
    has_part: Callable[[ConfigEntry, str], bool]
