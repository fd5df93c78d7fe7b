"""What a bug report needs of an account: no key, no token, no address, no name of a person's."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from .client import Camera
from .coordinator import VxgConfigEntry
from .snapshot import CameraState, GatewayState, SightsState, State


def diagnostics(entry: VxgConfigEntry) -> Mapping[str, object]:
    """List what may be told; whatever is not listed stays out."""
    coordinator = entry.runtime_data
    client, options, data = coordinator.client, coordinator.options, coordinator.data
    settings = client.settings
    return {
        "connection": {
            "credential": settings.credential.kind.name.lower(),
            "is_full": settings.credential.is_full,
            "port": settings.address.port,
            "use_https": settings.address.use_https,
            "has_path": bool(settings.address.path),
            "is_pinned": settings.fingerprint is not None,
            "requests": client.request_count,
            "clock_offset_seconds": client.clock_offset.total_seconds(),
        },
        "options": {
            "poll_interval": options.poll_interval,
            "stream": options.stream.value,
            "motion_hold": options.motion_hold.total_seconds(),
            "media_days": options.media_days,
            "excluded_cameras": len(options.excluded),
        },
        "events": {"heard": coordinator.hears_events, "is_live": coordinator.is_live},
        "account": asdict(data.account),
        "cameras": [
            {
                **_camera(state.camera),
                "settings": sorted(
                    part.kind.value for part in data.parts if part.camera_id == state.camera.id
                ),
                "kinds": _kinds(coordinator.data.parts.values(), state.camera.id),
            }
            for state in data.parts.values()
            if isinstance(state, CameraState | GatewayState)
        ],
    }


def _camera(camera: Camera) -> dict[str, object]:
    return {
        "status": camera.status,
        "mode": camera.mode,
        "recording_mode": camera.recording_mode,
        "is_recording": camera.is_recording,
        "is_full": camera.is_full,
        "is_gateway": camera.is_gateway,
        "brand": camera.brand,
        "model": camera.model,
        "firmware": camera.firmware,
        "time_zone": camera.time_zone,
    }


def _kinds(states: Iterable[State], camera_id: int) -> list[str]:
    return sorted(
        kind.value
        for state in states
        if isinstance(state, SightsState) and state.camera.id == camera_id
        for kind in state.kinds
    )


def health(entry: VxgConfigEntry) -> str:
    """Tell in one line how an entry is doing."""
    coordinator = entry.runtime_data
    if not coordinator.last_update_success:
        return "unreachable"
    account = coordinator.data.account
    events = "live" if coordinator.is_live else "no events"
    return f"{account.online} of {account.cameras} cameras, {events}"
