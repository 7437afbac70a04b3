"""No picture stands in two splits, and what was found is said."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from emrs_core.errors import DatasetError
from emrs_core.training.data import VOTE_COLUMNS
from emrs_core.training.recipe import DataPart, Recipe, Stage, TeacherPart
from emrs_core.training.splits import data_hashes, duplicates_table, read_splits

VOTED = ",".join(["10", *["0"] * 9])
THROWN_OUT = ",".join([*["0"] * 9, "10"])


def table(folder: Path, rows: list[tuple[int, int, str]], votes: list[str] | None = None) -> DataPart:
    """A table of even grey faces: (label, grey, Usage) a row."""
    lines = [f"{label},{' '.join([str(grey)] * 2304)},{usage}" for label, grey, usage in rows]
    (folder / "fer.csv").write_text("\n".join(["emotion,pixels,Usage", *lines]) + "\n")
    if votes is None:
        return DataPart(table=str(folder / "fer.csv"))
    vote_lines = [f"{usage},a.png,{counts}" for (_, _, usage), counts in zip(rows, votes, strict=True)]
    (folder / "votes.csv").write_text("\n".join(["Usage,Image name," + ",".join(VOTE_COLUMNS), *vote_lines]) + "\n")
    return DataPart(table=str(folder / "fer.csv"), ferplus=str(folder / "votes.csv"))


ROWS = [
    (3, 10, "Training"),
    (4, 20, "Training"),
    (4, 30, "Training"),
    (4, 30, "Training"),
    (3, 20, "PublicTest"),
    (0, 40, "PublicTest"),
    (4, 30, "PrivateTest"),
]


def test_duplicates_are_named_counted_and_taken_out_of_training(tmp_path: Path) -> None:
    said: list[str] = []
    splits = read_splits(table(tmp_path, ROWS), 0, said.append)
    assert splits.training.faces[:, 0, 0].tolist() == [10]
    assert splits.validation.faces[:, 0, 0].tolist() == [20, 40]
    assert (splits.dropped, splits.repeated_in_training) == (3, 1)
    assert said == [
        "2 Training pictures are in PrivateTest too, 0 of them with another label",
        "1 Training pictures are in PublicTest too, 1 of them with another label",
        "3 Training pictures left out as duplicates",
        "1 Training pictures repeat an earlier one of Training; they stay",
    ]
    lines = duplicates_table(splits.duplicates).splitlines()
    assert [line.split(",")[1:] for line in lines] == [
        ["training", "other_split", "other", "same_label"],
        ["row 2", "PublicTest", "row 5", "False"],
        ["row 3", "PrivateTest", "row 7", "True"],
        ["row 4", "PrivateTest", "row 7", "True"],
    ]


def test_unseen_is_what_training_never_held_whatever_is_taken_out_of_it(tmp_path: Path) -> None:
    rows = [(3, 1, "Training"), (3, 2, "Training"), (3, 1, "PublicTest"), (3, 2, "PublicTest"), (3, 5, "PublicTest")]
    data = table(tmp_path, [*rows, (3, 6, "Training")], [VOTED, THROWN_OUT, *[VOTED] * 4])
    splits = read_splits(data, 0)
    assert splits.unseen.faces[:, 0, 0].tolist() == [5]
    assert {keep: len(splits.judged(keep)) for keep in ("best", "best_unseen", "last")} == {
        "best": 3,
        "best_unseen": 1,
        "last": 3,
    }


def test_with_every_validation_picture_in_training_there_is_nothing_unseen_to_judge_by(tmp_path: Path) -> None:
    splits = read_splits(table(tmp_path, [(3, 1, "Training"), (3, 2, "Training"), (3, 1, "PublicTest")]), 0)
    with pytest.raises(DatasetError, match='keep = "best_unseen" has none'):
        splits.judged("best_unseen")


def test_duplicates_may_stay_and_are_still_reported(tmp_path: Path) -> None:
    data = table(tmp_path, ROWS)
    splits = read_splits(DataPart(table=data.table, drop_duplicates=False), 0)
    assert len(splits.training) == 4
    assert (len(splits.duplicates), splits.dropped) == (3, 0)


def test_a_limit_draws_by_the_seed_after_cleaning(tmp_path: Path) -> None:
    rows = [(3, grey, "Training") for grey in range(50)] + [(3, 99, "PublicTest")]
    data = table(tmp_path, rows)
    limited = DataPart(table=data.table, limit=5)
    first, again, other = (read_splits(limited, seed).training.faces[:, 0, 0].tolist() for seed in (1, 1, 2))
    assert len(first) == 5
    assert first == again != other


def test_what_the_annotators_called_no_face_is_left_out_of_training_alone(tmp_path: Path) -> None:
    rows = [(3, 1, "Training"), (3, 2, "Training"), (3, 3, "PublicTest"), (3, 4, "PublicTest")]
    data = table(tmp_path, rows, [VOTED, THROWN_OUT, THROWN_OUT, VOTED])
    splits = read_splits(data, 0)
    assert (splits.training.faces[:, 0, 0].tolist(), splits.validation.faces[:, 0, 0].tolist()) == ([1], [3, 4])
    assert splits.not_faces == 1


def test_votes_that_throw_out_all_of_training_belong_elsewhere(tmp_path: Path) -> None:
    data = table(tmp_path, [(3, 1, "Training"), (3, 2, "PublicTest")], [THROWN_OUT, VOTED])
    with pytest.raises(DatasetError, match="every Training picture no face"):
        read_splits(data, 0)


def test_a_split_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no row with Usage 'PublicTest'"):
        read_splits(table(tmp_path, [(3, 1, "Training")]), 0)


def test_nothing_left_to_train_on_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="Nothing is left to train on"):
        read_splits(table(tmp_path, [(3, 1, "Training"), (3, 1, "PublicTest")]), 0)


def test_folders_for_both_splits(tmp_path: Path) -> None:
    for place, (split, name) in enumerate([("train", "happy"), ("train", "sad"), ("test", "happy")]):
        folder = tmp_path / split / name
        folder.mkdir(parents=True)
        cv2.imwrite(str(folder / "a.png"), np.full((48, 48), 40 * (place % 2) + 9, np.uint8))
    data = DataPart(training=str(tmp_path / "train"), validation=str(tmp_path / "test"))
    splits = read_splits(data, 0)
    assert splits.training.labels.tolist() == [4]
    assert [(found.training, found.other) for found in splits.duplicates] == [("happy/a.png", "happy/a.png")]
    with pytest.raises(DatasetError, match="is no folder"):
        read_splits(DataPart(training=str(tmp_path / "train"), validation=str(tmp_path / "none")), 0)


def run_on(data: DataPart, teacher: TeacherPart | None = None) -> Recipe:
    return Recipe(name="x", stages=(Stage(),), data=data, teacher=teacher or TeacherPart())


def test_hashes_follow_the_content(tmp_path: Path) -> None:
    data = table(tmp_path, ROWS)
    before = data_hashes(run_on(data))
    assert data_hashes(run_on(data)) == before
    Path(data.table).write_text("something else")
    assert data_hashes(run_on(data)) != before
    folder = tmp_path / "faces" / "happy"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(b"1")
    folders = DataPart(training=str(folder.parent))
    before = data_hashes(run_on(folders))
    (folder / "a.png").rename(folder / "b.png")
    assert data_hashes(run_on(folders)) != before
    assert len(data_hashes(run_on(folders, TeacherPart(model=str(folder))))) == 2
    with pytest.raises(DatasetError, match=r"nowhere\.csv cannot be opened"):
        data_hashes(run_on(DataPart(table=str(tmp_path / "nowhere.csv"))))
