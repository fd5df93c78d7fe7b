"""Setting up a Net2 server: the form, the licence, and the proof that both are right."""

from collections.abc import Mapping, Sequence
from pathlib import Path
import re
from typing import Any, Final, override

import probatio

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.const import CONF_HOST, CONF_PASSWORD, CONF_PORT, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import (
    BooleanSelector,
    FileSelector,
    FileSelectorConfig,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
from homeassistant.util import dt as dt_util

from ...const import CONF_FINGERPRINT, CONF_USE_HTTPS
from ...system import PORT, CertificateUntrustedError, SetupError, Site, SystemForm
from .client import Net2CertificateError, Net2Client, Net2Error, Net2Settings
from .const import (
    CONF_ADVANCED,
    CONF_CLIENT_ID,
    CONF_CLIENT_SECRET,
    CONF_LICENCE_FILE,
    SYSTEM_ID,
)
from .devices import door_identifier
from .errors import ERRORS

_SECRET: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
#: A licence is a page of XML (section 1.3); anything much larger is some other file.
_LICENCE_LIMIT: Final = 64 * 1024
_CLIENT_ID: Final = re.compile(r'\bClientID\s*=\s*"([^"]+)"', re.IGNORECASE)


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> Net2Client:
    """Return a client for an entry's data."""
    settings = Net2Settings(
        host=data[CONF_HOST],
        port=data[CONF_PORT],
        use_https=data[CONF_USE_HTTPS],
        username=data[CONF_USERNAME],
        password=data[CONF_PASSWORD],
        client_id=data[CONF_CLIENT_ID],
        client_secret=data.get(CONF_CLIENT_SECRET),
        fingerprint=data.get(CONF_FINGERPRINT),
    )
    return Net2Client(
        async_get_clientsession(hass), settings, time_zone=dt_util.get_default_time_zone()
    )


class Net2Form(SystemForm):
    """What to ask for, and how to prove it."""

    schema = probatio.Schema(
        {
            probatio.Required(CONF_HOST): TextSelector(),
            probatio.Required(CONF_PORT, default=8443): PORT,
            probatio.Required(CONF_USERNAME): TextSelector(
                TextSelectorConfig(autocomplete="username")
            ),
            probatio.Required(probatio.Secret(CONF_PASSWORD)): _SECRET,
            probatio.Optional(probatio.Secret(CONF_CLIENT_ID)): TextSelector(),
            probatio.Optional(CONF_LICENCE_FILE): FileSelector(FileSelectorConfig(accept=".lic")),
            probatio.Required(CONF_ADVANCED): section(
                probatio.Schema(
                    {
                        probatio.Optional(probatio.Secret(CONF_CLIENT_SECRET)): _SECRET,
                        probatio.Required(CONF_USE_HTTPS, default=True): BooleanSelector(),
                    }
                ),
                {"collapsed": True},
            ),
        }
    )
    credentials = probatio.Schema(
        {
            probatio.Required(CONF_USERNAME): TextSelector(
                TextSelectorConfig(autocomplete="username")
            ),
            probatio.Required(probatio.Secret(CONF_PASSWORD)): _SECRET,
        }
    )

    @override
    async def async_read(
        self, hass: HomeAssistant, user_input: Mapping[str, Any]
    ) -> Sequence[dict[str, Any]]:
        """Flatten the form; a licence file gives up to two client ids to try."""
        data = _flat(user_input)
        data[CONF_HOST] = data[CONF_HOST].strip()
        file_id = data.pop(CONF_LICENCE_FILE, None)
        client_ids: list[str] = []
        if file_id:
            # Before the id that the form suggests: whoever chooses a file has a new licence.
            client_ids += await hass.async_add_executor_job(_read_licence, hass, file_id)
        if data.get(CONF_CLIENT_ID):
            client_ids.append(data[CONF_CLIENT_ID].strip())
        if not client_ids:
            raise SetupError("invalid_licence")
        return [{**data, CONF_CLIENT_ID: client_id} for client_id in dict.fromkeys(client_ids)]

    @override
    async def async_identify(self, hass: HomeAssistant, data: Mapping[str, Any]) -> Site:
        """Sign in and read the doors: they are what makes a site this site."""
        client = create_client(hass, data)
        try:
            await client.sign_in()
            doors = await client.get_doors()
        except Net2CertificateError as err:
            raise CertificateUntrustedError from err
        except Net2Error as err:
            raise SetupError(ERRORS.key_of(err)) from err
        serials = sorted(door.id for door in doors)
        return Site(
            title=f"Net2 {data[CONF_HOST]}",
            # A server has no id of its own; its lowest door serial is as lasting as a site gets.
            unique_id=f"{SYSTEM_ID}-{serials[0] if serials else data[CONF_HOST].lower()}",
            parts=frozenset(door_identifier(serial) for serial in serials),
        )

    @override
    def suggest(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a form can start from; the password is typed anew."""
        data = _flat(data)
        shown = {CONF_HOST, CONF_PORT, CONF_USERNAME, CONF_CLIENT_ID}
        return {
            **{key: value for key, value in data.items() if key in shown},
            CONF_ADVANCED: {CONF_USE_HTTPS: data[CONF_USE_HTTPS]},
        }


def _flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a form's values without its section; entry data has none and stays as it is."""
    flat = {**data, **data.get(CONF_ADVANCED, {})}
    flat.pop(CONF_ADVANCED, None)
    return flat


def _read_licence(hass: HomeAssistant, file_id: str) -> list[str]:
    """Return the client ids that an uploaded licence names (section 1.3).

    Paxton's rule is the file's name; on some real servers only the attribute `ClientID` works.
    """
    try:
        with process_uploaded_file(hass, file_id) as path:
            return _client_ids(path)
    except ValueError as err:
        raise SetupError("invalid_licence") from err


def _client_ids(path: Path) -> list[str]:
    with path.open("rb") as file:
        text = file.read(_LICENCE_LIMIT).decode("utf-8", errors="replace")
    attribute = _CLIENT_ID.search(text)
    return [path.stem, *([attribute[1]] if attribute else [])]
