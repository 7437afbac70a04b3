"""The songs that the stand-in knows, and its search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from emrs_core.types import Track

LOOSE_SONGS = tuple(
    Track(f"stubLooseSong{number:09d}", title, artist, 2020 + number, "pop", 180_000, 0.5, 0.5, 0.5, 0.5, 120.0)
    for number, (title, artist) in enumerate(
        [("Lanterns over the Harbour", "The Paper Boats"), ("Nine Minutes to Rain", "Ilse Varga")]
    )
)
"""Songs that nobody sings: no catalogue has them."""
FILTER = re.compile(r'\b(track|artist|isrc|year|album|genre):(?:"([^"]*)"|(\S+(?:\s+(?!\w+:)\S+)*))', re.IGNORECASE)
"""A field filter of a search: ``artist:Miles Davis`` reaches to the next filter, ``artist:"Miles"`` to its quote."""


def isrc_of(number: int, year: int) -> str:
    """A well-formed recording code (country, registrant, year, number) that nobody else has."""
    return f"QZEMR{year % 100:02d}{number:05d}"


def plain(text: str) -> str:
    """Lower case without accents and punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare.casefold()))


class SongShelf:
    """Songs by id. Immutable; any thread."""

    def __init__(self, tracks: Iterable[Track]) -> None:
        self._tracks = tuple(tracks)
        self._numbers = {track.id: number for number, track in enumerate(self._tracks)}
        self._isrcs = [t.isrc or isrc_of(number, t.year) for number, t in enumerate(self._tracks)]
        self._plain = [(plain(track.title), plain(track.artist)) for track in self._tracks]

    def ids(self) -> list[str]:
        return list(self._numbers)

    def get(self, track_id: str) -> Track | None:
        number = self._numbers.get(track_id)
        return None if number is None else self._tracks[number]

    def isrc(self, track_id: str) -> str:
        return self._isrcs[self._numbers[track_id]]

    def search(self, query: str) -> Sequence[Track]:
        """Songs that hold every word of the query, by the filters ``track artist isrc year`` where given."""
        wanted = {m[1].lower(): (m[2] or m[3] or "") for m in FILTER.finditer(query)}
        words = plain(FILTER.sub(" ", query)).split()
        found = []
        for number, track in enumerate(self._tracks):
            title, artist = self._plain[number]
            if (
                _holds(title, wanted.get("track"))
                and _holds(artist, wanted.get("artist"))
                and wanted.get("isrc", "").upper() in ("", self._isrcs[number])
                and _in_years(track.year, wanted.get("year"))
                and all(word in f"{title} {artist}".split() for word in words)
            ):
                found.append(track)
        return found


def _holds(text: str, wanted: str | None) -> bool:
    return wanted is None or f" {plain(wanted)} " in f" {text} "


def _in_years(year: int, wanted: str | None) -> bool:
    if wanted is None:
        return True
    first, _, last = wanted.partition("-")
    return first.isdigit() and (last or first).isdigit() and int(first) <= year <= int(last or first)
