"""What a bug report needs of a gateway: no token, no address, no name that a person gave."""

from collections.abc import Mapping
from dataclasses import asdict

from homeassistant.const import CONF_PORT

from .const import CONF_SERVICE_NAME
from .coordinator import TableTrackerConfigEntry
from .snapshot import Kind, Numbered, RepeaterState


def diagnostics(entry: TableTrackerConfigEntry) -> Mapping[str, object]:
    """List what may be told; whatever is not listed stays out."""
    coordinator = entry.runtime_data
    gateway, parts = coordinator.data.gateway, coordinator.data.parts
    clock = coordinator.client.clock
    return {
        "connection": {
            "port": entry.data[CONF_PORT],
            "is_discovered": CONF_SERVICE_NAME in entry.data,
            "requests": coordinator.client.request_count,
            "clock_skew_seconds": clock.skew and clock.skew.total_seconds(),
            "zone_error_seconds": clock.zone_error and clock.zone_error.total_seconds(),
        },
        "options": {
            "tables": len(coordinator.options.tables),
            "tracker_devices": coordinator.options.tracker_devices,
        },
        "gateway": {
            "version": gateway.info.version,
            "model": gateway.info.model,
            "live_stream": gateway.live_stream,
            "cloud": gateway.cloud,
            "clients": gateway.clients,
            "settings": asdict(gateway.settings),
        },
        "statistics": asdict(coordinator.data.statistics),
        "orders": [asdict(order) for order in coordinator.data.orders],
        "tables": [part.name for part in parts if _is(part, Kind.TABLE)],
        "trackers": [part.name for part in parts if _is(part, Kind.TRACKER)],
        "repeaters": [
            {
                "active": state.repeater.active,
                "model": state.repeater.model,
                "firmware": state.repeater.firmware,
                "remaining_children": state.repeater.remaining_children,
            }
            for state in parts.values()
            if isinstance(state, RepeaterState)
        ],
    }


def _is(part: object, kind: Kind) -> bool:
    return isinstance(part, Numbered) and part.kind is kind


def health(entry: TableTrackerConfigEntry) -> str:
    """Tell in one line how an entry is doing."""
    coordinator = entry.runtime_data
    if not coordinator.last_update_success:
        return "unreachable"
    stream = "live" if coordinator.is_live else "polling"
    return f"{len(coordinator.data.orders)} orders, {stream}"
