"""The WebRTC signalling of section 5.3, as far as the offer: enough to prove a client's start."""

import contextlib
from typing import Final

from aiohttp import WSMsgType, web
import orjson

from .tickets import Tickets
from .world import World

_OFFER: Final = (
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n"
)
_PEER: Final = "peer-1"


async def signal(request: web.BaseRequest, world: World, tickets: Tickets) -> web.StreamResponse:
    """Say hello, begin a session and offer; the viewer answers."""
    stream = tickets.stream_of(request.query.get("ticket", ""))
    camera = tickets.camera_of(stream) if stream else None
    if camera is None:
        return web.Response(status=403)
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            break
        text: str = message.data
        if text.startswith("HELLO "):
            await socket.send_str("HELLO")
            if camera.status != "active":
                await socket.send_str("ERROR not publishing")
                break
            await socket.send_str(f"SESSION_STARTED {_PEER}")
            offer = {"from": _PEER, "sdp": {"type": "offer", "sdp": _OFFER}}
            await socket.send_str(orjson.dumps(offer).decode())
            continue
        answer = None
        with contextlib.suppress(orjson.JSONDecodeError):
            answer = orjson.loads(text)
        if not isinstance(answer, dict) or answer.get("to") != _PEER:
            await socket.send_str("ERROR unexpected")
            break
        if "sdp" in answer:
            world.record_command("webrtc_answer", camera.id, {})
    await socket.close()
    return socket
