"""Bringing tables in, end to end: files of every kind, a broken one, a store that is never half written."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from emrs_core.errors import CatalogueError, StorageError, UsageError
from emrs_core.music.catalogues import store as store_module
from emrs_core.music.catalogues.columns import FORMAT_VERSION, METADATA_KEY
from emrs_core.music.catalogues.importing import guess, preview
from emrs_core.music.catalogues.mapping import Source
from emrs_core.music.catalogues.opening import open_catalogue, stored_facts
from emrs_core.music.catalogues.reading import RowError, SourceTable
from emrs_core.music.catalogues.store import BUILTIN, CHOICE_FILE, CatalogueStore, name_for
from emrs_core.music.links import is_own_id
from emrs_core.testing.catalogues import grid_tracks, numbered_id, table_of

HEADER = "track_id,track_name,artists,valence,energy,tempo,release_date,duration_ms,popularity,explicit"


def row(number: int, **changed: object) -> str:
    cells: dict[str, object] = {
        "id": numbered_id(number), "title": f"Song {number}", "artist": f"Artist {number % 7}", "valence": 0.5,
        "energy": 0.25, "tempo": 120, "date": "1999-01-01", "duration": 200_000, "popularity": 50, "explicit": "False",
    }  # fmt: skip
    return ",".join(str(cell) for cell in {**cells, **changed}.values())


def written(folder: Path, *rows: str, header: str = HEADER) -> SourceTable:
    path = folder / "mine.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return SourceTable(path, "mine.csv")


def test_good_rows_come_in_and_each_bad_one_is_told(tmp_path: Path) -> None:
    told: list[RowError] = []
    table = written(
        tmp_path,
        row(1),
        row(2, valence="1.7"),
        row(3, title=" "),
        "just,three,cells",
        row(5, energy="nan"),
        '"never closed',
        row(7, tempo=""),
        row(8, date="soon"),
    )
    store = CatalogueStore(tmp_path / "store")
    report = store.add("mine", table, guess(table), on_error=told.append)
    assert (report.read, report.added, report.refused) == (8, 2, 6)
    assert list(report.errors) == told
    assert [error.row for error in told] == [3, 4, 5, 6, 7, 9]
    assert str(told[0]).startswith("row 3, column valence: expected a number from 0 to 1")
    assert str(told[0]).endswith("got '1.7'")
    assert str(told[2]) == "row 5: expected 10 cells as in the first row, got 3"
    assert dict(report.reasons)["valence"] == 1
    titles = [track.title for track in store.open("mine").tracks()]
    assert titles == ["Song 1", "Song 7"]


def test_a_song_comes_in_once_by_id_and_by_name(tmp_path: Path) -> None:
    table = written(
        tmp_path,
        row(1, title="Halo", artist="Beyoncé"),
        row(1, title="Something else"),
        row(2, title="HALO!", artist="Beyonce"),
        row(3, title="Halo", artist="Another"),
    )
    report = CatalogueStore(tmp_path / "store").add("mine", table, guess(table))
    assert (report.read, report.added, report.same_id, report.same_name) == (4, 2, 1, 1)


def test_songs_without_a_spotify_id_keep_theirs_from_import_to_import(tmp_path: Path) -> None:
    rows = ["A Song,Somebody,0.1,0.9", "Another,Somebody,0.2,0.8"]
    table = written(tmp_path, *rows, header="name,artist,valence,energy")
    store = CatalogueStore(tmp_path / "store")
    report = store.add("mine", table, guess(table))
    assert report.without_id == 2
    first = {track.title: track.id for track in store.open("mine").tracks()}
    assert all(map(is_own_id, first.values()))
    table = written(tmp_path, *reversed(rows), header="name,artist,valence,energy")
    store.add("mine", table, guess(table))
    assert {track.title: track.id for track in store.open("mine").tracks()} == first


@pytest.mark.parametrize("kind", ["csv", "semicolons", "parquet", "parquet-with-lists", "bytes"])
def test_one_table_in_many_clothes(tmp_path: Path, kind: str) -> None:
    facts = {"id": [numbered_id(1), numbered_id(2)], "title": ["Ä, b", "C"], "artist": ["X", "Y"],
             "valence": [0.25, 0.5], "energy": [0.5, 1.0], "released": [2001, 1987]}  # fmt: skip
    path = tmp_path / "table"
    if kind.startswith("parquet"):
        if kind == "parquet-with-lists":
            facts = {**facts, "artist": [["X"], ["Y"]]}
        pq.write_table(pa.table(facts), path)
    else:
        sign = ";" if kind == "semicolons" else ","
        lines = [sign.join(facts)]
        lines += [sign.join(f'"{cell}"' for cell in cells) for cells in zip(*facts.values(), strict=True)]
        path.write_text("\r\n".join(lines), encoding="utf-8-sig")
    table = SourceTable(path.read_bytes() if kind == "bytes" else path, "table")
    store = CatalogueStore(tmp_path / "store")
    assert store.add("mine", table, guess(table)).added == 2
    first, second = store.open("mine").tracks()
    assert (first.title, first.artist, first.year, first.valence) == ("Ä, b", "X", 2001, 0.25)
    assert (second.id, second.energy) == (numbered_id(2), 1.0)


def test_a_stored_table_can_be_imported_and_opened_again(tmp_path: Path) -> None:
    store = CatalogueStore(tmp_path)
    table = written(tmp_path, *(row(number, popularity=number) for number in range(1, 50)))
    store.add("one", table, guess(table))
    again = SourceTable(store.path_of("one"), "one")
    assert store.add("two", again, guess(again)).added == 49
    assert list(store.open("one").tracks()) == list(store.open("two").tracks())
    assert list(open_catalogue(store.path_of("one"))[0].tracks()) == list(store.open("one").tracks())


def test_the_preview_shows_the_first_songs_and_stores_nothing(tmp_path: Path) -> None:
    table = written(tmp_path, row(1), row(2, energy="x"), row(3))
    shown = preview(table, guess(table))
    assert shown.songs.column("title").to_pylist() == ["Song 1", "Song 3"]
    assert (len(shown.errors), shown.rows) == (1, 3)
    with pytest.raises(UsageError, match="no column 'nowhere'"):
        preview(table, guess(table).changed({"year": Source("nowhere")}))


# -- nothing is half imported -------------------------------------------------------------------------------------


def test_a_table_without_a_usable_row_changes_nothing(tmp_path: Path) -> None:
    store = CatalogueStore(tmp_path / "store")
    good = written(tmp_path, row(1))
    store.add("mine", good, guess(good))
    before = store.path_of("mine").read_bytes()
    for rows, words in (
        ((row(1, valence="loud"),), "none of the 1 rows can be used. The first: row 2"),
        ((), "no song"),
    ):
        bad = written(tmp_path, *rows)
        with pytest.raises(CatalogueError, match=words):
            store.add("mine", bad, guess(bad))
    assert store.path_of("mine").read_bytes() == before
    assert [path.name for path in store.folder.iterdir()] == ["mine.parquet"]


def test_an_import_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    store = CatalogueStore(tmp_path / "store")
    table = written(tmp_path, *(row(number) for number in range(1, 10)))

    def stop(done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.add("mine", table, guess(table), stop)
    assert list(store.folder.iterdir()) == []


def test_a_damaged_parquet_file_is_an_error_and_no_half_table(tmp_path: Path) -> None:
    path = tmp_path / "songs.parquet"
    pq.write_table(table_of(grid_tracks()), path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(CatalogueError, match="damaged or foreign Parquet"):
        SourceTable(path, "songs.parquet")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where the folder should be")
    table = written(tmp_path, row(1))
    with pytest.raises(StorageError, match="Could not store the catalogue"):
        CatalogueStore(tmp_path / "store").add("mine", table, guess(table))


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "the file is empty"), ("a,b,a\n1,2,3", "column 'a' stands in the first row twice"), ("\n\n", "first row")],
)
def test_a_file_that_is_no_table_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "no.csv"
    path.write_text(text)
    with pytest.raises(CatalogueError, match=words):
        SourceTable(path, "no.csv")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="cannot be opened: No such file"):
        SourceTable(tmp_path / "nowhere.csv", "nowhere.csv")
    with pytest.raises(CatalogueError, match=r"nowhere\.csv cannot be opened: No such file"):
        open_catalogue(tmp_path / "nowhere.csv")


# -- the store ----------------------------------------------------------------------------------------------------


def test_the_store_knows_what_it_holds_and_what_is_used(tmp_path: Path) -> None:
    store = CatalogueStore(tmp_path / "store")
    assert (store.list(), store.chosen) == ((), BUILTIN)
    table = written(tmp_path, row(1), row(2))
    store.add("mine", table, guess(table))
    (stored,) = store.list()
    assert (stored.name, stored.songs, stored.source) == ("mine", 2, "mine.csv")
    assert stored.imported_at
    store.choose("mine")
    assert CatalogueStore(store.folder).chosen == "mine"
    store.remove("mine")
    assert (store.list(), store.chosen) == ((), BUILTIN)
    for call in (store.choose, store.remove):
        with pytest.raises(UsageError, match="no catalogue called 'mine'"):
            call("mine")


@pytest.mark.parametrize("name", ["", "../up", "Über", "a b", BUILTIN, "-x", "x" * 61])
def test_what_cannot_be_a_name_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="A catalogue's name has 1 to 60"):
        CatalogueStore(tmp_path).path_of(name)


@pytest.mark.parametrize(
    ("file", "name"), [("My Songs (2).CSV", "my-songs-2"), ("spotify_songs.csv", "spotify_songs"), ("...", "songs"),
                       ("Built-In.csv", "songs"), (f"{'x' * 90}.csv", "x" * 60)],
)  # fmt: skip
def test_a_name_out_of_a_files(file: str, name: str) -> None:
    assert name_for(file) == name


def test_a_damaged_catalogue_or_choice_is_told_and_can_be_got_rid_of(tmp_path: Path) -> None:
    store = CatalogueStore(tmp_path)
    store.path_of("mine").write_bytes(b"PAR1 and nothing more")
    assert [(stored.name, stored.songs) for stored in store.list()] == [("mine", 0)]
    with pytest.raises(CatalogueError, match="damaged"):
        store.open("mine")
    (tmp_path / CHOICE_FILE).write_text("{broken")
    with pytest.raises(CatalogueError, match="Choose one again"):
        _ = store.chosen
    store.remove("mine")
    store.choose(BUILTIN)
    assert (store.list(), store.chosen) == ((), BUILTIN)


def test_a_table_of_another_version_is_checked_like_a_foreign_one(tmp_path: Path) -> None:
    table = table_of(grid_tracks(3))
    store = CatalogueStore(tmp_path)
    facts = json.dumps({"version": FORMAT_VERSION + 1})
    pq.write_table(table.replace_schema_metadata({METADATA_KEY: facts.encode()}), store.path_of("later"))
    assert stored_facts(store.path_of("later")) == {"version": FORMAT_VERSION + 1}
    assert [track.title for track in store.open("later").tracks()] == table.column("title").to_pylist()


def test_two_imports_of_one_name_at_once_leave_one_whole_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_module, "ROW_GROUP_ROWS", 10)
    store = CatalogueStore(tmp_path / "store")
    tables = []
    for first in (1, 1001):
        folder = tmp_path / str(first)
        folder.mkdir()
        tables.append(written(folder, *(row(number) for number in range(first, first + 100))))
    threads = [threading.Thread(target=store.add, args=("mine", table, guess(table))) for table in tables]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    titles = {track.title for track in store.open("mine").tracks()}
    assert titles in ({f"Song {n}" for n in range(1, 101)}, {f"Song {n}" for n in range(1001, 1101)})
