"""What goes on around a gateway without anybody asking for it, and how it is found."""

from collections import Counter

import pytest

from simulators.kit.control import ControlPlane
from simulators.table_tracker import TableTrackerSimulator

from .support import Api

SERVICE = "_tracker-http._tcp.local."


async def test_guests_come_and_go(gateway: TableTrackerSimulator) -> None:
    kinds: Counter[str] = Counter()
    per_minute = []
    gateway.world.listeners.append(lambda kind, _order, _seq: kinds.update([kind]))

    gateway.keep_busy(5)
    for _ in range(30):
        before = kinds.total()
        gateway.clock.advance(60)
        per_minute.append(kinds.total() - before)

    orders = [*gateway.world.orders.values(), *gateway.world.history]
    assert min(per_minute) >= 2
    assert kinds.keys() == {"ORDER_CREATED", "ORDER_MODIFIED", "ORDER_PAGED"}
    assert len(gateway.world.history) > 30
    assert {order.table for order in orders} <= {"", *map(str, range(1, 13))}
    assert {order.order_type for order in orders} == {"ON_PREMISE", "TO_GO"}


async def test_equal_seeds_are_equal_days() -> None:
    days = []
    for seed in (1, 1, 2):
        async with TableTrackerSimulator(seed=seed) as gateway:
            token = gateway.issue_token("tests")
            gateway.keep_busy(5)
            gateway.clock.advance(600)
            days.append((token, [(each.uuid, each.table) for each in gateway.world.history]))

    assert days[0] == days[1]
    assert days[0] != days[2]


async def test_a_tracker_on_its_way_has_one_order(gateway: TableTrackerSimulator) -> None:
    name = gateway.start_tracker("5")

    assert gateway.start_tracker("5") == name
    assert gateway.move_to_table("5", "8") == name
    assert gateway.move_to_table("5", "8") == name
    with pytest.raises(KeyError):
        gateway.clear("6")


async def test_the_house_is_seen_and_moved_from_outside(
    gateway: TableTrackerSimulator, api: Api
) -> None:
    control = ControlPlane(gateway)
    await control.start()

    async def do(verb: str, **arguments: object) -> object:
        url = f"{control.url}/_sim/{verb}"
        async with api.session.post(url, json=arguments) as answer:
            assert answer.status == 200, await answer.text()
            return (await answer.json()).get("result")

    name = await do("start_tracker", number="5")
    await do("move_to_table", number="5", table="8")
    await do("page", number="5", continuous=False)
    await do("skew", seconds=60)
    await do("press_button")
    await do("faults", numbers_as_text=True)
    await do("fail", status=500, path="statistics")
    port = gateway.port
    await do("reboot")
    async with api.session.get(f"{control.url}/_sim/state") as answer:
        state = await answer.json()
    await control.stop()

    [order] = state["orders"]
    assert (order["uuid"], order["locationName"], order["paged"]) == (name, "8", True)
    assert (state["zone"], state["tokens"], state["sockets"]) == ("Europe/Vienna", ["tests"], 0)
    assert gateway.faults.numbers_as_text is True
    assert gateway.details() == {
        "url": f"http://127.0.0.1:{port}",
        "host": "127.0.0.1",
        "port": port,
    }
    assert (await api.get("/statistics")).status == 500
    assert len((await api.get("/accesstoken/generate")).json["token"]["token"]) == 48
