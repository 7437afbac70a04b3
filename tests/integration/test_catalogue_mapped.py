"""A stored catalogue is unpacked once beside its file and mapped from there; it opens whatever happens to that copy."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from emrs_core.errors import CatalogueError
from emrs_core.music.catalogues import mapped, opening
from emrs_core.music.catalogues.importing import guess
from emrs_core.music.catalogues.reading import SourceTable
from emrs_core.music.catalogues.store import CatalogueStore
from emrs_core.testing.catalogues import make_track, table_of
from emrs_core.testing.large_catalogues import write_stored
from emrs_core.types import Track

KNOWN = make_track(1, title="Known", popularity=0.4, explicit=True, isrc="GBAYE0601498")
UNKNOWN = make_track(2, title="Unknown", year=0, duration_ms=0, tempo=0.0)


@pytest.fixture
def store(tmp_path: Path) -> CatalogueStore:
    """With two songs under the name of ``mine``; of one of them little is known."""
    store = CatalogueStore(tmp_path)
    write_stored(table_of([KNOWN, UNKNOWN]), store.path_of("mine"))
    return store


def copies(store: CatalogueStore) -> list[Path]:
    return sorted(store.folder.glob(".*"))


def tracks(store: CatalogueStore) -> list[Track]:
    return list(store.open("mine").tracks())


def test_the_mapped_songs_are_those_of_the_file(store: CatalogueStore) -> None:
    in_memory = list(opening.open_stored(store.path_of("mine")).tracks())
    assert tracks(store) == tracks(store) == in_memory == [KNOWN, UNKNOWN]
    assert [stored.name for stored in store.list()] == ["mine"]


def test_it_is_unpacked_once(store: CatalogueStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tracks(store)
    (copy,) = copies(store)
    assert copy.suffix == mapped.SUFFIX
    monkeypatch.setattr(opening, "_unpacked", lambda path: pytest.fail("unpacked again"))
    assert tracks(store) == [KNOWN, UNKNOWN]


def test_the_songs_are_read_in_place(store: CatalogueStore) -> None:
    catalogue = store.open("mine")
    assert not catalogue.features.tempo.flags.owndata
    assert not catalogue.features.tempo.flags.writeable


@pytest.mark.parametrize("damage", [b"", b"ARROW1 and nothing more"])
def test_a_damaged_copy_is_made_anew(store: CatalogueStore, damage: bytes) -> None:
    tracks(store)
    (copy,) = copies(store)
    good = copy.read_bytes()
    copy.write_bytes(damage)
    assert tracks(store) == [KNOWN, UNKNOWN]
    assert copy.read_bytes() == good


def test_a_copy_whose_texts_are_damaged_never_ends_the_program(store: CatalogueStore) -> None:
    tracks(store)
    (copy,) = copies(store)
    good = copy.read_bytes()
    broken = bytearray(good)
    place = good.index(b"KnownUnknown")
    broken[place : place + 2] = b"\xff\xff"
    copy.write_bytes(broken)
    assert tracks(store) == [KNOWN, UNKNOWN]


def test_another_file_of_that_name_takes_the_place_of_the_first(store: CatalogueStore) -> None:
    still_open = store.open("mine")
    table = SourceTable(b"title,artist,valence,energy\nNew,Somebody,0.5,0.5\n", "mine.csv")
    store.add("mine", table, guess(table))
    assert [track.title for track in tracks(store)] == ["New"]
    assert len(copies(store)) == 1
    assert still_open.tracks()[0] == KNOWN, "who has it open goes on with the songs of the first"
    store.remove("mine")
    assert copies(store) == []


def test_where_nothing_can_be_written_the_songs_are_in_memory(
    store: CatalogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert tracks(store) == [KNOWN, UNKNOWN]
    assert copies(store) == []


def test_a_damaged_file_is_told_and_leaves_no_copy(store: CatalogueStore) -> None:
    path = store.path_of("mine")
    path.write_bytes(path.read_bytes()[:200] + pq.read_metadata(path).created_by.encode())
    with pytest.raises(CatalogueError, match="damaged"):
        store.open("mine")
    assert copies(store) == []
