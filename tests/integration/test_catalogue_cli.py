"""``catalogue import``, ``stats``, ``list``, ``use`` and ``recommend`` on the command line."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from emrs_core.cli.catalogue import catalogue
from emrs_core.cli.recommend import recommend
from emrs_core.errors import CatalogueError, EmrsError, UsageError
from emrs_core.testing.catalogues import grid_tracks, numbered_id, table_of

HEADER = "track_id,track_name,artists,valence,energy,year,length"
ROWS = [f"{numbered_id(n)},Song {n},Artist {n % 9},{n % 10 / 10},{n % 7 / 6},{1960 + n % 60},200" for n in range(60)]


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("EMRS_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([HEADER, *ROWS]), encoding="utf-8")
    return path


def run(*arguments: object, fails: type[EmrsError] | None = None) -> Result:
    result = CliRunner().invoke(catalogue, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, fails or SystemExit), result.output
    return result


def valid(repository: Path, name: str, text: str) -> dict[str, Any]:
    schema = json.loads((repository / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    content: dict[str, Any] = json.loads(text)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(content)] == []
    return content


def test_a_table_comes_in_and_is_used(repository: Path, table: Path) -> None:
    answer = valid(repository, "catalogue-import", run("import", table, "--json").stdout)
    assert (answer["name"], answer["added"], answer["used"], answer["errors"]) == ("mine", 60, True, [])
    figures = valid(repository, "catalogue-stats", run("stats", "--json").stdout)
    assert (figures["name"], figures["songs"], figures["artists"]) == ("mine", 60, 9)
    assert sum(map(sum, figures["coverage"]["songs"])) == 60
    assert figures["known"] == {"year": 60, "tempo": 0, "popularity": 0, "explicit": 0}
    songs = json.loads(CliRunner().invoke(recommend, ["--emotion", "happy", "-n", "3", "--json"]).stdout)["items"]
    assert all(song["title"].startswith("Song ") for song in songs)


def test_bad_rows_are_a_line_each_and_the_rest_is_done(repository: Path, table: Path, tmp_path: Path) -> None:
    bad = [f"{numbered_id(100)},,X,0.5,0.5,1999,1", f"{numbered_id(101)},Y,X,2,0.5,1999,1"]
    table.write_text("\n".join([HEADER, *ROWS[:3], *bad, *ROWS[3:]]), encoding="utf-8")
    result = run("import", table, "--json", "--errors", tmp_path / "bad.csv", "--no-use")
    assert result.exit_code == 1
    answer = valid(repository, "catalogue-import", result.stdout)
    assert (answer["added"], answer["refused"], answer["used"]) == (60, 2, False)
    lines = [line for line in result.stderr.splitlines() if line.startswith("row ")]
    assert [line.partition(":")[0] for line in lines] == ["row 5, column track_name", "row 6, column valence"]
    written = list(csv.DictReader((tmp_path / "bad.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["row"], row["column"], row["value"]) for row in written] == [
        ("5", "track_name", ""),
        ("6", "valence", "2"),
    ]
    assert json.loads(run("stats", "--json").stdout)["name"] == "built-in"


def test_the_preview_shows_columns_and_songs_and_stores_nothing(table: Path, data: Path) -> None:
    text = run("import", table, "--preview").stdout
    assert "title         <- track_name (plain)" in text
    assert "duration_ms   <- length (seconds)" in text
    assert "Song 0" in text
    shown = json.loads(run("import", table, "--preview", "--json", "--column", "year=").stdout)
    assert shown["mapping"]["title"] == {"column": "track_name", "unit": "plain"}
    assert "year" not in shown["mapping"]
    assert not data.exists()


def test_a_column_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("was,wer,froh,wild\nA,X,10,90\n", encoding="utf-8")
    assert "No column was found for title, artist, valence, energy" in str(
        run("import", path, fails=UsageError).exception
    )
    columns = ("title=was", "artist=wer", "valence=froh@percent", "energy=wild@percent")
    result = run("import", path, "--json", *(word for column in columns for word in ("--column", column)))
    assert json.loads(result.stdout)["added"] == 1
    assert "1 without a Spotify id" in run("import", path, *(w for c in columns for w in ("--column", c))).stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--column", "mood=x"), "There is no field called 'mood'"),
        (("--column", "title"), "FIELD=COLUMN"),
        (("--column", "year=nowhere"), "no column 'nowhere'"),
        (("--name", "My Songs"), "A catalogue's name has 1 to 60"),
    ],
)
def test_wrong_usage_is_told(table: Path, arguments: tuple[str, ...], words: str) -> None:
    assert words in str(run("import", table, *arguments, fails=UsageError).exception)


def test_the_list_and_the_choice(table: Path) -> None:
    run("import", table, "--no-use")
    assert run("list").stdout.splitlines()[0] == "* built-in"
    run("use", "mine")
    rows = json.loads(run("list", "--json").stdout)
    assert [(row["name"], row["used"]) for row in rows] == [("built-in", False), ("mine", True)]
    assert "no catalogue called 'other'" in str(run("use", "other", fails=UsageError).exception)
    run("use", "built-in")
    assert json.loads(run("stats", "--json").stdout)["songs"] == 907
    assert json.loads(run("stats", "--json", "--name", "mine").stdout)["songs"] == 60


def test_stats_as_a_table_and_of_any_file(table: Path, tmp_path: Path) -> None:
    text = run("stats").stdout
    assert "built-in: 907 songs by 632 artists" in text
    assert "1960s 56" in text
    pq.write_table(table_of(grid_tracks(8)), tmp_path / "grid.parquet")
    figures = json.loads(run("stats", "--catalogue", tmp_path / "grid.parquet", "--json").stdout)
    assert figures["coverage"]["songs"] == [[4] * 4] * 4
    assert len(figures["coverage"]["thin"]) == 16
    assert run("stats", "--catalogue", table, "--name", "x").exit_code == 2


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_recommend_takes_a_file_of_either_kind(
    table: Path, tmp_path: Path, suffix: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = table
    if suffix == "parquet":
        path = tmp_path / "grid.parquet"
        pq.write_table(table_of(grid_tracks()), path)
    else:
        table.write_text(f"{table.read_text(encoding='utf-8')}\n,,,,,,\n", encoding="utf-8")
    result = CliRunner().invoke(recommend, ["--emotion", "sad", "--catalogue", str(path), "-n", "4", "--json"])
    assert len(json.loads(result.stdout)["items"]) == 4
    assert ("1 of 61 rows left out" in caplog.text) == (suffix == "csv")


def test_a_damaged_choice_is_an_error_of_the_command_line_not_other_songs(table: Path, data: Path) -> None:
    run("import", table)
    (data / "catalogues" / "mine.parquet").write_bytes(b"PAR1 broken")
    result = CliRunner().invoke(recommend, ["--emotion", "sad"])
    assert isinstance(result.exception, CatalogueError)
    assert "is damaged" in str(result.exception)


def test_the_whole_program(repository: Path, table: Path) -> None:
    command = [sys.executable, "-m", "emrs_core", "catalogue", "import", str(table)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "mine: 60 songs of 60 rows; used from now on")
    assert done.stderr == "rows read: 100 %\n"
