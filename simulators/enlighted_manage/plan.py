"""A floor plan: a small picture with a dot for each fixture."""

from collections.abc import Iterable
import io
from typing import Final

from PIL import Image, ImageDraw

_SIZE: Final = (480, 320)
_MARGIN: Final = 20


def draw(places: Iterable[tuple[int, int]]) -> bytes:
    """Return a JPEG; places are counted from the lower left corner (4.2)."""
    picture = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(picture)
    width, height = _SIZE
    pen.rectangle((8, 8, width - 8, height - 8), outline="black", width=2)
    dots = list(places)
    right = max((x for x, _ in dots), default=0) or 1
    top = max((y for _, y in dots), default=0) or 1
    for x, y in dots:
        across = _MARGIN + x * (width - 2 * _MARGIN) // right
        down = height - _MARGIN - y * (height - 2 * _MARGIN) // top
        pen.ellipse((across - 2, down - 2, across + 2, down + 2), fill="orange")
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=70)
    return stream.getvalue()
