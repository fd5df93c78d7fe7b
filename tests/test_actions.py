"""How an action of any system finds the site or the part that it is about."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant, ServiceCall, SupportsResponse
from homeassistant.exceptions import ServiceValidationError, Unauthorized

from custom_components.gatehouse import actions
from custom_components.gatehouse.const import DOMAIN

from .systems.paxton_net2.site import Site


@pytest.fixture
def probe(hass: HomeAssistant) -> Callable[..., Any]:
    """Return a function that calls an action of some system; it answers what it found."""

    def register(system_id: str, *, is_admin: bool) -> None:
        async def find_site(call: ServiceCall) -> dict[str, Any]:
            return {"entry_id": actions.async_get_site(call, system_id).entry_id}

        async def find_part(call: ServiceCall) -> dict[str, Any]:
            entry, part = actions.async_get_part(call, system_id)
            return {"entry_id": entry.entry_id, "part": part}

        rows = (
            ("find_site", actions.SITE_FIELD, find_site),
            ("find_part", actions.DEVICE_FIELD, find_part),
        )
        actions.async_register(
            hass,
            [
                actions.Action(
                    name=name,
                    fields=fields,
                    handler=handler,
                    is_admin=is_admin,
                    response=SupportsResponse.ONLY,
                )
                for name, fields, handler in rows
            ],
        )

    async def find(
        what: str,
        system_id: str = "paxton_net2",
        *,
        is_admin: bool = False,
        user_id: str | None = None,
        **data: Any,
    ) -> Any:
        register(system_id, is_admin=is_admin)
        return await hass.services.async_call(
            DOMAIN,
            what,
            data,
            blocking=True,
            return_response=True,
            context=Context(user_id=user_id),
        )

    return find


async def test_the_only_site_of_a_system_is_meant(
    hass: HomeAssistant, site: Site, probe: Callable[..., Any]
) -> None:
    lamps = MockConfigEntry(domain=DOMAIN, data={"system": "lamps"})
    lamps.add_to_hass(hass)
    lamps.mock_state(hass, ConfigEntryState.LOADED)
    assert await probe("find_site") == {"entry_id": site.entry.entry_id}
    assert await probe("find_site", "lamps") == {"entry_id": lamps.entry_id}
    # Its system is not there to unload it.
    lamps.mock_state(hass, ConfigEntryState.NOT_LOADED)


async def test_a_system_without_a_site_has_none_to_mean(
    hass: HomeAssistant, site: Site, probe: Callable[..., Any]
) -> None:
    with pytest.raises(ServiceValidationError) as error:
        await probe("find_site", "lamps")
    assert (error.value.translation_domain, error.value.translation_key) == (DOMAIN, "which_site")


@pytest.mark.parametrize("what", ["find_site", "find_part"])
async def test_a_site_of_another_system_is_refused(
    site: Site, probe: Callable[..., Any], what: str
) -> None:
    device = site.device(site.doors[0])
    assert device
    named = {"find_site": {"config_entry_id": site.entry.entry_id}}
    data = named.get(what, {"device_id": device.id})
    with pytest.raises(ServiceValidationError) as error:
        await probe(what, "lamps", **data)
    assert (error.value.translation_domain, error.value.translation_key) == (DOMAIN, "other_system")
    assert error.value.translation_placeholders == {"title": "Office"}


async def test_a_part_is_found_by_its_device(site: Site, probe: Callable[..., Any]) -> None:
    device = site.device(site.doors[0])
    assert device
    found = await probe("find_part", device_id=device.id)
    part = f"paxton_net2-{site.doors[0]}"
    assert found == {"entry_id": site.entry.entry_id, "part": part}


async def test_only_administrators_may_do_what_is_theirs(
    site: Site,
    probe: Callable[..., Any],
    hass_read_only_user: MockUser,
    hass_admin_user: MockUser,
) -> None:
    found = {"entry_id": site.entry.entry_id}
    assert await probe("find_site", user_id=hass_read_only_user.id) == found
    with pytest.raises(Unauthorized):
        await probe("find_site", is_admin=True, user_id=hass_read_only_user.id)
    assert await probe("find_site", is_admin=True, user_id=hass_admin_user.id) == found
    assert await probe("find_site", is_admin=True) == found


async def test_actions_are_there_while_every_server_is_away(
    hass: HomeAssistant, site: Site
) -> None:
    before = hass.services.async_services()[DOMAIN].keys()
    await hass.config_entries.async_remove(site.entry.entry_id)
    assert hass.services.async_services()[DOMAIN].keys() == before
    with pytest.raises(ServiceValidationError):
        await hass.services.async_call(DOMAIN, "get_users", {}, blocking=True, return_response=True)
