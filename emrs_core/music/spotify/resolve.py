"""Finds a catalogue's song at Spotify when the catalogue has no id for it: by recording code, else by names."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Protocol

from emrs_core.music.links import is_track_id
from emrs_core.streaming import ServiceTrack
from emrs_core.types import Track

TITLE_ALIKE: Final = 0.85
"""Least similarity (0-1) of two titles: lets a letter or an article differ, not a word of a short title."""
ARTIST_ALIKE: Final = 0.8
"""Likewise of the artists; names differ more, by "The", "&" and order."""
DURATION_APART_MS: Final = 20_000
"""Two versions further apart in length are other recordings: a radio edit, an extended mix."""
MOST_CACHED: Final = 2000
"""Answers kept for one visitor; beyond it the oldest go."""

VERSION_WORDS: Final = frozenset(
    {"live", "remix", "karaoke", "instrumental", "acoustic", "cover", "tribute", "demo", "unplugged", "sped", "slowed"}
)
"""A title with one of these that the other lacks is another recording."""
_ASIDE = re.compile(r"\((?:feat|ft|with)\b[^)]*\)|\[[^\]]*\]|\b(?:feat|ft)\b.*$", re.IGNORECASE)
_YEAR = r"(?:19|20)\d\d"
_REMASTER = re.compile(rf"\b(?:{_YEAR} )?(?:digital )?(?:remaster(?:ed)?|mono|stereo)(?: {_YEAR})?\b(?: version)?")
_ARTISTS = re.compile(r",|&|;|/|\bfeat\b\.?|\bft\b\.?|\bx\b|\bwith\b|\band\b", re.IGNORECASE)


class Finder(Protocol):
    """The two questions that finding needs; both raise StreamingError."""

    def by_isrc(self, isrc: str) -> tuple[ServiceTrack, ...]: ...
    def search(self, title: str, artist: str = "", limit: int = 10) -> tuple[ServiceTrack, ...]: ...


@dataclass(frozen=True, slots=True)
class Resolution:
    """A song's id at Spotify, or None with the ``reason`` in words."""

    track_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Playable:
    """A list as Spotify can play it: ids in the list's order, and the songs it does not have, with the reason."""

    track_ids: tuple[str, ...]
    missing: tuple[tuple[Track, str], ...] = ()


class Resolver:
    """Remembers what it found and what it did not, in memory; failures are not remembered. Any thread."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._lock = threading.Lock()
        self._cache: dict[str, Resolution] = {}

    def resolve(self, track: Track) -> Resolution:
        """Where Spotify has that song. At most three questions, none for a known id. Raises StreamingError."""
        if is_track_id(track.id):
            return Resolution(track.id, "its own id")
        with self._lock:
            if track.id in self._cache:
                return self._cache[track.id]
        found = self._find(track)
        with self._lock:
            self._cache[track.id] = found
            while len(self._cache) > MOST_CACHED:
                del self._cache[next(iter(self._cache))]
        return found

    def playable(self, tracks: Iterable[Track]) -> Playable:
        """``resolve`` for a whole list. Raises StreamingError."""
        found = [(track, self.resolve(track)) for track in tracks]
        missing = tuple((track, resolution.reason) for track, resolution in found if resolution.track_id is None)
        return Playable(tuple(r.track_id for _, r in found if r.track_id is not None), missing)

    def forget(self) -> None:
        """Remember nothing."""
        with self._lock:
            self._cache.clear()

    def _find(self, track: Track) -> Resolution:
        if track.isrc:
            for song in self._finder.by_isrc(track.isrc):
                if song.id is not None and song.isrc in ("", track.isrc):
                    return Resolution(song.id, "the same recording code")
        found = self._finder.search(track.title, track.artist)
        alike = [song for song in found if song.id is not None and same_song(track, song)]
        if alike:
            return Resolution(max(alike, key=lambda song: _likeness(track, song)).id, "artist and title")
        if found:
            return Resolution(None, "Spotify knows songs of a similar name, but none that is surely this one")
        return Resolution(None, "Spotify's search does not find it")


def same_song(track: Track, song: ServiceTrack) -> bool:
    """Whether names and length say that both are one recording."""
    title, artist = _likenesses(track, song)
    if title < TITLE_ALIKE or artist < ARTIST_ALIKE:
        return False
    if (set(_plain(track.title).split()) ^ set(_plain(song.title).split())) & VERSION_WORDS:
        return False
    return not song.duration_ms or abs(song.duration_ms - track.duration_ms) <= DURATION_APART_MS


def title_words(title: str) -> str:
    """A title without guests and remaster notes, folded: ``"Heroes" - 2017 Remaster`` is ``heroes``."""
    plain = _plain(_ASIDE.sub(" ", title))
    return " ".join(_REMASTER.sub(" ", plain).split()) or plain


def _likeness(track: Track, song: ServiceTrack) -> float:
    apart_ms = abs(song.duration_ms - track.duration_ms) if song.duration_ms else DURATION_APART_MS
    return sum(_likenesses(track, song)) - apart_ms / DURATION_APART_MS * 0.1  # length breaks ties alone


def _likenesses(track: Track, song: ServiceTrack) -> tuple[float, float]:
    """Of titles and of artists, in [0, 1]. One common artist is enough: tables often name the first alone."""
    ours = {_plain(name) for name in (track.artist, *_ARTISTS.split(track.artist))} - {""}
    theirs = {_plain(name) for artist in song.artists for name in (artist, *_ARTISTS.split(artist))} - {""}
    artist = max((_alike(a, b) for a in ours for b in theirs), default=0.0)
    return _alike(title_words(track.title), title_words(song.title)), artist


def _alike(a: str, b: str) -> float:
    return 1.0 if a == b else SequenceMatcher(None, a, b, autojunk=False).ratio()


def _plain(text: str) -> str:
    """Lower case without accents, punctuation or a leading "the"."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
    words = re.sub(r"[^\w]+", " ", bare.replace("'", "").replace("’", "")).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
