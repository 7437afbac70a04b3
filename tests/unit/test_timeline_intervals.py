"""Stretches of time out of samples: never overlapping, covering what was recorded, gaps left as gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.timeline import intervals
from emrs_core.timeline.events import Amended, Excluded, Marker, Note, Sample, SelfReport, Withdrawn
from emrs_core.timeline.intervals import Interval, Span
from emrs_core.timeline.review import current, included
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.timeline.sessions import SessionInfo, Timeline
from emrs_core.types import QualityIssue

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
INFO = SessionInfo("s", "local", NOW)


def samples(*rows: tuple[float, str], poor: frozenset[int] = frozenset()) -> Samples:
    """Samples of those times and moods."""
    return Samples.of(
        Sample(t, mood, None, None, face=mood != "no_face", quality=(QualityIssue.BLURRED,) if k in poor else ())
        for k, (t, mood) in enumerate(rows)
    )


def test_a_mood_lasts_until_the_next_sample_and_a_gap_ends_it() -> None:
    found = intervals.mood_intervals(samples((0, "happy"), (0.5, "happy"), (1, "sad"), (5, "sad"), (5.5, "sad")))
    assert found == (Interval(0, 1, "happy"), Interval(1, 1.5, "sad"), Interval(5, 6, "sad"))


def test_gaps_are_what_lies_between() -> None:
    one = samples((0, "happy"), (0.5, "happy"), (4, "happy"))
    assert intervals.recorded(one) == (Span(0, 1), Span(4, 4.5))
    assert intervals.gaps(one) == (Span(1, 4),)


def test_nothing_recorded_is_nothing() -> None:
    assert intervals.mood_intervals(samples()) == intervals.recorded(samples()) == ()


@given(
    st.lists(st.tuples(st.floats(0.01, 3), st.sampled_from(MOOD_NAMES)), min_size=1, max_size=60),
)
def test_intervals_never_overlap_and_cover_the_session_minus_gaps(steps: list[tuple[float, str]]) -> None:
    times = np.cumsum([step for step, _ in steps])
    columns = samples(*zip(times.tolist(), [mood for _, mood in steps], strict=True))
    found = intervals.mood_intervals(columns)
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(found))
    covered = sum(i.length_s for i in found)
    whole = intervals.recorded(columns)
    missing = sum(s.length_s for s in intervals.gaps(columns))
    assert covered == pytest.approx(sum(s.length_s for s in whole))
    assert covered + missing == pytest.approx(whole[-1].end_s - whole[0].start_s)


spans = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda p: Span(float(p[0]), float(p[1]))))


@given(spans, spans)
def test_taking_time_out_leaves_exactly_the_rest(kept: list[Span], holes: list[Span]) -> None:
    left = intervals.without(kept, holes)
    moments = np.arange(0.5, 41)
    expected = intervals.inside(moments, kept) & ~intervals.inside(moments, holes)
    assert (intervals.inside(moments, left) == expected).all()


class TestReview:
    def test_the_last_amendment_holds(self) -> None:
        marker = Marker(t_s=1, label="stimulus")
        first = Amended(t_s=1, target_id=marker.id, replacement=Marker(t_s=2, label="a"), at=NOW + timedelta(1))
        last = Amended(t_s=1, target_id=marker.id, replacement=Marker(t_s=3, label="b"), at=NOW + timedelta(2))
        timeline = Timeline(INFO, events=(marker, last, first))
        assert current(timeline).events == (Marker(t_s=3, label="b", id=marker.id),)
        assert current(current(timeline)) == current(timeline)

    def test_a_withdrawal_can_itself_be_withdrawn(self) -> None:
        note = Note(t_s=1, text="שלום 🎧")
        away = Withdrawn(t_s=1, target_id=note.id, at=NOW)
        back = Withdrawn(t_s=1, target_id=away.id, at=NOW + timedelta(1))
        assert current(Timeline(INFO, events=(note, away))).events == ()
        assert current(Timeline(INFO, events=(note, away, back))).events == (note,)

    def test_a_withdrawn_amendment_brings_back_what_stood_before(self) -> None:
        report = SelfReport(t_s=0, moment="before", valence=3, arousal=4)
        amended = Amended(t_s=0, target_id=report.id, replacement=Note(t_s=0, text="x"), at=NOW)
        undone = Withdrawn(t_s=0, target_id=amended.id, at=NOW + timedelta(1))
        assert current(Timeline(INFO, events=(report, amended, undone))).events == (report,)

    def test_a_review_of_an_unknown_event_is_harmless(self) -> None:
        assert current(Timeline(INFO, events=(Withdrawn(t_s=0, target_id="nobody", at=NOW),))).events == ()

    def test_events_and_samples_come_out_in_order_of_time(self) -> None:
        late, early = Marker(t_s=9, label="late"), Marker(t_s=1, label="early")
        now = current(Timeline(INFO, samples((2, "sad"), (1, "happy")), (late, early)))
        assert now.events == (early, late)
        assert now.samples.t_s.tolist() == [1, 2]
        assert [row.mood for row in now.samples] == ["happy", "sad"]

    def test_valid_time_has_a_readable_face_and_is_not_excluded(self) -> None:
        columns = samples(*((k / 2, "happy") for k in range(8)), (4, "no_face"), poor=frozenset({0, 1}))
        timeline = Timeline(INFO, columns, (Excluded(t_s=2, until_s=3),))
        assert columns.t_s[columns.valid & included(timeline)].tolist() == [1, 1.5, 3, 3.5]
