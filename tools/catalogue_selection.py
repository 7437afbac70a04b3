"""The choice: quotas over decades, genres and the valence-energy grid, always the most popular song first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from catalogue_cleaning import Song

MAX_PER_ARTIST = 3
MIN_PER_CELL = 20
PERIODS = (
    # first year, last year, songs, least popularity (0-100 in January 2020)
    (1950, 1959, 3, 50),
    (1960, 1969, 55, 40),
    (1970, 1979, 100, 48),
    (1980, 1989, 110, 50),
    (1990, 1999, 125, 56),
    (2000, 2009, 150, 60),
    (2010, 2014, 100, 60),
    (2015, 2017, 80, 65),
    (2018, 2018, 40, 70),
    (2019, 2019, 65, 70),
    (2020, 2020, 8, 70),
)
"""Quotas before the grid is filled up. The popularity of the table fades with age, so the floor does too; the 2010s
are split because the newest songs are by far the most popular and would fill the decade alone."""
GENRES = ("pop", "rock", "r&b", "rap", "latin", "edm", "country", "reggae")


class Selection:
    """Songs taken so far, with the cap per artist."""

    def __init__(self) -> None:
        self.songs: dict[str, Song] = {}
        self._artists: Counter[str] = Counter()

    def take(self, song: Song) -> bool:
        if song.row.id in self.songs or self._artists[song.key[0]] >= MAX_PER_ARTIST:
            return False
        self.songs[song.row.id] = song
        self._artists[song.key[0]] += 1
        return True

    def count(self, belongs: Callable[[Song], bool]) -> int:
        return sum(1 for song in self.songs.values() if belongs(song))


def select(songs: Sequence[Song]) -> list[Song]:
    """The catalogue, from songs with known years, most popular first. Scarce cells are filled before all else."""
    selection = Selection()
    cells: dict[tuple[int, int], list[Song]] = defaultdict(list)
    for song in songs:
        cells[song.cell].append(song)
    for cell in sorted(cells, key=lambda c: (len(cells[c]), c)):
        if len(cells[cell]) <= 2 * MIN_PER_CELL:
            _fill_cell(selection, cells[cell], cell)
    for first, last, quota, floor in PERIODS:
        in_period = [s for s in songs if s.year is not None and first <= s.year <= last]
        _fill_period(selection, [s for s in in_period if s.row.popularity >= floor], quota)
    for cell in sorted(cells, key=lambda c: (len(cells[c]), c)):
        _fill_cell(selection, cells[cell], cell)
    return sorted(selection.songs.values(), key=lambda s: (s.key[0], s.year or 0, s.key[1]))


def _fill_cell(selection: Selection, candidates: Iterable[Song], cell: tuple[int, int]) -> None:
    missing = MIN_PER_CELL - selection.count(lambda song: song.cell == cell)
    for song in candidates:
        if missing <= 0:
            return
        missing -= selection.take(song)


def _fill_period(selection: Selection, candidates: Sequence[Song], quota: int) -> None:
    """One song of each genre in turn, so that no genre that is merely longer in the table fills the period."""
    missing = quota - sum(1 for song in candidates if song.row.id in selection.songs)
    queues = {genre: [song for song in candidates if song.genre == genre][::-1] for genre in GENRES}
    while missing > 0 and any(queues.values()):
        for genre in GENRES:
            while missing > 0 and queues[genre]:
                if selection.take(queues[genre].pop()):
                    missing -= 1
                    break
