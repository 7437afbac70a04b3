"""Labelled faces: Kaggle's ``fer2013.csv`` with FER+'s ``fer2013new.csv``, or a folder for each class.

Sources: FER2013, I. Goodfellow et al. 2013, https://arxiv.org/abs/1307.0414; FER+, E. Barsoum et al. 2016,
https://arxiv.org/abs/1608.01041, https://github.com/microsoft/FERPlus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import DatasetError, ImageError
from emrs_core.training.tables import Row, read_rows
from emrs_core.types import EMOTIONS
from emrs_core.vision.heads import CLASS_EMOTIONS
from emrs_core.vision.preprocess import FACE_SIZE_PX, whole_image

USAGES = ("Training", "PublicTest", "PrivateTest")
CONTEMPT_LABEL = len(EMOTIONS)
"""Label of a folder called ``contempt``; the other labels are places in EMOTIONS."""

VOTE_COLUMNS = (
    *("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"),
    *("unknown", "NF"),
)
"""FER+'s vote counts, in its order: eight classes, then "unknown" and "not a face"."""

PIXELS = FACE_SIZE_PX * FACE_SIZE_PX
OnProblem = Callable[[DatasetError], None]


@dataclass(frozen=True, slots=True, eq=False)
class LabelledFaces:
    """N faces with what people said of them. ``labels`` are places in EMOTIONS, or 7 for contempt."""

    faces: NDArray[np.uint8]  # (N, 48, 48)
    labels: NDArray[np.int64]  # (N,)
    votes: NDArray[np.int64] | None = None  # (N, 10) in the order of VOTE_COLUMNS
    left_out: tuple[str, ...] = ()  # folders that are no class
    origins: tuple[str, ...] = ()  # N texts: where each face stands, as "row 12" of the table or "happy/3.png"
    usages: tuple[str, ...] = ()  # N of USAGES in a table, empty for folders

    def __len__(self) -> int:
        return len(self.labels)

    def subset(self, rows: NDArray[np.int64]) -> LabelledFaces:
        """Only the given rows, in the given order."""
        votes = None if self.votes is None else self.votes[rows]
        origins, usages = (tuple(texts[row] for row in rows) if texts else () for texts in (self.origins, self.usages))
        return LabelledFaces(self.faces[rows], self.labels[rows], votes, self.left_out, origins, usages)


def fail(problem: DatasetError) -> None:
    """The strict way with a bad row or picture: stop there."""
    raise problem


def read_fer2013(
    path: Path, ferplus: Path | None = None, usage: str | None = None, on_problem: OnProblem = fail
) -> LabelledFaces:
    """Faces of Kaggle's table (columns ``emotion``, ``pixels``, ``Usage`` in any order), with FER+'s votes if given.

    The two tables belong together row by row. ``usage`` keeps one part only. A row that cannot be used goes to
    ``on_problem`` as a DatasetError naming file, row, column and value; when that returns, the row is left out.
    Raises DatasetError for a table that is no such table, for tables of unequal length, and when nothing is left.
    """
    faces, labels, votes, problems = [], [], [], 0
    origins, usages = [], []
    seen_usages: set[str] = set()
    for row, vote_row in _paired(path, ferplus):
        try:
            row_usage = row.one_of("Usage", USAGES)
            seen_usages.add(row_usage)
            if usage is not None and row_usage != usage:
                continue
            label, face = row.integer("emotion", 0, len(EMOTIONS) - 1), _face_of(row)
            counts = None if vote_row is None else _votes_of(vote_row, row_usage)
        except DatasetError as problem:
            problems += 1
            on_problem(problem)
            continue
        faces.append(face)
        labels.append(label)
        origins.append(f"row {row.number}")
        usages.append(row_usage)
        if counts is not None:
            votes.append(counts)
    if not labels:
        raise DatasetError(_nothing_left(path, usage, seen_usages, problems))
    counted = np.array(votes) if ferplus else None
    return LabelledFaces(np.stack(faces), np.array(labels), counted, (), tuple(origins), tuple(usages))


def read_class_folders(path: Path, on_problem: OnProblem = fail) -> LabelledFaces:
    """Faces of a folder that has one folder for each class; every picture is a face and nothing else.

    Class names are those of ``CLASS_EMOTIONS`` in any case; other folders are named in ``left_out``. A picture that
    cannot be read goes to ``on_problem``. Raises DatasetError when there is no class folder or no readable picture.
    """
    known, left_out = [], []
    for folder in sorted(entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith(".")):
        known.append(folder) if folder.name.lower() in CLASS_EMOTIONS else left_out.append(folder.name)
    if not known:
        names = ", ".join(CLASS_EMOTIONS)
        raise DatasetError(f"{path} has no folder named after a class. Expected folders called: {names}.")
    faces, labels, origins = [], [], []
    for folder in known:
        emotion = CLASS_EMOTIONS[folder.name.lower()]
        label = CONTEMPT_LABEL if emotion is None else EMOTIONS.index(emotion)
        for file in sorted(entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith(".")):
            try:
                faces.append(_picture(file))
                labels.append(label)
                origins.append(f"{folder.name}/{file.name}")
            except DatasetError as problem:
                on_problem(problem)
    if not labels:
        raise DatasetError(f"The class folders of {path} hold no readable picture.")
    return LabelledFaces(np.stack(faces), np.array(labels), None, tuple(left_out), tuple(origins))


def _paired(path: Path, ferplus: Path | None) -> Iterator[tuple[Row, Row | None]]:
    rows = read_rows(path, ("emotion", "pixels", "Usage"))
    if ferplus is None:
        yield from ((row, None) for row in rows)
        return
    vote_rows = read_rows(ferplus, ("Usage", *VOTE_COLUMNS))
    count = 0
    for row in rows:
        vote_row = next(vote_rows, None)
        if vote_row is None:
            raise DatasetError(_unequal(path, count + 1 + sum(1 for _ in rows), ferplus, count))
        count += 1
        yield row, vote_row
    extra = sum(1 for _ in vote_rows)
    if extra:
        raise DatasetError(_unequal(path, count, ferplus, count + extra))


def _face_of(row: Row) -> NDArray[np.uint8]:
    text = row.text("pixels")
    try:
        values = np.fromstring(text, dtype=np.int32, sep=" ")
    except ValueError:
        raise row.problem("pixels", f"{PIXELS} numbers from 0 to 255 separated by spaces", text) from None
    if len(values) != PIXELS:
        raise row.problem("pixels", f"{PIXELS} numbers", f"{len(values)}")
    outside = (values < 0) | (values > 255)
    if outside.any():
        raise row.problem("pixels", "numbers from 0 to 255", f"{values[outside][0]}")
    return values.astype(np.uint8).reshape(FACE_SIZE_PX, FACE_SIZE_PX)


def _votes_of(row: Row, usage: str) -> list[int]:
    if row.text("Usage") != usage:
        raise row.problem("Usage", f"{usage!r} as in the same row of the other table", row.text("Usage"))
    return [row.integer(name, 0, None) for name in VOTE_COLUMNS]


def _picture(path: Path) -> NDArray[np.uint8]:
    try:
        content = np.fromfile(path, np.uint8)
        image = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE) if content.size else None
        return whole_image(np.asarray(image, np.uint8) if image is not None else np.empty((0, 0), np.uint8))
    except (OSError, cv2.error, ImageError) as exc:
        raise DatasetError(f"{path} cannot be read as a picture. Replace it or take it out of the folder.") from exc


def _unequal(first: Path, first_rows: int, second: Path, second_rows: int) -> str:
    return (
        f"{first} has {first_rows} rows but {second} has {second_rows}. The two tables belong together row by row; "
        "use both as they were published."
    )


def _nothing_left(path: Path, usage: str | None, seen: Sequence[str] | set[str], problems: int) -> str:
    if problems:
        return f"{path} has no usable row: all {problems} rows looked at have a fault."
    if usage is not None and seen:
        return f"{path} has no row with Usage {usage!r}; it has {', '.join(sorted(seen))}."
    return f"{path} holds no rows."
