"""An order of songs by chance that does not depend on where they stand in their catalogue."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures

Keys = NDArray[np.uint64]

GOLDEN, MIX_1, MIX_2 = (np.uint64(c) for c in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
"""Constants of the SplitMix64 generator. Source: Steele, Lea & Flood (2014), Fast splittable pseudorandom number
generators."""
MASK = 2**64 - 1


class SongOrder:
    """Chance that sticks to a song: the same for the same facts and seed, wherever the song stands in its table."""

    def __init__(self, features: CatalogueFeatures, seed: int) -> None:
        self._f = features
        self._seed = np.uint64(seed & MASK)

    def sorted(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], Keys]:
        """The rows in an order by chance, and the number by which each was put there."""
        keys = self._keys(rows)
        order = np.argsort(keys)
        rows, keys = rows[order], keys[order]
        alike = keys[1:] == keys[:-1]
        return self._told_apart(rows, keys) if alike.any() else (rows, keys)

    def best(self, rows: NDArray[np.intp], scores: NDArray[np.float32], size: int) -> NDArray[np.intp]:
        """Those of the rows that have the ``size`` best scores, in no order; all where there are no more.

        Songs that tie for the last places are taken by chance.
        """
        others = len(scores) - size
        if others <= 0:
            return rows
        least = np.partition(scores, others)[others]
        best = np.flatnonzero(scores >= least)
        if len(best) == size:
            return rows[best]
        tied = scores[best] == least
        above = rows[best[~tied]]
        return np.concatenate([above, self.sorted(rows[best[tied]])[0][: size - len(above)]])

    def _keys(self, rows: NDArray[np.intp]) -> Keys:
        """A number for each song, made from its facts and the seed."""
        f = self._f
        keys = np.full(len(rows), self._seed, np.uint64)
        for column in (f.plane[0, rows], f.plane[1, rows], f.tempo[rows], f.duration_ms[rows], f.year[rows]):
            keys = _mixed(keys ^ column.astype(np.float32).view(np.uint32))
        return keys

    def _told_apart(self, rows: NDArray[np.intp], keys: Keys) -> tuple[NDArray[np.intp], Keys]:
        """Songs of the same facts have the same key: their ids give each another."""
        same = np.zeros(len(keys), np.bool_)
        same[1:] = keys[1:] == keys[:-1]
        same[:-1] |= same[1:]
        ids = [zlib.crc32(self._f.track(int(row)).id.encode()) for row in rows[same]]
        keys = keys.copy()
        keys[same] = _mixed(keys[same] ^ np.array(ids, np.uint64))
        order = np.argsort(keys)
        return rows[order], keys[order]


def share_of(keys: Keys) -> NDArray[np.float32]:
    """The numbers as if drawn evenly from [0, 1)."""
    return (keys >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)


def _mixed(x: Keys) -> Keys:
    x = x + GOLDEN
    x = (x ^ (x >> np.uint64(30))) * MIX_1
    x = (x ^ (x >> np.uint64(27))) * MIX_2
    return x ^ (x >> np.uint64(31))
