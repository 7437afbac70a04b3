"""A catalogue's figures as HTML: facts, the 4 x 4 coverage of the plane, bars."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from emrs_core.music.catalogues.statistics import CELLS, SPARSE, CatalogueStatistics, Count

MOST_BARS = 8
FAINTEST, STRONGEST = 6, 55
"""Percent of accent colour in the emptiest and the fullest cell; the number stays readable on both."""
VALENCE_WORDS = ("sad", "a little sad", "pleasant", "happy")
ENERGY_WORDS = ("quiet", "calm", "lively", "wild")


def row_html(name: str, about: str, used: bool) -> str:
    """A catalogue's name and what is known of it."""
    mark = '<span class="emrs-used">in use</span>' if used else ""
    return (
        f'<div class="emrs-catalogue"><strong>{escape(name)}</strong>{mark}'
        f'<span class="emrs-about">{escape(about)}</span></div>'
    )


def facts_html(figures: CatalogueStatistics) -> str:
    """The numbers of a catalogue in a row."""
    facts = [
        (f"{figures.songs:,}", "song" if figures.songs == 1 else "songs"),
        (f"{figures.artists:,}", "artist" if figures.artists == 1 else "artists"),
        (f"{len(figures.genres):,}", "genre" if len(figures.genres) == 1 else "genres"),
        (share(figures.playable, figures.songs), "play here"),
    ]
    items = "".join(f"<li><strong>{number}</strong> {word}</li>" for number, word in facts)
    note = ""
    if figures.playable < figures.songs:
        note = (
            '<p class="emrs-note">Songs without a Spotify id have no player here; their link leads to Spotify’s '
            "search.</p>"
        )
    return f'<ul class="emrs-numbers">{items}</ul>{note}'


def coverage_html(figures: CatalogueStatistics) -> str:
    """How many songs lie in each cell: valence from left to right, energy upwards, as on the plane."""
    most = max(max(row) for row in figures.coverage) or 1
    head = "".join(f'<th scope="col">{word}</th>' for word in VALENCE_WORDS)
    rows = []
    for energy in reversed(range(CELLS)):
        cells = "".join(_cell(figures.coverage[valence][energy], most) for valence in range(CELLS))
        rows.append(f'<tr><th scope="row">{ENERGY_WORDS[energy]}</th>{cells}</tr>')
    return (
        '<table class="emrs-coverage"><caption>Songs by valence (across) and energy (up)</caption>'
        f"<tbody>{''.join(rows)}</tbody><tfoot><tr><td></td>{head}</tr></tfoot></table>"
    )


def coverage_note(figures: CatalogueStatistics) -> str:
    """Which moods have few songs."""
    thin = figures.thin_cells
    if not thin:
        return f"Every mood has at least {SPARSE} songs."
    names = ", ".join(f"{ENERGY_WORDS[energy]} and {VALENCE_WORDS[valence]}" for valence, energy in thin[:4])
    more = f" and {len(thin) - 4} more" if len(thin) > 4 else ""
    return f"Fewer than {SPARSE} songs: {names}{more}. Lists for such a mood reach over to its neighbours."


def bars_html(title: str, counts: Sequence[Count], total: int) -> str:
    """Shares as bars; what is left over is counted in the last one."""
    shown = list(counts) if len(counts) <= MOST_BARS else sorted(counts, key=lambda c: -c.songs)[: MOST_BARS - 1]
    if title == "Decades":
        shown.sort(key=lambda count: count.name)
    rest = total - sum(count.songs for count in shown)
    if rest:
        shown.append(Count(f"{len(counts) - len(shown)} more", rest))
    most = max((count.songs for count in shown), default=1)
    items = "".join(
        f'<li><span class="emrs-bar-name">{escape(count.name or "unknown")}</span>'
        f'<span class="emrs-bar"><span style="width: {100 * count.songs / most:.1f}%"></span></span>'
        f'<span class="emrs-bar-number">{count.songs:,}</span></li>'
        for count in shown
    )
    return f'<h3 class="emrs-bars-title">{escape(title)}</h3><ul class="emrs-bars">{items}</ul>'


def share(part: int, whole: int) -> str:
    """A share in words that never rounds to all or nothing."""
    if part in (0, whole):
        return "all" if part else "none"
    return f"{min(99, max(1, round(100 * part / whole)))} %"


def _cell(songs: int, most: int) -> str:
    strength = FAINTEST + (STRONGEST - FAINTEST) * (songs / most) ** 0.5 if songs else 0
    thin = ' class="emrs-thin"' if songs < SPARSE else ""
    return f'<td{thin} style="--strength: {strength:.0f}%">{songs:,}</td>'
