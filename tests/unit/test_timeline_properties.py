"""What holds of the figures of every session, whatever happened in it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.timeline.events import Excluded, Sample, SongEnded, SongStarted
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.timeline.sessions import SessionInfo, Timeline
from emrs_core.timeline.statistics.epochs import epochs_of
from emrs_core.timeline.statistics.summary import summarise
from emrs_core.timeline.statistics.transitions import included_intervals, transitions_of
from emrs_core.types import EMOTIONS, AffectPoint, QualityIssue

INFO = SessionInfo("s", "local", datetime(2026, 5, 1, tzinfo=UTC))
steps = st.lists(
    st.tuples(st.floats(0.05, 3), st.sampled_from(MOOD_NAMES), st.floats(-1, 1), st.booleans()), max_size=80
)
holes = st.lists(st.tuples(st.floats(0, 80), st.floats(0, 20)), max_size=4)
songs = st.lists(st.tuples(st.floats(0, 80), st.floats(0, 40)), max_size=4)


def session(
    rows: list[tuple[float, str, float, bool]],
    out: list[tuple[float, float]],
    heard: list[tuple[float, float]] = [],  # noqa: B006 - only read
) -> Timeline:
    """Samples with those steps between them; stretches that are excluded; songs."""
    times = np.cumsum([row[0] for row in rows]) if rows else []
    samples = [
        Sample(
            float(t), mood, _reading(mood), _reading(mood), mood != "no_face", (QualityIssue.BLURRED,) if poor else (),
            AffectPoint(valence, -valence) if mood in EMOTIONS and not poor else None,
        )
        for t, (_, mood, valence, poor) in zip(times, rows, strict=True)
    ]  # fmt: skip
    events: list[object] = [Excluded(t_s=start, until_s=start + length) for start, length in out]
    for k, (start, length) in enumerate(heard):
        events.append(SongStarted(t_s=start, track_id=str(k), title="A", artist="B"))
        events.append(SongEnded(t_s=start + length, track_id=str(k), began_s=start, source="click"))
    return Timeline(INFO, Samples.of(samples), tuple(events))  # type: ignore[arg-type]


def _reading(mood: str) -> tuple[float, ...] | None:
    return tuple(float(str(e) == mood) for e in EMOTIONS) if mood in EMOTIONS else None


@given(steps, holes)
def test_epochs_hold_exactly_the_time_of_the_intervals(
    rows: list[tuple[float, str, float, bool]], out: list[tuple[float, float]]
) -> None:
    """Two ways to the same seconds, with gaps and excluded stretches: for each mood and all together."""
    one = session(rows, out)
    epochs, intervals = epochs_of(one), included_intervals(one)
    assert epochs.recorded_s.sum() == pytest.approx(sum(i.length_s for i in intervals), abs=1e-6)
    for code, name in enumerate(MOOD_NAMES):
        held = sum(i.length_s for i in intervals if i.label == name)
        assert epochs.mood_s[:, code].sum() == pytest.approx(held, abs=1e-6)
    assert (epochs.valid_s <= epochs.recorded_s + 1e-9).all()


@given(steps, holes)
def test_intervals_after_review_never_overlap_and_spare_what_is_excluded(
    rows: list[tuple[float, str, float, bool]], out: list[tuple[float, float]]
) -> None:
    found = included_intervals(session(rows, out))
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(found))
    for start, length in out:
        assert all(min(i.end_s, start + length) - max(i.start_s, start) <= 1e-9 for i in found)


@given(steps, holes)
def test_every_change_is_counted_once(
    rows: list[tuple[float, str, float, bool]], out: list[tuple[float, float]]
) -> None:
    one = session(rows, out)
    moves, intervals = transitions_of(one), included_intervals(one)
    assert np.sum(moves.counts) <= max(0, len(intervals) - 1)
    assert all(moves.counts[k][k] == 0 for k in range(len(MOOD_NAMES)))
    for row, total in zip(moves.probabilities, moves.counts, strict=True):
        assert sum(row) == pytest.approx(1.0 if sum(total) else 0.0)


@given(steps, holes, songs)
def test_figures_stay_in_their_ranges(
    rows: list[tuple[float, str, float, bool]], out: list[tuple[float, float]], heard: list[tuple[float, float]]
) -> None:
    summary = summarise(session(rows, out, heard), resamples=50)
    assert 0 <= summary.valid_face_share <= 1 + 1e-9
    for shares in (summary.moods, summary.raw_emotions):
        assert sum(s.share.value for s in shares) == pytest.approx(1.0 if sum(s.seconds for s in shares) else 0.0)
        for one in shares:
            if one.share.low is not None and one.share.high is not None:
                assert 0 <= one.share.low <= one.share.value + 1e-9
                assert one.share.value - 1e-9 <= one.share.high <= 1
    for course in (summary.valence, summary.arousal):
        assert course.mean is None or -1 <= course.mean.value <= 1
        assert course.inertia is None or -1 <= course.inertia <= 1
        assert course.instability is None or 0 <= course.instability <= 4
    assert len(summary.songs) == len(heard)
    for song in summary.songs:
        change = song.valence
        if change.during_less_before is not None and change.before is not None and change.during is not None:
            assert change.during_less_before.value == pytest.approx(change.during - change.before)
