"""Between the words of ``sessions`` and the rows of the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from emrs_core.errors import TimelineError
from emrs_core.timeline.event_codec import from_fields, kind_of, to_fields
from emrs_core.timeline.events import Event
from emrs_core.timeline.sessions import Participant, SessionFacts, SessionInfo, SessionState
from emrs_core.timeline.sparkline import Sparkline
from emrs_core.timeline.tally import Tally

STALE = timedelta(seconds=30)
"""A running session is written to every few seconds; after so long without a word its program has died."""


def info_row(info: SessionInfo, now: datetime) -> dict[str, Any]:
    """The session's own facts and an empty tally as a row."""
    row = {name: getattr(info, name) for name in ("id", "owner", "started_at", "ended_at", "synthetic")}
    row |= {"state": str(info.state), "seen_at": now, "events": 0}
    return row | facts_row(info.facts) | tally_row(Tally())


def facts_row(facts: SessionFacts) -> dict[str, Any]:
    row = {name: getattr(facts, name) for name in ("study", "participant", "condition", "title")}
    return row | {"tags": json.dumps(facts.tags)}


def tally_row(tally: Tally) -> dict[str, Any]:
    names = ("length_s", "samples", "valid", "songs", "last_sample_s")
    return {name: getattr(tally, name) for name in names} | {"sparkline": tally.spark.to_json()}


def tally_of(row: Row[Any]) -> Tally:
    with _damage_told(row):
        spark = Sparkline.from_json(row.sparkline)
    return Tally(row.length_s, row.samples, row.valid, row.songs, row.last_sample_s, spark)


def info_of(row: Row[Any], now: datetime) -> SessionInfo:
    """The facts. A session that says it runs, yet was long not written to, was interrupted then."""
    with _damage_told(row):
        state, tags = SessionState(row.state), tuple(json.loads(row.tags))
    ended_at = row.ended_at
    if state is SessionState.RUNNING and now - row.seen_at > STALE:
        state, ended_at = SessionState.INTERRUPTED, row.seen_at
    return SessionInfo(
        id=row.id,
        owner=row.owner,
        started_at=row.started_at,
        state=state,
        ended_at=ended_at,
        study=row.study,
        participant=row.participant,
        condition=row.condition,
        tags=tags,
        title=row.title,
        synthetic=row.synthetic,
    )


def event_rows(session_id: str, events: Sequence[Event], first_number: int) -> list[dict[str, Any]]:
    return [
        {
            "session_id": session_id,
            "id": event.id,
            "number": number,
            "t_s": event.t_s,
            "kind": kind_of(event),
            "fields": json.dumps(to_fields(event)),
        }
        for number, event in enumerate(events, first_number)
    ]


def event_of(row: Row[Any]) -> Event:
    with _damage_told(row):
        fields = json.loads(row.fields)
    return from_fields(row.kind, row.id, row.t_s, fields)


def participant_of(row: Row[Any]) -> Participant:
    return Participant(row.code, tuple(json.loads(row.conditions)), tuple(json.loads(row.tags)))


@contextmanager
def _damage_told(row: Row[Any]) -> Iterator[None]:
    """What only damage, or another program, can have written, in words."""
    try:
        yield
    except (ValueError, TypeError) as exc:
        raise TimelineError(f"The row {row.id!r} of the database is damaged ({exc}). Delete its session.") from exc
