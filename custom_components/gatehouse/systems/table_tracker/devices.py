"""The devices of a gateway: itself, and its repeaters, tables and trackers below it."""

from collections.abc import Iterable
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo

from ...devices import async_add_hub, async_keep_devices, async_known_parts, part_device
from .client import GatewayInfo
from .const import MANUFACTURER, SYSTEM_ID
from .options import TableTrackerOptions
from .snapshot import Kind, Numbered, RepeaterState, TableTrackerSnapshot

_MODELS: Final = {
    Kind.TABLE: "Table",
    Kind.TRACKER: "Tracker",
    Kind.REPEATER: "Repeater",
}


def part_identifier(entry: ConfigEntry, part: Numbered) -> str:
    """Return what identifies a part among all devices of Gatehouse.

    A repeater's address is its own all over the world; tables and trackers have numbers, which
    mean something at their gateway only.
    """
    if part.kind is Kind.REPEATER:
        return repeater_identifier(part.name)
    return f"{entry.unique_id}-{part.kind}-{part.name}"


def repeater_identifier(address: str) -> str:
    """Return what identifies a repeater."""
    return f"{SYSTEM_ID}-{address.lower()}"


def part_name(part: Numbered, snapshot: TableTrackerSnapshot, options: TableTrackerOptions) -> str:
    """Return a part's name: the user's own for a table, the gateway's for a repeater."""
    given = None
    if part.kind is Kind.TABLE:
        given = options.tables.get(part.name)
    elif isinstance(state := snapshot.parts.get(part), RepeaterState):
        given = state.repeater.label
    return given or f"{_MODELS[part.kind]} {part.name}"


@callback
def async_add_gateway(hass: HomeAssistant, entry: ConfigEntry, info: GatewayInfo) -> None:
    """Create the gateway's device, which its parts hang below."""
    async_add_hub(
        hass,
        entry,
        manufacturer=MANUFACTURER,
        model=info.model or "Table Tracker gateway",
        serial_number=info.serial,
        sw_version=info.version,
        connections={(dr.CONNECTION_NETWORK_MAC, info.mac)} if info.mac else set(),
    )


def numbered_device(
    hass: HomeAssistant,
    entry: ConfigEntry,
    part: Numbered,
    snapshot: TableTrackerSnapshot,
    options: TableTrackerOptions,
) -> DeviceInfo:
    """Return the device of a table, a tracker or a repeater."""
    state = snapshot.parts.get(part)
    repeater = state.repeater if isinstance(state, RepeaterState) else None
    return part_device(
        hass,
        entry,
        part_identifier(entry, part),
        name=part_name(part, snapshot, options),
        manufacturer=MANUFACTURER,
        model=(repeater and repeater.model) or _MODELS[part.kind],
        serial_number=repeater.address if repeater else None,
        sw_version=repeater.firmware if repeater else None,
    )


@callback
def known_numbers(hass: HomeAssistant, entry: ConfigEntry, kind: Kind) -> Iterable[str]:
    """Return the tables or trackers that were seen before: the gateway has no list of them."""
    start = part_identifier(entry, Numbered(kind, ""))
    return [
        identifier.removeprefix(start)
        for identifier in async_known_parts(hass, entry)
        if identifier.startswith(start)
    ]


@callback
def async_keep_parts(
    hass: HomeAssistant,
    entry: ConfigEntry,
    snapshot: TableTrackerSnapshot,
    options: TableTrackerOptions,
) -> None:
    """Rename the devices of renamed parts and remove those of parts that are gone.

    A gateway that lists no repeater at all may just have started: that is no reason to forget
    those that are known.
    """
    parts = [part for part in snapshot.parts if isinstance(part, Numbered)]
    names = {part_identifier(entry, part): part_name(part, snapshot, options) for part in parts}
    if not any(part.kind is Kind.REPEATER for part in parts):
        names |= {
            identifier: device.name or ""
            for identifier, device in async_known_parts(hass, entry).items()
            if not identifier.startswith(f"{entry.unique_id}-")
        }
    async_keep_devices(hass, entry, names)
