"""What holds for everything that is set on a camera (sections 2.5, 7.27, 10.15)."""

from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from custom_components.gatehouse.systems.vxg.client import (
    VxgBusyError,
    VxgClient,
    VxgForbiddenError,
    VxgNotFoundError,
    rest,
)
from simulators.vxg import VxgSimulator

from .support import CAMERA, Answer, StubCloud, client_of, listing, settings_for

type Call = Callable[[VxgClient], Awaitable[object]]

SETTINGS: list[Call] = [
    lambda client: client.get_video(CAMERA),
    lambda client: client.get_audio(CAMERA),
    lambda client: client.get_streams(CAMERA),
    lambda client: client.get_encoder(CAMERA, "vs_1"),
    lambda client: client.get_regions(CAMERA),
    lambda client: client.get_schedule(CAMERA),
    lambda client: client.get_card(CAMERA),
    lambda client: client.get_firmwares(CAMERA),
    lambda client: client.get_ptz(CAMERA),
]
CHANGES: list[Call] = [
    lambda client: client.set_video(CAMERA, "brightness", 40),
    lambda client: client.set_audio(CAMERA, "mic_gain", 40),
    lambda client: client.set_live_stream(CAMERA, "Second"),
    lambda client: client.set_encoder(CAMERA, "vs_1", "fps", 15),
    lambda client: client.set_motion(CAMERA, on=False),
    lambda client: client.set_schedule(CAMERA, {"sunday": []}),
    lambda client: client.upgrade(CAMERA, "1.3.0"),
    lambda client: client.move(CAMERA, "left"),
    lambda client: client.go_to_preset(CAMERA, "1"),
    lambda client: client.save_preset(CAMERA, "Door"),
]


@pytest.mark.parametrize("call", SETTINGS)
async def test_a_camera_that_is_pulled_has_no_settings(
    session: aiohttp.ClientSession, cloud: VxgSimulator, call: Call
) -> None:
    """Section 10.15."""
    number = cloud.world.add_camera(plain=True)
    cloud.world.cameras[CAMERA] = cloud.world.cameras[number]
    client = client_of(session, cloud, cloud.world.channel_token(number))
    client._access._tokens[CAMERA] = client._access.credential.secret
    with pytest.raises(VxgNotFoundError):
        await call(client)


@pytest.mark.parametrize("call", CHANGES)
async def test_a_token_for_looking_changes_nothing(
    session: aiohttp.ClientSession, cloud: VxgSimulator, call: Call
) -> None:
    client = client_of(session, cloud, cloud.world.channel_token(CAMERA, "watch"))
    with pytest.raises(VxgForbiddenError):
        await call(client)
    assert cloud.commands == []


@pytest.mark.parametrize("call", CHANGES)
async def test_a_camera_that_is_offline_is_told(
    client: VxgClient, cloud: VxgSimulator, call: Call
) -> None:
    cloud.world.set_status(CAMERA, "offline")
    with pytest.raises(VxgBusyError):
        await call(client)


@pytest.mark.parametrize("call", CHANGES)
async def test_a_change_is_given_the_time_that_a_camera_needs(
    session: aiohttp.ClientSession, stub: StubCloud, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = VxgClient(session, settings_for(stub.port))
    limits: list[float] = []
    send = client._link.send

    async def note(method: str, path: str, **more: object) -> object:
        if method != "GET":
            limits.append(more["limit"])
        return await send(method, path, **more)

    monkeypatch.setattr(client._link, "send", note)
    stub.otherwise = Answer(listing())
    await call(client)
    assert limits == [rest.SLOW]
