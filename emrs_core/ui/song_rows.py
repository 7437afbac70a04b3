"""Songs and what is known of each, as rows: a line each on a wide screen, two on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import streamlit as st


@dataclass(frozen=True, slots=True)
class SongRow:
    """One song; ``facts`` in the order of reading, empty ones left out."""

    title: str
    artist: str
    facts: tuple[str, ...]


def draw_rows(rows: Iterable[SongRow], label: str) -> None:
    """The list; a long one scrolls within itself, by keyboard too. ``label`` says what it is to those who hear it."""
    items = "".join(_item(row) for row in rows)
    st.html(f'<ul class="emrs-rows" tabindex="0" aria-label="{escape(label)}">{items}</ul>')


def _item(row: SongRow) -> str:
    facts = " · ".join(escape(fact) for fact in row.facts if fact)
    return (
        f'<li><span><span class="emrs-row-title">{escape(row.title)}</span> '
        f'<span class="emrs-row-artist">{escape(row.artist)}</span></span>'
        f'<span class="emrs-row-facts">{facts}</span></li>'
    )
