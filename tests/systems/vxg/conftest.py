"""A cloud: a real server on loopback, and the entry that stands for an account there."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant

from custom_components.gatehouse.const import DOMAIN
from simulators.vxg import VxgSimulator

from .site import Site, data_of


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncGenerator[VxgSimulator]:
    """Run a cloud with four cameras; the first can do everything."""
    async with VxgSimulator(cameras=4) as running:
        running.faults.warm_up = 0.0
        running.faults.thumb_delay = 0.0
        yield running


@pytest.fixture
def credential(request: pytest.FixtureRequest, cloud: VxgSimulator) -> str:
    """Return what the entry was set up with: a group's token, if a test names no other kind."""
    world = cloud.world
    camera = next(iter(world.cameras))
    kinds = {
        "group": world.group_token,
        "key": world.licence_key,
        "channel": lambda: world.channel_token(camera),
        "watch": lambda: world.channel_token(camera, "watch"),
    }
    return kinds[getattr(request, "param", "group")]()


@pytest.fixture
def options() -> dict[str, Any]:
    """Return the entry's options; tests override this."""
    return {"poll_interval": 0.05}


@pytest.fixture
def entry(
    hass: HomeAssistant, cloud: VxgSimulator, credential: str, options: dict[str, Any]
) -> MockConfigEntry:
    """Return an entry for the account."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Cloud",
        unique_id="vxg-test",
        data=data_of(cloud, credential),
        options=options,
    )
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def site(hass: HomeAssistant, cloud: VxgSimulator, entry: MockConfigEntry) -> Site:
    """Set the entry up and wait until it hears events and knows every setting."""
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    return site
