"""What a system is to the rest of Gatehouse: one row in the table of `systems`."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Final

import probatio

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult, OptionsFlow
from homeassistant.const import CONF_HOST, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.selector import NumberSelector, NumberSelectorConfig, NumberSelectorMode

from .actions import Action
from .coordinator import GatehouseCoordinator
from .devices import async_known_parts
from .issues import Issue
from .media import MediaShelf

#: The field for a server's port.
PORT: Final = probatio.All(
    NumberSelector(NumberSelectorConfig(min=1, max=65535, mode=NumberSelectorMode.BOX)),
    probatio.Coerce(int),
)

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


class StepNeededError(Exception):
    """A person has to do something first, in a step of the flow that is the system's own."""

    def __init__(self, step: str) -> None:
        """Name the step; it ends by trying again."""
        super().__init__(step)
        self.step = step


@dataclass(frozen=True, slots=True)
class Site:
    """What the flow found at an address.

    `parts` are what the vendor itself gives (door serials, channel ids): two addresses that
    share one are the same site, whatever their host names say.
    """

    title: str
    unique_id: str
    parts: frozenset[str]


class SystemForm(ABC):
    """A system's part in the config flow: its fields, and the proof that they are right."""

    #: The step named after the system; reconfiguring shows it again.
    schema: ClassVar[probatio.Schema]
    #: What a reauthentication asks for, in this step.
    credentials: ClassVar[probatio.Schema] = probatio.Schema({})
    reauth_step: ClassVar[str] = "reauth_confirm"
    #: Entry data that no form asks for and that reconfiguring keeps.
    kept: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    async def async_read(
        self, hass: HomeAssistant, user_input: Mapping[str, Any]
    ) -> Sequence[dict[str, Any]]:
        """Turn a filled form into the entry data to try, best guess first.

        Raises:
            SetupError: The form cannot be right as it is.
        """

    def read_credentials(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Turn filled `credentials` into entry data."""
        return dict(user_input)

    @abstractmethod
    async def async_identify(self, hass: HomeAssistant, data: Mapping[str, Any]) -> Site:
        """Connect, sign in and tell what is there.

        Raises:
            SetupError: It did not work.
            CertificateUntrustedError: A person has to look at the certificate first.
            StepNeededError: A person has to do something else first.
        """

    async def async_known_parts(self, hass: HomeAssistant, entry: ConfigEntry) -> Set[str]:
        """Return what may be among the `parts` of an entry's site; its devices by default."""
        return async_known_parts(hass, entry).keys()

    async def async_take_leave(  # noqa: B027  # most systems give nothing that is to be returned
        self, hass: HomeAssistant, data: Mapping[str, Any]
    ) -> None:
        """Give back, at the vendor's, what the entry that is being deleted was given."""

    def suggest(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Turn entry data, or a filled form, into what the form suggests: secrets are left out."""
        return dict(data)


class SystemFlow(ConfigFlow):
    """The config flow as the steps see it that are a system's own."""

    _system: System
    #: The form to come back to when something is wrong, and its fields.
    _step: str
    _schema: probatio.Schema
    #: The entry data to try, best guess first.
    _candidates: Sequence[dict[str, Any]]

    @abstractmethod
    def _begin(self, system_id: str) -> None:
        """Go on with this system."""

    @abstractmethod
    async def _async_try(self) -> ConfigFlowResult:
        """Try the candidates, and store the one that works."""

    def _show_form(
        self, suggested: Mapping[str, Any], error: str | None = None
    ) -> ConfigFlowResult:
        """Show the form to come back to; its text may name the host."""
        return self.async_show_form(
            step_id=self._step,
            data_schema=self.add_suggested_values_to_schema(self._schema, suggested),
            errors={"base": error} if error else None,
            description_placeholders={CONF_HOST: suggested.get(CONF_HOST, "")},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One system: everything the root modules hand over to it."""

    id: str
    platforms: Mapping[Platform, PlatformSetup]
    form: SystemForm
    options_flow: type[OptionsFlow]
    actions: Sequence[Action]
    issues: Sequence[Issue]
    #: Return the coordinator of an entry; nothing is sent yet.
    async_create: Callable[[HomeAssistant, ConfigEntry], Awaitable[GatehouseCoordinator[Any]]]
    #: A dump without secrets or names.
    diagnostics: Callable[[ConfigEntry], Mapping[str, object]]
    #: One line for the system health page.
    health: Callable[[ConfigEntry], str]
    #: What it keeps for the media browser, if it keeps anything.
    media: MediaShelf | None = None


def platforms_of(*modules: ModuleType) -> Mapping[Platform, PlatformSetup]:
    """Return the set-ups of a system's platform modules, which bear the platforms' names."""
    return {
        Platform(module.__name__.rpartition(".")[2]): module.async_setup_entry for module in modules
    }
