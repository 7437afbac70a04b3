"""Which column holds which fact: the guess, to be corrected."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.music.catalogues.columns import FIELDS, Field, Kind, Unit
from emrs_core.music.catalogues.mapping import ColumnMapping, Source
from emrs_core.music.catalogues.reading import SourceTable
from emrs_core.ui import hooks

LABELS: Final = {
    "title": "Title",
    "artist": "Artist",
    "valence": "Valence (sad – happy)",
    "energy": "Energy (quiet – wild)",
    "id": "Spotify id, URI or address",
    "year": "Year or release date",
    "genre": "Genre",
    "duration_ms": "Length",
    "tempo": "Tempo (beats a minute)",
    "danceability": "Danceability",
    "acousticness": "Acousticness",
    "popularity": "Popularity",
    "explicit": "Explicit",
    "isrc": "ISRC",
}
UNIT_WORDS: Final = {
    (Kind.SHARE, Unit.PLAIN): "0 to 1",
    (Kind.SHARE, Unit.PERCENT): "0 to 100",
    (Kind.DURATION, Unit.PLAIN): "milliseconds",
    (Kind.DURATION, Unit.SECONDS): "seconds",
}
NOWHERE: Final = "–"
UNIT_WIDTH_PX: Final = 150
"""Room for "milliseconds"."""


def draw(table: SourceTable, guessed: ColumnMapping, fingerprint: str) -> ColumnMapping:
    """The columns as chosen; ``fingerprint`` tells one file's choices from another's."""
    found = f"{len(guessed.sources)} of {len(FIELDS)} facts found in {len(table.columns)} columns"
    sources: dict[str, Source | None] = {}
    with st.expander(f"Columns: {found}", icon=":material/view_column:", expanded=bool(guessed.missing)):
        st.caption("A song needs the first four. Everything else may be missing and is then unknown.")
        for first in range(0, len(FIELDS), 2):  # in pairs, so that a narrow screen keeps their order
            for place, field in zip(st.columns(2, gap="large"), FIELDS[first : first + 2], strict=False):
                with place:
                    sources[field.name] = _source(field, table, guessed.sources.get(field.name), fingerprint)
    return guessed.changed(sources)


def _source(field: Field, table: SourceTable, guessed: Source | None, fingerprint: str) -> Source | None:
    key, units = f"{hooks.column_choice(field.name)}-{fingerprint}", field.units
    label = f"{LABELS[field.name]} *" if field.required else LABELS[field.name]
    options = [NOWHERE, *table.columns]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.selectbox(label, options, options.index(guessed.column) if guessed else 0, key=key)
        if chosen == NOWHERE:
            return None
        unit = guessed.unit if guessed else units[0]
        if len(units) > 1:
            unit = st.selectbox(
                f"Unit of {LABELS[field.name]}", units, units.index(unit), key=f"{key}-unit", width=UNIT_WIDTH_PX,
                label_visibility="collapsed", format_func=lambda each: UNIT_WORDS[field.kind, each],
            )  # fmt: skip
    return Source(chosen, unit)
