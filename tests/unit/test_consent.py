from __future__ import annotations

import json
from pathlib import Path

import pytest

from emrs_core.consent import CONSENT_VERSION, ConsentStore, FileConsentStore, MemoryConsentStore
from emrs_core.errors import StorageError


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ConsentStore:
    return FileConsentStore(tmp_path / "new" / "consent.json") if request.param == "file" else MemoryConsentStore()


def test_nothing_is_agreed_until_it_is_given_and_after_it_is_withdrawn(store: ConsentStore) -> None:
    assert store.get() is None
    given = store.give()
    assert given.version == CONSENT_VERSION
    assert given.given_at.tzinfo is not None
    assert store.get() == given
    store.withdraw()
    assert store.get() is None
    store.withdraw()


def test_the_owners_agreement_survives_a_restart_and_nothing_else_is_written(tmp_path: Path) -> None:
    given = FileConsentStore(tmp_path / "consent.json").give()
    assert FileConsentStore(tmp_path / "consent.json").get() == given
    assert [path.name for path in tmp_path.iterdir()] == ["consent.json"]


def test_another_wording_asks_again(tmp_path: Path) -> None:
    path = tmp_path / "consent.json"
    path.write_text(json.dumps({"version": "2020-01", "given_at": "2020-01-01T00:00:00+00:00"}))
    assert FileConsentStore(path).get() is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"version": "x"}', '{"version": "x", "given_at": "2020-01-01"}'])
def test_a_damaged_file_is_an_error_and_never_reads_as_empty(tmp_path: Path, content: str) -> None:
    path = tmp_path / "consent.json"
    path.write_text(content)
    with pytest.raises(StorageError, match="damaged"):
        FileConsentStore(path).get()
    FileConsentStore(path).withdraw()
    assert FileConsentStore(path).get() is None


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file where a folder should be")
    with pytest.raises(StorageError, match="occupied"):
        FileConsentStore(tmp_path / "occupied" / "consent.json").give()
