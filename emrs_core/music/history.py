"""Songs heard before, so that the next list is a fresh one."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from emrs_core.errors import DataError

SECONDS_PER_HOUR = 3600.0
EXPECTED = 'one song a line, as {"id": "...", "t": ...} or as a CSV table with the columns id and t'


@dataclass(frozen=True, slots=True)
class Heard:
    """A song heard ``hours_ago`` (>= 0)."""

    track_id: str
    hours_ago: float = 0.0


def read_history(path: Path, now_s: float) -> tuple[Heard, ...]:
    """The songs of a history file, JSON lines or CSV; ``now_s`` is the Unix time to count back from.

    Each entry has the song's ``id`` and its time ``t``: Unix seconds, or ISO 8601 (UTC where it names no zone); without
    a ``t`` it counts as heard just now, and so does one in the future. Ids that no catalogue has do no harm.
    Raises DataError naming the file, the line and what was wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) else "it is not UTF-8 text"
        raise DataError(f"The history {path} cannot be read: {reason}. Expected {EXPECTED}.") from exc
    entries = _json_lines(text, path) if text.lstrip().startswith("{") else _csv_rows(text, path)
    return tuple(_heard(entry, where, now_s) for where, entry in entries)


def _json_lines(text: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        where = f"{path}, line {number}"
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as exc:
            raise DataError(f"{where}: not JSON ({exc.msg}). Expected {EXPECTED}.") from None
        if not isinstance(entry, dict):
            raise DataError(f"{where}: got {line.strip()[:60]!r}. Expected {EXPECTED}.")
        yield where, entry


def _csv_rows(text: str, path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if text.strip() and "id" not in (reader.fieldnames or ()):
        raise DataError(f"{path}, line 1: there is no column id. Expected {EXPECTED}.")
    for entry in reader:
        yield f"{path}, line {reader.line_num}", dict(entry)


def _heard(entry: dict[str, Any], where: str, now_s: float) -> Heard:
    track_id = entry.get("id")
    if not isinstance(track_id, str) or not track_id.strip():
        raise DataError(f"{where}: id must be a song's id, got {track_id!r}. Expected {EXPECTED}.")
    time = entry.get("t")
    if time is None or time == "":
        return Heard(track_id.strip())
    return Heard(track_id.strip(), max(0.0, (now_s - _unix_seconds(time, where)) / SECONDS_PER_HOUR))


def _unix_seconds(time: object, where: str) -> float:
    if isinstance(time, int | float | str) and not isinstance(time, bool):
        try:
            seconds = float(time)
        except ValueError:
            seconds = _iso_seconds(str(time))
        if math.isfinite(seconds):
            return seconds
    raise DataError(f"{where}: t must be Unix seconds or a time like 2026-05-01T12:00:00Z, got {time!r}.")


def _iso_seconds(text: str) -> float:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return math.nan
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
