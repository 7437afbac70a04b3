"""Tests that run side by side are dealt out so that none disturbs another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.side_by_side import BROWSER, ONE_DATABASE, scope_of


def test_a_file_stays_together() -> None:
    assert scope_of("tests/unit/test_mood.py::TestX::test_y[a::b]") == "tests/unit/test_mood.py"


def test_browser_tests_stay_together() -> None:
    assert scope_of("tests/e2e/test_live.py::test_x") == scope_of("tests/e2e/test_link.py::test_y") == BROWSER


def test_those_that_empty_the_same_database_stay_together(repository: Path) -> None:
    name = "EMRS_TESTS_" + "DATABASE_URL"
    using = [path for path in (repository / "tests").rglob("*.py") if name in path.read_text(encoding="utf-8")]
    assert sorted(str(path.relative_to(repository)) for path in using) == sorted(ONE_DATABASE)
    assert len({scope_of(f"{file}::test_x") for file in ONE_DATABASE}) == 1


def test_browser_tests_begin_when_all_others_have_ended(tmp_path: Path, repository: Path) -> None:
    turn = "import pathlib, time\n\ndef test_{n}():\n    time.sleep({s})\n    open('{log}', 'a').write('{n} ')\n"
    log = tmp_path / "ended"
    tests = tmp_path / "tests"
    (tests / "e2e").mkdir(parents=True)
    (tests / "e2e" / "test_page.py").write_text(turn.format(n="browser", s=0, log=log), encoding="utf-8")
    (tests / "test_quick.py").write_text(turn.format(n="quick", s=0, log=log), encoding="utf-8")
    slow = "".join(turn.format(n=f"slow{n}", s=0.3, log=log) for n in range(5))
    (tests / "test_slow.py").write_text(slow, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        "from tests.side_by_side import pytest_xdist_make_scheduler\n\n"
        "def pytest_collection_modifyitems(items):\n    items.sort(key=lambda item: 'e2e' in str(item.path))\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "--rootdir", tmp_path, tests]
    env = os.environ | {"PYTHONPATH": str(repository)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    *others, last = log.read_text(encoding="utf-8").split()
    assert last == "browser"
    assert sorted(others) == ["quick", *(f"slow{n}" for n in range(5))]  # in which order, the two workers' pace decides
