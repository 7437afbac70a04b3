"""The summary's figures and the songs' changes as rows, in the columns of ``export.columns`` after the first two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from emrs_core.timeline.samples import MOOD_NAMES
from emrs_core.timeline.statistics.bootstrap import Estimate
from emrs_core.timeline.statistics.course import Course
from emrs_core.timeline.statistics.songs import Change
from emrs_core.timeline.statistics.summary import Summary

Row = tuple[Any, ...]


def song_rows(summary: Summary) -> Iterator[Row]:
    """One row a song."""
    for change in summary.songs:
        song = change.song
        yield (
            song.track_id, song.title, song.artist, song.span.start_s, song.span.end_s, song.source,
            song.skipped, song.played_through, song.verdict or None,
            *_around(change.valence), *_around(change.arousal),
        )  # fmt: skip


def figure_rows(summary: Summary) -> Iterator[Row]:
    """Every figure of the summary, one a row."""
    yield "recorded", None, summary.recorded_s, None, None, "s"
    yield "valid_face_time", None, summary.valid_s, None, None, "s"
    yield "valid_face_share", None, summary.valid_face_share, None, None, "0 to 1"
    for kind, shares in (("mood", summary.moods), ("raw_emotion", summary.raw_emotions)):
        for share in shares:
            yield f"{kind}_time", share.name, share.seconds, None, None, "s"
            yield _row(f"{kind}_share", share.name, share.share, "0 to 1")
    yield from _movement(summary)
    for name, course in (("valence", summary.valence), ("arousal", summary.arousal)):
        yield from _course(name, course)
    if summary.report_change is not None:
        yield "self_report_change", "valence", summary.report_change.valence, None, None, "steps of 9"
        yield "self_report_change", "arousal", summary.report_change.arousal, None, None, "steps of 9"


def _movement(summary: Summary) -> Iterator[Row]:
    moves = summary.transitions
    yield "changes", None, moves.changes_per_minute, None, None, "a minute"
    if moves.longest is not None:
        yield "longest_run", moves.longest.label, moves.longest.length_s, None, None, "s"
    for before, row in zip(MOOD_NAMES, moves.counts, strict=True):
        for after, count in zip(MOOD_NAMES, row, strict=True):
            if count:
                yield "transitions", f"{before}>{after}", count, None, None, "times"


def _course(name: str, course: Course) -> Iterator[Row]:
    yield _row("mean", name, course.mean, "plane units")
    yield _row("slope", name, course.slope_per_min, "plane units a minute")
    yield "inertia", name, course.inertia, None, None, "-1 to 1"
    yield "instability", name, course.instability, None, None, "squared plane units"


def _row(figure: str, name: str, estimate: Estimate | None, unit: str) -> Row:
    return figure, name, *_estimate(estimate), unit


def _around(change: Change) -> Row:
    means = (change.before, change.during, change.after)
    return *means, *_estimate(change.during_less_before), *_estimate(change.after_less_before)


def _estimate(estimate: Estimate | None) -> tuple[float | None, float | None, float | None]:
    return (None, None, None) if estimate is None else (estimate.value, estimate.low, estimate.high)
