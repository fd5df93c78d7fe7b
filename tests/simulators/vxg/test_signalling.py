"""The WebRTC signalling, as far as the offer (section 5.3)."""

import json

import aiohttp
import pytest

from simulators.vxg import VxgSimulator

from .support import CAMERA, Api


async def connect(api: Api, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    url = (await api.watch())["webrtc"]["connection_url"]
    return await session.ws_connect(url)


@pytest.fixture
async def socket(api: Api):
    async with aiohttp.ClientSession() as session:
        socket = await connect(api, session)
        yield socket
        await socket.close()


@pytest.mark.parametrize("version", ["2.0.3", "2.0.2"])
async def test_the_server_greets_begins_and_offers(
    socket: aiohttp.ClientWebSocketResponse, cloud: VxgSimulator, version: str
) -> None:
    await socket.send_str(f"HELLO {version}")
    assert (await socket.receive_str()).startswith("HELLO")
    word, peer = (await socket.receive_str()).split(" ")
    assert word == "SESSION_STARTED"
    offer = json.loads(await socket.receive_str())
    assert offer["from"] == peer
    assert offer["sdp"]["type"] == "offer"
    assert offer["sdp"]["sdp"].startswith("v=0")
    candidate = {"candidate": "candidate:0", "sdpMid": "0", "sdpMLineIndex": 0}
    await socket.send_json({"to": peer, "ice": candidate})
    assert "webrtc_answer" not in [command.name for command in cloud.commands]
    await socket.send_json({"to": peer, "sdp": {"type": "answer", "sdp": "v=0"}})
    await socket.send_str("HELLO 2.0.3")
    assert (await socket.receive_str()) == "HELLO"
    assert [command.name for command in cloud.commands] == ["watch", "webrtc_answer"]


@pytest.mark.parametrize("text", ["nonsense", "{}", "[]", '{"to": "somebody"}', "7"])
async def test_what_nobody_understands_ends_the_socket(
    socket: aiohttp.ClientWebSocketResponse, text: str
) -> None:
    await socket.send_str(text)
    assert (await socket.receive_str()).startswith("ERROR")
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_bytes_end_the_socket(socket: aiohttp.ClientWebSocketResponse) -> None:
    await socket.send_bytes(b"HELLO 2.0.3")
    assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_a_camera_that_does_not_publish_is_an_error(
    socket: aiohttp.ClientWebSocketResponse, cloud: VxgSimulator
) -> None:
    cloud.world.set_status(CAMERA, "offline")
    await socket.send_str("HELLO 2.0.3")
    assert (await socket.receive_str()) == "HELLO"
    assert (await socket.receive_str()).startswith("ERROR")


async def test_a_ticket_that_has_ended_opens_nothing(api: Api, cloud: VxgSimulator) -> None:
    url = (await api.watch())["webrtc"]["connection_url"]
    async with aiohttp.ClientSession() as session:
        for wrong in (url[:-1], url.partition("?")[0]):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(wrong)
        cloud.clock.advance(21590)
        await (await session.ws_connect(url)).close()
        cloud.clock.advance(20)
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(url)
        assert caught.value.status == 403
