"""Live pictures by RTSP, played by ffmpeg, and said in its own words where that matters."""

import asyncio
from collections.abc import AsyncIterator, Mapping
import contextlib
import time

import av
from av.error import HTTPForbiddenError, HTTPNotFoundError, HTTPUnauthorizedError
import pytest

from simulators.vxg.picture import Scene
from simulators.vxg.rtsp import Packets, RtspServer

from .test_film import difference, steps

SCENE = Scene("Front door", 7)
SIZE = (320, 180)
TCP = {"rtsp_transport": "tcp", "fpsprobesize": "0"}


class Gate:
    """Says who may see what."""

    def __init__(self) -> None:
        self.tickets = {"good"}
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    def find(self, path: str, query: Mapping[str, str]) -> Scene | int:
        """Return the one scene to whoever has a ticket."""
        self.asked.append((path, query))
        if path != "/live/7":
            return 404
        if "ticket" not in query:
            return 403
        return SCENE if query["ticket"] in self.tickets else 401


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def server(gate: Gate) -> AsyncIterator[RtspServer]:
    server = RtspServer(gate.find, SIZE, 10, time.time)
    await server.start()
    yield server
    await server.stop()


def url(server: RtspServer, rest: str = "/live/7?ticket=good") -> str:
    return f"rtsp://127.0.0.1:{server.port}{rest}"


def look(address: str, count: int, options: Mapping[str, str] | None = None) -> list:
    """Return some frames, or those that came before the stream ended."""
    shown = []
    with av.open(address, options=dict(options or TCP), timeout=10) as container:
        for frame in container.decode(video=0):
            shown.append((frame.time or 0.0, frame.to_image()))
            if len(shown) == count:
                break
    return shown


async def playing(server: RtspServer, count: int) -> None:
    """Wait until so many sessions play."""
    async with asyncio.timeout(10):
        while server.sessions != count:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)


class Talk:
    """A connection on which requests are typed by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.sequence = 0

    async def ask(self, method: str, address: str, *headers: str) -> tuple[int, dict[str, str]]:
        """Ask, and return the status and the headers of the answer, its body as `body`."""
        self.sequence += 1
        lines = (f"{method} {address} RTSP/1.0", f"CSeq: {self.sequence}", *headers, "", "")
        self.writer.write("\r\n".join(lines).encode())
        async with asyncio.timeout(10):
            while (begin := await self.reader.readexactly(1)) == b"$":
                await self.packet(begin)
            first, *rest = (begin + await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            named = dict(line.split(": ", 1) for line in rest if line)
            assert named["CSeq"] == str(self.sequence)
            body = await self.reader.readexactly(int(named.get("Content-Length", 0)))
        return int(first.split()[1]), {**named, "body": body.decode()}

    async def packet(self, begin: bytes | None = None) -> tuple[int, bytes]:
        """Return the channel of the next packet, and the packet."""
        async with asyncio.timeout(10):
            assert (begin or await self.reader.readexactly(1)) == b"$"
            head = await self.reader.readexactly(3)
            return head[0], await self.reader.readexactly(int.from_bytes(head[1:]))


@pytest.fixture
async def talk(server: RtspServer) -> AsyncIterator[Talk]:
    talk = Talk(*await asyncio.open_connection("127.0.0.1", server.port))
    yield talk
    talk.writer.close()


async def test_ffmpeg_plays_what_happens_now(server: RtspServer) -> None:
    before = time.time()
    shown = await asyncio.to_thread(look, url(server), 20)
    after = time.time()

    assert steps(shown) == [0.1] * 19
    assert difference(shown[0][1], shown[5][1]) > 500
    assert after - before >= 1.9
    await playing(server, 0)


async def test_a_client_that_prefers_udp_comes_back_with_tcp(server: RtspServer) -> None:
    shown = await asyncio.to_thread(look, url(server), 3, {"fpsprobesize": "0"})

    assert len(shown) == 3


@pytest.mark.parametrize(
    ("rest", "error"),
    [
        ("/live/7?ticket=bad", HTTPUnauthorizedError),
        ("/live/7", HTTPForbiddenError),
        ("/live/8?ticket=good", HTTPNotFoundError),
    ],
)
async def test_who_may_not_look_is_refused(
    server: RtspServer, rest: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await asyncio.to_thread(look, url(server, rest), 1)


async def test_a_session_outlives_its_ticket(server: RtspServer, gate: Gate) -> None:
    watching = asyncio.create_task(asyncio.to_thread(look, url(server), 20))
    await playing(server, 1)

    gate.tickets.clear()

    assert len(await watching) == 20
    assert gate.asked == [("/live/7", {"ticket": "good"})] * 2


async def test_a_ticket_may_run_out_before_the_session_is_set_up(
    server: RtspServer, gate: Gate, talk: Talk
) -> None:
    _, described = await talk.ask("DESCRIBE", url(server))
    [track] = [line for line in described["body"].split("\r\n") if "trackID" in line]
    gate.tickets.clear()

    status, _ = await talk.ask(
        "SETUP", track.removeprefix("a=control:"), "Transport: RTP/AVP/TCP;interleaved=0-1"
    )

    assert status == 401


@pytest.mark.parametrize("method", ["cut", "stop"])
async def test_sessions_are_dropped_at_once(server: RtspServer, method: str) -> None:
    watching = [asyncio.create_task(asyncio.to_thread(look, url(server), 500)) for _ in range(2)]
    await playing(server, 2)
    await asyncio.sleep(1)

    begun = time.monotonic()
    if method == "cut":
        server.cut()
    else:
        await server.stop()
    seen = await asyncio.gather(*watching, return_exceptions=True)

    assert time.monotonic() - begun < 2
    assert all(isinstance(each, OSError) or 0 < len(each) < 500 for each in seen)
    await playing(server, 0)


async def test_after_a_cut_somebody_may_come_again(server: RtspServer) -> None:
    server.cut()
    assert len(await asyncio.to_thread(look, url(server), 2)) == 2

    port = server.port
    await server.stop()
    await server.stop()
    await server.start()

    assert server.port == port
    assert len(await asyncio.to_thread(look, url(server), 2)) == 2


async def test_a_session_word_by_word(server: RtspServer, talk: Talk) -> None:
    address = url(server)
    status, answer = await talk.ask("OPTIONS", address)
    assert (status, "DESCRIBE" in answer["Public"]) == (200, True)
    status, answer = await talk.ask("DESCRIBE", address, "Accept: application/sdp")
    assert (status, answer["Content-Type"]) == (200, "application/sdp")
    assert "a=rtpmap:96 H264/90000\r\n" in answer["body"]
    assert "sprop-parameter-sets=Z" in answer["body"]

    # Some clients put the track behind the query.
    track = f"{address}/trackID=0"
    assert (await talk.ask("PLAY", address))[0] == 454
    assert (await talk.ask("SETUP", track, "Transport: RTP/AVP;unicast;client_port=9-10"))[0] == 461
    status, answer = await talk.ask(
        "SETUP", track, "Transport: RTP/AVP;unicast,RTP/AVP/TCP;unicast;interleaved=4-5"
    )
    assert (status, "interleaved=4-5" in answer["Transport"]) == (200, True)
    session = f"Session: {answer['Session'].partition(';')[0]}"
    assert (await talk.ask("PLAY", address, "Session: other"))[0] == 454
    assert server.sessions == 0
    assert (await talk.ask("PLAY", address, session))[0] == 200
    assert server.sessions == 1
    talk.writer.write(b"$\x05\x00\x04abcd")
    assert (await talk.packet())[0] == 4
    assert (await talk.ask("SETUP", track, "Transport: RTP/AVP/TCP;interleaved=0-1"))[0] == 455
    assert (await talk.ask("GET_PARAMETER", address, session))[0] == 200
    assert (await talk.ask("RECORD", address, session))[0] == 501
    assert (await talk.ask("TEARDOWN", address, session))[0] == 200
    await playing(server, 0)


@pytest.mark.parametrize("words", [b"nonsense\r\n\r\n", b"A B C\r\nX: " + b"y" * 70_000, b"OPT"])
async def test_who_talks_nonsense_is_left(server: RtspServer, talk: Talk, words: bytes) -> None:
    talk.writer.write(words)
    talk.writer.write_eof()

    async with asyncio.timeout(10):
        # It may hang up before it has read everything.
        with contextlib.suppress(ConnectionResetError):
            assert await talk.reader.read() == b""
    assert server.sessions == 0


def test_a_long_unit_is_sent_in_fragments() -> None:
    long = bytes([0x65, *(number % 251 for number in range(3000))])

    sent = list(Packets(2).of_frame(0.5, [b"\x67abc", long]))

    assert [packet[:2] for packet in sent] == [b"$\x02"] * 4
    assert all(int.from_bytes(packet[2:4]) == len(packet) - 4 for packet in sent)
    assert [packet[5] for packet in sent] == [96, 96, 96, 96 | 0x80]
    assert {int.from_bytes(packet[8:12]) for packet in sent} == {45_000}
    numbers = [int.from_bytes(packet[6:8]) for packet in sent]
    assert [(number - numbers[0]) % 65536 for number in numbers] == [0, 1, 2, 3]
    assert sent[0][16:] == b"\x67abc"
    assert [packet[16:18] for packet in sent[1:]] == [b"\x7c\x85", b"\x7c\x05", b"\x7c\x45"]
    assert b"".join(packet[18:] for packet in sent[1:]) == long[1:]
