"""What a bug report needs of a Net2 site: no secret, no name of a person, no card."""

from collections.abc import Mapping
from dataclasses import asdict

from homeassistant.const import CONF_HOST, CONF_PORT

from ...const import CONF_FINGERPRINT, CONF_USE_HTTPS
from .const import CONF_CLIENT_SECRET
from .coordinator import Net2ConfigEntry
from .options import DoorOptions
from .snapshot import DoorState


def diagnostics(entry: Net2ConfigEntry) -> Mapping[str, object]:
    """List what may be told; whatever is not listed stays out."""
    coordinator = entry.runtime_data
    options, snapshot = coordinator.options, coordinator.data
    skew = coordinator.client.clock.skew
    return {
        "connection": {
            "port": entry.data[CONF_PORT],
            "use_https": entry.data[CONF_USE_HTTPS],
            "is_pinned": CONF_FINGERPRINT in entry.data,
            "has_client_secret": CONF_CLIENT_SECRET in entry.data,
            "is_host_an_address": entry.data[CONF_HOST].replace(".", "").isdigit(),
            "requests": coordinator.client.request_count,
            "clock_skew_seconds": skew and skew.total_seconds(),
        },
        "options": {
            "has_control_code": options.control_code is not None,
            "hide_names": options.hide_names,
            "doors": {str(door_id): _options(door) for door_id, door in options.doors.items()},
        },
        "server": asdict(snapshot.server),
        "roll_call": snapshot.roll_call and asdict(snapshot.roll_call),
        "doors": [_door(state) for state in snapshot.doors],
    }


def _options(door: DoorOptions) -> dict[str, object]:
    return {
        "mode": door.mode,
        "unlock_action": door.unlock_action,
        "has_camera": door.camera is not None,
    }


def _door(state: DoorState) -> dict[str, object]:
    return {
        "id": state.door.id,
        "status": state.status and asdict(state.status),
        "held": state.held,
        "online": state.online,
        "has_last_user": state.last_user is not None,
        "last_access": state.last_access,
        "last_denied": state.last_denied,
    }


def health(entry: Net2ConfigEntry) -> str:
    """Tell in one line how an entry is doing."""
    coordinator = entry.runtime_data
    doors = sum(1 for _ in coordinator.data.doors)
    if not coordinator.last_update_success:
        return "unreachable"
    stream = "live" if coordinator.data.server.live_stream else "polling"
    return f"{doors} doors, {stream}"
