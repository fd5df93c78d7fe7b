"""What the simulated cameras see, as stills, as live segments and as films."""

import asyncio
from collections.abc import AsyncIterator
import io
import itertools
import time

from aiohttp import web
import av
from PIL import Image, ImageChops
import pytest

from simulators.vxg.film import access_units, live_segment, recording
from simulators.vxg.picture import Scene

SCENE = Scene("Front door", 7)
SIZE = (320, 180)
FPS = 10
NOON = 1_750_000_000.0
#: Where the 33 bits of MPEG-TS start again.
WRAP = 20_000 * 2**33 / 90_000

type Shown = tuple[float, Image.Image]


def difference(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels are plainly other ones."""
    strong = ImageChops.difference(one, other).convert("L").point(lambda level: level > 40 and 255)
    return strong.histogram()[255]


def frames(source: str | io.BytesIO) -> list[Shown]:
    """Return all frames with their times."""
    with av.open(source) as container:
        return [(frame.time or 0.0, frame.to_image()) for frame in container.decode(video=0)]


def steps(shown: list[Shown]) -> list[float]:
    """Return the seconds from each frame to the next."""
    return [round(later[0] - earlier[0], 3) for earlier, later in itertools.pairwise(shown)]


class Playlist:
    """Serves two segments that are made when they are asked for."""

    def __init__(self) -> None:
        self.start = NOON
        self.url = ""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer with the list or with a segment."""
        number = request.path.removeprefix("/").removesuffix(".ts")
        if number.isdecimal():
            start = self.start + 2 * int(number)
            segment = await asyncio.to_thread(live_segment, SCENE, start, 2, SIZE, FPS)
            return web.Response(body=segment, content_type="video/mp2t")
        lines = ("#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2")
        parts = ("#EXTINF:2.0,", "0.ts", "#EXTINF:2.0,", "1.ts", "#EXT-X-ENDLIST", "")
        return web.Response(
            text="\n".join(lines + parts), content_type="application/vnd.apple.mpegurl"
        )


@pytest.fixture
async def playlist() -> AsyncIterator[Playlist]:
    playlist = Playlist()
    runner = web.ServerRunner(web.Server(playlist.answer), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    playlist.url = f"http://127.0.0.1:{runner.addresses[0][1]}/live.m3u8"
    yield playlist
    await runner.cleanup()


@pytest.mark.parametrize("seed", [1, 7, 40])
def test_something_moves_all_the_time(seed: int) -> None:
    scene = Scene("Bar", seed)

    pictures = [scene.frame(NOON + 0.5 * number, SIZE) for number in range(14)]

    moved = [difference(one, other) for one, other in itertools.pairwise(pictures)]
    assert min(moved) > 500
    assert scene.frame(NOON, SIZE).tobytes() == pictures[0].tobytes()


def test_each_camera_sees_something_else_and_tells_the_tenth() -> None:
    picture = SCENE.frame(NOON, SIZE)

    assert difference(picture, Scene("Front door", 8).frame(NOON, SIZE)) > 2000
    assert difference(picture, Scene("Back door", 7).frame(NOON, SIZE)) > 20
    clocks = [
        SCENE.frame(NOON + tenth, SIZE).crop((160, 160, 320, 180)).tobytes()
        for tenth in (0.1, 0.11, 0.2)
    ]
    assert clocks[0] == clocks[1] != clocks[2]


def test_a_still_is_a_jpeg() -> None:
    with Image.open(io.BytesIO(SCENE.still(NOON, (640, 360)))) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 360))
        assert difference(picture, SCENE.frame(NOON, (640, 360))) < 500


def test_a_segment_stands_alone() -> None:
    with av.open(io.BytesIO(live_segment(SCENE, NOON, 2, SIZE, FPS))) as container:
        [stream] = container.streams
        assert stream.codec.name == "h264"
        packets = [packet for packet in container.demux(stream) if packet.size]

    assert len(packets) == 20
    assert packets[0].is_keyframe
    assert packets[0].pts == NOON * 90_000 % 2**33
    assert [packet.dts for packet in packets] == [packet.pts for packet in packets]


@pytest.mark.parametrize("start", [NOON, WRAP - 3, WRAP - 2, WRAP - 1.55])
async def test_segments_play_in_a_row(playlist: Playlist, start: float) -> None:
    playlist.start = start

    shown = await asyncio.to_thread(frames, playlist.url)

    assert len(shown) == 40
    assert steps(shown) == [0.1] * 39
    for number in (0, 19, 20, 39):
        seen = SCENE.frame(start + number / FPS, SIZE)
        assert difference(shown[number][1], seen) < 300
    assert difference(shown[19][1], shown[24][1]) > 500


def test_a_film_plays_in_a_browser() -> None:
    begun = time.process_time()

    film = recording(SCENE, NOON, 30, SIZE, FPS)

    assert time.process_time() - begun < 4
    assert film.index(b"moov") < film.index(b"mdat")
    with av.open(io.BytesIO(film)) as container:
        assert container.duration == 30_000_000
        assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
    shown = frames(io.BytesIO(film))
    assert (shown[0][0], len(shown)) == (0.0, 300)
    assert set(steps(shown)) == {0.1}
    assert difference(shown[-1][1], SCENE.frame(NOON + 29.9, SIZE)) < 300


def test_a_film_may_have_one_frame() -> None:
    assert len(frames(io.BytesIO(recording(SCENE, NOON, 0.01, SIZE, FPS)))) == 1


def test_access_units_begin_with_their_parameter_sets() -> None:
    units = list(itertools.islice(access_units(SCENE, NOON, SIZE, FPS), 41))

    assert [round(moment - NOON, 3) for moment, _ in units] == [n / FPS for n in range(41)]
    kinds = [[unit[0] & 0x1F for unit in each] for _, each in units]
    for number, each in enumerate(kinds):
        if number % 20:
            assert each == [1]
        else:
            assert (each[:2], each[-1]) == ([7, 8], 5)
