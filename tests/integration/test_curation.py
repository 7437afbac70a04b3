"""The built-in songs can be made again from the public table, byte for byte."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from emrs_core.music.catalogue import BUILTIN_NAME

pytestmark = pytest.mark.shared_data

SCARCE_CELLS = {(3, 0): 10}
"""Cells of which the source has fewer than 20 songs; ``tests/unit/test_builtin_songs.py`` holds the table to these."""


@pytest.fixture
def table(shared_dir: Path) -> Path:
    return shared_dir / "music" / "spotify_songs.csv"


@pytest.fixture(autouse=True)
def tools(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(repository / "tools"))


def test_the_committed_table_is_what_the_procedure_makes(repository: Path, table: Path, tmp_path: Path) -> None:
    import curate_catalogue as tool

    songs = tool.reviewed(tool.songs_from(tool.read_rows(table)), tool.read_review(tool.REVIEW))
    tool.write(tool.select(songs), tmp_path / "songs.csv")
    assert (tmp_path / "songs.csv").read_bytes() == (repository / BUILTIN_NAME).read_bytes()
    cells = Counter(song.cell for song in songs)
    assert {cell: count for cell, count in cells.items() if count < 20} == SCARCE_CELLS
