"""The listener's own songs at Spotify, matched to the catalogue, and the lift they get in a list.

Plain arithmetic on catalogue rows, made when the listener asks for it and gone with the connection: nothing of it is
stored, learned from, or given to any model.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.recordings import by_recording_code
from emrs_core.protocols import Catalogue
from emrs_core.streaming import ServiceTrack
from emrs_core.types import AffectPoint, Track

SAVED_REWARD: Final = 0.4
"""Expected reward of a song that the listener saved, where a thumb up is 1: liked once, perhaps long ago."""
TOP_REWARD: Final = 0.6
"""Likewise of one that they hear most these months."""

LOCAL_FILE: Final = "a file of your own, which only you can play"
NOT_IN_CATALOGUE: Final = "not in this catalogue, so its mood is not known"


@dataclass(frozen=True, slots=True)
class MatchedSong:
    """A song of the listener's and the catalogue's song it is."""

    theirs: ServiceTrack
    ours: Track
    reward: float


@dataclass(frozen=True, slots=True)
class UnmatchedSong:
    """A song that takes no part, and why."""

    theirs: ServiceTrack
    reason: str


@dataclass(frozen=True, slots=True)
class FamiliarSongs:
    """What takes part and what does not; both in Spotify's order, top songs first. A ``Preference``."""

    matched: tuple[MatchedSong, ...] = ()
    unmatched: tuple[UnmatchedSong, ...] = ()

    def rewards(
        self,
        features: CatalogueFeatures,
        start: AffectPoint,
        rng: np.random.Generator,
    ) -> NDArray[np.float32] | None:
        """See ``Preference.rewards``: each matched song's reward, 0 for all others. Nothing of it is learned."""
        if not self.matched:
            return None
        rewards = np.zeros(len(features), np.float32)
        for song in self.matched:
            row = features.row_of.get(song.ours.id)
            if row is not None:
                rewards[row] = song.reward
        return rewards


def match(saved: Sequence[ServiceTrack], top: Sequence[ServiceTrack], catalogue: Catalogue) -> FamiliarSongs:
    """Match by id (or an alias of it), else by recording code (ISRC). Each song counts once, with its higher reward."""
    own = _each_once([(song, TOP_REWARD) for song in top] + [(song, SAVED_REWARD) for song in saved])
    codes = {song.isrc for song, _ in own if song.isrc and _by_id(song, catalogue) is None}
    by_code = by_recording_code(catalogue, codes) if codes else {}
    matched: list[MatchedSong] = []
    unmatched: list[UnmatchedSong] = []
    seen: set[str] = set()
    for theirs, reward in own:
        ours = _by_id(theirs, catalogue) or by_code.get(theirs.isrc)
        if ours is None:
            unmatched.append(UnmatchedSong(theirs, LOCAL_FILE if theirs.id is None else NOT_IN_CATALOGUE))
        elif ours.id not in seen:
            seen.add(ours.id)
            matched.append(MatchedSong(theirs, ours, reward))
    return FamiliarSongs(tuple(matched), tuple(unmatched))


def _each_once(songs: Iterable[tuple[ServiceTrack, float]]) -> list[tuple[ServiceTrack, float]]:
    once: dict[object, tuple[ServiceTrack, float]] = {}
    for song, reward in songs:
        once.setdefault(song.id or (song.title, song.artists), (song, reward))
    return list(once.values())


def _by_id(theirs: ServiceTrack, catalogue: Catalogue) -> Track | None:
    ids = (theirs.id, *theirs.aliases) if theirs.id else theirs.aliases
    return next((ours for track_id in ids if (ours := catalogue.get(track_id)) is not None), None)
