"""Songs of a catalogue by their recording code (ISRC)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, runtime_checkable

from emrs_core.protocols import Catalogue
from emrs_core.types import Track


@runtime_checkable
class KnowsRecordings(Protocol):
    """A catalogue that finds recordings without making every song."""

    def with_isrc(self, codes: Collection[str]) -> dict[str, Track]: ...


def by_recording_code(catalogue: Catalogue, codes: Collection[str]) -> dict[str, Track]:
    """The catalogue's songs with those codes, of several the first; codes that it does not have are left out."""
    if isinstance(catalogue, KnowsRecordings):
        return catalogue.with_isrc(codes)
    found: dict[str, Track] = {}
    for track in catalogue.tracks():
        if track.isrc in codes:
            found.setdefault(track.isrc, track)
    return found
