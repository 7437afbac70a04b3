"""A session is written beside the live view, which never waits: through trouble, to its end, or not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest

from emrs_core.consent import ConsentRecord
from emrs_core.errors import StoreUnavailable
from emrs_core.segments import SegmentSource, SongSegment
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline import backlog, recorder
from emrs_core.timeline.events import ConsentGiven, Event, Marker, Sample
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.observing import Observer
from emrs_core.timeline.recorder import RecorderState, SessionRecorder
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionFacts, SessionState
from emrs_core.types import (
    AffectPoint,
    Emotion,
    EmotionEstimate,
    Face,
    FaceBox,
    FaceQuality,
    FrameAnalysis,
    MoodKind,
    MoodState,
    QualityIssue,
)

PATIENCE_S = 20.0
EVEN = (1 / 7,) * 7


class MoodyStore(MemoryTimelineStore):
    """Takes nothing while ``locked``; with ``answer_lost`` it takes what comes and says that it did not."""

    locked = False
    answer_lost = False
    describing_lost = False

    def append(self, session_id: str, samples: Sequence[Sample] | Samples, events: Sequence[Event] = ()) -> None:
        if self.locked:
            raise StoreUnavailable("The database is locked.")
        super().append(session_id, samples, events)
        if self.answer_lost:
            raise StoreUnavailable("The connection broke.")

    def describe(self, session_id: str, facts: SessionFacts) -> None:
        super().describe(session_id, facts)
        if self.describing_lost:
            raise StoreUnavailable("The connection broke.")

    def delete(self, session_id: str) -> None:
        if self.locked:
            raise StoreUnavailable("The database is locked.")
        super().delete(session_id)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "WRITE_EVERY_S", 0.01)
    monkeypatch.setattr(recorder, "RETRY_EVERY_S", 0.01)


@pytest.fixture
def store() -> MoodyStore:
    return MoodyStore()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def recording(store: MemoryTimelineStore, *opening: Event) -> SessionRecorder:
    return SessionRecorder(lambda: store, make_info(), opening)


def test_what_comes_is_written_while_the_session_runs_and_whole_at_its_end(store: MoodyStore) -> None:
    keeping = recording(store, ConsentGiven(t_s=0, version="v", at=NOON))
    samples = make_samples(30)
    for sample in samples:
        keeping.add(sample)
    until(lambda: bool(store.list()) and store.list()[0].samples == 30)
    assert store.list()[0].info.state is SessionState.RUNNING
    keeping.add(None, Marker(t_s=4, label="end"))
    keeping.close(PATIENCE_S)
    timeline = store.read(keeping.info.id)
    assert timeline.info.state is SessionState.ENDED
    assert list(timeline.samples) == samples
    assert [type(event) for event in timeline.events] == [ConsentGiven, Marker]


def test_nothing_is_written_and_no_thread_runs_before_something_happens(store: MoodyStore) -> None:
    before = threading.active_count()
    keeping = recording(store, ConsentGiven(t_s=0, version="v", at=NOON))
    keeping.add()
    assert threading.active_count() == before
    keeping.close(PATIENCE_S)
    assert store.list() == ()


def test_a_database_in_trouble_is_told_and_caught_up_with(store: MoodyStore) -> None:
    keeping = recording(store)
    store.locked = True
    for sample in make_samples(25):
        keeping.add(sample)
    until(lambda: keeping.status.problem is not None)
    assert keeping.status.state is RecorderState.WAITING
    assert keeping.status.waiting == 25
    store.locked = False
    until(lambda: keeping.status.waiting == 0 and keeping.status.problem is None)
    assert keeping.status.state is RecorderState.RECORDING
    keeping.close(PATIENCE_S)
    assert store.list()[0].samples == 25


def test_what_was_written_without_an_answer_is_not_there_twice(store: MoodyStore) -> None:
    keeping = recording(store)
    store.answer_lost = True
    keeping.add(make_samples(1)[0], Marker(t_s=0, label="m"))
    until(lambda: keeping.status.problem is not None)
    store.answer_lost = False
    keeping.close(PATIENCE_S)
    timeline = store.read(keeping.info.id)
    assert (len(timeline.samples), len(timeline.events)) == (1, 1)


def test_a_backlog_is_bounded_and_what_it_lost_is_counted(store: MoodyStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "MAX_SAMPLES", 10)
    keeping = recording(store)
    store.locked = True
    for sample in make_samples(25):
        keeping.add(sample)
    assert (keeping.status.waiting, keeping.status.lost) == (10, 15)
    store.locked = False
    keeping.close(PATIENCE_S)
    assert list(store.read(keeping.info.id).samples) == make_samples(25)[15:]


def test_a_discarded_session_is_erased_as_soon_as_the_database_lets_it(store: MoodyStore) -> None:
    keeping = recording(store)
    keeping.add(make_samples(1)[0])
    until(lambda: len(store.list()) == 1)
    store.locked = True
    keeping.discard()
    keeping.add(make_samples(2)[1])
    until(lambda: keeping.status.problem is not None)
    assert keeping.status.state is RecorderState.DISCARDED
    store.locked = False
    keeping.close(PATIENCE_S)
    assert store.list() == ()
    assert keeping.status == recorder.RecorderStatus(RecorderState.DISCARDED)


def test_an_unexpected_error_does_not_end_the_recording(store: MoodyStore, caplog: pytest.LogCaptureFixture) -> None:
    faults = [RuntimeError("surprise")]

    def opened() -> MoodyStore:
        if faults:
            raise faults.pop()
        return store

    keeping = SessionRecorder(opened, make_info())
    keeping.add(make_samples(1)[0])
    keeping.close(PATIENCE_S)
    assert store.list()[0].samples == 1
    assert "surprise" in caplog.text


# -- what becomes a sample ---------------------------------------------------------------------------------------------


def looked(t_s: float, issues: tuple[QualityIssue, ...] = (), look: bool = True, face: bool = True) -> FrameAnalysis:
    faces = (Face(FaceBox(0, 0, 99, 99), FaceQuality(issues), is_listener=True),) if face else ()
    estimate = EmotionEstimate(t_s, EVEN) if face and look and not issues else None
    return FrameAnalysis(t_s, faces, estimate)


def mood(kind: MoodKind = MoodKind.EMOTION, t_s: float = 0.0) -> MoodState:
    label = Emotion.HAPPY if kind is MoodKind.EMOTION else None
    return MoodState(t_s, kind, label, probabilities=EVEN, point=AffectPoint(0.5, 0.0))


def test_there_are_at_most_ten_samples_a_second_however_fast_frames_come() -> None:
    observer = Observer(0.0)
    seen = [observer.see(looked(k / 60), mood())[0] for k in range(600)]
    assert 95 <= sum(sample is not None for sample in seen) <= 101


def test_uneven_frames_do_not_halve_the_rate() -> None:
    observer = Observer(0.0)
    times = [k / 10 + (0.02 if k % 2 else -0.02) for k in range(1, 101)]
    assert sum(observer.see(looked(t), mood())[0] is not None for t in times) >= 98


def test_a_good_face_between_two_looks_says_nothing() -> None:
    assert Observer(0.0).see(looked(1.0, look=False), mood())[0] is None


def test_a_sample_says_why_a_face_could_not_be_read_and_that_nobody_was_there() -> None:
    observer = Observer(10.0)
    assert observer.see(looked(9.0), mood()) == (None, ())
    dark = observer.see(looked(11.0, (QualityIssue.TOO_DARK,)), mood(MoodKind.POOR_FACE))[0]
    nobody = observer.see(looked(12.0, face=False), mood(MoodKind.NO_FACE))[0]
    assert dark is not None
    assert nobody is not None
    assert (dark.t_s, dark.mood, dark.face, dark.quality, dark.raw) == (
        1.0,
        "unsure",
        True,
        (QualityIssue.TOO_DARK,),
        None,
    )
    assert (nobody.t_s, nobody.mood, nobody.face) == (2.0, "no_face", False)


def test_mood_changes_and_faces_that_come_and_go_are_events() -> None:
    observer, told = Observer(0.0), []
    for k, kind in enumerate((MoodKind.WAITING, MoodKind.EMOTION, MoodKind.NO_FACE, MoodKind.NO_FACE, MoodKind.UNSURE)):
        _, events = observer.see(looked(float(k)), mood(kind))
        told.append([type(event).__name__ for event in events])
    assert told == [[], ["MoodChanged", "FaceFound"], ["MoodChanged", "FaceLost"], [], ["MoodChanged", "FaceFound"]]


# -- the keeper --------------------------------------------------------------------------------------------------------


def test_times_count_from_the_agreement_and_a_song_of_before_begins_with_it(store: MoodyStore) -> None:
    clock = FakeClock(100.0)
    keeper = SessionKeeper(lambda: store, clock, "local")
    keeper.observed(looked(99.0), mood())
    keeper.begin(ConsentRecord("v", datetime.now(UTC)))
    keeper.song_ended(SongSegment("t", 90.0, 103.0, SegmentSource.CLICK))
    clock.advance(5)
    keeper.observed(looked(105.0), mood())
    assert keeper.now_s() == 5.0
    keeper.close(PATIENCE_S)
    (summary,) = store.list()
    timeline = store.read(summary.info.id)
    assert list(timeline.samples.t_s) == [5.0]
    ended = next(event for event in timeline.events if type(event).__name__ == "SongEnded")
    assert (ended.t_s, ended.began_s) == (3.0, 0.0)


def test_two_agreements_are_one_session_and_after_the_end_comes_another(store: MoodyStore) -> None:
    keeper = SessionKeeper(lambda: store, FakeClock(), "local")
    for _ in range(2):
        keeper.begin(ConsentRecord("v", NOON))
        keeper.add(Marker(t_s=keeper.now_s(), label="x"))
    keeper.close(PATIENCE_S)
    keeper.add(Marker(t_s=0, label="nowhere"))
    keeper.begin(ConsentRecord("v", NOON))
    keeper.add(Marker(t_s=0, label="y"))
    keeper.close(PATIENCE_S)
    assert sorted(len(store.read(s.info.id).events) for s in store.list()) == [2, 3]


def test_facts_said_while_recording_are_written_also_the_last_ones(store: MoodyStore) -> None:
    session = recording(store)
    session.describe(SessionFacts(title="before anything was written"))
    session.add(make_samples(1)[0])
    until(lambda: bool(store.list()) and store.list()[0].info.title == "before anything was written")
    session.describe(SessionFacts(participant="P1"))
    until(lambda: store.list()[0].info.facts == SessionFacts(participant="P1"))
    session.describe(SessionFacts(participant="P2"))
    session.close(PATIENCE_S)
    assert store.list()[0].info.facts == SessionFacts(participant="P2")
    assert store.list()[0].info.state is SessionState.ENDED


def test_facts_are_written_again_when_nobody_knows_whether_they_were(store: MoodyStore) -> None:
    session = recording(store)
    session.add(make_samples(1)[0])
    until(lambda: bool(store.list()))
    first = store.list()[0].info.facts
    store.describing_lost = True
    session.describe(SessionFacts(title="lost on the way back"))
    until(lambda: session.status.state is RecorderState.WAITING)
    session.describe(first)
    store.describing_lost = False
    until(lambda: session.status.state is RecorderState.RECORDING)
    assert store.list()[0].info.facts == first
    session.close(PATIENCE_S)
