"""The entry's options, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, Self

CONF_EXCLUDED: Final = "excluded_cameras"
CONF_MEDIA_DAYS: Final = "media_days"
CONF_MOTION_HOLD: Final = "motion_hold"
CONF_POLL_INTERVAL: Final = "poll_interval"
CONF_STREAM: Final = "stream"


class StreamKind(StrEnum):
    """Which of the cloud's live streams to play."""

    AUTO = "auto"
    HLS = "hls"
    RTSP = "rtsp"
    RTMP = "rtmp"


@dataclass(frozen=True, slots=True)
class VxgOptions:
    """Every preference of an entry."""

    #: Seconds between looks for events. The vendor's own samples ask every 5 s (section 3.1).
    poll_interval: float
    stream: StreamKind
    #: How long a detection is shown: an event is an instant and has no end (section 6.2).
    motion_hold: timedelta
    #: The ids of cameras that are to be left out; new ones come by themselves.
    excluded: frozenset[int]
    #: How many days the media browser goes back.
    media_days: int

    @classmethod
    def read(cls, options: Mapping[str, Any]) -> Self:
        """Read what the options flow stored."""
        return cls(
            poll_interval=float(options.get(CONF_POLL_INTERVAL, 10)),
            stream=StreamKind(options.get(CONF_STREAM, StreamKind.AUTO)),
            motion_hold=timedelta(seconds=options.get(CONF_MOTION_HOLD, 30)),
            excluded=frozenset(map(int, options.get(CONF_EXCLUDED, ()))),
            media_days=int(options.get(CONF_MEDIA_DAYS, 30)),
        )
