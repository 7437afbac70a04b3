"""Every catalogue keeps the promises of ``protocols.Catalogue``."""

from __future__ import annotations

from pathlib import Path

import pytest

from emrs_core.music.catalogue import BUILTIN_NAME, CsvCatalogue
from emrs_core.music.catalogues.importing import guess
from emrs_core.music.catalogues.opening import catalogue_of, open_catalogue
from emrs_core.music.catalogues.reading import SourceTable
from emrs_core.music.catalogues.store import CatalogueStore
from emrs_core.protocols import Catalogue
from emrs_core.testing.catalogues import CatalogueContract, FakeCatalogue


class TestFakeCatalogue(CatalogueContract):
    @pytest.fixture
    def catalogue(self) -> Catalogue:
        return FakeCatalogue()


class TestBuiltinCatalogue(CatalogueContract):
    @pytest.fixture
    def catalogue(self) -> Catalogue:
        return CsvCatalogue.builtin()


class TestCatalogueFromFile(CatalogueContract):
    @pytest.fixture
    def catalogue(self, repository: Path, tmp_path: Path) -> Catalogue:
        lines = (repository / BUILTIN_NAME).read_text(encoding="utf-8").splitlines()
        own = tmp_path / "own.csv"
        own.write_text("\n".join(lines[:30]), encoding="utf-8")
        return open_catalogue(own)[0]


class TestStoredCatalogue(CatalogueContract):
    @pytest.fixture
    def catalogue(self, repository: Path, tmp_path: Path) -> Catalogue:
        table = SourceTable(repository / BUILTIN_NAME, BUILTIN_NAME)
        store = CatalogueStore(tmp_path)
        store.add("own", table, guess(table))
        return store.open("own")


class TestSongsWithoutSpotifyIds(CatalogueContract):
    @pytest.fixture
    def catalogue(self) -> Catalogue:
        rows = b"title,artist,valence,energy,duration_s\nA,X,0.1,0.2,200\nB,Y,0.5,0.5,\n"
        table = SourceTable(rows, "bare.csv")
        return catalogue_of(table, guess(table))[0]
