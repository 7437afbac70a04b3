"""Figures of a session against cases worked out by hand, and the bootstrap against a process whose answer is known."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest

from emrs_core.timeline.events import (
    Baseline,
    Excluded,
    ReportMoment,
    Sample,
    SelfReport,
    SongEnded,
    SongRated,
    SongStarted,
)
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.timeline.sessions import SessionInfo, Timeline
from emrs_core.timeline.statistics.baseline import baseline_of, less_baseline
from emrs_core.timeline.statistics.bootstrap import autocorrelation
from emrs_core.timeline.statistics.course import course_of, mssd
from emrs_core.timeline.statistics.episodes import Episode, episodes
from emrs_core.timeline.statistics.epochs import epochs_of
from emrs_core.timeline.statistics.reports import report_change, reports_beside_face, sam_point
from emrs_core.timeline.statistics.songs import UNFINISHED, segments_of
from emrs_core.timeline.statistics.summary import summarise
from emrs_core.timeline.statistics.transitions import transitions_of
from emrs_core.types import EMOTIONS, AffectPoint, QualityIssue

INFO = SessionInfo("s", "local", datetime(2026, 5, 1, tzinfo=UTC))
HAPPY, SAD, NEUTRAL = AffectPoint(0.8, 0.4), AffectPoint(-0.8, -0.4), AffectPoint(0, 0)


def sure(name: str) -> tuple[float, ...]:
    return tuple(float(str(e) == name) for e in EMOTIONS)


def stretch(start_s: float, seconds: float, mood: str, point: AffectPoint | None, step_s: float = 0.5) -> list[Sample]:
    """Even samples of one mood."""
    face = mood != "no_face"
    reading = sure(mood) if mood in EMOTIONS else None
    return [
        Sample(start_s + k * step_s, mood, reading, reading, face, point=point) for k in range(round(seconds / step_s))
    ]


def timeline(*parts: list[Sample], events: tuple = ()) -> Timeline:
    return Timeline(INFO, Samples.of([s for part in parts for s in part]), events)


class TestShares:
    def test_seconds_and_shares_by_hand(self) -> None:
        summary = summarise(timeline(stretch(0, 30, "happy", HAPPY), stretch(30, 10, "no_face", None)))
        moods = {m.name: m for m in summary.moods}
        assert moods["happy"].seconds == pytest.approx(30)
        assert moods["happy"].share.value == pytest.approx(0.75)
        assert moods["no_face"].share.value == pytest.approx(0.25)
        assert summary.valid_face_share == pytest.approx(0.75)
        raw = {m.name: m for m in summary.raw_emotions}
        assert raw["happy"].share.value == pytest.approx(1.0)  # of the time with a look

    def test_a_gap_counts_for_nothing(self) -> None:
        summary = summarise(timeline(stretch(0, 10, "happy", HAPPY), stretch(100, 10, "sad", SAD)))
        assert summary.recorded_s == pytest.approx(20)

    def test_excluded_time_is_left_out(self) -> None:
        whole = timeline(
            stretch(0, 10, "happy", HAPPY), stretch(10, 10, "sad", SAD), events=(Excluded(t_s=10, until_s=20),)
        )
        moods = {m.name: m.share.value for m in summarise(whole).moods}
        assert moods["happy"] == pytest.approx(1)
        assert moods["sad"] == 0

    def test_a_poor_face_is_recorded_but_not_valid(self) -> None:
        poor = [Sample(k / 2, "unsure", None, None, quality=(QualityIssue.TOO_DARK,)) for k in range(4)]
        assert summarise(timeline(poor)).valid_face_share == 0

    def test_an_empty_session_has_figures_of_nothing(self) -> None:
        summary = summarise(Timeline(INFO))
        assert summary.recorded_s == summary.valid_face_share == 0
        assert summary.valence.mean is summary.transitions.longest is summary.transitions.changes_per_minute is None


class TestTransitions:
    def test_counts_rate_and_longest_run(self) -> None:
        found = transitions_of(
            timeline(stretch(0, 20, "happy", HAPPY), stretch(20, 5, "sad", SAD), stretch(25, 35, "happy", HAPPY))
        )
        happy, sad = MOOD_NAMES.index("happy"), MOOD_NAMES.index("sad")
        assert found.counts[happy][sad] == found.counts[sad][happy] == 1
        assert np.sum(found.counts) == 2
        assert found.changes_per_minute == pytest.approx(2)
        assert found.probabilities[happy][sad] == 1
        assert found.longest is not None
        assert (found.longest.label, found.longest.length_s) == ("happy", pytest.approx(35))

    def test_across_a_gap_nothing_follows_anything(self) -> None:
        found = transitions_of(timeline(stretch(0, 5, "happy", HAPPY), stretch(60, 5, "sad", SAD)))
        assert np.sum(found.counts) == 0


class TestCourse:
    def test_slope_is_that_of_a_line(self) -> None:
        rising = [Sample(float(t), "neutral", None, None, point=AffectPoint(t / 600, 0)) for t in range(300)]
        course = summarise(timeline(rising)).valence
        assert course.slope_per_min is not None
        assert course.slope_per_min.value == pytest.approx(0.1, rel=1e-5)
        assert course.mean is not None
        assert course.mean.value == pytest.approx(299 / 1200, rel=1e-5)

    def test_inertia_and_instability_by_hand(self) -> None:
        series = np.array([1.0, 2.0, 3.0, 2.0])
        # pairs (1,2) (2,3) (3,2): deviations (-1,0,1) and (-1/3,2/3,-1/3): their product sums to 0
        assert autocorrelation(series) == pytest.approx(0)
        assert mssd(series) == pytest.approx(1)
        assert mssd(np.array([0, np.nan, 1, 3])) == pytest.approx(4)  # no pair reaches across the gap
        assert mssd(np.array([1.0])) is None

    def test_alternation_has_inertia_of_minus_one(self) -> None:
        assert autocorrelation(np.array([0.0, 1.0] * 10)) == pytest.approx(-1)

    def test_a_constant_face_has_no_inertia_and_no_instability(self) -> None:
        course = course_of(epochs_of(timeline(stretch(0, 30, "happy", HAPPY))), 0, np.random.default_rng(0))
        assert course.inertia is None
        assert course.instability == 0


class TestEpisodes:
    COLUMNS = Samples.of([s for part in (stretch(0, 6, "happy", HAPPY), stretch(20, 3, "happy", HAPPY)) for s in part])

    def test_a_value_beyond_the_threshold_long_enough(self) -> None:
        values = np.zeros(len(self.COLUMNS))
        values[2:6], values[4] = 0.6, 0.9
        values[9] = 0.9  # half a second alone is no episode
        assert episodes(self.COLUMNS, values, 0.5) == (Episode(1, 3, 0.9, 2),)

    def test_a_short_dip_is_bridged_and_a_gap_is_not(self) -> None:
        values = np.full(len(self.COLUMNS), 0.9)
        values[5] = 0.1
        found = episodes(self.COLUMNS, values, 0.5)
        assert [(e.start_s, e.end_s) for e in found] == [(0, 6), (20, 23)]

    def test_below_finds_the_lowest(self) -> None:
        values = np.linspace(0, -1, len(self.COLUMNS))
        found = episodes(self.COLUMNS, values, -0.5, above=False)
        assert found[-1].peak == pytest.approx(-1)

    def test_unknown_values_are_never_beyond(self) -> None:
        assert episodes(self.COLUMNS, np.full(len(self.COLUMNS), np.nan), 0.5) == ()


class TestSongs:
    START = SongStarted(t_s=40, track_id="a", title="A", artist="X")
    END = SongEnded(t_s=100, track_id="a", began_s=40, source="player", heard_s=60, played_through=True)

    def test_change_around_a_song(self) -> None:
        one = timeline(
            stretch(0, 40, "sad", SAD), stretch(40, 60, "happy", HAPPY), stretch(100, 40, "neutral", NEUTRAL),
            events=(self.START, self.END, SongRated(t_s=99, track_id="a", verdict="like")),
        )  # fmt: skip
        (change,) = summarise(one).songs
        assert (change.song.span, change.song.source, change.song.verdict) == (Span(40, 100), "player", "like")
        assert change.valence.before == pytest.approx(-0.8)
        assert change.valence.during == pytest.approx(0.8)
        assert change.valence.after == pytest.approx(0)
        assert change.valence.during_less_before is not None
        assert change.valence.during_less_before.value == pytest.approx(1.6)
        assert change.valence.after_less_before is not None
        assert change.valence.after_less_before.value == pytest.approx(0.8)
        assert change.valence.after_less_before.low is not None
        assert change.valence.after_less_before.low < 0.8

    def test_without_a_face_before_there_is_no_difference(self) -> None:
        one = timeline(stretch(0, 40, "no_face", None), stretch(40, 60, "happy", HAPPY), events=(self.START, self.END))
        (change,) = summarise(one).songs
        assert change.valence.before is change.valence.during_less_before is None

    def test_a_song_that_nothing_ended_lasts_to_the_next(self) -> None:
        second = SongStarted(t_s=70, track_id="b", title="B", artist="Y")
        one = timeline(stretch(0, 90, "happy", HAPPY), events=(self.START, second))
        first, last = segments_of(one)
        assert (first.span, first.source) == (Span(40, 70), UNFINISHED)
        assert last.span.end_s == pytest.approx(89.5)


class TestReports:
    def test_what_was_said_beside_the_face(self) -> None:
        before = SelfReport(t_s=0, moment=ReportMoment.BEFORE, valence=3, arousal=5)
        after = SelfReport(t_s=60, moment=ReportMoment.AFTER, valence=7, arousal=4)
        one = timeline(stretch(0, 60, "happy", HAPPY), events=(before, after))
        first, last = reports_beside_face(one, epochs_of(one))
        assert first.said == AffectPoint(-0.5, 0)
        assert first.valence_less_face == pytest.approx(-1.3)
        assert last.arousal_less_face == pytest.approx(-0.65)
        change = report_change(one)
        assert change is not None
        assert (change.valence, change.arousal) == (4, -1)

    def test_the_ends_of_the_scale_are_the_ends_of_the_plane(self) -> None:
        assert sam_point(1, 9) == AffectPoint(-1, 1)

    def test_one_report_is_no_change(self) -> None:
        only = SelfReport(t_s=0, moment=ReportMoment.BEFORE, valence=3, arousal=5)
        assert report_change(timeline(events=(only,))) is None


def test_the_baseline_is_subtracted_beside_the_raw_readings() -> None:
    resting = tuple(0.5 if e in ("neutral", "sad") else 0.0 for e in map(str, EMOTIONS))
    one = timeline(stretch(0, 2, "sad", SAD), events=(Baseline(t_s=0, until_s=10, probabilities=resting, looks=50),))
    baseline = baseline_of(one)
    assert baseline is not None
    less = less_baseline(one.samples, baseline)
    sad = EMOTIONS.index("sad")
    assert less.smoothed[0, sad] == pytest.approx(0.5)
    assert less.point[0].tolist() == pytest.approx([-0.8 + 0.375, -0.4 + 0.2])
    assert one.samples.smoothed[0, sad] == 1


class TestByDefinition:
    """The libraries' figures from the formulas' own words, on a series with a hole and without a simple answer."""

    SERIES = np.cumsum(np.random.default_rng(5).normal(0, 0.05, 400)).clip(-1, 1)
    HOLE = range(150, 190)

    def test_slope_mean_inertia_and_instability(self) -> None:
        seen = [(t, float(v)) for t, v in enumerate(self.SERIES) if t not in self.HOLE]
        rows = [Sample(float(t), "sad", None, None, point=AffectPoint(v, 0)) for t, v in seen]
        course = summarise(timeline(rows)).valence
        minutes, values = np.array([t / 60 for t, _ in seen]), np.array([v for _, v in seen])
        t, v = minutes - minutes.mean(), values - values.mean()
        assert course.mean is not None
        assert course.mean.value == pytest.approx(values.mean(), rel=1e-4)
        assert course.slope_per_min is not None
        assert course.slope_per_min.value == pytest.approx((t @ v) / (t @ t), rel=1e-4)
        pairs = [(a, b) for (s, a), (e, b) in pairwise(seen) if e - s == 1]
        assert len(pairs) == 358
        now, later = (np.array(side) - np.mean(side) for side in zip(*pairs, strict=True))
        assert course.inertia == pytest.approx(now @ later / math.sqrt((now @ now) * (later @ later)), rel=1e-4)
        assert course.instability == pytest.approx(sum((b - a) ** 2 for a, b in pairs) / 358, rel=1e-4)

    def test_two_pairs_are_no_correlation_and_a_hole_makes_none(self) -> None:
        assert autocorrelation(np.array([1.0, 2.0, 4.0])) is None
        assert autocorrelation(np.array([1.0, 2.0, np.nan, 4.0, 3.0])) is None
        # pairs (1,2) (2,4) (3,1): deviations (-1,0,1) and (-1,5,-4)/3: their product sums to -1
        three = autocorrelation(np.array([1.0, 2.0, 4.0, np.nan, 3.0, 1.0]))
        assert three == pytest.approx(-1 / math.sqrt(2 * 42 / 9))
