"""LRS Table Tracker in the demo."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
import random

from .api import Json
from .dashboard import (
    ITS_OWN,
    Card,
    badge,
    heading,
    pressing,
    row,
    section,
    tile,
    when,
    without,
)
from .devices import Device, House
from .setup_flow import Answers
from .simulators import Simulator

ID = "table_tracker"
TABLE = "mdi:table-chair"


def arguments(_folder: Path) -> Sequence[str]:
    """Let guests come and go, some of them too slowly; of each start, other ones."""
    return ["--busy=8", f"--seed={random.randrange(1_000_000)}"]


def set_up(simulator: Simulator) -> Answers:
    """Fill in the config flow, and press the gateway's button."""
    return {
        "user": {"next_step_id": ID},
        ID: {"host": simulator.ready["host"], "port": simulator.ready["port"]},
        "link": partial(simulator.do, "press_button"),
        # A simulated gateway that starts anew knows nobody.
        "link_again": {},
    }


def options(_house: House) -> Iterator[Answers]:
    """Say which tables there are, and what two of them are called."""
    yield {"tables": {"tables": ["1-12", "4 = Window", "12 = Terrace"], "tracker_devices": True}}


def view(devices: Sequence[Device]) -> Json:
    """Show how the house is doing, who is waiting, and the tables."""
    [gateway] = [device for device in devices if device.is_hub]
    tables = sorted((device for device in devices if _number(device)), key=_number)
    return {
        "type": "sections",
        "title": "Restaurant",
        "path": "restaurant",
        "icon": "mdi:silverware-fork-knife",
        "max_columns": 3,
        "sections": [
            section(*_now(gateway), *_today(gateway), *_orders(gateway)),
            section(heading("Tables", TABLE), *(row(*_table(table)) for table in tables)),
            section(*_activity(tables)),
        ],
    }


def _number(device: Device) -> int:
    """Return a table's number; 0 for a device that is no table."""
    _, is_table, number = device.identifier.rpartition("-table-")
    return int(number) if is_table else 0


def _now(gateway: Device) -> Iterator[Card]:
    has = gateway.entities
    yield heading("Right now", "mdi:clock-outline", badge(has["live_stream"]))
    for key in ("active_orders", "longest_wait", "paged_orders"):
        yield tile(has[key], name=ITS_OWN)
    yield tile(has["overdue_orders"], name=ITS_OWN, visibility=[when(has["overdue"], "off")])
    yield tile(
        has["overdue_orders"], name=ITS_OWN, color="red", visibility=[when(has["overdue"], "on")]
    )


def _today(gateway: Device) -> Iterator[Card]:
    has = gateway.entities
    yield heading("Today", "mdi:calendar-today")
    yield tile(has["orders_today"], name="Orders")
    yield tile(has["average_time"], name="Average time")
    yield tile(has["within_target"], name="Within target")
    yield tile(has["target_time"], name="Target time")


def _orders(gateway: Device) -> Iterator[Card]:
    yield heading("Who is waiting", "mdi:clipboard-list")
    yield {
        "type": "todo-list",
        "entity": gateway.entities["orders"],
        "hide_create": True,
        "hide_completed": True,
        "hide_section_headers": True,
    }


def _table(table: Device) -> Iterator[Card]:
    """Show a free table by its name alone, one that is taken with its guest."""
    has, name = table.entities, table.name
    taken, late = when(has["occupancy"], "on"), has["overdue"]
    yield tile(has["occupancy"], name=name, icon=TABLE, visibility=[when(has["occupancy"], "off")])
    for is_late, color in (("off", "green"), ("on", "red")):
        shown = [taken, when(late, is_late)]
        yield tile(has["wait"], name=name, icon=TABLE, color=color, visibility=shown)
    # Two tiles are what fits beside each other on a phone, so the order's pages its guest.
    page, stop = has["page"], has["cancel_page"]
    yield {
        **tile(has["order"], name="Page order", icon="mdi:bell"),
        **pressing(page, f"Page the guest at {name}?"),
        "visibility": [taken, when(stop, "unavailable")],
    }
    yield {
        **tile(has["order"], name="Paged order", icon="mdi:bell-ring", color="orange"),
        **pressing(stop, f"Stop paging the guest at {name}?"),
        "visibility": [without(stop, "unavailable")],
    }


def _activity(tables: Sequence[Device]) -> Iterator[Card]:
    yield heading("What happened", "mdi:history")
    yield {
        "type": "logbook",
        "target": {"entity_id": [table.events["order"] for table in tables]},
        "hours_to_show": 12,
        "grid_options": {"columns": 12, "rows": 12},
    }
