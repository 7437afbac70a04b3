"""Tests that run side by side are dealt out so that none disturbs another."""

from __future__ import annotations

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
