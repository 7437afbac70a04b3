"""A session as JSON that ``timeline.importing`` reads back exactly: all events with their history, every sample."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import IO, Any, TextIO

import numpy as np

from emrs_core.timeline.event_codec import kind_of, to_fields
from emrs_core.timeline.events import Event
from emrs_core.timeline.samples import MOOD_NAMES, QUALITY_ISSUES, Samples
from emrs_core.timeline.sessions import SessionInfo, Timeline
from emrs_core.types import EMOTIONS

FORMAT = "emrs-session"
VERSION = 1
"""Raised whenever a reader of the version before could no longer read what is written."""
SAMPLE_COLUMNS = (
    "t_s", "mood", "face", "quality",
    *(f"raw_{e}" for e in EMOTIONS), *(f"smoothed_{e}" for e in EMOTIONS), "valence", "arousal",
)  # fmt: skip
CHUNK_ROWS = 20_000
_ROW = "[%r,%d,%d,%d" + ",%.9g" * (len(SAMPLE_COLUMNS) - 4) + "]"
"""Nine digits bring every 32-bit number back exactly; ``repr`` every 64-bit one."""


def write_json(timeline: Timeline, file: IO[bytes]) -> None:
    """Write the file row by row: memory stays bounded whatever the length. The file stays open."""
    text = io.TextIOWrapper(file, encoding="utf-8", newline="\n")
    _write(timeline, text)
    text.detach()  # writes what waits


def _write(timeline: Timeline, file: TextIO) -> None:
    head = {
        "format": FORMAT,
        "version": VERSION,
        "synthetic": timeline.info.synthetic,
        "session": session_fields(timeline.info),
        "moods": MOOD_NAMES,
        "quality_bits": QUALITY_ISSUES,
        "sample_columns": SAMPLE_COLUMNS,
    }
    file.write(json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}"))
    file.write(',\n "events": [')
    _items(file, (json.dumps(event_fields(event), ensure_ascii=False) for event in timeline.events))
    file.write('],\n "samples": [')
    _items(file, sample_rows(timeline.samples))
    file.write("]\n}\n")


def session_fields(info: SessionInfo) -> dict[str, Any]:
    """The session's own facts as JSON knows them."""
    return {
        "id": info.id,
        "owner": info.owner,
        "started_at": info.started_at.isoformat(),
        "state": str(info.state),
        "ended_at": info.ended_at.isoformat() if info.ended_at else None,
        "study": info.study,
        "participant": info.participant,
        "condition": info.condition,
        "tags": list(info.tags),
        "title": info.title,
        "synthetic": info.synthetic,
    }


def event_fields(event: Event) -> dict[str, Any]:
    """One event with its kind, id and time."""
    return {"kind": kind_of(event), "id": event.id, "t_s": event.t_s, **to_fields(event)}


def sample_rows(samples: Samples) -> Iterator[str]:
    """Each sample as a JSON list in the order of SAMPLE_COLUMNS; null where nothing was read."""
    for start in range(0, len(samples), CHUNK_ROWS):
        part = samples.take(slice(start, start + CHUNK_ROWS))
        numbers = np.concatenate([part.raw, part.smoothed, part.point], axis=1).tolist()
        heads = zip(part.t_s.tolist(), part.mood.tolist(), part.face.tolist(), part.quality.tolist(), strict=True)
        for head, rest in zip(heads, numbers, strict=True):
            yield (_ROW % (*head, *rest)).replace("nan", "null")


def _items(file: TextIO, items: Iterator[str]) -> None:
    between = "\n"
    for item in items:
        file.write(between + item)
        between = ",\n"
