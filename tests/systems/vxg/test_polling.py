"""What an account costs its cloud: counted at the cloud, by the simulated clock's minute."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant

from custom_components.gatehouse.systems.vxg import const
from custom_components.gatehouse.systems.vxg.client import Camera, CameraStatus
from custom_components.gatehouse.systems.vxg.client.feed import EventFeed
from custom_components.gatehouse.systems.vxg.reader import Key, SettingsReader
from custom_components.gatehouse.systems.vxg.snapshot import Kind
from simulators.vxg import VxgSimulator

from ..watching import eventually
from .site import Site, data_of

#: How many times faster than life the clock of these tests runs: a minute is a second.
FAST = 60.0
MINUTES = 6

CREDENTIALS: dict[str, Callable[[VxgSimulator], str]] = {
    "group": lambda cloud: cloud.world.group_token(),
    "key": lambda cloud: cloud.world.licence_key(),
    "channel": lambda cloud: cloud.world.channel_token(next(iter(cloud.world.cameras))),
}


@pytest.fixture
async def big(socket_enabled: None) -> AsyncGenerator[VxgSimulator]:
    """Run a cloud with sixty cameras, of which one is dead and one refuses its login."""
    async with VxgSimulator(cameras=60) as cloud:
        first, second, *_ = cloud.world.cameras
        cloud.world.set_status(first, "offline")
        cloud.world.set_status(second, "unauthorized")
        yield cloud


@pytest.fixture
def fast(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a minute of every interval pass in a second: those that are read, not those of HTTP."""
    monkeypatch.setattr(const, "STATUS_INTERVAL", timedelta(seconds=60 / FAST))
    module = "custom_components.gatehouse.systems.vxg"
    monkeypatch.setattr(f"{module}.coordinator.STATUS_INTERVAL", timedelta(seconds=60 / FAST))
    monkeypatch.setattr(f"{module}.coordinator.SLOW_INTERVAL", 3600 / FAST)
    monkeypatch.setattr(f"{module}.coordinator.ROUND", 60 / FAST)
    # The worst minute: every setting of every camera is due again, always.
    monkeypatch.setattr(f"{module}.reader.SETTINGS_INTERVAL", 0.0)
    monkeypatch.setattr(f"{module}.reader.SETTINGS_PER_MINUTE", 1e9)


async def a_minute_of(
    hass: HomeAssistant, cloud: VxgSimulator, credential: str
) -> tuple[float, Counter[str]]:
    """Set an account up, let it settle, and return its requests a minute from then on."""
    entry = MockConfigEntry(
        domain="gatehouse",
        unique_id="vxg-big",
        data=data_of(cloud, CREDENTIALS[credential](cloud)),
        options={"poll_interval": 10 / FAST},
    )
    entry.add_to_hass(hass)
    site = Site(hass, entry, cloud=cloud)
    await site.set_up()
    await eventually(lambda: not site.coordinator._settings_lock.locked())
    before = len(cloud.requests)
    await asyncio.sleep(60 / FAST * MINUTES)
    seen = cloud.requests[before:]
    dead = f"/cameras/{next(iter(cloud.world.cameras))}/"
    if credential != "channel":
        assert not [each.path for each in seen if dead in each.path]
    assert {each.method for each in cloud.requests} == {"GET"}
    assert any("/cameras/" in each.path and each.path.count("/") > 5 for each in seen)
    return len(seen) / MINUTES, Counter(each.path.split("/")[3] for each in seen)


@pytest.mark.usefixtures("fast")
async def test_sixty_cameras_cost_fifteen_requests_a_minute_at_the_most(
    hass: HomeAssistant, big: VxgSimulator
) -> None:
    """With a group's token: one list, six looks for events, and settings in their turn."""
    requests, kinds = await a_minute_of(hass, big, "group")
    assert 5 < requests <= 15, kinds


@pytest.mark.usefixtures("fast")
async def test_a_licence_key_costs_no_more(hass: HomeAssistant, big: VxgSimulator) -> None:
    requests, kinds = await a_minute_of(hass, big, "key")
    assert 5 < requests <= 15, kinds


@pytest.mark.usefixtures("fast")
async def test_a_channel_costs_no_more(hass: HomeAssistant, cloud: VxgSimulator) -> None:
    requests, kinds = await a_minute_of(hass, cloud, "channel")
    assert 5 < requests <= 15, kinds


async def test_settings_of_any_number_of_cameras_cost_two_requests_a_minute(
    hass: HomeAssistant, site: Site
) -> None:
    """By the intervals themselves, whatever the machine does meanwhile."""
    reader = SettingsReader(hass, site.coordinator.client)
    for cameras in (1, 25, 60, 1000):
        a_round = cameras * (len(reader._reads) + 2)
        per_minute = a_round / (reader._interval(cameras) / 60)
        assert per_minute <= const.SETTINGS_PER_MINUTE


async def test_a_camera_is_asked_once_for_what_it_lacks(site: Site) -> None:
    camera = site.cameras[1]  # without motors and without a card
    reader = site.coordinator.reader
    assert Key(camera, Kind.PTZ) in reader._missing
    reader._due = dict.fromkeys(reader._due, 0.0)
    before = len(site.cloud.requests)
    for _ in range(30):
        await site.coordinator._async_read_settings()
    asked = [each.path for each in site.cloud.requests[before:]]
    assert len(asked) > 30
    assert f"/api/v2/cameras/{camera}/ptz/" not in asked


async def test_a_key_that_has_to_name_cameras_asks_all_of_them_within_a_minute() -> None:
    """In turn, and of equally many at a time."""
    asked: list[int] = []

    class Counting(EventFeed):
        async def _look_at(self, camera: int | None) -> object:  # type: ignore[override]  # counted alone
            assert camera is not None
            asked.append(camera)
            return type("News", (), {"events": (), "pictures": ()})

    feed = Counting(None)  # type: ignore[arg-type]  # nothing is sent
    feed.is_per_camera = True
    cameras = range(60)
    for _ in range(6):
        await feed.look(cameras, share=10 / 60)
    assert sorted(asked) == list(cameras)


async def test_a_cloud_that_wants_to_be_left_alone_is(
    hass: HomeAssistant, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """`Retry-After` holds for the looks for events as for everything else."""
    site.cloud.faults.fail(429, times=1, path="/storage/events/", retry_after="3")
    await eventually(lambda: not site.coordinator.is_live, "the refusal")
    before = len([each for each in site.cloud.requests if "/events/" in each.path])
    await asyncio.sleep(1.5)
    after = len([each for each in site.cloud.requests if "/events/" in each.path])
    assert after == before
    await eventually(lambda: site.coordinator.is_live, "the events")


def test_a_status_that_is_new_is_no_camera_that_is_there() -> None:
    assert not Camera(id=1, name="x").is_online
    assert Camera(id=1, name="x", status=CameraStatus.INACTIVE).is_online
