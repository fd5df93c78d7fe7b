"""Setting up a manager: the user, the key, the proof that both are right, and the floors."""

from collections.abc import Mapping, Sequence, Set
from typing import Any, Final, override

import aiohttp
import probatio

from homeassistant.config_entries import ConfigEntry, ConfigFlowResult
from homeassistant.const import CONF_API_KEY, CONF_HOST, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ...const import CONF_FINGERPRINT, CONF_USE_HTTPS
from ...system import (
    PORT,
    CertificateUntrustedError,
    SetupError,
    Site,
    StepNeededError,
    SystemFlow,
    SystemForm,
)
from .client import (
    AuthScheme,
    EnlightedCertificateError,
    EnlightedClient,
    EnlightedError,
    EnlightedForbiddenError,
    EnlightedNotFoundError,
    EnlightedSettings,
    Floor,
    Gateway,
)
from .const import CONF_ADVANCED, CONF_AUTH_SCHEME, CONF_FLOORS, SYSTEM_ID
from .devices import gateway_identifier
from .errors import ERRORS

#: The choice of the one that does not have to know the manager's version.
AUTO: Final = "auto"

_KEY: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
_USER: Final = TextSelector(TextSelectorConfig(autocomplete="username"))


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> EnlightedClient:
    """Return a client for an entry's data."""
    scheme = data[CONF_AUTH_SCHEME]
    settings = EnlightedSettings(
        host=data[CONF_HOST],
        port=data[CONF_PORT],
        use_https=data[CONF_USE_HTTPS],
        username=data[CONF_USERNAME],
        api_key=data[CONF_API_KEY],
        scheme=None if scheme == AUTO else AuthScheme(scheme),
        fingerprint=data.get(CONF_FINGERPRINT),
    )
    # The manager gives a cookie with every answer and wants none back (appendix C 12).
    session = async_create_clientsession(hass, cookie_jar=aiohttp.DummyCookieJar())
    return EnlightedClient(session, settings)


def floor_field(floors: Sequence[tuple[str, str]]) -> SelectSelector:
    """Return the field that floors are chosen in, of ids and names."""
    options = [SelectOptionDict(value=number, label=name) for number, name in floors]
    config = SelectSelectorConfig(options=options, multiple=True, mode=SelectSelectorMode.LIST)
    return SelectSelector(config)


def floor_label(floor: Floor) -> str:
    """Return what a floor is called where those of several buildings are to be told apart."""
    return f"{floor.building}: {floor.name}" if floor.building else floor.name


class EnlightedForm(SystemForm):
    """What to ask for, and how to prove it."""

    schema = probatio.Schema(
        {
            probatio.Required(CONF_HOST): TextSelector(),
            probatio.Required(CONF_PORT, default=443): PORT,
            probatio.Required(CONF_USERNAME): _USER,
            probatio.Required(probatio.Secret(CONF_API_KEY)): _KEY,
            probatio.Required(CONF_ADVANCED): section(
                probatio.Schema(
                    {
                        probatio.Required(CONF_AUTH_SCHEME, default=AUTO): SelectSelector(
                            SelectSelectorConfig(
                                options=[AUTO, *AuthScheme], translation_key=CONF_AUTH_SCHEME
                            )
                        ),
                        probatio.Required(CONF_USE_HTTPS, default=True): BooleanSelector(),
                    }
                ),
                {"collapsed": True},
            ),
        }
    )
    credentials = probatio.Schema(
        {
            probatio.Required(CONF_USERNAME): _USER,
            probatio.Required(probatio.Secret(CONF_API_KEY)): _KEY,
        }
    )
    kept = frozenset({CONF_FLOORS})

    @override
    async def async_read(
        self, hass: HomeAssistant, user_input: Mapping[str, Any]
    ) -> Sequence[dict[str, Any]]:
        """Flatten the form."""
        return [_trimmed(_flat(user_input), CONF_HOST, CONF_USERNAME, CONF_API_KEY)]

    @override
    def read_credentials(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Take over the user and the key."""
        return _trimmed(user_input, CONF_USERNAME, CONF_API_KEY)

    @override
    async def async_identify(self, hass: HomeAssistant, data: Mapping[str, Any]) -> Site:
        """Read the floors, and the gateways: those are what makes a manager this manager."""
        client = create_client(hass, data)
        try:
            floors = await client.get_floors()
            gateways = [
                gateway_identifier("", gateway)
                for floor in sorted(floors, key=lambda floor: floor.id)
                for gateway in await _gateways(client, floor)
                # Its number alone is everybody's.
                if gateway.mac
            ]
        except EnlightedCertificateError as err:
            raise CertificateUntrustedError from err
        except EnlightedNotFoundError as err:
            raise SetupError("wrong_system") from err
        except EnlightedError as err:
            raise SetupError(ERRORS.key_of(err)) from err
        if not floors:
            raise SetupError("no_floors")
        if CONF_FLOORS not in data:
            raise StepNeededError(CONF_FLOORS)
        host = data[CONF_HOST]
        # What a user set up who may see no gateway is known by its host alone.
        known = by_host = f"{SYSTEM_ID}-{host.lower()}"
        if gateways:
            known = gateways[0].replace("-gateway-", "-").replace(":", "")
        return Site(f"Enlighted {host}", known, frozenset({known, by_host, *gateways}))

    @override
    async def async_known_parts(self, hass: HomeAssistant, entry: ConfigEntry) -> Set[str]:
        """Return what may be found again: what it was set up with, and its gateways."""
        return {entry.unique_id or "", *await super().async_known_parts(hass, entry)}

    @override
    def suggest(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a form can start from; the key is pasted anew."""
        data = _flat(data)
        return {
            **{key: data[key] for key in (CONF_HOST, CONF_PORT, CONF_USERNAME)},
            CONF_ADVANCED: {key: data[key] for key in (CONF_AUTH_SCHEME, CONF_USE_HTTPS)},
        }


class FloorSteps(SystemFlow):
    """Asks which floors to have, once it is known which there are."""

    async def async_step_floors(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Choose floors; whoever chooses all of them also gets those that come later."""
        [data] = self._candidates
        try:
            floors = await create_client(self.hass, data).get_floors()
        except EnlightedError as err:
            return self._show_form(self._system.form.suggest(data), ERRORS.key_of(err))
        every = [str(floor.id) for floor in floors]
        chosen = every if len(every) == 1 else (user_input or {}).get(CONF_FLOORS)
        if not chosen:
            field = floor_field([(str(floor.id), floor_label(floor)) for floor in floors])
            return self.async_show_form(
                step_id="floors",
                data_schema=probatio.Schema({probatio.Required(CONF_FLOORS, default=every): field}),
                errors=None if user_input is None else {"base": "no_floors"},
            )
        self._candidates = [{**data, CONF_FLOORS: [] if set(chosen) >= set(every) else chosen}]
        return await self._async_try()


async def _gateways(client: EnlightedClient, floor: Floor) -> Sequence[Gateway]:
    try:
        return await client.get_gateways(floor.id)
    except EnlightedForbiddenError, EnlightedNotFoundError:
        return ()


def _trimmed(data: Mapping[str, Any], *fields: str) -> dict[str, Any]:
    """Return data without the blanks around what was pasted."""
    return {**data, **{field: data[field].strip() for field in fields}}


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's values without its section; entry data has none and stays as it is."""
    flat = {**data, **data.get(CONF_ADVANCED, {})}
    flat.pop(CONF_ADVANCED, None)
    return flat
