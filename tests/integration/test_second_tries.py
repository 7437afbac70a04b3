"""A test that passes at its second try is named at the end of the run, with what went wrong at the first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CONFTEST = "from tests.e2e.second_tries import pytest_terminal_summary as pytest_terminal_summary\n"
TESTS = """
import pytest

tries = []


@pytest.mark.flaky(reruns=1)
def test_doubtful():
    tries.append("one more")
    assert len(tries) == 2, "the button was not there yet"


def test_steady():
    assert tries
"""


def run(folder: Path, repository: Path, *choice: str) -> str:
    """What pytest prints of a folder with these two tests."""
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "test_two.py").write_text(TESTS, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", str(folder / "pytest.ini"), *choice]
    env = os.environ | {"PYTHONPATH": str(repository)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120).stdout


def test_it_is_named_with_its_first_failure(tmp_path: Path, repository: Path) -> None:
    said = run(tmp_path, repository)
    assert "2 passed, 1 rerun" in said
    told = said.partition("needed a second try")[2]
    assert "test_two.py::test_doubtful\n    test_two.py:10: AssertionError: the button was not there yet" in told
    assert "test_steady" not in told


def test_without_one_nothing_is_said(tmp_path: Path, repository: Path) -> None:
    said = run(tmp_path, repository, "--deselect", "test_two.py::test_doubtful")
    assert "1 deselected" in said
    assert "second try" not in said
