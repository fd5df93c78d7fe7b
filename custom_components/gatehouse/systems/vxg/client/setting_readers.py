"""Readers of what can be set on a camera (section 4.9); caps come as lists, truths and ranges."""

from typing import Final

from .models import (
    EventType,
    Firmwares,
    ImagePeriod,
    MediaStream,
    MediaStreams,
    MemoryCard,
    Plan,
    Preset,
    Ptz,
    Region,
    Usage,
    Values,
)
from .parse import (
    Json,
    JsonObject,
    as_boolean,
    as_integer,
    as_list,
    as_number,
    as_object,
    as_text,
    rows,
    texts,
)
from .times import read_time

_FLAGS: Final = ("receive", "record", "snapshot", "notify", "generate_images")
_PERCENT: Final = (0.0, 100.0)
#: What the caps of a camera's sound say of each setting.
_AUDIO_CAPS: Final = {
    "mic_gain": "mic",
    "mic_mute": "mic",
    "spkr_vol": "spkr",
    "spkr_mute": "spkr",
}
_LEVELS: Final = ("mic_gain", "spkr_vol")


def _scalar(value: Json) -> str | float | bool | None:
    return value if isinstance(value, str | int | float | bool) else None


def _values(fields: JsonObject) -> dict[str, str | float | bool]:
    return {
        name: scalar for name, value in fields.items() if (scalar := _scalar(value)) is not None
    }


def read_video(fields: JsonObject) -> Values:
    """Read the picture's settings; only what `caps` names may be set."""
    values = _values(fields)
    choices: dict[str, tuple[str, ...]] = {}
    ranges: dict[str, tuple[float, float]] = {}
    for name, cap in as_object(fields.get("caps")).items():
        value = values.get(name)
        if isinstance(value, str) or name == "pwr_frequency":
            if words := texts(cap):
                choices[name] = words
        elif value is not None and (found := _range(cap)):
            ranges[name] = found
    return Values(values, choices, ranges)


def _range(cap: Json) -> tuple[float, float] | None:
    """Read a range; a cap that is merely true stands for a percentage."""
    if cap is True:
        return _PERCENT
    if isinstance(cap, dict):
        least, most = as_number(cap.get("min")), as_number(cap.get("max"))
    else:
        numbers = [number for each in as_list(cap) if (number := as_number(each)) is not None]
        least, most = (numbers[0], numbers[1]) if len(numbers) >= 2 else (None, None)
    return (least, most) if least is not None and most is not None and least < most else None


def read_audio(fields: JsonObject) -> Values:
    """Read the sound's settings."""
    caps = as_object(fields.get("caps"))
    values = {
        name: value
        for name, value in _values(fields).items()
        if caps.get(_AUDIO_CAPS.get(name, "")) is True
    }
    return Values(values, {}, {name: _PERCENT for name in _LEVELS if name in values})


def read_encoder(fields: JsonObject) -> Values:
    """Read an encoder's settings."""
    caps = as_object(next(iter(as_list(fields.get("caps"))), None))
    values = _values(fields)
    choices: dict[str, tuple[str, ...]] = {}
    ranges: dict[str, tuple[float, float]] = {}
    if "fps" in values and (rates := texts(caps.get("fps"))):
        choices["fps"] = rates
    # What is not used now has no say: with a variable bitrate the constant one is idle.
    used = "vbr_bitrate" if values.get("vbr") is True else "cbr_bitrate"
    if used in values and (found := _range(caps.get(used))):
        ranges["bitrate"] = found
        values["bitrate"] = values[used]
    return Values(values, choices, ranges)


def bitrate_field(encoder: Values) -> str:
    """Return which of an encoder's two bitrates is the one in use."""
    return "vbr_bitrate" if encoder.values.get("vbr") is True else "cbr_bitrate"


def read_streams(fields: JsonObject) -> MediaStreams:
    """Read which pictures a camera sends."""

    def stream(row: JsonObject) -> MediaStream | None:
        name, encoder = as_text(row.get("id")), as_text(row.get("vs_id"))
        if name is None or encoder is None or "JPEG" in encoder.upper():
            return None
        return MediaStream(name, encoder)

    return MediaStreams(
        as_text(fields.get("live_ms_id")),
        as_text(fields.get("rec_ms_id")),
        rows(as_list(fields.get("mstreams_supported")), stream),
    )


def read_preset(fields: JsonObject) -> Preset | None:
    """Read a preset; its id is text or a number."""
    number = as_text(fields.get("id"))
    return Preset(number, as_text(fields.get("name")) or number) if number else None


def read_ptz(fields: JsonObject, presets: tuple[Preset, ...]) -> Ptz | None:
    """Read what a camera can do with its motors; None for one that cannot move."""
    actions = texts(fields.get("actions"))
    return Ptz(actions, presets) if actions else None


def read_region(fields: JsonObject) -> Region | None:
    """Read a part of the picture where motion counts."""
    number, enabled = as_text(fields.get("id")), as_boolean(fields.get("enabled"))
    if number is None or enabled is None:
        return None
    return Region(
        number,
        as_text(fields.get("name")) or number,
        enabled,
        as_number(fields.get("sensitivity")),
    )


def read_event_type(fields: JsonObject) -> EventType | None:
    """Read a kind of event; its flags are there where its caps allow them."""
    name = as_text(fields.get("name"))
    if name is None:
        return None
    caps = as_object(fields.get("caps"))
    found = {flag: as_boolean(fields.get(flag)) for flag in _FLAGS}
    return EventType(
        name=name,
        flags={flag: value for flag, value in found.items() if value is not None},
        period=as_integer(fields.get("period")),
        can_be_triggered=caps.get("can_be_triggered") is True,
        is_custom=fields.get("custom") is True,
    )


def read_card(fields: JsonObject) -> MemoryCard | None:
    """Read the memory card; None where there is none."""
    status = as_text(fields.get("status"))
    if status is None or status == "none":
        return None
    return MemoryCard(status, as_number(fields.get("size")), as_number(fields.get("free")))


def read_plan(fields: JsonObject) -> Plan:
    """Read what a camera's plan allows."""
    return Plan(
        read_time(as_text(fields.get("expire"))),
        as_number(fields.get("records_max_age")),
        as_number(fields.get("expected_bitrate")),
    )


def read_usage(fields: JsonObject) -> Usage:
    """Read what an account used."""
    return Usage(
        *(
            as_number(fields.get(name))
            for name in (
                "records_size",
                "clips_size",
                "images_size",
                "downloaded_size",
                "live_size",
                "live_duration",
            )
        )
    )


def read_period(fields: JsonObject) -> ImagePeriod:
    """Read how often the cloud makes pictures; the samples write it as text (10.16)."""
    return ImagePeriod(as_integer(fields.get("image_generation_period")))


def read_firmwares(items: list[Json]) -> Firmwares | None:
    """Read the versions that there are; None where there are none."""
    versions = tuple(
        version for item in items if (version := as_text(as_object(item).get("version")))
    )
    return Firmwares(versions) if versions else None
