"""Rows of text as songs: the good ones as stored columns, each bad one with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from emrs_core.music.catalogues.cells import Column, parse
from emrs_core.music.catalogues.columns import FIELD, FIELDS, SCHEMA, Field, Kind
from emrs_core.music.catalogues.mapping import ColumnMapping
from emrs_core.music.catalogues.reading import RawBatch, RowError
from emrs_core.music.folding import folded
from emrs_core.music.links import own_id

LONGEST_SHOWN = 80
"""Characters of a bad cell that an error repeats."""


@dataclass(frozen=True, slots=True)
class CheckedBatch:
    """``table`` has the good rows in the stored form; ``names`` their folded artist and title."""

    table: pa.RecordBatch
    names: Sequence[str]
    errors: Sequence[RowError]


def check(batch: RawBatch, mapping: ColumnMapping) -> CheckedBatch:
    """The songs of a batch. A row with any bad cell is left out; the first bad cell is its reason."""
    columns: dict[str, Column] = {}
    first_bad = np.full(len(batch.rows), -1)
    fields = [field for field in FIELDS if field.name in mapping.sources]
    for number, field in enumerate(fields):
        source = mapping.sources[field.name]
        column = parse(field.kind, source.unit, batch.cells[source.column])
        bad = column.bad | ~column.known if field.required else column.bad
        first_bad[bad & (first_bad < 0)] = number
        columns[field.name] = column
    errors = [_error(batch, row, fields[first_bad[row]], mapping) for row in np.flatnonzero(first_bad >= 0).tolist()]
    return _songs(columns, first_bad < 0, sorted([*batch.errors, *errors], key=lambda error: error.row))


def _error(batch: RawBatch, row: int, field: Field, mapping: ColumnMapping) -> RowError:
    column = mapping.sources[field.name].column
    value = batch.cells[column][row].encode("utf-8", "replace").decode()[:LONGEST_SHOWN]
    return RowError(batch.rows[row], field.expected, column, value)


def _songs(columns: Mapping[str, Column], good: NDArray[np.bool_], errors: Sequence[RowError]) -> CheckedBatch:
    rows = np.flatnonzero(good)
    kept = {name: _kept(column, rows) for name, column in columns.items()}
    artists = {artist: folded(artist) for artist in set(kept["artist"])}
    names = [f"{artists[artist]}\n{folded(title)}" for artist, title in zip(kept["artist"], kept["title"], strict=True)]
    ids = list(kept.get("id", [""] * len(rows)))
    if "" in ids:
        pairs = zip(ids, kept["artist"], kept["title"], strict=True)
        ids = [track_id or own_id(artist, title) for track_id, artist, title in pairs]
    arrays = [_stored(name, ids if name == "id" else kept.get(name), len(rows)) for name in SCHEMA.names]
    return CheckedBatch(pa.record_batch(arrays, schema=SCHEMA), names, errors)


def _kept(column: Column, rows: NDArray[np.intp]) -> Any:
    """The values of those rows; whole milliseconds, nothing as NaN, are made by ``_stored``."""
    if isinstance(column.values, np.ndarray):
        return column.values[rows]
    return [column.values[row] for row in rows.tolist()]


def _stored(name: str, values: Any, count: int) -> pa.Array:
    kind = SCHEMA.field(name).type
    if values is None:
        return pa.array([""] * count, kind) if pa.types.is_string(kind) else pa.nulls(count, kind)
    if isinstance(values, np.ndarray):
        unknown = np.isnan(values)
        if FIELD[name].kind is Kind.DURATION:
            values = np.where(unknown, 0, np.maximum(1, np.rint(np.where(unknown, 0, values)))).astype(np.int32)
        return pa.array(values, kind, mask=unknown, safe=False)
    return pa.array(values, kind)
