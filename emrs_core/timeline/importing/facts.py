"""A session's own facts and its events out of an exported file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from emrs_core.errors import TimelineError
from emrs_core.timeline.event_codec import from_fields, plain_text
from emrs_core.timeline.events import Event
from emrs_core.timeline.sessions import SessionInfo, SessionState

ID_FORM = re.compile(r"[0-9A-Za-z_-]{1,64}")
YEARS = (1970, 2999)
"""Beyond them a time could not be told in every time zone, or be an error of the clock."""


def info_of(fields: Mapping[str, Any]) -> SessionInfo:
    """The facts. Raises TimelineError naming the one that is missing or wrong."""
    texts = {name: _text(fields, name) for name in ("owner", "study", "participant", "condition", "title")}
    session_id = _text(fields, "id")
    if not ID_FORM.fullmatch(session_id):
        raise TimelineError(f"the session's id should be up to 64 letters, digits, - or _, got {session_id[:80]!r}.")
    try:
        state = SessionState(_text(fields, "state"))
    except ValueError:
        raise TimelineError(f"the session's state should be one of {', '.join(SessionState)}.") from None
    ended = fields.get("ended_at")
    return SessionInfo(
        id=session_id,
        started_at=_time(_text(fields, "started_at")),
        ended_at=None if ended is None else _time(ended),
        state=state,
        tags=_tags(_typed(fields, "tags", list)),
        synthetic=_typed(fields, "synthetic", bool),
        **texts,
    )


def event_of(place: int, fields: Any) -> Event:
    """The event that stands there (from 1). Raises TimelineError."""
    if not isinstance(fields, dict) or not {"kind", "id", "t_s"} <= fields.keys():
        raise TimelineError(f"event {place} should be an object with kind, id and t_s.")
    rest = {name: value for name, value in fields.items() if name not in ("kind", "id", "t_s")}
    if not isinstance(fields["kind"], str):
        raise TimelineError(f"event {place}: its kind should be text.")
    return from_fields(fields["kind"], fields["id"], fields["t_s"], rest)


def _text(fields: Mapping[str, Any], name: str) -> str:
    text: str = _typed(fields, name, str)
    try:
        return plain_text(text)
    except ValueError as exc:
        raise TimelineError(f"the session's {name!r}: {exc}.") from None


def _tags(tags: list[Any]) -> tuple[str, ...]:
    try:
        return tuple(plain_text(tag) for tag in tags)
    except (TypeError, ValueError) as exc:
        raise TimelineError(f"the session's 'tags' should be texts: {exc}.") from None


def _typed(fields: Mapping[str, Any], name: str, kind: type) -> Any:
    value = fields.get(name)
    if not isinstance(value, kind):
        raise TimelineError(f"the session's {name!r} should be {kind.__name__}, got {value!r:.60}.")
    return value


def _time(text: Any) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise TimelineError(f"expected a time such as 2026-05-01T12:00:00+00:00, got {text!r:.60}.") from None
    if time.tzinfo is None:
        raise TimelineError(f"the time {text} needs its zone, such as +00:00.")
    if not YEARS[0] <= time.year <= YEARS[1]:
        raise TimelineError(f"the time {text} should lie in the years {YEARS[0]} to {YEARS[1]}.")
    return time
