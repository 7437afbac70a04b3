"""From an id to its row among a million, in 34 bytes a song: a dictionary would take five times that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import CatalogueError
from emrs_core.music.links import ID_LENGTH

CHUNK_ROWS = 100_000
"""Worked on at a time, so that what is only needed on the way stays small."""
REMEMBERED = 4096
"""Ids that are found at once when they are asked for again: every list asks for the hundreds of songs heard before."""
_WORD = 8
_PADDED = 3 * _WORD
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
"""Odd numbers with their bits well spread (of the golden ratio, and xxHash's primes): one for each eight bytes."""


class IdIndex(Mapping[str, int]):
    """Rows by id, for ids of ``ID_LENGTH`` ASCII characters. Immutable; any thread."""

    def __init__(self, ids: NDArray[np.uint8]) -> None:
        """``ids`` is (N, 22), kept as it is, not copied. Raises CatalogueError when one comes twice."""
        self._ids = ids
        keys = _keys(ids)
        self._found: dict[str, int] = {}
        self._order = np.argsort(keys, kind="stable").astype(np.int32)
        self._keys = keys[self._order]
        alike = np.flatnonzero(self._keys[1:] == self._keys[:-1])
        for place in alike.tolist():  # most often none: two ids of one key are next to each other
            if bool(np.all(ids[self._order[place]] == ids[self._order[place + 1]])):
                raise CatalogueError(f"The id {self._text(int(self._order[place]))!r} comes twice in the catalogue.")

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return (self._text(row) for row in range(len(self._ids)))

    def __getitem__(self, track_id: str) -> int:
        row = self._found.get(track_id)
        if row is None:
            row = self._find(track_id)
            if row is None:
                raise KeyError(track_id)
            if len(self._found) >= REMEMBERED:
                self._found = {}
            self._found[track_id] = row
        return row

    def _find(self, track_id: str) -> int | None:
        wanted = np.frombuffer(track_id.encode("ascii", "replace"), np.uint8)
        if len(wanted) != ID_LENGTH:
            return None
        key = _keys(wanted[np.newaxis])[0]
        place = int(np.searchsorted(self._keys, key))
        while place < len(self._keys) and self._keys[place] == key:
            row = int(self._order[place])
            if self._ids[row].tobytes() == wanted.tobytes():
                return row
            place += 1
        return None

    def _text(self, row: int) -> str:
        return bytes(self._ids[row]).decode("ascii")


def _keys(ids: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """(N, 22) -> (N,) one well-spread number for each."""
    keys = np.zeros(len(ids), np.uint64)
    for first in range(0, len(ids), CHUNK_ROWS):
        part = slice(first, first + CHUNK_ROWS)
        padded = np.zeros((len(ids[part]), _PADDED), np.uint8)
        padded[:, :ID_LENGTH] = ids[part]
        words = padded.view(np.uint64)
        for place, factor in enumerate(_MIX):  # wraps around, as it should
            keys[part] = (keys[part] ^ words[:, place]) * factor
            keys[part] ^= keys[part] >> np.uint64(29)
    return keys
