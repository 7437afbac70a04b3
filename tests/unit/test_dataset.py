"""Labelled faces from a table or from folders, and what is said of bad ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from emrs_core.errors import DatasetError
from emrs_core.training.data import CONTEMPT_LABEL, PIXELS, read_class_folders, read_fer2013

HEADER = "emotion,pixels,Usage"
VOTE_HEADER = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"


def pixels(value: int = 7, count: int = PIXELS) -> str:
    return " ".join([str(value)] * count)


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = [f"3,{pixels(1)},Training", f"0,{pixels(2)},PublicTest", f"6,{pixels(3)},PrivateTest"]
    return write(tmp_path / "fer2013.csv", HEADER, *rows)


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    rows = ["Training,fer0.png,0,9,0,0,0,0,0,0,1,0", "PublicTest,,0,0,0,0,0,0,0,0,0,10"]
    return write(tmp_path / "fer2013new.csv", VOTE_HEADER, *rows, "PrivateTest,fer2.png,8,0,0,2,0,0,0,0,0,0")


def test_reads_faces_labels_and_votes_row_by_row(table: Path, votes: Path) -> None:
    data = read_fer2013(table, votes)
    assert data.faces.shape == (3, 48, 48)
    assert data.faces[:, 0, 0].tolist() == [1, 2, 3]
    assert data.labels.tolist() == [3, 0, 6]
    assert data.votes is not None
    assert data.votes[:, 1].tolist() == [9, 0, 0]
    assert data.votes[:, 9].tolist() == [0, 10, 0]


def test_keeps_one_usage_of_both_tables(table: Path, votes: Path) -> None:
    data = read_fer2013(table, votes, usage="PrivateTest")
    assert data.labels.tolist() == [6]
    assert data.votes is not None
    assert data.votes[0, 0] == 8


def test_columns_may_come_in_another_order_with_spaces_and_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "icml_face_data.csv"
    path.write_text(f"\ufeffemotion, Usage, pixels\n5,Training,{pixels(9)}\n\n", encoding="utf-8")
    assert read_fer2013(path).labels.tolist() == [5]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (f"7,{pixels()},Training", r"row 2 \(line 3\), column 'emotion': expected a whole number from 0 to 6, got '7'"),
        (f"happy,{pixels()},Training", "column 'emotion': .* got 'happy'"),
        (f"0,{pixels(count=PIXELS - 1)},Training", "column 'pixels': expected 2304 numbers, got '2303'"),
        (f"0,{pixels(256)},Training", "column 'pixels': expected numbers from 0 to 255, got '256'"),
        (f"0,{pixels(count=PIXELS - 1)} x,Training", "column 'pixels': expected 2304 numbers from 0 to 255"),
        (f"0,{pixels()},Test", "column 'Usage': expected one of Training, PublicTest, PrivateTest, got 'Test'"),
        ("0,7 7 7", "column 'Usage': the row ends after 2 of 3 columns. The file may be cut short"),
    ],
    ids=["label out of range", "label in words", "pixel missing", "pixel too bright", "letter", "usage", "cut short"],
)
def test_a_bad_row_is_named_with_its_place(tmp_path: Path, row: str, complaint: str) -> None:
    path = write(tmp_path / "fer2013.csv", HEADER, f"1,{pixels()},Training", row)
    with pytest.raises(DatasetError, match=complaint) as caught:
        read_fer2013(path)
    assert str(path) in str(caught.value)
    noted: list[DatasetError] = []
    assert len(read_fer2013(path, on_problem=noted.append)) == 1
    assert [str(problem) for problem in noted] == [str(caught.value)]


def test_a_left_out_row_takes_its_votes_with_it(tmp_path: Path, votes: Path) -> None:
    rows = [f"9,{pixels()},Training", f"0,{pixels()},PublicTest", f"6,{pixels()},PrivateTest"]
    data = read_fer2013(write(tmp_path / "t.csv", HEADER, *rows), votes, on_problem=lambda _: None)
    assert data.labels.tolist() == [0, 6]
    assert data.votes is not None
    assert data.votes[:, 9].tolist() == [10, 0]


def test_tables_of_unequal_length_or_order_are_refused(tmp_path: Path, table: Path, votes: Path) -> None:
    lines = votes.read_text().splitlines()
    with pytest.raises(DatasetError, match=r"has 3 rows but .* has 2"):
        read_fer2013(table, write(tmp_path / "short.csv", *lines[:-1]))
    with pytest.raises(DatasetError, match=r"has 3 rows but .* has 4"):
        read_fer2013(table, write(tmp_path / "long.csv", *lines, lines[-1]))
    with pytest.raises(DatasetError, match="expected 'Training' as in the same row of the other table"):
        read_fer2013(table, write(tmp_path / "turned.csv", lines[0], *reversed(lines[1:])))


def test_bad_votes_are_named(tmp_path: Path, table: Path, votes: Path) -> None:
    damaged = write(tmp_path / "v.csv", *votes.read_text().replace("0,9,0", "0,-9,0").splitlines())
    with pytest.raises(DatasetError, match="column 'happiness': expected a whole number of at least 0, got '-9'"):
        read_fer2013(table, damaged)


def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, table: Path) -> None:
    with pytest.raises(DatasetError, match="lacks the column 'pixels': expected a header with emotion, pixels, Usage"):
        read_fer2013(write(tmp_path / "a.csv", "emotion,Usage", "1,Training"))
    with pytest.raises(DatasetError, match="an empty file"):
        read_fer2013(write(tmp_path / "b.csv"))
    with pytest.raises(DatasetError, match="cannot be opened"):
        read_fer2013(tmp_path / "none.csv")
    (tmp_path / "c.csv").write_bytes(b"emotion,pixels,Usage\n\xff\xfe\x00")
    with pytest.raises(DatasetError, match="cannot be read as a CSV table"):
        read_fer2013(tmp_path / "c.csv")
    with pytest.raises(DatasetError, match="holds no rows"):
        read_fer2013(write(tmp_path / "d.csv", HEADER))
    only_training = write(tmp_path / "e.csv", *table.read_text().splitlines()[:2])
    with pytest.raises(DatasetError, match="no row with Usage 'PublicTest'; it has Training"):
        read_fer2013(only_training, usage="PublicTest")


def picture(path: Path, level: int, side: int = 48) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.full((side, side), level, np.uint8))


def test_reads_a_folder_a_class_and_names_the_others(tmp_path: Path) -> None:
    picture(tmp_path / "Happiness" / "a.png", 10)
    picture(tmp_path / "happy" / "b.png", 20, side=100)
    picture(tmp_path / "contempt" / "c.jpg", 30)
    picture(tmp_path / "bored" / "d.png", 40)
    (tmp_path / ".cache").mkdir()
    data = read_class_folders(tmp_path)
    assert data.labels.tolist() == [3, CONTEMPT_LABEL, 3]
    assert data.faces[:, 24, 24].tolist() == pytest.approx([10, 30, 20], abs=1)
    assert data.left_out == ("bored",)
    assert data.votes is None


def test_an_unreadable_picture_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    picture(tmp_path / "sad" / "good.png", 10)
    (tmp_path / "sad" / "notes.txt").write_text("not a picture")
    (tmp_path / "sad" / "empty.png").write_bytes(b"")
    with pytest.raises(DatasetError, match=r"empty\.png cannot be read as a picture"):
        read_class_folders(tmp_path)
    noted: list[DatasetError] = []
    assert len(read_class_folders(tmp_path, noted.append)) == 1
    assert len(noted) == 2


def test_folders_without_a_class_or_a_picture_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no folder named after a class"):
        read_class_folders(tmp_path)
    (tmp_path / "fear").mkdir()
    with pytest.raises(DatasetError, match="no readable picture"):
        read_class_folders(tmp_path)
