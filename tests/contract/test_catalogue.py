"""Every catalogue keeps the promises of ``protocols.Catalogue``."""

from __future__ import annotations

from pathlib import Path

import pytest

from emrs_core.music.catalogue import BUILTIN_NAME, CsvCatalogue
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
        return CsvCatalogue.from_path(own)
