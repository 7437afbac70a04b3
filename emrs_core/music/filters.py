"""Which songs a person wants to hear at all, and how well known they may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import CatalogueError, UsageError
from emrs_core.music.features import EXPLICIT_YES, CatalogueFeatures

FASTEST_BPM = 400.0
YEARS = (0, 9999)


@dataclass(frozen=True, slots=True)
class Filters:
    """What is left out, and which of the rest comes first. The default leaves nothing out.

    Raises UsageError for a decade that is none, a tempo range that is none, or a novelty outside [-1, 1].
    """

    genres: frozenset[str] = frozenset()  # by name, whatever the case; empty: all
    decades: frozenset[int] = frozenset()  # by first year, such as 1990; empty: all
    tempo: tuple[float, float] | None = None  # beats a minute, both ends included; None: all, unknown ones too
    explicit: bool = True  # False leaves out the songs known to be explicit
    novelty: float = 0.0  # -1 well known, 0 no matter, 1 little known: an order, never a reason to leave a song out

    def __post_init__(self) -> None:
        object.__setattr__(self, "genres", frozenset(name.casefold() for name in self.genres))
        object.__setattr__(self, "decades", frozenset(self.decades))
        for decade in self.decades:
            if decade % 10 or not YEARS[0] <= decade <= YEARS[1]:
                raise UsageError(f"A decade is given by its first year, like 1990; got {decade}.")
        if self.tempo is not None and not 0.0 <= self.tempo[0] <= self.tempo[1] <= FASTEST_BPM:
            low, high = self.tempo
            raise UsageError(
                f"A tempo is two numbers of beats a minute, the slower first, 0 to 400; got {low:g} to {high:g}."
            )
        if not -1.0 <= self.novelty <= 1.0:
            raise UsageError(f"Novelty goes from -1 (well known) to 1 (new), got {self.novelty:g}.")

    @property
    def in_use(self) -> tuple[str, ...]:
        """Names of the fields that leave songs out, in the order they are asked."""
        return tuple(name for name, unused in LOOSENED.items() if getattr(self, name) != unused)

    def without(self, *names: str) -> Filters:
        """These filters with the named fields (of ``in_use``) taken off."""
        return replace(self, **{name: LOOSENED[name] for name in names})  # type: ignore[arg-type]  # each of its field


LOOSENED: Mapping[str, object] = {"genres": frozenset(), "decades": frozenset(), "tempo": None, "explicit": True}
"""Each field that leaves songs out, and its value that leaves none out."""


class NoSongsLeft(CatalogueError):  # noqa: N818  says what is the case, as a sentence would
    """Filters that no song passes. ``loosen`` are the fields to take off, ``songs`` how many songs that gives."""

    def __init__(self, message: str, loosen: tuple[str, ...], songs: int) -> None:
        super().__init__(message)
        self.loosen = loosen
        self.songs = songs


def passing(features: CatalogueFeatures, filters: Filters, of: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """(N,) which songs (of the given ones) the filters let through. O(N), about 0.1 ms a filter for 100,000 songs.

    A song whose tempo is unknown passes no tempo filter; one of which nobody says whether it is explicit is not taken
    for explicit. Raises NoSongsLeft, naming the filter whose removal gives the most songs, when none passes.
    """
    masks = {name: _MASKS[name](features, filters) for name in filters.in_use}
    among = np.ones(len(features), dtype=np.bool_) if of is None else of
    left = _all_of(masks, among)
    if masks and not left.any():
        raise _nothing_left(masks, filters, among)
    return left


def _all_of(masks: Mapping[str, NDArray[np.bool_]], among: NDArray[np.bool_]) -> NDArray[np.bool_]:
    left = among.copy()
    for mask in masks.values():
        left &= mask
    return left


def _of_genres(features: CatalogueFeatures, filters: Filters) -> NDArray[np.bool_]:
    wanted = np.array([name.casefold() in filters.genres for name in features.genre_names], dtype=np.bool_)
    return wanted[features.genre]


def _of_decades(features: CatalogueFeatures, filters: Filters) -> NDArray[np.bool_]:
    decades = features.year // np.int16(10)
    mask = np.zeros(len(features), dtype=np.bool_)
    for decade in filters.decades:
        mask |= decades == decade // 10
    return mask


def _of_tempo(features: CatalogueFeatures, filters: Filters) -> NDArray[np.bool_]:
    low, high = filters.tempo or (0.0, FASTEST_BPM)
    known = features.tempo > 0.0  # a missing tempo is kept as 0 or NaN
    return np.asarray(known & (features.tempo >= low) & (features.tempo <= high))


def _not_explicit(features: CatalogueFeatures, _: Filters) -> NDArray[np.bool_]:
    return np.asarray(features.explicit != EXPLICIT_YES)


_MASKS: Mapping[str, Callable[[CatalogueFeatures, Filters], NDArray[np.bool_]]] = {
    "genres": _of_genres,
    "decades": _of_decades,
    "tempo": _of_tempo,
    "explicit": _not_explicit,
}


def _nothing_left(masks: Mapping[str, NDArray[np.bool_]], filters: Filters, among: NDArray[np.bool_]) -> NoSongsLeft:
    """The error for these masks: one filter to take off where that helps, else all of them."""
    given = {
        name: int(_all_of({other: mask for other, mask in masks.items() if other != name}, among).sum())
        for name in masks
    }
    best = max(given, key=given.__getitem__)
    loosen, songs = ((best,), given[best]) if given[best] else (tuple(masks), int(among.sum()))
    asked = ", ".join(_in_words(name, filters) for name in masks)
    what = " and ".join(_TAKEN_OFF[name] for name in loosen)
    there = "1 song" if songs == 1 else f"{songs} songs"
    return NoSongsLeft(f"No song is left with these filters: {asked}. Without {what} there would be {there}.",
                       loosen, songs)  # fmt: skip


_TAKEN_OFF = {
    "genres": "the choice of genres",
    "decades": "the choice of decades",
    "tempo": "the limits of tempo",
    "explicit": "leaving out explicit songs",
}


def _in_words(name: str, filters: Filters) -> str:
    if name == "genres":
        return "genre " + " or ".join(sorted(filters.genres))
    if name == "decades":
        return "from the " + " or ".join(f"{decade}s" for decade in sorted(filters.decades))
    if name == "tempo":
        low, high = filters.tempo or (0.0, FASTEST_BPM)
        return f"{low:g} to {high:g} beats a minute"
    return "no explicit songs"
