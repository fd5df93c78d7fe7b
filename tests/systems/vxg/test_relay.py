"""Live HLS at an address that stays good while tickets come and go."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import pairwise
from typing import Any

import aiohttp
import av
import pytest

from homeassistant.components.camera.helper import get_camera_from_entity_id
from homeassistant.core import HomeAssistant

from custom_components.gatehouse.systems.vxg.client import LiveUrls
from custom_components.gatehouse.systems.vxg.relay import Channel

from .site import Site

MASTER = """#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=1
low/list.m3u8?ticket=a
"""
MEDIA = """#EXTM3U
#EXT-X-MAP:URI="init.mp4?ticket=a"
#EXTINF:2.0,

1.m4s?ticket=a
https://cdn.example.test/2.ts?ticket=a
"""


@pytest.fixture
def options() -> dict[str, Any]:
    return {"poll_interval": 0.05, "stream": "hls"}


@pytest.fixture
async def session() -> AsyncGenerator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def address_of(hass: HomeAssistant, site: Site) -> str:
    entity_id = site.entity_id("camera", "main", site.cameras[0])
    source = await get_camera_from_entity_id(hass, entity_id).stream_source()
    assert source
    return source


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if not line.startswith("#")]


async def test_no_ticket_is_told_to_the_player(
    hass: HomeAssistant, site: Site, session: aiohttp.ClientSession
) -> None:
    address = await address_of(hass, site)
    assert address.startswith("http://127.0.0.1:")
    async with session.get(address) as answer:
        text = await answer.text()
    assert "ticket" not in address + text
    assert "media." not in text
    name = lines(text)[0]
    async with session.get(address.replace("index.m3u8", name)) as answer:
        assert answer.status == 200
        assert (await answer.read())[0] == 0x47  # MPEG-TS


async def test_the_picture_goes_on_beyond_its_ticket(hass: HomeAssistant, site: Site) -> None:
    site.cloud.faults.hls_life = 3.0
    site.cloud.faults.hls_grace = 0.5
    address = await address_of(hass, site)

    def play() -> list[float]:
        with av.open(address, timeout=10) as container:
            times = []
            for frame in container.decode(video=0):
                assert frame.time is not None
                times.append(frame.time)
                if times[-1] - times[0] > 14:
                    break
            return times

    times = await asyncio.to_thread(play)
    gaps = [after - before for before, after in pairwise(times)]
    assert max(gaps) == pytest.approx(0.1, abs=0.01)
    assert len(site.told("watch")) >= 3
    # A playlist that is asked for every two seconds does not cost a ticket each time.
    assert len(site.told("watch")) < 10


async def test_a_ticket_that_ends_early_is_replaced(
    hass: HomeAssistant, site: Site, session: aiohttp.ClientSession
) -> None:
    address = await address_of(hass, site)
    site.cloud.world.keys._secret = b"another"  # every ticket of before is void now
    async with session.get(address) as answer:
        assert answer.status == 200
    assert len(site.told("watch")) == 2


async def test_a_stream_that_has_to_start_again_is_waited_for(
    hass: HomeAssistant, site: Site, session: aiohttp.ClientSession
) -> None:
    address = await address_of(hass, site)
    site.cloud.faults.warm_up = 2.0
    site.cloud.world.cameras[site.cameras[0]].pulled_since = None
    async with session.get(address) as answer:
        assert answer.status == 200


async def test_whoever_does_not_know_the_secret_gets_nothing(
    hass: HomeAssistant, site: Site, session: aiohttp.ClientSession
) -> None:
    address = await address_of(hass, site)
    root = address.rpartition("/")[0].rpartition("/")[0]
    for path in ("/", "/guess/index.m3u8", "//index.m3u8"):
        async with session.get(root + path) as answer:
            assert answer.status == 404
    async with session.get(address.replace("index.m3u8", "unknown.ts")) as answer:
        assert answer.status == 404
    async with session.get(address.replace("index.m3u8", "unknown.m3u8")) as answer:
        assert answer.status == 404


async def test_a_cloud_that_is_away_is_a_bad_gateway(
    hass: HomeAssistant, site: Site, session: aiohttp.ClientSession
) -> None:
    address = await address_of(hass, site)
    await site.cloud.stop()
    async with session.get(address) as answer:
        assert answer.status == 502
    await site.cloud.start()


async def test_it_ends_with_the_entry(
    hass: HomeAssistant, site: Site, session: aiohttp.ClientSession
) -> None:
    address = await address_of(hass, site)
    assert await address_of(hass, site) == address
    assert await hass.config_entries.async_unload(site.entry.entry_id)
    with pytest.raises(aiohttp.ClientConnectorError):
        await session.get(address)


def test_lists_of_lists_keys_and_other_hosts_are_rewritten() -> None:
    channel = Channel(1, None, LiveUrls())
    base = "https://cdn.example.test/live/index.m3u8?ticket=a"
    [name] = lines(channel.rewrite(MASTER, base))
    assert name.endswith(".m3u8")
    assert channel.files[name] == "https://cdn.example.test/live/low/list.m3u8?ticket=a"
    text = channel.rewrite(MEDIA, "https://cdn.example.test/live/low/list.m3u8?ticket=a")
    assert "ticket" not in text
    first, second = lines(text)
    assert channel.files[first].endswith("/live/low/1.m4s?ticket=a")
    assert second.endswith(".ts")
    # The same file has the same name when its ticket is another.
    assert (
        lines(channel.rewrite(MEDIA.replace("=a", "=b"), base.replace("index", "low/x")))[0]
        == first
    )
