"""Opinions for tests, and the contract of every profile store."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from emrs_core.music.taste.events import MoodDragged, ReadingAnswered, TasteEvent
from emrs_core.music.taste.feedback import Feedback, FeedbackKind
from emrs_core.music.taste.store import ProfileStore
from emrs_core.testing.catalogues import numbered_id
from emrs_core.types import AffectPoint, Emotion

BEGIN = datetime(2026, 11, 1, 18, 0, tzinfo=UTC)


def make_feedback(number: int = 0, kind: FeedbackKind = FeedbackKind.LIKE, **facts: object) -> Feedback:
    """An opinion of song ``number``, that many minutes after the first; the same for the same arguments."""
    defaults: dict[str, object] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {kind}")),
        "kind": kind,
        "track_id": numbered_id(number),
        "at": BEGIN + timedelta(minutes=number),
        "mood": AffectPoint(0.2, -0.1),
    }
    return Feedback(**{**defaults, **facts})  # type: ignore[arg-type]


def one_of_each_kind() -> tuple[TasteEvent, ...]:
    """An event of every kind, one of them without a mood."""
    dragged = MoodDragged(str(uuid.UUID(int=1)), BEGIN, AffectPoint(0.1, 0.2), AffectPoint(-0.3, 0.4))
    answered = ReadingAnswered(str(uuid.UUID(int=2)), BEGIN, (0.1, 0.0, 0.1, 0.2, 0.5, 0.1, 0.0), Emotion.NEUTRAL)
    return make_feedback(), make_feedback(1, FeedbackKind.SKIP, mood=None), dragged, answered


class ProfileStoreContract:
    """What ``ProfileStore`` promises; every store's test class inherits this and gives the fixture
    ``store``: a store with nothing in it."""

    def test_a_new_store_is_empty(self, store: ProfileStore) -> None:
        assert store.read() == (store.state(), ())
        assert store.remove(("nothing",)) == 0

    def test_events_come_back_as_they_were_in_the_order_added(self, store: ProfileStore) -> None:
        events = one_of_each_kind()
        assert all(store.add(event) for event in events)
        assert store.read()[1] == events

    def test_an_event_added_twice_is_there_once(self, store: ProfileStore) -> None:
        assert store.add(make_feedback())
        before = store.state()
        assert not store.add(make_feedback())
        assert (store.state(), len(store.read()[1])) == (before, 1)

    def test_what_is_removed_is_gone_and_the_rest_stays(self, store: ProfileStore) -> None:
        events = one_of_each_kind()
        for event in events:
            store.add(event)
        assert store.remove((events[1].id, "nothing", events[3].id)) == 2
        assert store.read()[1] == (events[0], events[2])

    def test_every_change_shows_in_the_state(self, store: ProfileStore) -> None:
        first, second = make_feedback(0), make_feedback(1)
        changes: list[Callable[[], object]] = [
            lambda: store.add(first),
            lambda: store.remove((first.id,)),
            lambda: store.add(second),
            lambda: store.add(first),
            lambda: store.remove((second.id,)),
        ]
        states = [store.state()]
        for change in changes:
            change()
            states.append(store.state())
        assert len(set(states[1:])) == len(states) - 1
        assert store.read()[0] == states[-1] == store.state()

    def test_erasing_leaves_nothing_and_the_store_goes_on(self, store: ProfileStore) -> None:
        store.add(make_feedback())
        before = store.state()
        store.erase()
        assert store.read()[1] == ()
        assert store.state() != before
        assert store.add(make_feedback())
        assert store.read()[1] == (make_feedback(),)
        assert store.state() != before

    def test_threads_lose_nothing(self, store: ProfileStore) -> None:
        events = [make_feedback(number) for number in range(40)]
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(store.add, events))
        assert set(store.read()[1]) == set(events)
