"""A session as tidy tables, in batches so that a long one never stands in memory twice."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa

from emrs_core.timeline.event_codec import kind_of, to_fields
from emrs_core.timeline.events import Event, SelfReport, SettingsRecorded, SongEnded
from emrs_core.timeline.export.columns import Column, dictionary, tables
from emrs_core.timeline.export.figures import figure_rows, song_rows
from emrs_core.timeline.review import current, included
from emrs_core.timeline.samples import MOOD_NAMES, QUALITY_ISSUES
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.baseline import baseline_of, less_baseline
from emrs_core.timeline.statistics.summary import summarise

SAMPLES = "samples"
BATCH_ROWS = 20_000  # about 6 MB of sample rows
_TYPES = {"text": pa.string(), "number": pa.float32(), "precise": pa.float64(), "whole": pa.int64(), "flag": pa.bool_()}
_TEXTS = ("label", "text", "reason", "title", "after", "verdict", "moment")
_QUALITY = tuple(
    " ".join(str(issue) for bit, issue in enumerate(QUALITY_ISSUES) if code >> bit & 1) for code in range(256)
)


@dataclass(frozen=True, slots=True)
class Table:
    """A named table; ``batches()`` makes its record batches anew at each call, columns as in ``columns``."""

    name: str
    columns: tuple[Column, ...]
    batches: Callable[[], Iterator[pa.RecordBatch]]

    @property
    def schema(self) -> pa.Schema:
        """Arrow's schema; each field carries its unit and meaning."""
        return pa.schema(
            [pa.field(c.name, _TYPES[c.kind], metadata={"unit": c.unit, "meaning": c.meaning}) for c in self.columns]
        )


def tables_of(timeline: Timeline) -> tuple[Table, ...]:
    """session, samples, events, songs, figures and dictionary of one session, as it stands after review."""
    now = current(timeline)
    summary = cache(lambda: summarise(now))
    rows: dict[str, Callable[[], Iterable[Sequence[Any]]]] = {
        "session": lambda: [_session_row(now)],
        "events": lambda: _event_rows(timeline, now),
        "songs": lambda: song_rows(summary()),
        "figures": lambda: figure_rows(summary()),
    }
    made = [
        Table(SAMPLES, columns, lambda: _sample_batches(now)) if name == SAMPLES
        else _small(name, columns, rows[name], _whose(now))
        for name, columns in tables().items()
    ]  # fmt: skip
    return (*made, _small("dictionary", dictionary(), _dictionary_rows, ()))


def _small(
    name: str, columns: tuple[Column, ...], rows: Callable[[], Iterable[Sequence[Any]]], before: tuple[Any, ...]
) -> Table:
    def batches() -> Iterator[pa.RecordBatch]:
        found = [(*before, *row) for row in rows()]
        for start in range(0, len(found), BATCH_ROWS):
            by_column = zip(*found[start : start + BATCH_ROWS], strict=True)
            arrays = [pa.array(cells, _TYPES[c.kind]) for cells, c in zip(by_column, columns, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=table.schema)

    table = Table(name, columns, batches)
    return table


def _whose(timeline: Timeline) -> tuple[str, bool]:
    return timeline.info.id, timeline.info.synthetic


def _session_row(now: Timeline) -> tuple[Any, ...]:
    info = now.info
    setup = [e for e in now.events if isinstance(e, SettingsRecorded)]
    last = setup[-1] if setup else None
    return (
        info.started_at.isoformat(),
        info.ended_at.isoformat() if info.ended_at else None,
        str(info.state), info.title, info.participant, info.study, info.condition, " ".join(info.tags),
        *((last.model_name, last.model_sha256, last.app_version) if last else (None, None, None)),
    )  # fmt: skip


def _event_rows(timeline: Timeline, now: Timeline) -> Iterator[tuple[Any, ...]]:
    """What stands, then what once did and the reviews themselves; each part in order of time."""
    standing = set(now.events)
    history = sorted((e for e in timeline.events if e not in standing), key=lambda e: e.t_s)
    for event in (*now.events, *history):
        yield _event_row(event, event in standing)


def _event_row(event: Event, standing: bool) -> tuple[Any, ...]:
    fields = to_fields(event)
    start_s = event.began_s if isinstance(event, SongEnded) else event.t_s
    report = (event.valence, event.arousal) if isinstance(event, SelfReport) else (None, None)
    return (
        start_s,
        event.t_s if isinstance(event, SongEnded) else fields.get("until_s"),
        kind_of(event),
        next((str(fields[name]) for name in _TEXTS if name in fields), None),
        fields.get("track_id"),
        *report,
        standing,
        event.id,
        json.dumps(fields, ensure_ascii=False),
    )


def _sample_batches(now: Timeline) -> Iterator[pa.RecordBatch]:
    schema = Table(SAMPLES, tables()[SAMPLES], lambda: iter(())).schema
    kept, baseline = included(now), baseline_of(now)
    for start in range(0, len(now.samples), BATCH_ROWS):
        rows = slice(start, start + BATCH_ROWS)
        part = now.samples.take(rows)
        less = less_baseline(part, baseline).point if baseline else np.full_like(part.point, np.nan)
        cells = [
            *(pa.repeat(pa.scalar(value), len(part)) for value in _whose(now)),
            part.t_s,
            pa.array([MOOD_NAMES[code] for code in part.mood.tolist()]),
            part.face,
            part.valid,
            pa.array([_QUALITY[code] for code in part.quality.tolist()]),
            ~kept[rows],
            *part.raw.T,
            *part.smoothed.T,
            *part.point.T,
            *less.T,
        ]
        arrays = [_arrow(values, field.type) for values, field in zip(cells, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _arrow(values: Any, kind: pa.DataType) -> pa.Array:
    """NaN becomes an empty cell: it stands for what was not read."""
    return values if isinstance(values, pa.Array) else pa.array(values, kind, from_pandas=True)


def _dictionary_rows() -> Iterator[tuple[str, ...]]:
    for name, columns in tables().items():
        for column in columns:
            yield name, column.name, column.kind, column.unit, column.meaning
