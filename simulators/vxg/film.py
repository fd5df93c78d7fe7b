"""Moving pictures of a scene, in H.264: pure functions, slow enough to be called in a thread."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
import io
from pathlib import Path
import re
import tempfile
from typing import TYPE_CHECKING, Final

import av
from av.container import OutputContainer
import numpy

from .picture import Scene, Size

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

#: Ticks of the clock that MPEG-TS and RTP share.
CLOCK: Final = 90_000
#: Seconds from keyframe to keyframe.
KEYFRAMES: Final = 2
#: MPEG-TS has so many bits of time; players know that it starts again after a day or so.
_TS_PERIOD: Final = 1 << 33
_TIME_BASE: Final = Fraction(1, CLOCK)
_OPTIONS: Final = {"preset": "ultrafast", "tune": "zerolatency", "crf": "26"}
_START_CODE: Final = re.compile(rb"\x00{2,}\x01")


def live_segment(scene: Scene, start: float, seconds: float, size: Size, fps: int) -> bytes:
    """Return a segment of a live stream, as MPEG-TS.

    Its timestamps tell the time of day, so that it follows on whichever segment ends at `start`,
    although neither knows of the other.
    """
    file = io.BytesIO()
    # The counters of its packets start anew, which without the flag would look like a loss.
    flags = {"mpegts_flags": "initial_discontinuity"}
    with av.open(file, "w", format="mpegts", container_options=flags) as container:
        frames = (
            _frame(scene, start + offset, size, _ticks(start) % _TS_PERIOD + _ticks(offset))
            for offset in _offsets(seconds, fps)
        )
        _film(container, frames, size, fps)
    return file.getvalue()


def recording(scene: Scene, start: float, seconds: float, size: Size, fps: int) -> bytes:
    """Return a film as an MP4 that plays before all of it was loaded."""
    # The index is moved to the front by reading the file, which a buffer does not allow.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "film.mp4")
        flags = {"movflags": "faststart"}
        with av.open(path, "w", format="mp4", container_options=flags) as container:
            frames = (
                _frame(scene, start + offset, size, _ticks(offset))
                for offset in _offsets(seconds, fps)
            )
            _film(container, frames, size, fps)
        return path.read_bytes()


def access_units(
    scene: Scene, start: float, size: Size, fps: int
) -> Iterator[tuple[float, list[bytes]]]:
    """Yield the moment and the NAL units of one frame after the other, without an end."""
    encoder = av.CodecContext.create("libx264", "w")
    encoder.options = dict(_OPTIONS)
    _set_up(encoder, size, fps)
    number = 0
    while True:
        moment = start + number / fps
        frame = _frame(scene, moment, size, _ticks(number / fps))
        data = b"".join(bytes(packet) for packet in encoder.encode(frame))
        yield moment, [unit for unit in _START_CODE.split(data) if unit]
        number += 1


def _film(
    container: OutputContainer, frames: Iterable[av.VideoFrame], size: Size, fps: int
) -> None:
    stream = container.add_stream("libx264", rate=fps, options=dict(_OPTIONS))
    _set_up(stream.codec_context, size, fps)
    for frame in frames:
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _set_up(encoder: VideoCodecContext, size: Size, fps: int) -> None:
    encoder.width, encoder.height = size
    encoder.pix_fmt = "yuv420p"
    encoder.framerate = fps
    encoder.time_base = _TIME_BASE
    encoder.gop_size = KEYFRAMES * fps
    encoder.max_b_frames = 0
    # More would cut each frame into slices.
    encoder.thread_count = 1


def _frame(scene: Scene, moment: float, size: Size, tick: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(numpy.asarray(scene.frame(moment, size)))
    frame.pts = tick
    frame.time_base = _TIME_BASE
    return frame


def _offsets(seconds: float, fps: int) -> Iterator[float]:
    return (number / fps for number in range(max(1, round(seconds * fps))))


def _ticks(seconds: float) -> int:
    return round(seconds * CLOCK)
