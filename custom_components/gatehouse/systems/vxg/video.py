"""Which of the live URLs to play, when to renew it, and how to keep it to oneself (section 5)."""

from datetime import datetime, timedelta
import ipaddress
import logging
import re
from typing import Final, override
from urllib.parse import urlsplit

from .client import LiveUrls
from .options import StreamKind

#: A ticket is renewed this long before it ends, or when a tenth of its life is left.
_MARGIN: Final = timedelta(seconds=60)
_PART: Final = 10
#: What follows these opens a stream for whoever reads it in a log.
_SECRET: Final = re.compile(r"media\.[\w.-]+|(?<=ticket=)[^&\s]+")


def choose(urls: LiveUrls, kind: StreamKind) -> str | None:
    """Return the URL to play: of the wanted kind if there is one, else of the next best.

    By itself: RTSP where the media host is in a private network, else HLS, which passes every
    firewall (section 5.1).
    """
    found = {StreamKind.HLS: urls.hls, StreamKind.RTSP: urls.rtsp, StreamKind.RTMP: urls.rtmp}
    first = kind
    if kind is StreamKind.AUTO:
        first = StreamKind.RTSP if _is_private(urls.rtsp) else StreamKind.HLS
    return found[first] or next((url for url in found.values() if url), None)


def _is_private(url: str | None) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(url or "").hostname or "").is_private
    except ValueError:
        return False


def renewal(urls: LiveUrls, url: str, now: datetime) -> datetime | None:
    """Return when to renew what plays, by the server's clock; None where nobody knows."""
    expire = urls.expire_hls if url == urls.hls else urls.expire
    if expire is None:
        return None
    return expire - min(_MARGIN, (expire - now) / _PART)


class TicketFilter(logging.Filter):
    """Takes tickets out of what Home Assistant's stream logs: it knows only of passwords."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, without its secrets."""
        record.msg = _SECRET.sub("…", record.getMessage())
        record.args = ()
        return True
