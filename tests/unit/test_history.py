"""Reading what was heard before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emrs_core.errors import DataError
from emrs_core.music.history import Heard, read_history
from emrs_core.testing.catalogues import numbered_id

NOW_S = 1_800_000_000.0
A, B, C = (numbered_id(i) for i in range(3))


def read(tmp_path: Path, text: str) -> tuple[Heard, ...]:
    path = tmp_path / "history"
    path.write_text(text, encoding="utf-8")
    return read_history(path, NOW_S)


def test_json_lines(tmp_path: Path) -> None:
    lines = [{"id": A, "t": NOW_S - 7200}, {"id": B, "more": 1}, {"id": C, "t": "2027-01-15T06:00:00Z"}]
    assert read(tmp_path, "\n\n".join(map(json.dumps, lines))) == (Heard(A, 2.0), Heard(B, 0.0), Heard(C, 2.0))


def test_csv(tmp_path: Path) -> None:
    text = f"t,id\n{NOW_S - 1800},{A}\n,{B}\n2027-01-15 07:00:00,{C}\n"
    assert read(tmp_path, text) == (Heard(A, 0.5), Heard(B, 0.0), Heard(C, 1.0))


def test_a_time_to_come_counts_as_now(tmp_path: Path) -> None:
    assert read(tmp_path, f'{{"id": "{A}", "t": {NOW_S + 99}}}') == (Heard(A, 0.0),)


@pytest.mark.parametrize("text", ["", "\n", "id,t\n"])
def test_nothing_heard_is_no_error(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"id": 5}', "line 1: id must be a song's id, got 5"),
        ('{"id": "x"}\n{broken', "line 2: not JSON"),
        ('{"id": "x"}\n["x"]', "line 2: got "),
        ('{"id": "x", "t": "yesterday"}', "line 1: t must be .* got 'yesterday'"),
        ('{"id": "x", "t": true}', "line 1: t must be .* got True"),
        ("song,t\nx,1\n", "line 1: there is no column id"),
        ("id,t\nx,1\n ,2\n", "line 3: id must be"),
        ("id,t\nx,soon\n", "line 2: t must be"),
    ],
)
def test_a_broken_history_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read(tmp_path, text)


def test_a_missing_history_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere cannot be read: No such file"):
        read_history(tmp_path / "nowhere", NOW_S)
