"""The order book: what is news, what was missed, and what is neither."""

from datetime import timedelta
from typing import Any

import pytest

from custom_components.gatehouse.systems.table_tracker.client import OrderType, PushKind
from custom_components.gatehouse.systems.table_tracker.events import Happening, OrderEvent
from custom_components.gatehouse.systems.table_tracker.orders import OrderBook

from .guests import NOON, order, pushed, summary

LATER = NOON + timedelta(minutes=5)


def types(found: list[Happening]) -> list[str]:
    """Return the types of what happened."""
    return [each.type.value for each in found]


@pytest.fixture
def book() -> OrderBook:
    """Return a book that has seen an empty list."""
    book = OrderBook()
    book.take({}, NOON)
    return book


def push(book: OrderBook, kind: PushKind, uuid: str = "a", **given: Any) -> list[str]:
    """Push a message and return the types that are to be told live."""
    return types(book.push(pushed(kind, uuid, **given), LATER, at=10).live)


def test_a_meal_from_the_starter_to_the_clearing_dock(book: OrderBook) -> None:
    assert push(book, PushKind.CREATED) == ["order_created", "order_started"]
    assert push(book, PushKind.MODIFIED, table="8") == ["order_located"]
    assert push(book, PushKind.MODIFIED, table="9") == ["order_moved"]
    assert push(book, PushKind.PAGED, table="9", paged=True) == ["order_paged"]
    assert push(book, PushKind.MODIFIED, table="9") == ["page_canceled"]
    to_go = OrderType.TO_GO
    assert push(book, PushKind.MODIFIED, table="9", order_type=to_go) == ["order_type_changed"]
    assert push(book, PushKind.MODIFIED, order_type=to_go) == ["order_started"]
    assert push(book, PushKind.MODIFIED, is_gone=True) == ["order_cleared"]
    assert book.orders == {}


def test_a_guest_who_skips_the_starter_is_created_and_located(book: OrderBook) -> None:
    assert push(book, PushKind.CREATED, table="8") == ["order_created", "order_located"]


def test_one_message_may_change_several_things(book: OrderBook) -> None:
    push(book, PushKind.CREATED, table="8")
    changed = push(book, PushKind.MODIFIED, table="9", paged=True, order_type=OrderType.TO_GO)
    assert changed == ["order_moved", "order_type_changed", "order_paged"]


def test_a_move_concerns_both_tables(book: OrderBook) -> None:
    push(book, PushKind.CREATED, table="8")
    [moved] = book.push(pushed(PushKind.MODIFIED, table="9"), LATER, at=10).live
    assert moved.tables == ("9", "8")


@pytest.mark.parametrize("kind", list(PushKind))
def test_a_message_that_changes_nothing_is_no_news(book: OrderBook, kind: PushKind) -> None:
    push(book, PushKind.CREATED, table="8")
    assert push(book, kind, table="8") == []


def test_an_end_is_told_once(book: OrderBook) -> None:
    push(book, PushKind.CREATED)
    assert push(book, PushKind.MODIFIED, is_gone=True) == ["order_cleared"]
    assert push(book, PushKind.CLEARED, is_gone=True) == []


def test_the_last_word_of_an_order_keeps_its_table(book: OrderBook) -> None:
    push(book, PushKind.CREATED, table="8")
    [cleared] = book.push(pushed(PushKind.CLEARED, is_gone=True), LATER, at=10).live
    assert cleared.order.table == "8"


@pytest.mark.parametrize(
    ("kind", "given", "live"),
    [
        (PushKind.MODIFIED, {"table": "8"}, "order_located"),
        (PushKind.MODIFIED, {}, "order_started"),
        (PushKind.PAGED, {"paged": True}, "order_paged"),
        (PushKind.MODIFIED, {"is_gone": True}, "order_cleared"),
    ],
)
def test_what_changes_unknown_was_created_unheard(
    book: OrderBook, kind: PushKind, given: dict[str, Any], live: str
) -> None:
    news = book.push(pushed(kind, **given), LATER, at=10)
    assert types(news.live) == [live]
    assert types(news.missed) == ["order_created"]


def test_a_number_comes_back_as_another_order(book: OrderBook) -> None:
    push(book, PushKind.CREATED, "a")
    push(book, PushKind.CREATED, "b", started_at=LATER)
    assert {each.uuid for each in book.orders.values()} == {"a", "b"}
    assert book.find("23") == order("b")
    assert book.find("a") == order("a")
    assert book.find("24") is None


def test_the_first_list_of_all_is_no_news() -> None:
    book = OrderBook()
    assert book.take(book.differences([order("a"), order("b")], 1), NOON) == []
    assert set(book.orders) == {"a", "b"}


def test_a_list_tells_what_was_missed(book: OrderBook) -> None:
    push(book, PushKind.CREATED, "a")
    push(book, PushKind.CREATED, "b")
    listed = book.differences([order("a", table="8"), order("c", table="9")], 20)
    found = book.take(listed, LATER)
    assert sorted(types(found)) == [
        "order_cleared",
        "order_created",
        "order_located",
        "order_located",
    ]
    assert set(book.orders) == {"a", "c"}
    assert not book.differences([order("a", table="8"), order("c", table="9")], 21)


def test_a_list_asked_for_before_a_push_knows_less(book: OrderBook) -> None:
    push(book, PushKind.CREATED, "new")
    push(book, PushKind.CREATED, "moved", table="8")
    push(book, PushKind.CREATED, "gone")
    push(book, PushKind.MODIFIED, "gone", is_gone=True)
    old_list = [order("moved", table="7"), order("gone")]
    assert book.differences(old_list, sent_at=9) == {}
    assert set(book.differences(old_list, sent_at=11)) == {"new", "moved", "gone"}


def test_history_knows_when_and_who_came_and_went(book: OrderBook) -> None:
    push(book, PushKind.CREATED, "seen")
    found = book.take(book.differences([], 20), LATER)
    ended = NOON + timedelta(minutes=2)
    told = book.read_history(
        found,
        [
            summary("seen", cleared_at=ended),
            summary("unseen", table="4", located_at=ended, cleared_at=ended + timedelta(minutes=1)),
            summary("before", cleared_at=NOON - timedelta(hours=1)),
            summary("not ended"),
        ],
        since=NOON,
    )
    assert [(each.type, each.order.uuid, each.time) for each in told] == [
        (OrderEvent.CREATED, "unseen", NOON),
        (OrderEvent.CLEARED, "seen", ended),
        (OrderEvent.LOCATED, "unseen", ended),
        (OrderEvent.CLEARED, "unseen", ended + timedelta(minutes=1)),
    ]


def test_history_tells_nothing_twice(book: OrderBook) -> None:
    push(book, PushKind.CREATED, "heard")
    push(book, PushKind.MODIFIED, "heard", is_gone=True)
    history = [summary(name, cleared_at=LATER) for name in ("heard", "unheard")]
    assert len(book.read_history([], history, since=NOON)) == 2
    assert book.read_history([], history, since=NOON) == []


def test_a_stored_book_goes_on() -> None:
    book = OrderBook()
    book.take(book.differences([order("a", table="8"), order("b")], 1), NOON)
    push(book, PushKind.MODIFIED, "b", is_gone=True)
    book.mark_overdue(300, LATER)
    later = OrderBook(book.store())
    assert later.orders == book.orders
    assert later.orders["a"].started_at == NOON
    assert (later.seen_at, later.overdue, later.known) == (NOON, {"a"}, {"a", "b"})
    assert types(later.take(later.differences([], 1), LATER)) == ["order_cleared"]


def test_overdue_is_told_once_each() -> None:
    book = OrderBook()
    book.take(book.differences([order("a"), order("b", started_at=LATER)], 1), NOON)
    at_target = NOON + timedelta(seconds=300)
    assert book.mark_overdue(300, at_target - timedelta(milliseconds=1)) == []
    assert book.mark_overdue(300, at_target) == [order("a")]
    assert book.mark_overdue(300, at_target) == []
    assert book.mark_overdue(600, at_target) == []
    assert book.overdue == set()


def test_what_is_remembered_is_bounded(book: OrderBook) -> None:
    for number in range(1500):
        push(book, PushKind.CREATED, str(number))
        push(book, PushKind.MODIFIED, str(number), is_gone=True)
    assert len(book.known) == 1000
