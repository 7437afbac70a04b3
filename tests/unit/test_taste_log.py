"""A profile's store that cannot be read: left alone between two looks, and no reading of the face fails for it."""

from __future__ import annotations

import pytest

from emrs_core.errors import StorageError
from emrs_core.music.taste.events import FEEDBACK, TasteEvent
from emrs_core.music.taste.log import RETRY_S, EventLog
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.store import MemoryProfileStore, StoreState
from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.models import probabilities_of
from emrs_core.testing.profiles import make_feedback
from emrs_core.types import AffectPoint, Emotion

DAMAGED = "What was learned is damaged."
FACE = AffectPoint(0.3, -0.2)


class Store(MemoryProfileStore):
    """Cannot be read while the test says so; counts the attempts."""

    def __init__(self) -> None:
        super().__init__()
        self.damaged, self.looks = True, 0

    def state(self) -> StoreState:
        self.looks += 1
        if self.damaged:
            raise StorageError(DAMAGED)
        return super().state()


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def opinions(log: EventLog) -> tuple[TasteEvent, ...]:
    return log.of(FEEDBACK)


def test_a_damaged_store_is_tried_again_only_every_few_seconds(store: Store, clock: FakeClock) -> None:
    log = EventLog(store, clock)
    for _ in range(30):  # frames
        with pytest.raises(StorageError, match=DAMAGED):
            opinions(log)
    assert store.looks == 1
    clock.advance(RETRY_S)
    with pytest.raises(StorageError, match=DAMAGED):
        opinions(log)
    assert store.looks == 2


def test_once_it_can_be_read_it_is_and_then_from_memory(store: Store, clock: FakeClock) -> None:
    log = EventLog(store, clock)
    with pytest.raises(StorageError):
        opinions(log)
    store.damaged = False
    clock.advance(RETRY_S)
    looks = store.looks
    assert [opinions(log) for _ in range(30)] == [()] * 30
    assert store.looks == looks + 1


def test_asking_on_purpose_looks_at_once(store: Store, clock: FakeClock) -> None:
    log = EventLog(store, clock)
    with pytest.raises(StorageError):
        opinions(log)
    store.damaged = False
    log.refresh()
    assert opinions(log) == ()


def test_erasing_a_damaged_store_makes_it_readable_at_once(store: Store, clock: FakeClock) -> None:
    log = EventLog(store, clock)
    with pytest.raises(StorageError):
        opinions(log)
    store.damaged = False
    log.erase()
    assert opinions(log) == ()


def test_what_was_read_before_stays_known(store: Store, clock: FakeClock) -> None:
    store.damaged = False
    log, opinion = EventLog(store, clock), make_feedback(1)
    log.add(opinion)
    store.damaged = True
    with pytest.raises(StorageError):
        log.refresh()
    assert opinions(log) == (opinion,)


def test_an_opinion_that_was_kept_is_no_failure_because_the_look_after_it_failed(
    store: Store, clock: FakeClock
) -> None:
    log, opinion = EventLog(store, clock), make_feedback(1)
    log.add(opinion)
    store.damaged = False
    clock.advance(RETRY_S)
    assert opinions(log) == (opinion,)


def test_a_damaged_store_leaves_each_reading_of_the_face_as_it_is(store: Store, clock: FakeClock) -> None:
    profile = ListenerProfile(store, FakeCatalogue(), clock)
    reading = tuple(probabilities_of(Emotion.SAD))
    for _ in range(30):
        assert profile.offset.apply(FACE) == FACE
        assert profile.correction.apply(reading) == reading
    assert store.looks == 1
