"""Setting up an account: the credential, what it is, and the proof that it opens something."""

import asyncio
from collections.abc import Mapping, Sequence, Set
import hashlib
from typing import Any, Final, override

import probatio

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from ...const import CONF_FINGERPRINT, CONF_USE_HTTPS
from ...system import CertificateUntrustedError, SetupError, Site, SystemForm
from .client import (
    Address,
    Credential,
    VxgCertificateError,
    VxgClient,
    VxgError,
    VxgSettings,
    addresses,
)
from .const import CONF_CREDENTIAL, CONF_PATH, SYSTEM_ID
from .devices import camera_identifier
from .errors import ERRORS

#: A person pastes it, and a password manager may keep it.
_CREDENTIAL: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
_URL: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.TEXT))


def create_client(hass: HomeAssistant, data: Mapping[str, Any]) -> VxgClient:
    """Return a client for an entry's data."""
    settings = VxgSettings(
        address=Address(data[CONF_HOST], data[CONF_PORT], data[CONF_USE_HTTPS], data[CONF_PATH]),
        credential=Credential.read(data[CONF_CREDENTIAL]),
        fingerprint=data.get(CONF_FINGERPRINT),
    )
    return VxgClient(async_get_clientsession(hass), settings)


class VxgForm(SystemForm):
    """One field for whatever a customer has: the kind shows by itself."""

    schema = probatio.Schema(
        {
            probatio.Required(probatio.Secret(CONF_CREDENTIAL)): _CREDENTIAL,
            probatio.Optional(CONF_URL): _URL,
        }
    )
    credentials = probatio.Schema(
        {probatio.Required(probatio.Secret(CONF_CREDENTIAL)): _CREDENTIAL}
    )

    @override
    async def async_read(
        self, hass: HomeAssistant, user_input: Mapping[str, Any]
    ) -> Sequence[dict[str, Any]]:
        """Find out where the API is: rules differ, so that what answers is taken (10.7)."""
        text = user_input[CONF_CREDENTIAL].strip()
        url = (user_input.get(CONF_URL) or "").strip()
        candidates = addresses(Credential.read(text), url)
        if not candidates and url:
            raise SetupError("invalid_url")
        if not candidates:
            raise SetupError("url_needed")
        found = [
            {
                CONF_CREDENTIAL: text,
                CONF_HOST: address.host,
                CONF_PORT: address.port,
                CONF_USE_HTTPS: address.use_https,
                CONF_PATH: address.path,
            }
            for address in candidates
        ]
        answers = await asyncio.gather(*(_answers(hass, data) for data in found))
        return [next((d for d, is_there in zip(found, answers, strict=True) if is_there), found[0])]

    @override
    def read_credentials(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        """Take the blanks off that were pasted around it."""
        return {CONF_CREDENTIAL: user_input[CONF_CREDENTIAL].strip()}

    @override
    async def async_identify(self, hass: HomeAssistant, data: Mapping[str, Any]) -> Site:
        """Read the cameras: they are what makes an account this account."""
        client = create_client(hass, data)
        try:
            await client.get_server_time()
            cameras = await client.get_cameras()
        except VxgCertificateError as err:
            raise CertificateUntrustedError from err
        except VxgError as err:
            raise SetupError(ERRORS.key_of(err)) from err
        host = data[CONF_HOST]
        title = f"VXG {host}"
        if client.settings.credential.camera_id is not None:
            title = cameras[0].name
        # Not the host: many accounts share one cloud (section 7.20).
        digest = hashlib.sha256(client.settings.credential.secret.encode()).hexdigest()
        unique_id = f"{SYSTEM_ID}-{digest[:24]}"
        parts = {camera_identifier(camera, host) for camera in cameras}
        return Site(title=title, unique_id=unique_id, parts=frozenset({unique_id, *parts}))

    @override
    async def async_known_parts(self, hass: HomeAssistant, entry: ConfigEntry) -> Set[str]:
        """Return what may be found again: the credential that it was set up with, its cameras."""
        return {entry.unique_id or "", *await super().async_known_parts(hass, entry)}

    @override
    def suggest(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a form can start from; the credential is pasted anew."""
        if CONF_HOST not in data:
            return {CONF_URL: data[CONF_URL]} if data.get(CONF_URL) else {}
        address = Address(data[CONF_HOST], data[CONF_PORT], data[CONF_USE_HTTPS], data[CONF_PATH])
        return {CONF_URL: address.base_url}


async def _answers(hass: HomeAssistant, data: Mapping[str, Any]) -> bool:
    """Tell whether a server is there; one whose certificate has to be looked at is."""
    try:
        await create_client(hass, data).get_server_time()
    except VxgCertificateError:
        return True
    except VxgError:
        return False
    return True
