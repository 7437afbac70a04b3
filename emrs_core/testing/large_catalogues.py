"""Catalogues and tables as large as they may get, made in seconds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from emrs_core.music.catalogues.columns import FORMAT_VERSION, METADATA_KEY, SCHEMA
from emrs_core.testing.catalogues import numbered_id

ARTISTS, GENRES = 200_000, 40
CSV_HEADER = "track_id,track_name,track_artist,track_popularity,release_date,genre,valence,energy,tempo,duration_ms"


def large_table(songs: int, seed: int = 0) -> pa.Table:
    """That many songs in the stored form, each by one of 200,000 artists, with every fact known."""
    rng = np.random.default_rng(seed)
    rows = np.arange(songs)
    numbers = pc.cast(pa.array(rows), pa.string())

    def named(word: str, keys: pa.Array) -> pa.Array:
        return pc.binary_join_element_wise(pa.scalar(word), pc.cast(keys, pa.string()), " ")

    columns = {
        "id": pc.utf8_lpad(numbers, len(numbered_id(0)), "0"),
        "title": named("A song of a usual length", numbers),
        "artist": named("Some artist", pa.array(rng.integers(0, ARTISTS, songs))),
        "year": pa.array(rng.integers(1950, 2025, songs), pa.int16()),
        "genre": named("genre", pa.array(rng.integers(0, GENRES, songs))),
        "duration_ms": pa.array(rng.integers(60_000, 400_000, songs), pa.int32()),
        "tempo": pa.array(rng.uniform(60, 180, songs), pa.float32()),
        "explicit": pa.array(rng.random(songs) < 0.1),
        "isrc": named("", numbers),
        **{name: pa.array(rng.random(songs), pa.float32())
           for name in ("valence", "energy", "danceability", "acousticness", "popularity")},
    }  # fmt: skip
    return pa.table([columns[name] for name in SCHEMA.names], schema=SCHEMA)


def write_stored(table: pa.Table, path: Path) -> None:
    """That table as a file of the store."""
    facts = json.dumps({"version": FORMAT_VERSION, "added": table.num_rows, "source": "made", "imported_at": ""})
    pq.write_table(table.replace_schema_metadata({METADATA_KEY: facts.encode()}), path, row_group_size=100_000)


def broken_csv(songs: int, seed: int = 0) -> Iterator[str]:
    """Lines of a table of that many rows, of which each hundredth is broken: a word for a number, a quote that is
    never closed, or half a line, in turn."""
    rng = np.random.default_rng(seed)
    yield CSV_HEADER + "\n"
    for row, (valence, energy) in enumerate(rng.random((songs, 2)).round(3).tolist()):
        line = (
            f"{numbered_id(row)},A song of a usual length {row},Some artist {row % ARTISTS},{row % 100},"
            f"{1950 + row % 70}-05-01,genre {row % GENRES},{valence},{energy},{60 + row % 120},{60_000 + row % 300_000}"
        )
        if row % 100 == 99:
            kind = row // 100 % 3
            line = line.replace(f",{valence},", ",loud,", 1) if kind == 0 else f'"{line}' if kind == 1 else line[:40]
        yield line + "\n"
