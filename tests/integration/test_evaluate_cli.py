"""The command ``evaluate`` over class folders and a table, with the shipped network."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from emrs_core.cli.main import main
from emrs_core.testing.faces import ASTRONAUT_FACE, astronaut_picture
from emrs_core.training.data import VOTE_COLUMNS

FACE = cv2.resize(astronaut_picture(ASTRONAUT_FACE.width, ASTRONAUT_FACE.height, ASTRONAUT_FACE.width), (48, 48))


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for name, count in (("happiness", 3), ("contempt", 1), ("bored", 1)):
        folder = tmp_path / "faces" / name
        folder.mkdir(parents=True)
        for index in range(count):
            assert cv2.imwrite(str(folder / f"{index}.png"), np.roll(FACE, index, axis=1))
    return tmp_path / "faces"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    grey = cv2.cvtColor(FACE, cv2.COLOR_BGR2GRAY)
    pixels = " ".join(map(str, grey.ravel()))
    rows = [f"3,{pixels},{usage}" for usage in ("Training", "PublicTest", "PublicTest")]
    (tmp_path / "fer2013.csv").write_text("\n".join(["emotion,pixels,Usage", *rows]) + "\n")
    votes = [f"{usage},x.png,0,10,0,0,0,0,0,0,0,0" for usage in ("Training", "PublicTest", "PublicTest")]
    (tmp_path / "fer2013new.csv").write_text("\n".join(["Usage,Image name," + ",".join(VOTE_COLUMNS), *votes]) + "\n")
    return tmp_path / "fer2013.csv"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["evaluate", *map(str, arguments)])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_a_table_with_votes_gives_both_heads_and_a_file(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = table.parent / "deep" / "metrics.json"
    votes = table.with_name("fer2013new.csv")
    code, printed, _ = run(capsys, "--data", table, "--ferplus", votes, "--usage", "PublicTest", "--json", "--out", out)
    metrics = json.loads(printed)
    assert code == 0
    assert (metrics["n"], metrics["fer"]["accuracy"], metrics["ferplus"]["accuracy"]) == (2, 1.0, 1.0)
    assert json.loads(out.read_text()) == metrics
    assert metrics["fer"]["per_class"]["happy"] == {"n": 2, "precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert metrics["ferplus"]["classes"] == list(VOTE_COLUMNS[:8])
    assert set(metrics["latency"]) == {"litert"}


def test_pictures_that_training_holds_too_can_be_left_out(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = " ".join(map(str, np.roll(cv2.cvtColor(FACE, cv2.COLOR_BGR2GRAY), 1, axis=1).ravel()))
    table.write_text(table.read_text() + f"3,{other},PublicTest\n")
    code, printed, said = run(capsys, "--data", table, "--usage", "PublicTest", "--unseen", "--json")
    assert (code, json.loads(printed)["n"]) == (0, 1)
    assert "2 pictures are in Training too" in said


def test_unseen_needs_a_part_to_judge_by(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, said = run(capsys, "--data", table, "--unseen")
    assert code == 2
    assert "--usage PublicTest or PrivateTest" in said
    code, _, said = run(capsys, "--data", table, "--usage", "PublicTest", "--unseen")
    assert code == 1
    assert "nothing is left to measure" in said


def test_folders_are_read_others_named_and_contempt_left_to_the_head_that_knows_it(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, err = run(capsys, "--data", folders, "--json")
    assert code == 0
    assert f"{folders / 'bored'}: not a class, left out" in err
    metrics = json.loads(printed)
    assert (metrics["n"], metrics["fer"]["n"], metrics["fer"]["accuracy"]) == (4, 3, 1.0)
    code, printed, _ = run(capsys, "--data", folders, "--json", "--head", "ferplus")
    assert code == 0
    assert json.loads(printed)["ferplus"]["accuracy"] == 0.75


def test_a_bad_picture_is_one_line_and_exit_status_1(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folders / "happiness" / "broken.png").write_bytes(b"no picture")
    code, printed, err = run(capsys, "--data", folders)
    assert code == 1
    assert [line for line in err.splitlines() if "broken.png" in line] == [
        f"{folders / 'happiness' / 'broken.png'} cannot be read as a picture. Replace it or take it out of the folder."
    ]
    assert "fer.accuracy           1.0000  [1.0000, 1.0000]" in printed


def test_usage_and_votes_do_not_go_with_folders(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, err = run(capsys, "--data", folders, "--usage", "PublicTest")
    assert (code, printed) == (2, "")
    assert "belong to the table" in err


def test_a_missing_model_is_an_error_in_words(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, err = run(capsys, "--data", folders, "--model", tmp_path / "nowhere")
    assert (code, printed) == (1, "")
    assert "card.json is missing" in err
