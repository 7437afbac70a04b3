"""The ``benchmark`` command with tiny benchmarks of its own, through the real command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from benchmarks.context import processor_name
from benchmarks.rows import BenchmarkError, Row, complete, verdict

TINY = '''"""Two figures that need no measuring."""

def run(context):
    print("chatter of a library")
    assert context.tmp_dir.is_dir()
    row = {"name": "tiny | one", "ours": 2, "baseline": 10.0, "ratio": 5, "unit": "ms CPU", "note": "a note"}
    alone = {"name": "alone", "ours": 7.0, "baseline": None, "ratio": None, "unit": "frames a second", "note": ""}
    return [row, alone]
'''
NEEDY = '''"""Needs what is not there."""

def run(context):
    raise FileNotFoundError("needs the file that is not there:\\n put it there")
'''
BROKEN = "def run(context):\n    raise ZeroDivisionError('a mistake in the benchmark')\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bench_needy.py").write_text(NEEDY, encoding="utf-8")
    (tmp_path / "bench_tiny.py").write_text(TINY, encoding="utf-8")
    (tmp_path / "notes.py").write_text("raise SystemExit('no benchmark')", encoding="utf-8")
    return tmp_path


def call(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "emrs_core", "benchmark", *arguments]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False, timeout=60)


def test_json_stands_alone_and_follows_the_schema(repository: Path, folder: Path) -> None:
    done = call(repository, "tiny", "--json", "--folder", str(folder))
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    schema = json.loads((repository / "docs/schemas/benchmark.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(rows, schema)
    assert [row["ratio"] for row in rows] == [5, None]
    assert {row["cpu"] for row in rows} == {processor_name()}
    assert "chatter" in done.stderr


def test_one_that_cannot_run_says_why_and_the_others_go_on(repository: Path, folder: Path) -> None:
    done = call(repository, "--json", "--folder", str(folder))
    assert done.returncode == 1
    assert [row["name"] for row in json.loads(done.stdout)] == ["tiny | one", "alone"]
    assert "needy: needs the file that is not there: put it there\n" in done.stderr


def test_a_mistake_in_one_is_a_failure_with_its_traceback(repository: Path, folder: Path) -> None:
    (folder / "bench_broken.py").write_text(BROKEN, encoding="utf-8")
    done = call(repository, "broken", "tiny", "--json", "--folder", str(folder))
    assert done.returncode == 1
    assert len(json.loads(done.stdout)) == 2
    assert "a mistake in the benchmark" in done.stderr
    assert "broken: ended with status 1" in done.stderr


def test_an_unknown_name_is_wrong_usage(repository: Path, folder: Path) -> None:
    done = call(repository, "tiny", "speed", "--folder", str(folder))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "'speed'" in done.stderr
    assert "needy, tiny" in done.stderr


def test_a_folder_without_benchmarks_is_wrong_usage(repository: Path, tmp_path: Path) -> None:
    done = call(repository, "--folder", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "no benchmarks in" in done.stderr


def test_the_listing_runs_nothing(repository: Path, folder: Path) -> None:
    done = call(repository, "--list", "--folder", str(folder))
    assert done.returncode == 0
    assert done.stdout == "needy  Needs what is not there.\ntiny   Two figures that need no measuring.\n"


def test_the_projects_own_benchmarks_are_listed_with_what_they_measure(repository: Path) -> None:
    listed = json.loads(call(repository, "--list", "--json").stdout)
    assert {"analysis", "runtime", "viewers", "memory", "browser"} <= {entry["name"] for entry in listed}
    assert all(entry["about"] for entry in listed)


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [("md", "| tiny \\| one | 2 | 10 | 5 | ms CPU | a note |"), ("csv", "tiny | one,2.0,10.0,5.0,ms CPU,")],
)
def test_the_table_is_written_whole(repository: Path, folder: Path, suffix: str, expected: str) -> None:
    out = folder / "results" / f"table.{suffix}"
    done = call(repository, "tiny", "--folder", str(folder), "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert expected in out.read_text(encoding="utf-8")
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_another_kind_of_table_is_wrong_usage_before_anything_runs(repository: Path, folder: Path) -> None:
    done = call(repository, "tiny", "--folder", str(folder), "--out", str(folder / "table.docx"))
    assert done.returncode == 2
    assert "tiny ..." not in done.stderr


def test_a_ratio_is_baseline_over_ours() -> None:
    assert Row("x", 2.0, 10.0, "ms").as_dict("a processor")["ratio"] == 5.0
    assert Row("x", 2.0, None, "ms").ratio is None
    assert Row("x", 0.0, 1.0, "boxes").ratio is None


@pytest.mark.parametrize("bad", [{"ours": float("nan")}, {"ours": "fast"}, {"baseline": True}, {"extra": 1}])
def test_a_row_that_is_no_figure_is_refused(bad: dict[str, object]) -> None:
    row = {"name": "x", "ours": 1.0, "baseline": None, "ratio": None, "unit": "ms", "note": ""}
    with pytest.raises(BenchmarkError):
        complete(row | bad, "a processor")


def test_a_verdict_names_its_target() -> None:
    assert verdict(8.1, at_least=8) == "target at least 8: met"
    assert verdict(250.0, under=250) == "target under 250: MISSED"
