"""What the simulated cameras see: a room, somebody who walks through it, and the time."""

from dataclasses import dataclass
from datetime import UTC, datetime
import functools
import io
import random
from typing import Final

from PIL import Image, ImageColor, ImageDraw, ImageFont

type Size = tuple[int, int]

#: Seconds that somebody takes to walk through the picture.
_WALK: Final = 6.0
_INK: Final = (255, 255, 255)
_STRIP: Final = (16, 16, 16)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a camera sees, which its name and a seed decide."""

    name: str
    seed: int

    def frame(self, moment: float, size: Size) -> Image.Image:
        """Return the picture of a moment, in seconds since the epoch."""
        room = _room(self.name, self.seed, size)
        picture = room.background.copy()
        pen = ImageDraw.Draw(picture)
        self._draw_walker(pen, moment, size, room.colour)
        place = (size[0] - room.strip // 4, size[1] - room.strip // 2)
        pen.text(place, _clock_face(moment), _INK, _font(room.strip), anchor="rm")
        return picture

    def still(self, moment: float, size: Size) -> bytes:
        """Return the picture of a moment as a JPEG."""
        file = io.BytesIO()
        self.frame(moment, size).save(file, "JPEG", quality=80)
        return file.getvalue()

    def _draw_walker(
        self, pen: ImageDraw.ImageDraw, moment: float, size: Size, colour: tuple[int, int, int]
    ) -> None:
        width, height = size
        tall, broad = height // 2, height // 6
        progress = (moment / _WALK + self.seed * 0.37) % 1.0
        left = round(progress * (width + broad)) - broad
        top = height // 3
        head = broad // 4
        pen.ellipse((left + head, top, left + broad - head, top + 2 * head), colour)
        body = (left, top + 2 * head + 2, left + broad, top + tall)
        pen.rounded_rectangle(body, broad // 3, colour)


@dataclass(frozen=True, slots=True)
class _Room:
    """What does not move in a scene."""

    background: Image.Image
    #: The colour of whoever walks through it.
    colour: tuple[int, int, int]
    #: The height of the strips that hold the text.
    strip: int


# A cache of its own, because scenes are made whenever somebody looks.
@functools.lru_cache(maxsize=64)
def _room(name: str, seed: int, size: Size) -> _Room:
    width, height = size
    chance = random.Random(seed)
    hue, strip = chance.randrange(360), max(12, height // 12)
    picture = Image.new("RGB", size, _colour(hue, 62))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, height * 2 // 3, width, height), _colour(hue, 38))
    door = round(width * chance.uniform(0.1, 0.75))
    pen.rectangle((door, height // 4, door + height // 4, height * 2 // 3), _colour(hue, 50))
    for top in (0, height - strip):
        pen.rectangle((0, top, width, top + strip), _STRIP)
    pen.text((strip // 4, strip // 2), name, _INK, _font(strip), anchor="lm")
    return _Room(picture, _colour(hue + 180, 30), strip)


def _colour(hue: int, brightness: int) -> tuple[int, int, int]:
    red, green, blue = ImageColor.getrgb(f"hsl({hue % 360}, 45%, {brightness}%)")[:3]
    return red, green, blue


@functools.cache
def _font(strip: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(strip * 2 // 3)


def _clock_face(moment: float) -> str:
    # Milliseconds first: the tenth of a float is often the one before.
    tenth = round(moment * 1000) // 100
    return f"{datetime.fromtimestamp(tenth // 10, UTC):%Y-%m-%d %H:%M:%S}.{tenth % 10} UTC"
