"""Orders as they come: every type of value, and a start that never trembles."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from custom_components.gatehouse.systems.table_tracker.client import (
    GatewayClock,
    Order,
    OrderState,
    OrderType,
)
from custom_components.gatehouse.systems.table_tracker.client.order_reader import OrderReader

from .support import UUID, ZONE, order_row

#: 95 seconds after the order of `order_row` was created, in the gateway's zone.
NOW = datetime(2024, 5, 2, 10, 1, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(freezer: FrozenDateTimeFactory) -> None:
    freezer.move_to(NOW)


@pytest.fixture
def clock() -> GatewayClock:
    return GatewayClock(ZONE)


@pytest.fixture
def reader(clock: GatewayClock) -> OrderReader:
    return OrderReader(clock)


def read(reader: OrderReader, **changes: Any) -> Order:
    # As it comes over the wire: a StrEnum or a tuple is no JSON.
    order = reader.read(json.loads(json.dumps(order_row(**changes))))
    assert order is not None
    return order


def without(*keys: str) -> dict[str, Any]:
    return {key: value for key, value in order_row().items() if key not in keys}


def test_an_order_is_read(reader: OrderReader) -> None:
    order = read(reader)
    assert order == Order(
        uuid=UUID,
        number="23",
        order_type=OrderType.ON_PREMISE,
        table="8",
        state=OrderState.LOCATED,
        paged=False,
        started_at=NOW,
        state_changed=None,
    )
    assert order.started_at == NOW - timedelta(seconds=95)
    assert order.state_changed == NOW


@pytest.mark.parametrize("key", ["uuid", "name"])
@pytest.mark.parametrize("value", [None, "", " ", True, [], {}])
def test_without_identity_or_number_it_is_none(reader: OrderReader, key: str, value: Any) -> None:
    assert reader.read(order_row(**{key: value})) is None
    assert reader.read(without(key)) is None
    assert reader.known == frozenset()


@pytest.mark.parametrize(
    ("key", "value", "field", "meaning"),
    [
        ("name", 23, "number", "23"),
        ("locationName", 8, "table", "8"),
        ("locationName", "", "table", None),
        ("locationName", None, "table", None),
        ("orderType", "ON_PREMISES", "order_type", OrderType.ON_PREMISE),
        ("orderType", "to_go", "order_type", OrderType.TO_GO),
        ("orderType", "TOGO_PICKUP", "order_type", OrderType.TO_GO),
        ("orderType", "BAR", "order_type", OrderType.ON_PREMISE),
        ("orderType", None, "order_type", OrderType.ON_PREMISE),
        ("orderType", ["TO_GO"], "order_type", OrderType.ON_PREMISE),
        ("state", "STARTED", "state", OrderState.STARTED),
        ("state", "delivered", "state", OrderState.LOCATED),
        ("state", {}, "state", OrderState.LOCATED),
        ("paged", "Yes", "paged", True),
        ("paged", "true", "paged", True),
        ("paged", "No", "paged", False),
        ("paged", 1, "paged", True),
        ("paged", "0", "paged", False),
        ("paged", None, "paged", False),
        ("paged", "perhaps", "paged", False),
        ("elapsedTime", "95", "started_at", NOW - timedelta(seconds=95)),
        ("elapsedTime", 95.5, "started_at", NOW - timedelta(seconds=95.5)),
    ],
)
def test_values_are_taken_as_they_are_meant(
    reader: OrderReader, key: str, value: Any, field: str, meaning: object
) -> None:
    assert getattr(read(reader, **{key: value}), field) == meaning


def test_an_unknown_state_without_a_table_is_started(reader: OrderReader) -> None:
    assert read(reader, state="fetched", locationName="").state is OrderState.STARTED


def test_keys_that_nobody_knows_are_left_alone(reader: OrderReader) -> None:
    assert read(reader, seq=84, type="ORDER_CREATED", server={"load": [1]}) == read(reader)


def test_only_identity_and_number_are_needed(reader: OrderReader) -> None:
    assert reader.read({"uuid": "a", "name": "1"}) == Order(
        uuid="a",
        number="1",
        order_type=OrderType.ON_PREMISE,
        table=None,
        state=OrderState.STARTED,
        paged=False,
        started_at=NOW,
        state_changed=None,
    )
    assert reader.known == {"a"}


def test_the_start_is_computed_once(reader: OrderReader, freezer: FrozenDateTimeFactory) -> None:
    started_at = read(reader, elapsedTime=95).started_at
    freezer.tick(10.9)
    assert read(reader, elapsedTime=105).started_at == started_at
    assert read(reader, elapsedTime=0).started_at == started_at


def test_the_start_is_forgotten_when_the_order_is_gone(
    reader: OrderReader, freezer: FrozenDateTimeFactory
) -> None:
    started_at = read(reader).started_at
    freezer.tick(60)
    gone = reader.read(order_row(elapsedTime=155), is_gone=True)
    assert gone is not None
    assert gone.state is OrderState.CLEARED
    assert gone.started_at == started_at
    assert reader.known == frozenset()
    assert read(reader, elapsedTime=1).started_at == NOW + timedelta(seconds=59)
    assert read(reader, state="cleared").started_at == NOW + timedelta(seconds=59)
    assert reader.known == frozenset()


def test_what_a_list_lacks_is_forgotten_but_what_was_pushed_since(reader: OrderReader) -> None:
    read(reader, uuid="gone")
    read(reader, uuid="here")
    asked = reader.known
    read(reader, uuid="pushed")
    orders = reader.read_list([order_row(uuid="here"), order_row(uuid="new"), 7], asked)
    assert [order.uuid for order in orders] == ["here", "new"]
    assert reader.known == {"here", "new", "pushed"}


def test_what_ended_between_question_and_answer_disturbs_nobody(reader: OrderReader) -> None:
    read(reader)
    asked = reader.known
    reader.read(order_row(), is_gone=True)
    assert reader.read_list([], asked) == ()


def test_a_cleared_order_in_a_list_is_none_of_the_active(reader: OrderReader) -> None:
    assert reader.read_list([order_row(state="cleared")], reader.known) == ()
    assert reader.known == frozenset()


def test_two_orders_of_one_number_are_two(reader: OrderReader) -> None:
    rows = [order_row(uuid="old", elapsedTime=600), order_row(uuid="new", elapsedTime=1)]
    old, new = reader.read_list(list(rows), reader.known)
    assert old.number == new.number == "23"
    assert new.started_at - old.started_at == timedelta(seconds=599)


@pytest.mark.parametrize("age", [None, "soon", -1, 1e12, float("inf"), True, [95], "1e999"])
def test_without_an_age_the_creation_counts_in_the_gateways_zone(
    reader: OrderReader, age: Any
) -> None:
    order = reader.read(order_row(elapsedTime=age))
    assert order is not None
    assert order.started_at == NOW - timedelta(seconds=95)


def test_without_an_age_the_gateways_clock_is_taken_off(
    reader: OrderReader, clock: GatewayClock
) -> None:
    clock.observe_date(format_datetime(NOW - timedelta(minutes=10), usegmt=True))
    order = read(reader, elapsedTime=None, created="2024-05-02T11:45:00")
    expected = datetime(2024, 5, 2, 9, 55, tzinfo=UTC)
    assert abs(order.started_at - expected) < timedelta(seconds=1)


@pytest.mark.parametrize("created", [None, "", "soon", 12, "2024-05-02T23:00:00"])
def test_without_anything_usable_it_starts_now(reader: OrderReader, created: Any) -> None:
    assert read(reader, elapsedTime=None, created=created).started_at == NOW


def test_the_change_is_relative_to_the_start_whatever_the_zone(reader: OrderReader) -> None:
    order = read(
        reader,
        created="2024-05-02T05:00:05",
        stateChanged="2024-05-02T05:01:40",
        elapsedTime=100,
    )
    assert order.state_changed == NOW - timedelta(seconds=5)


def test_v1_calls_the_change_otherwise(reader: OrderReader) -> None:
    order = read(reader, stateChanged=None, stateStarted="2024-05-02T12:00:15")
    assert order.state_changed == NOW - timedelta(seconds=85)


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"stateChanged": "2024-05-02T12:00:05"}, NOW - timedelta(seconds=95)),
        ({"created": None}, NOW),
        ({"stateChanged": None}, None),
        ({"stateChanged": "soon"}, None),
        ({"stateChanged": "2024-05-02T11:59:00"}, None),
        ({"stateChanged": "9999-12-31T00:00:00"}, None),
    ],
)
def test_a_change_may_be_at_the_start_or_unknown(
    reader: OrderReader, changes: dict[str, Any], changed: datetime | None
) -> None:
    assert read(reader, **changes).state_changed == changed
