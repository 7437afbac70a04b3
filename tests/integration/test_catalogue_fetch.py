"""``catalogue fetch`` against a server on loopback: resumed where it broke off, the same as the first time."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from emrs_core.cli.catalogue import catalogue
from emrs_core.errors import CatalogueError, EmrsError, StorageError, UsageError
from emrs_core.music.catalogues.download import ATTEMPTS, CHECKSUM_FILE, ChecksumError, download
from emrs_core.music.catalogues.fetch import TABLE_URL
from emrs_core.music.catalogues.store import CatalogueStore
from emrs_core.testing.catalogues import numbered_id
from tests.integration.loopback_files import ServedFile, serving

SONGS = 3000
HEADER = (
    "track_id,track_name,track_artist,track_popularity,track_album_release_date,playlist_genre,valence,energy,tempo"
)


@pytest.fixture
def server() -> Iterator[ServedFile]:
    lines = [HEADER]
    lines += [
        f"{numbered_id(n)},Song {n},Artist {n % 99},{n % 100},{1960 + n % 60}-05-01,pop,{n % 11 / 10},{n % 7 / 6},120"
        for n in range(SONGS)
    ]
    with serving("\n".join(lines).encode()) as file:
        yield file


@pytest.fixture(autouse=True)
def _data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EMRS_DATA_DIR", str(tmp_path))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(catalogue, arguments)


def test_the_whole_file_comes_with_progress(server: ServedFile, tmp_path: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    done = download(server.url, tmp_path / "songs", lambda there, total: steps.append((there, total)))
    assert done.path.read_bytes() == server.content
    assert done.sha256 == hashlib.sha256(server.content).hexdigest()
    assert (done.first, done.resumed) == (True, False)
    assert steps[-1] == (len(server.content), len(server.content))
    assert [there for there, _ in steps] == sorted(there for there, _ in steps)
    assert {path.name for path in tmp_path.iterdir()} == {"songs", CHECKSUM_FILE}


def test_a_broken_connection_is_taken_up_where_it_ended(server: ServedFile, tmp_path: Path) -> None:
    server.breaks = [10_000, 5_000]
    done = download(server.url, tmp_path / "songs")
    assert done.path.read_bytes() == server.content
    assert done.resumed
    assert server.asked == [None, "bytes=10000-", "bytes=15000-"]


def test_a_later_call_takes_up_what_an_earlier_one_left(server: ServedFile, tmp_path: Path) -> None:
    server.breaks = [10_000] + [0] * ATTEMPTS
    with pytest.raises(CatalogueError, match=r"broke off 4 times without a byte\. .*what came so far is kept"):
        download(server.url, tmp_path / "songs")
    assert (tmp_path / "songs.part").stat().st_size == 10_000
    assert not (tmp_path / "songs").exists()
    assert download(server.url, tmp_path / "songs").resumed
    assert server.asked[-1] == "bytes=10000-"
    assert (tmp_path / "songs").read_bytes() == server.content


def test_a_file_that_changed_meanwhile_begins_anew(server: ServedFile, tmp_path: Path) -> None:
    server.breaks = [10_000] + [0] * ATTEMPTS
    with pytest.raises(CatalogueError):
        download(server.url, tmp_path / "songs")
    server.etag, server.content = '"two"', server.content[::-1]
    download(server.url, tmp_path / "songs")
    assert (tmp_path / "songs").read_bytes() == server.content


def test_a_server_without_ranges_sends_all_of_it_again(server: ServedFile, tmp_path: Path) -> None:
    server.ranges, server.breaks = False, [10_000]
    done = download(server.url, tmp_path / "songs")
    assert done.path.read_bytes() == server.content
    assert not done.resumed


def test_what_is_left_but_longer_than_the_file_begins_anew(server: ServedFile, tmp_path: Path) -> None:
    (tmp_path / "songs.part").write_bytes(b"x" * (len(server.content) + 5))
    (tmp_path / "songs.part.etag").write_text('"one"')
    assert download(server.url, tmp_path / "songs").path.read_bytes() == server.content


def test_another_file_than_the_first_time_is_refused_until_it_is_accepted(server: ServedFile, tmp_path: Path) -> None:
    first = download(server.url, tmp_path / "songs")
    assert not download(server.url, tmp_path / "songs").first
    server.etag, server.content = '"two"', server.content + b"\n"
    with pytest.raises(ChecksumError, match=f"expected SHA-256 {first.sha256}, got "):
        download(server.url, tmp_path / "songs")
    assert hashlib.sha256((tmp_path / "songs").read_bytes()).hexdigest() == first.sha256
    accepted = download(server.url, tmp_path / "songs", accept_change=True)
    assert accepted.path.read_bytes() == server.content
    assert download(server.url, tmp_path / "songs").sha256 == accepted.sha256


@pytest.mark.parametrize(("status", "words"), [(404, "answers 404"), (500, "answers 500")])
def test_an_answer_that_is_no_file_is_told(server: ServedFile, tmp_path: Path, status: int, words: str) -> None:
    server.status = status
    with pytest.raises(CatalogueError, match=words):
        download(server.url, tmp_path / "songs")


@pytest.mark.parametrize(
    ("url", "kind", "words"),
    [
        ("http://127.0.0.1:9/x", CatalogueError, "cannot be fetched"),
        ("file:///etc/passwd", UsageError, "begins with https:// or http://"),
    ],
)
def test_an_address_that_cannot_be_is_told(tmp_path: Path, url: str, kind: type[EmrsError], words: str) -> None:
    with pytest.raises(kind, match=words):
        download(url, tmp_path / "songs")


def test_damaged_checksums_are_told_not_forgotten(server: ServedFile, tmp_path: Path) -> None:
    (tmp_path / CHECKSUM_FILE).write_text("[")
    with pytest.raises(StorageError, match="Delete it to begin anew"):
        download(server.url, tmp_path / "songs")


def test_the_command_fetches_imports_and_uses(server: ServedFile, tmp_path: Path) -> None:
    server.breaks = [20_000]
    result = run("fetch", "--url", server.url, "--name", "public", "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert (answer["added"], answer["used"]) == (SONGS, True)
    assert "(noted)" in result.stderr
    assert "fetched: " in result.stderr
    store = CatalogueStore(tmp_path / "catalogues")
    assert store.chosen == "public"
    assert len(store.open("public")) == SONGS
    again = run("fetch", "--url", server.url, "--name", "public", "--no-use")
    assert "(as at the first fetch)" in again.stderr
    server.content += b"\n"
    assert isinstance(run("fetch", "--url", server.url, "--name", "public").exception, ChecksumError)
    assert run("fetch", "--url", server.url, "--name", "public", "--accept-change").exit_code == 0


def test_a_name_that_cannot_be_is_told_before_anything_is_fetched(server: ServedFile) -> None:
    assert isinstance(run("fetch", "--url", server.url, "--name", "../x").exception, UsageError)
    assert server.asked == []


@pytest.mark.shared_data
def test_the_public_table_itself(shared_dir: Path, tmp_path: Path) -> None:
    content = (shared_dir / "music" / "spotify_songs.csv").read_bytes()
    with (shared_dir / "music" / "spotify_songs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with serving(content) as server:
        server.breaks = [3_000_000, 1_000_000]
        result = run("fetch", "--url", server.url, "--json")
    answer = json.loads(result.stdout)
    nameless = [row for row in rows if not row["track_name"] or not row["track_artist"]]
    assert result.exit_code == (1 if nameless else 0)
    assert (answer["read"], answer["refused"]) == (len(rows), len(nameless))
    ids = {row["track_id"] for row in rows} - {row["track_id"] for row in nameless}
    assert answer["added"] + answer["duplicates"]["artist_and_title"] == len(ids)
    assert server.asked == [None, "bytes=3000000-", "bytes=4000000-"]
    assert len(CatalogueStore(tmp_path / "catalogues").open("tidytuesday")) == answer["added"] > 25_000
    assert TABLE_URL.endswith("/2020-01-21/spotify_songs.csv")
