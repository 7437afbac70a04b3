"""Reading an exported session back: the whole file is checked before anything of it is kept."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import EmrsError, TimelineError, TimelineNotFound
from emrs_core.timeline.event_codec import from_fields
from emrs_core.timeline.events import Event
from emrs_core.timeline.export.json_file import FORMAT, SAMPLE_COLUMNS, VERSION
from emrs_core.timeline.samples import MOOD_NAMES, QUALITY_ISSUES, Samples
from emrs_core.timeline.sessions import SessionInfo, SessionState, Timeline
from emrs_core.timeline.store import TimelineStore
from emrs_core.types import EMOTIONS, PROBABILITY_SUM_TOLERANCE

MOST_BYTES = 1_000_000_000  # 8 hours at 10 samples a second take about 60 MB
ID_FORM = re.compile(r"[0-9A-Za-z_-]{1,64}")
_PROBABILITIES = slice(4, 4 + 2 * len(EMOTIONS))
_POINT = slice(_PROBABILITIES.stop, _PROBABILITIES.stop + 2)


def read_session_file(path: Path) -> Timeline:
    """The session in that JSON file. Raises TimelineError naming the file, the place and what is wrong there."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise TimelineError(f"{path.name}: too large for a session ({size:,} bytes; at most {MOST_BYTES:,}).")
        return parse_session(path.read_bytes())
    except OSError as exc:
        raise TimelineError(f"{path.name}: cannot be read: {exc.strerror or exc}.") from exc
    except TimelineError as exc:
        raise exc if str(exc).startswith(path.name) else TimelineError(f"{path.name}: {exc}") from exc


def parse_session(data: bytes) -> Timeline:
    """The session in those bytes of JSON. Raises TimelineError; a session comes out whole or not at all."""
    document = _document(data)
    info = _info(_part(document, "session", dict))
    events = tuple(_event(place, e) for place, e in enumerate(_part(document, "events", list)))
    repeated = [event_id for event_id, count in Counter(e.id for e in events).items() if count > 1]
    if repeated:
        raise TimelineError(f"{len(repeated)} event ids stand there more than once, first {repeated[0]!r}.")
    if document.get("sample_columns") != list(SAMPLE_COLUMNS):
        raise TimelineError("'sample_columns' should list the columns of format version 1 in their order.")
    return Timeline(info, _samples(_part(document, "samples", list), _mood_codes(document)), events)


def keep_imported(store: TimelineStore, timeline: Timeline, owner: str) -> SessionInfo:
    """Put a session read from a file into the store as ``owner``'s; one that still ran counts as interrupted.

    Raises TimelineError when that session is there already, StoreUnavailable. A session that an earlier import only
    began is finished.
    """
    state = SessionState.INTERRUPTED if timeline.info.state is SessionState.RUNNING else timeline.info.state
    info = replace(timeline.info, owner=owner, state=state)
    with suppress(TimelineNotFound):
        there = store.read(info.id)
        if len(there.samples) or there.events or there.info.owner != owner:
            raise TimelineError(f"the session {info.id} is there already; delete it first to import it anew.")
    store.begin(info)
    try:
        store.append(info.id, timeline.samples, timeline.events)
    except EmrsError:
        with suppress(EmrsError):  # the first error is the one to tell
            store.delete(info.id)
        raise
    return info


def _document(data: bytes) -> dict[str, Any]:
    try:
        document = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant, parse_int=_whole)
    except UnicodeDecodeError as exc:
        raise TimelineError(f"this should be UTF-8 text; byte {exc.start:,} is not.") from exc
    except json.JSONDecodeError as exc:
        cut = " The file may have been cut off." if exc.pos >= len(data.decode("utf-8").rstrip()) - 1 else ""
        raise TimelineError(f"this is not JSON: {exc.msg} in line {exc.lineno:,}, column {exc.colno:,}.{cut}") from exc
    except RecursionError as exc:
        raise TimelineError("this JSON is nested too deeply for a session.") from exc
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise TimelineError(f'this is not an exported session: "format" should be "{FORMAT}".')
    version = document.get("version")
    if version != VERSION or isinstance(version, bool):
        newer = isinstance(version, int) and version > VERSION
        raise TimelineError(
            f"format version {version!r} cannot be read here, only {VERSION}."
            + (" Update this program to import it." if newer else "")
        )
    return document


def _whole(text: str) -> int | float:
    return -0.0 if text == "-0" else int(text)  # nine digits of the float -0 look like a whole number


def _refuse_constant(name: str) -> None:
    raise TimelineError(f"{name} is no JSON number; what was not read is null.")


def _part(document: Mapping[str, Any], name: str, kind: type) -> Any:
    value = document.get(name)
    if not isinstance(value, kind):
        wanted = "an object" if kind is dict else "a list"
        raise TimelineError(f"{name!r} should be {wanted}, got {type(value).__name__}.")
    return value


def _info(fields: Mapping[str, Any]) -> SessionInfo:
    texts = {name: _typed(fields, name, str) for name in ("owner", "study", "participant", "condition", "title")}
    session_id = _typed(fields, "id", str)
    if not ID_FORM.fullmatch(session_id):
        raise TimelineError(f"the session's id should be up to 64 letters, digits, - or _, got {session_id[:80]!r}.")
    tags = _typed(fields, "tags", list)
    if not all(isinstance(tag, str) for tag in tags):
        raise TimelineError("the session's 'tags' should be texts.")
    try:
        state = SessionState(_typed(fields, "state", str))
    except ValueError:
        raise TimelineError(f"the session's state should be one of {', '.join(SessionState)}.") from None
    ended = fields.get("ended_at")
    return SessionInfo(
        id=session_id,
        started_at=_time(_typed(fields, "started_at", str)),
        ended_at=None if ended is None else _time(ended),
        state=state,
        tags=tuple(tags),
        synthetic=_typed(fields, "synthetic", bool),
        **texts,
    )


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
    return time


def _event(place: int, fields: Any) -> Event:
    if not isinstance(fields, dict) or not {"kind", "id", "t_s"} <= fields.keys():
        raise TimelineError(f"event {place + 1} should be an object with kind, id and t_s.")
    rest = {name: value for name, value in fields.items() if name not in ("kind", "id", "t_s")}
    if not isinstance(fields["kind"], str):
        raise TimelineError(f"event {place + 1}: its kind should be text.")
    return from_fields(fields["kind"], fields["id"], fields["t_s"], rest)


def _mood_codes(document: Mapping[str, Any]) -> NDArray[np.int8]:
    """Our code for each of the file's."""
    names = _part(document, "moods", list)
    unknown = [name for name in names if name not in MOOD_NAMES]
    if unknown:
        raise TimelineError(f"there is no mood called {unknown[0]!r}.")
    if _part(document, "quality_bits", list) != [str(issue) for issue in QUALITY_ISSUES]:
        raise TimelineError(f"'quality_bits' should be {', '.join(QUALITY_ISSUES)}.")
    return np.array([MOOD_NAMES.index(name) for name in names], dtype=np.int8)


def _samples(rows: Sequence[Any], codes: NDArray[np.int8]) -> Samples:
    if not rows:
        return Samples.of(())
    for place, row in enumerate(rows):
        plain = isinstance(row, list) and len(row) == len(SAMPLE_COLUMNS)
        if not plain or not all(type(cell) in _CELL_TYPES for cell in row):
            raise TimelineError(f"sample {place + 1} should be {len(SAMPLE_COLUMNS)} numbers (null where unknown).")
    try:
        table = np.array(rows, dtype=np.float64)
    except OverflowError:
        raise TimelineError("a sample holds a number too large to be one of a session.") from None
    _check_ranges(table, len(codes))
    return Samples(
        t_s=table[:, 0].copy(),
        mood=codes[table[:, 1].astype(np.intp)],
        face=table[:, 2] == 1,
        quality=table[:, 3].astype(np.uint8),
        raw=table[:, 4 : 4 + len(EMOTIONS)].astype(np.float32),
        smoothed=table[:, 4 + len(EMOTIONS) : _PROBABILITIES.stop].astype(np.float32),
        point=table[:, _POINT].astype(np.float32),
    )


_CELL_TYPES = (float, int, type(None))


def _check_ranges(table: NDArray[np.float64], moods: int) -> None:
    whole = table[:, 1:4]
    most = np.array([moods - 1, 1, 2 ** len(QUALITY_ISSUES) - 1])
    readings, point = table[:, _PROBABILITIES], table[:, _POINT]
    checks = {
        "t_s should be a number of seconds": np.isfinite(table[:, 0]),
        "mood, face and quality should be codes": ((whole >= 0) & (whole <= most) & (whole % 1 == 0)).all(axis=1),
        "probabilities should lie between 0 and 1": (
            np.isnan(readings) | ((readings >= 0) & (readings <= 1 + PROBABILITY_SUM_TOLERANCE))
        ).all(axis=1),
        "valence and arousal should lie between -1 and 1": (np.isnan(point) | (np.abs(point) <= 1)).all(axis=1),
    }
    for sentence, good in checks.items():
        if not good.all():
            raise TimelineError(f"sample {int(np.argmin(good)) + 1}: {sentence}.")
