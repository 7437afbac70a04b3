"""Sessions for tests, and what every store of sessions and people promises."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from emrs_core.errors import TimelineError, TimelineNotFound
from emrs_core.timeline.events import Amended, Event, Marker, Note, Sample, SongStarted, new_id
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.sessions import SessionFacts, SessionInfo, SessionState
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.store import SessionQuery
from emrs_core.types import AffectPoint, QualityIssue

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEVENTHS = (0.125, 0.125, 0.125, 0.25, 0.125, 0.125, 0.125)  # exact in 32 bits
AnyStore = SqlTimelineStore | MemoryTimelineStore


def make_info(number: int = 0, **facts: object) -> SessionInfo:
    """A session of the owner's that began ``number`` hours after noon."""
    defaults: dict[str, object] = {"id": new_id(), "owner": "local", "started_at": NOON + timedelta(hours=number)}
    return SessionInfo(**{**defaults, **facts})  # type: ignore[arg-type]


def make_samples(count: int, start_s: float = 0.0, valence: float = 0.5) -> list[Sample]:
    """Eight looks a second at a happy face; every fourth cannot be read."""
    bad = (QualityIssue.TOO_DARK, QualityIssue.BLURRED)
    return [
        Sample(start_s + k / 8, "unsure", None, SEVENTHS, True, bad)
        if k % 4 == 3
        else Sample(start_s + k / 8, "happy", SEVENTHS, SEVENTHS, True, (), AffectPoint(valence, -0.25))
        for k in range(count)
    ]


class TimelineStoreContract:
    """What ``TimelineStore`` promises; every store's test class inherits this and gives the fixture
    ``store``: an empty store."""

    def test_a_session_comes_back_as_it_was_written(self, store: AnyStore) -> None:
        info = make_info(tags=("a", "b"), title="Erste 🎵 جلسة", participant="P 01", synthetic=True, condition="calm")
        samples = [*make_samples(20), Sample(2.5, "no_face", None, None, False)]
        events: list[Event] = [Marker(t_s=0.5, label="go"), Note(t_s=1.0, text="\u202eمرحبا 🎧 \u0000 'x'; DROP")]
        events.append(Amended(t_s=1.5, target_id=events[0].id, replacement=Marker(t_s=0.6, label="start"), at=NOON))
        store.begin(info)
        store.append(info.id, samples[:9], events[:1])
        store.append(info.id, samples[9:], events[1:])
        read = store.read(info.id)
        assert read.info == info
        assert store.info(info.id) == info
        assert list(read.samples) == samples
        assert list(read.events) == events

    def test_ending_changes_the_state_alone(self, store: AnyStore) -> None:
        info, samples = make_info(), make_samples(50)
        store.begin(info)
        for k in range(0, 50, 10):
            store.append(info.id, samples[k : k + 10])
        store.end(info.id, NOON + timedelta(minutes=1))
        store.end(info.id, NOON + timedelta(minutes=9))
        read = store.read(info.id)
        assert read.info.state is SessionState.ENDED
        assert read.info.ended_at == NOON + timedelta(minutes=1)
        assert list(read.samples) == samples

    def test_writing_again_changes_nothing(self, store: AnyStore) -> None:
        info, samples = make_info(), make_samples(20)
        marker, song = Marker(t_s=1, label="m"), SongStarted(t_s=2, track_id="t", title="T", artist="A")
        store.begin(info)
        store.append(info.id, samples, [marker, song, marker])
        before = store.list()
        store.begin(info)
        store.append(info.id, samples, [marker, song])
        store.append(info.id, samples[5:9], [Marker(t_s=9, label="another", id=marker.id)])
        store.end(info.id, NOON)
        store.append(info.id, samples[3:], [song])
        assert list(store.read(info.id).samples) == samples
        assert store.read(info.id).events == (marker, song)
        after = store.list()
        assert (after[0].samples, after[0].songs, after[0].sparkline) == (20, 1, before[0].sparkline)

    def test_what_comes_out_of_order_is_read_in_order(self, store: AnyStore) -> None:
        info, samples = make_info(), make_samples(30)
        late, early = Marker(t_s=9, label="late"), Marker(t_s=1, label="early")
        store.begin(info)
        store.append(info.id, samples[20:], [late])
        store.append(info.id, [*samples[10:15], *samples[2:5]], [early])
        store.append(info.id, samples)
        assert list(store.read(info.id).samples) == samples
        assert store.read(info.id).events == (early, late)
        assert store.list()[0].samples == 30

    def test_a_jump_of_the_clock_is_kept_as_it_came(self, store: AnyStore) -> None:
        info, samples = make_info(), [*make_samples(4), *make_samples(4, 1e9), *make_samples(4, -50.0)]
        store.begin(info)
        store.append(info.id, samples)
        assert [s.t_s for s in store.read(info.id).samples] == sorted(s.t_s for s in samples)
        assert store.list()[0].length_s == pytest.approx(1e9, abs=1)

    def test_reading_again_gives_what_reading_gives_and_the_same_object_while_nothing_changed(
        self, store: AnyStore
    ) -> None:
        info, samples = make_info(), make_samples(60)
        store.begin(info)
        seen = store.read(info.id)
        changes: tuple[Callable[[], object], ...] = (
            lambda: store.append(info.id, samples[:20], [Marker(t_s=2, label="a")]),
            lambda: store.append(info.id, samples[20:40]),
            lambda: store.append(info.id, (), [Marker(t_s=2, label="b"), Marker(t_s=1, label="early")]),
            lambda: store.append(info.id, [samples[50]]),
            lambda: store.append(info.id, samples[40:], [Note(t_s=3, text="late samples")]),
            lambda: store.describe(info.id, SessionFacts(title="named")),
            lambda: store.append(info.id, make_samples(9, 20.0)),
            lambda: store.end(info.id, NOON),
            lambda: store.append(info.id, (), [Note(t_s=0, text="in review")]),
        )
        for change in changes:
            change()
            seen, before, whole = store.reread(seen), seen, store.read(info.id)
            assert seen is not before
            assert (seen.info, seen.events) == (whole.info, whole.events)
            assert list(seen.samples) == list(whole.samples)
            assert store.reread(seen) is seen

    def test_another_session_under_the_same_id_is_read_anew(self, store: AnyStore) -> None:
        info, other = make_info(), make_info(3)
        store.begin(info)
        store.append(info.id, make_samples(20), [Note(t_s=1, text="of the first")])
        seen = store.read(info.id)
        store.delete(info.id)
        with pytest.raises(TimelineNotFound):
            store.reread(seen)
        store.begin(make_info(3, id=info.id, started_at=other.started_at))
        store.append(info.id, make_samples(30, 1.0), [Note(t_s=1, text="of the second"), Note(t_s=2, text="more")])
        again = store.reread(seen)
        assert again.info.started_at == other.started_at
        assert (len(again.samples), again.events) == (30, store.read(info.id).events)

    def test_review_adds_to_an_ended_session(self, store: AnyStore) -> None:
        info, note = make_info(), Note(t_s=3, text="later")
        store.begin(info)
        store.end(info.id, NOON)
        store.append(info.id, (), [note])
        assert store.read(info.id).events == (note,)
        assert store.read(info.id).info.state is SessionState.ENDED

    def test_facts_are_put_right_and_nothing_else_changes(self, store: AnyStore) -> None:
        info, other, samples = make_info(title="draft", participant="P1", tags=("a",)), make_info(1), make_samples(9)
        facts = SessionFacts("Sleep", "P\u202e2", "calm", ("b", "c"), "Größe 🎧")
        for one in (info, other):
            store.begin(one)
        store.append(info.id, samples)
        store.describe(info.id, facts)
        read = store.read(info.id)
        assert read.info.facts == facts
        assert read.info == info.described(facts)
        assert list(read.samples) == samples
        assert store.read(other.id).info == other
        assert [s.info.id for s in store.list(SessionQuery(participant="P\u202e2", tag="b"))] == [info.id]
        store.end(info.id, NOON)
        store.describe(info.id, SessionFacts())
        assert store.read(info.id).info.facts == SessionFacts()
        assert store.read(info.id).info.state is SessionState.ENDED

    def test_ten_thousand_markers(self, store: AnyStore) -> None:
        info, markers = make_info(), [Marker(t_s=k / 10, label=f"m{k}") for k in range(10_000)]
        store.begin(info)
        store.append(info.id, (), markers)
        store.append(info.id, (), markers)
        assert store.read(info.id).events == tuple(markers)

    def test_the_list_says_length_share_songs_and_course(self, store: AnyStore) -> None:
        info = make_info()
        store.begin(info)
        song = SongStarted(t_s=0.5, track_id="t", title="T", artist="A")
        store.append(info.id, [*make_samples(8, valence=0.5), *make_samples(8, 2.0, valence=-0.5)], [song])
        (summary,) = store.list()
        assert summary.info == info
        assert (summary.samples, summary.songs) == (16, 1)
        assert summary.length_s == pytest.approx(2.875)
        assert summary.valid_face_share == pytest.approx(0.75)
        assert summary.sparkline == (0.5, None, -0.5)

    def test_the_list_is_filtered_and_comes_newest_first(self, store: AnyStore) -> None:
        infos = [make_info(k, owner="abc"[k], study="S1" if k else "", tags=(f"t{k}",)) for k in range(3)]
        infos[1] = make_info(1, id=infos[1].id, owner="b", study="S1", title="Größe", participant="P7", synthetic=True)
        for info in infos:
            store.begin(info)

        def places(**wanted: object) -> list[int]:
            return [infos.index(s.info) for s in store.list(SessionQuery(**wanted))]  # type: ignore[arg-type]

        assert places() == [2, 1, 0]
        assert places(owner="a") == [0]
        assert places(study="S1") == [2, 1]
        assert places(text="GRÖSSE") == [1]
        assert places(participant="P7") == places(synthetic=True) == [1]
        assert places(tag="t2") == [2]
        assert places(since=infos[1].started_at, until=infos[2].started_at) == [1]
        assert places(limit=1, offset=1) == [1]

    def test_a_deleted_session_is_gone(self, store: AnyStore) -> None:
        kept, gone = make_info(), make_info(1)
        for info in (kept, gone):
            store.begin(info)
            store.append(info.id, make_samples(9), [Marker(t_s=1, label="x")])
        store.delete(gone.id)
        assert [summary.info for summary in store.list()] == [kept]
        assert len(store.read(kept.id).samples) == 9
        with pytest.raises(TimelineNotFound):
            store.read(gone.id)

    def test_a_session_that_is_not_there_is_said_to_be_missing(self, store: AnyStore) -> None:
        calls = (store.read, store.info, store.delete, lambda i: store.append(i, ()), lambda i: store.end(i, NOON))
        for call in (*calls, lambda i: store.describe(i, SessionFacts())):
            with pytest.raises(TimelineNotFound, match="nobody"):
                call("nobody")

    @pytest.mark.parametrize("t_s", [math.nan, math.inf])
    def test_a_time_that_is_no_number_is_refused_and_nothing_of_it_is_kept(self, store: AnyStore, t_s: float) -> None:
        info = make_info()
        store.begin(info)
        with pytest.raises(TimelineError):
            store.append(info.id, make_samples(3), [Marker(t_s=t_s, label="x")])
        with pytest.raises(TimelineError):
            store.append(info.id, [*make_samples(3), Sample(t_s, "happy", None, None)])
        assert len(store.read(info.id).samples) == 0
