"""A kept session in words: what a row of the list, and a choice among sessions, say of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from emrs_core.timeline.sessions import SessionInfo, SessionState, SessionSummary
from emrs_core.ui import times
from emrs_core.ui.timeline.summary.words import clock, per_cent, signed

STATES = {SessionState.RUNNING: "running", SessionState.INTERRUPTED: "interrupted"}
"""An ended session is the ordinary case and has no badge."""
DIGITS = 2  # of valence in the sparkline: a hundredth is less than a pixel


def list_data(summaries: Sequence[SessionSummary], ticked: Collection[str], zone: str | None) -> dict[str, Any]:
    """What the list component shows of one page."""
    return {
        "rows": [row(summary, zone) for summary in summaries],
        "ticked": [summary.info.id for summary in summaries if summary.info.id in ticked],
    }


def row(summary: SessionSummary, zone: str | None) -> dict[str, Any]:
    """One session; ``zone`` is the reader's IANA time zone."""
    info = summary.info
    return {
        "id": info.id,
        "when": times.brief(info.started_at, zone),
        "who": info.participant or "No participant",
        "named": bool(info.participant),
        "about": " · ".join(part for part in (info.study, info.condition) if part),
        "title": info.title,
        "badges": badges(info),
        "tags": [tag for tag in info.tags if not (info.synthetic and tag == "synthetic")],
        "spark": [None if value is None else round(value, DIGITS) for value in summary.sparkline],
        "valence": valence_words(summary.sparkline),
        "length": clock(summary.length_s),
        "face": per_cent(summary.valid_face_share),
        "songs": summary.songs,
    }


def badges(info: SessionInfo) -> list[str]:
    """What is out of the ordinary: it runs, it was cut off, it is made up."""
    return [word for word in (STATES.get(info.state), "synthetic" if info.synthetic else None) if word]


def label(info: SessionInfo, zone: str | None) -> str:
    """A session in a line, for a choice among several."""
    parts = [info.participant, times.brief(info.started_at, zone), *badges(info)]
    return " · ".join(part for part in parts if part)


def valence_words(points: Sequence[float | None]) -> str:
    """The small curve in words."""
    known = [point for point in points if point is not None]
    if not known:
        return "Valence: nothing read"
    return f"Valence from {signed(min(known))} to {signed(max(known))}, on average {signed(sum(known) / len(known))}"
