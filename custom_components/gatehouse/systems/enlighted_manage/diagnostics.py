"""What a bug report needs of a site: no user, no key, no address, no name, no MAC."""

from collections import Counter
from collections.abc import Mapping

from .coordinator import EnlightedConfigEntry
from .floor import FloorWatch


def diagnostics(entry: EnlightedConfigEntry) -> Mapping[str, object]:
    """List what may be told; whatever is not listed stays out."""
    coordinator = entry.runtime_data
    client, options, manager = coordinator.client, coordinator.options, coordinator.data.manager
    settings = client.settings
    return {
        "connection": {
            "port": settings.port,
            "use_https": settings.use_https,
            "is_pinned": settings.fingerprint is not None,
            "is_scheme_given": settings.scheme is not None,
            "scheme": client.scheme.value,
            "requests": client.request_count,
            "clock_offset_seconds": client.clock_offset.total_seconds(),
            "time_zone": str(client.time_zone),
            "is_live": coordinator.is_live,
        },
        "options": {
            "floors": len(options.floors),
            "fixtures": options.fixtures.value,
            "occupancy": options.occupancy,
            "occupancy_interval": options.occupancy_interval.total_seconds(),
            "statistics_interval": options.statistics_interval.total_seconds(),
            "override_minutes": coordinator.override_minutes,
            "tunable_white": options.tunable,
            "lamp_faults": options.lamp_faults,
        },
        "manager": {
            "lighting": manager.lighting,
            "plug_load": manager.plug_load,
            "is_bacnet_running": manager.is_bacnet_running,
            "has_demand_response": None if manager.demand is None else bool(manager.demand),
            "overrides": len(coordinator.overrides.store()),
        },
        "floors": [
            {**_floor(watch), "is_reachable": coordinator.is_reachable(floor)}
            for floor, watch in coordinator.watches.items()
        ],
    }


def _floor(watch: FloorWatch) -> dict[str, object]:
    plan, state = watch.plan, watch.floor_state()
    kinds = Counter(fixture.kind.value for fixture in plan.fixtures.values())
    return {
        "is_whole": plan.is_whole,
        "is_licensed": watch.is_licensed,
        "refused": sorted(plan.refused),
        "areas": len(plan.areas),
        "sensors": dict(kinds),
        "stale_sensors": state.stale_sensors,
        "readings": len(watch.readings),
        "has_levels": watch.has_levels,
        "groups": [
            {"has_switch": group.switch is not None, "fixtures": len(group.fixtures)}
            for group in plan.groups
        ],
        "tunable": len(plan.tunable),
        "gateways": [gateway.is_okay for gateway in watch.gateways],
        "plug_loads": len(watch.plug_loads),
        "energy": state.energy.lighting,
    }


def health(entry: EnlightedConfigEntry) -> str:
    """Tell in one line how an entry is doing."""
    coordinator = entry.runtime_data
    if not coordinator.last_update_success:
        return "unreachable"
    reachable = sum(map(coordinator.is_reachable, coordinator.floors))
    return f"{reachable} of {len(coordinator.floors)} floors"
