"""Events as plain values for a database or JSON, and back; wrong types are refused, never bent."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, get_type_hints

from emrs_core.errors import EmrsError, TimelineError
from emrs_core.timeline import events
from emrs_core.timeline.events import Event, ReportMoment
from emrs_core.types import AffectPoint

KINDS: Mapping[str, type[Event]] = {
    "mood_changed": events.MoodChanged,
    "face_lost": events.FaceLost,
    "face_found": events.FaceFound,
    "songs_shown": events.SongsShown,
    "song_started": events.SongStarted,
    "song_ended": events.SongEnded,
    "song_rated": events.SongRated,
    "marker": events.Marker,
    "note": events.Note,
    "excluded": events.Excluded,
    "self_report": events.SelfReport,
    "phq2": events.Phq2,
    "baseline": events.Baseline,
    "consent_given": events.ConsentGiven,
    "settings_recorded": events.SettingsRecorded,
    "amended": events.Amended,
    "withdrawn": events.Withdrawn,
}
"""The stored names: never change one."""
NAMES: Mapping[type[Event], str] = {cls: name for name, cls in KINDS.items()}
REPLACEABLE = ("marker", "note", "excluded", "self_report")
"""What a review may put right."""


def kind_of(event: Event) -> str:
    """The stored name of the event's kind."""
    return NAMES[type(event)]


def to_fields(event: Event) -> dict[str, Any]:
    """The event's own fields (without ``id`` and ``t_s``) as values that JSON knows."""
    return {f.name: _plain(getattr(event, f.name)) for f in fields(event) if f.name not in ("id", "t_s")}


def from_fields(kind: str, event_id: str, t_s: float, values: Mapping[str, Any]) -> Event:
    """The event again. Raises TimelineError naming the kind, and the field that is missing, unknown or bad."""
    cls = KINDS.get(kind)
    if cls is None:
        raise TimelineError(f"There is no kind of event called {kind!r}; a newer version may have written it.")
    hints = _hints(kind)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise TimelineError(f"An event of kind {kind!r} has no field {unknown[0]!r}.")
    try:
        given = {name: _CONVERTERS[hints[name]](value) for name, value in values.items()}
        return cls(id=plain_text(event_id), t_s=_number(t_s), **given)
    except (TypeError, ValueError, KeyError, OverflowError, EmrsError) as exc:
        raise TimelineError(f"The event {event_id!r} of kind {kind!r} cannot be read: {exc}.") from exc


@cache
def _hints(kind: str) -> dict[str, Any]:
    cls = KINDS[kind]
    hints = get_type_hints(cls)
    return {f.name: hints[f.name] for f in fields(cls) if f.name not in ("id", "t_s")}


def _plain(value: Any) -> Any:
    if isinstance(value, AffectPoint):
        return [value.valence, value.arousal]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Event):
        return {"kind": kind_of(value), "id": value.id, "t_s": value.t_s, **to_fields(value)}
    return str(value) if isinstance(value, ReportMoment) else value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"expected a number, got {value!r}")
    return float(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected a whole number, got {value!r}")
    return value


def plain_text(value: Any) -> str:
    """That text. Raises TypeError for anything else, ValueError for half a character, which no file or table takes."""
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {value!r}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"expected text, got half a character in {value!r:.60}") from None
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"expected true or false, got {value!r}")
    return value


def _time(value: Any) -> datetime:
    time = datetime.fromisoformat(plain_text(value))
    if time.tzinfo is None:
        raise ValueError(f"expected a time with its zone, got {value!r}")
    return time


def _point(value: Any) -> AffectPoint:
    valence, arousal = _many(_number)(value)
    return AffectPoint(valence, arousal)


def _pair(value: Any) -> tuple[str, str]:
    name, text = _many(plain_text)(value)
    return name, text


def _replacement(value: Any) -> Event:
    if not isinstance(value, dict) or value.get("kind") not in REPLACEABLE:
        raise TypeError(f"expected one of {', '.join(REPLACEABLE)}, got {value!r:.60}")
    rest = dict(value)
    return from_fields(rest.pop("kind"), rest.pop("id"), rest.pop("t_s"), rest)


def _many(one: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def convert(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise TypeError(f"expected a list, got {value!r}")
        return tuple(one(part) for part in value)

    return convert


_CONVERTERS: Mapping[Any, Callable[[Any], Any]] = {
    float: _number,
    int: _integer,
    str: plain_text,
    bool: _flag,
    datetime: _time,
    AffectPoint: _point,
    ReportMoment: lambda value: ReportMoment(plain_text(value)),
    float | None: lambda value: None if value is None else _number(value),
    tuple[str, ...]: _many(plain_text),
    tuple[float, ...]: _many(_number),
    tuple[tuple[str, str], ...]: _many(_pair),
    events.Marker | events.Note | events.Excluded | events.SelfReport: _replacement,
}
