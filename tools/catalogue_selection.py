"""The choice: quotas over decades, genres and the valence-energy grid, always the most popular song first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from catalogue_cleaning import Song

MAX_PER_ARTIST = 3
MIN_PER_CELL = 20
DECADE_QUOTA = {1950: 3, 1960: 50, 1970: 100, 1980: 110, 1990: 120, 2000: 150, 2010: 230, 2020: 12}
"""Songs a decade, before the grid is filled up; the 1960s have few in the table."""
POPULARITY_FLOOR = 40.0
"""Below this a song is taken only to fill a cell of the grid."""
GENRES = ("pop", "rock", "r&b", "rap", "latin", "edm")


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
    """The catalogue from songs with known years, most popular first. Scarce cells first: they have least to choose from."""
    selection = Selection()
    cells: dict[tuple[int, int], list[Song]] = defaultdict(list)
    for song in songs:
        cells[song.cell].append(song)
    for cell in sorted(cells, key=lambda c: (len(cells[c]), c)):
        if len(cells[cell]) <= 2 * MIN_PER_CELL:
            _fill_cell(selection, cells[cell], cell)
    for decade, quota in DECADE_QUOTA.items():
        _fill_decade(selection, [s for s in songs if s.year is not None and s.year // 10 * 10 == decade], decade, quota)
    for cell in sorted(cells, key=lambda c: (len(cells[c]), c)):
        _fill_cell(selection, cells[cell], cell)
    return sorted(selection.songs.values(), key=lambda s: (s.key[0], s.year or 0, s.key[1]))


def _fill_cell(selection: Selection, candidates: Iterable[Song], cell: tuple[int, int]) -> None:
    missing = MIN_PER_CELL - selection.count(lambda song: song.cell == cell)
    for song in candidates:
        if missing <= 0:
            return
        missing -= selection.take(song)


def _fill_decade(selection: Selection, candidates: Sequence[Song], decade: int, quota: int) -> None:
    """One song of each genre in turn, so that no genre that is merely longer in the table fills the decade."""
    missing = quota - selection.count(lambda song: song.year is not None and song.year // 10 * 10 == decade)
    queues = {g: [s for s in candidates if s.genre == g and s.row.popularity >= POPULARITY_FLOOR][::-1] for g in GENRES}
    while missing > 0 and any(queues.values()):
        for genre in GENRES:
            while missing > 0 and queues[genre]:
                if selection.take(queues[genre].pop()):
                    missing -= 1
                    break
    for song in candidates:
        if missing <= 0:
            return
        missing -= selection.take(song)
