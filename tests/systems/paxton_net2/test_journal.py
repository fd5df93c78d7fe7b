"""The journal: none lost, none told twice, across reconnections and restarts."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gatehouse.systems.paxton_net2.client import AccessEvent, EventKind
from custom_components.gatehouse.systems.paxton_net2.journal import GRACE, OVERLAP, Journal

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = 1000.0


def event(
    second: int,
    event_id: int | None = None,
    *,
    kind: EventKind = EventKind.ACCESS_GRANTED,
    door_id: int = 7,
) -> AccessEvent:
    """Return an event at a second past noon; it has an id where it was read back."""
    return AccessEvent(
        time=NOON + timedelta(seconds=second),
        code=20,
        sub_code=0,
        kind=kind,
        door_id=door_id,
        key=f"{second}:{kind}:{door_id}",
        id=event_id,
    )


@pytest.fixture
def journal() -> Journal:
    """Return a journal that has read its history: one event, id 1."""
    journal = Journal()
    journal.read([event(0, 1)], 0.0, NOON)
    return journal


def test_the_first_read_is_history() -> None:
    """It tells nothing, and the next read begins a little before its newest event."""
    journal = Journal()
    assert journal.since is None
    assert journal.read([event(5, 2), event(0, 1)], 0.0, NOON) == [event(0, 1), event(5, 2)]
    assert journal.missed(LATER, 100) == []
    assert journal.since == NOON + timedelta(seconds=5) - OVERLAP


def test_a_server_without_events_begins_now() -> None:
    """What comes next is news."""
    journal = Journal()
    journal.read([], 0.0, NOON)
    assert journal.since == NOON - OVERLAP
    journal.read([event(1, 1)], 0.0, NOON)
    assert journal.missed(LATER, 100) == [event(1, 1)]


def test_a_live_event_is_news_once(journal: Journal) -> None:
    """Its duplicate is not, and neither is the copy read back."""
    assert journal.hear(event(1))
    assert not journal.hear(event(1))
    assert journal.read([event(1, 2)], 0.0, NOON) == [event(1, 2)]
    assert journal.missed(LATER, 100) == []


def test_what_is_read_back_alone_is_missed_once(journal: Journal) -> None:
    """After the grace, and never again."""
    journal.read([event(1, 2)], 0.0, NOON)
    assert journal.missed(GRACE / 2, 100) == []
    assert journal.is_waiting
    assert journal.missed(GRACE, 100) == [event(1, 2)]
    assert not journal.is_waiting
    journal.read([event(1, 2)], 0.0, NOON)
    assert journal.missed(LATER, 100) == []
    assert not journal.hear(event(1))


def test_a_live_copy_within_the_grace_is_live(journal: Journal) -> None:
    """A poll may be faster than the stream."""
    journal.read([event(1, 2)], 0.0, NOON)
    assert journal.hear(event(1))
    assert journal.missed(LATER, 100) == []
    assert not journal.hear(event(1))


def test_two_happenings_that_look_alike_are_both_told(journal: Journal) -> None:
    """The server's ids count, even where the live copies cannot be told apart."""
    assert journal.hear(event(1))
    assert not journal.hear(event(1))
    journal.read([event(1, 2), event(1, 3)], 0.0, NOON)
    assert journal.missed(LATER, 100) == [event(1, 3)]


def test_overlapping_reads_repeat_nothing(journal: Journal) -> None:
    """Also within one answer."""
    assert journal.read([event(1, 2), event(1, 2), event(0, 1)], 0.0, NOON) == [event(1, 2)]
    assert journal.missed(LATER, 100) == [event(1, 2)]


def test_a_restart_goes_on_where_it_ended(journal: Journal) -> None:
    """Told live but not read back yet, and read back but not told yet: both survive."""
    journal.hear(event(1))
    journal.read([event(2, 3)], 0.0, NOON)
    restarted = Journal(journal.store())
    assert restarted.since is not None
    assert restarted.since <= NOON + timedelta(seconds=2) - OVERLAP
    restarted.read([event(0, 1), event(1, 2), event(2, 3), event(3, 4)], 0.0, NOON)
    assert restarted.missed(LATER, 100) == [event(2, 3), event(3, 4)]


def test_a_live_event_of_before_a_restart_is_matched_by_its_id() -> None:
    """Heard, stored, and read back only by the next journal."""
    journal = Journal()
    journal.read([event(0, 1)], 0.0, NOON)
    journal.hear(event(1))
    restarted = Journal(journal.store())
    restarted.read([event(1, 2)], 0.0, NOON)
    assert restarted.missed(LATER, 100) == []


def test_what_a_controller_stored_is_within_reach(journal: Journal) -> None:
    """While it is away, and for a while after it came back."""
    lost = event(100, 2, kind=EventKind.CONTROLLER_OFFLINE)
    back = event(3000, 4, kind=EventKind.CONTROLLER_ONLINE)
    journal.read([lost], 0.0, NOON)
    journal.read([event(2000, 3, door_id=8)], 0.0, NOON)
    assert journal.since == lost.time - OVERLAP
    journal.read([back], 0.0, NOON)
    assert journal.since == lost.time - OVERLAP
    journal.read([event(3000 + 600, 5, door_id=8)], 0.0, NOON)
    assert journal.since == NOON + timedelta(seconds=3600) - OVERLAP


def test_memory_is_bounded(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is an hour old and matched is forgotten, what is not matched never."""
    monkeypatch.setattr("custom_components.gatehouse.systems.paxton_net2.journal._FORGET_ABOVE", 10)
    journal = Journal()
    journal.read([event(0, 1)], 0.0, NOON)
    journal.hear(event(1))
    for second in range(2, 2000):
        journal.hear(event(second * 10))
        journal.read([event(second * 10, second)], 0.0, NOON)
    assert len(journal._told) < 800  # its size is what this is about
    journal.read([event(1, 5000)], 0.0, NOON)
    assert journal.missed(LATER, 100) == []


def test_many_are_told_a_few_at_a_time(journal: Journal) -> None:
    """Oldest first, and each once."""
    journal.read([event(second, second + 1) for second in range(5, 0, -1)], 0.0, NOON)
    assert [told.id for told in journal.missed(LATER, 2)] == [2, 3]
    assert journal.hear(event(3))
    assert [told.id for told in journal.missed(LATER, 100)] == [5, 6]
    assert not journal.is_waiting


def test_a_restored_database_numbers_anew(journal: Journal) -> None:
    """What comes after is news again, what was known before is not."""
    journal.read([event(10, 900)], 0.0, NOON)
    assert [told.id for told in journal.missed(LATER, 100)] == [900]
    restored = [event(0, 1), event(10, 90)]
    assert journal.read(restored, 0.0, NOON) == []
    assert journal.read([*restored, event(20, 91)], 0.0, NOON) == [event(20, 91)]
    assert journal.read([*restored, event(20, 91), event(30, 92)], 0.0, NOON) == [event(30, 92)]
    assert [told.id for told in journal.missed(LATER, 100)] == [91, 92]


def test_a_late_upload_does_not_look_like_a_restored_database(journal: Journal) -> None:
    """The highest id may belong to an old event, which later reads no longer hold."""
    journal.read([event(600, 2)], 0.0, NOON)
    journal.read([event(60, 3)], 0.0, NOON)
    assert len(journal.missed(LATER, 100)) == 2
    assert journal.read([event(600, 2)], 0.0, NOON) == []
    assert journal.read([event(60, 3), event(600, 2), event(700, 4)], 0.0, NOON) == [event(700, 4)]


def test_rows_without_an_id_are_no_trouble(journal: Journal) -> None:
    """They cannot be told apart from what was read, so they are left alone."""
    assert journal.read([event(1), event(1), event(2, 2)], 0.0, NOON) == [event(2, 2)]
    assert Journal(journal.store()).since is not None
    assert [told.id for told in journal.missed(LATER, 100)] == [2]


def test_what_is_never_read_back_is_forgotten_after_a_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the operator may not read events."""
    monkeypatch.setattr("custom_components.gatehouse.systems.paxton_net2.journal._FORGET_ABOVE", 10)
    journal = Journal()
    for hour in range(200):
        journal.hear(event(hour * 3600))
    assert len(journal.store()["told"]) < 60
