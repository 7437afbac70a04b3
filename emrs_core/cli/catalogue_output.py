"""What ``catalogue`` prints: progress on standard error, figures as tables or JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import click

from emrs_core.music.catalogues.importing import ImportReport, Preview
from emrs_core.music.catalogues.mapping import ColumnMapping
from emrs_core.music.catalogues.statistics import CELLS, CatalogueStatistics, Count

REDRAW_S = 0.2
MOST_NAMES = 15
"""Genres shown in a table; JSON has all."""
QUARTERS = ("0-.25", ".25-.5", ".5-.75", ".75-1")
PREVIEW_SONGS = 8
SHOWN = ("title", "artist", "year", "genre", "valence", "energy", "tempo")


class _Line:
    """One line on standard error, redrawn a few times a second where a person looks on; else only its end."""

    def __init__(self) -> None:
        self._text, self._drawn_s = "", 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._text:
            click.echo(f"\r{self._text}" if sys.stderr.isatty() else self._text, err=True)

    def show(self, text: str) -> None:
        self._text = text
        now_s = time.monotonic()
        if sys.stderr.isatty() and now_s - self._drawn_s >= REDRAW_S:
            self._drawn_s = now_s
            click.echo(f"\r{text}", err=True, nl=False)


class RowProgress(_Line):
    """How far the rows are read."""

    def __call__(self, done: float) -> None:
        self.show(f"rows read: {100 * done:3.0f} %")


class FetchProgress(_Line):
    """How much of a file has come."""

    def __call__(self, there: int, total: int | None) -> None:
        share = f" of {total / 1e6:.1f} ({100 * there / total:.0f} %)" if total else ""
        self.show(f"fetched: {there / 1e6:.1f}{share} MB")


def describe_report(name: str, report: ImportReport, used: bool, as_json: bool) -> str:
    """What became of the rows."""
    if as_json:
        content = {
            "name": name,
            "used": used,
            "read": report.read,
            "added": report.added,
            "refused": report.refused,
            "duplicates": {"id": report.same_id, "artist_and_title": report.same_name},
            "without_spotify_id": report.without_id,
            "reasons": dict(report.reasons),
            "errors": [{"row": e.row, "column": e.column, "value": e.value, "reason": e.reason} for e in report.errors],
        }
        return json.dumps(content, indent=2, ensure_ascii=False)
    lines = [
        f"{name}: {report.added:,} songs of {report.read:,} rows{'; used from now on' if used else ''}",
        f"{report.refused:>9,} rows left out with an error",
        f"{report.same_id:>9,} left out: the id came before",
        f"{report.same_name:>9,} left out: artist and title came before",
    ]
    if report.without_id:
        lines.append(f"{report.without_id:>9,} without a Spotify id: they are searched for there, not embedded")
    return "\n".join(lines)


def preview_text(mapping: ColumnMapping, shown: Preview, columns: Sequence[str], as_json: bool) -> str:
    """The mapping and the first songs."""
    sources = {name: {"column": s.column, "unit": str(s.unit)} for name, s in mapping.sources.items()}
    songs: list[dict[str, Any]] = shown.songs.slice(0, PREVIEW_SONGS).to_pylist()
    errors = [str(error) for error in shown.errors]
    if as_json:
        content = {"columns": list(columns), "mapping": sources, "songs": songs, "errors": errors}
        return json.dumps(content, indent=2, ensure_ascii=False)
    lines = [f"{name:<13} <- {source.column} ({source.unit})" for name, source in mapping.sources.items()]
    unused = [column for column in columns if column not in mapping.columns]
    lines += [f"not used: {', '.join(unused)}"] if unused else []
    for song in songs:
        facts = (song[name] for name in SHOWN)
        lines.append("  ".join(f"{fact:.3g}" if isinstance(fact, float) else str(fact or "?")[:32] for fact in facts))
    return "\n".join([*lines, f"{len(errors)} of the first {shown.rows} rows have an error", *errors])


def describe_statistics(name: str, figures: CatalogueStatistics, as_json: bool) -> str:
    """The figures of a catalogue."""
    if as_json:
        return json.dumps(statistics_content(name, figures), indent=2, ensure_ascii=False)
    lines = [
        f"{name}: {figures.songs:,} songs by {figures.artists:,} artists",
        f"  {figures.playable:,} play here; the others are searched for at Spotify",
        f"  genres: {_counts(figures.genres)}",
        f"  decades: {_counts(figures.decades)}",
        "  songs by valence (down) and energy (across):",
        " " * 12 + "".join(f"{quarter:>9}" for quarter in QUARTERS),
    ]
    for valence in reversed(range(CELLS)):
        cells = "".join(f"{songs:>9,}" for songs in figures.coverage[valence])
        lines.append(f"  {QUARTERS[valence]:>9} {cells}")
    return "\n".join(lines)


def statistics_content(name: str, figures: CatalogueStatistics) -> dict[str, Any]:
    """The figures as ``docs/schemas/catalogue-stats.schema.json`` says."""
    return {
        "name": name,
        "songs": figures.songs,
        "artists": figures.artists,
        "genres": {count.name: count.songs for count in figures.genres},
        "decades": {count.name: count.songs for count in figures.decades},
        "coverage": {
            "quarters": [i / CELLS for i in range(CELLS + 1)],
            "songs": [list(row) for row in figures.coverage],
            "thin": [{"valence": v, "energy": e} for v, e in figures.thin_cells],
        },
        "playable": figures.playable,
        "known": {
            "year": figures.with_year,
            "tempo": figures.with_tempo,
            "popularity": figures.with_popularity,
            "explicit": figures.with_explicit,
        },
    }


def _counts(counts: Sequence[Count]) -> str:
    shown = ", ".join(f"{count.name or 'none'} {count.songs:,}" for count in counts[:MOST_NAMES])
    more = len(counts) - MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown
