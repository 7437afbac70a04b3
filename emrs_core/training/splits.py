"""The faces to learn from and the faces to judge by, with no picture in both."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import DatasetError
from emrs_core.training.data import USAGES, VOTE_COLUMNS, LabelledFaces, read_class_folders, read_fer2013
from emrs_core.training.recipe import DataPart, Recipe
from emrs_core.vision.artefact import sha256_of

TRAINING, VALIDATION, TEST = USAGES
NOT_A_FACE = VOTE_COLUMNS.index("NF")

DUPLICATE_HEADER = ("sha256", "training", "other_split", "other", "same_label")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same pixels in Training and in another split."""

    digest: str
    training_row: int  # place among the Training faces
    training: str  # where it stands in the file or folder
    other_split: str
    other: str
    same_label: bool


@dataclass(frozen=True, slots=True, eq=False)
class Splits:
    """What a run learns from and is judged by, and what was found on the way."""

    training: LabelledFaces
    validation: LabelledFaces
    duplicates: tuple[Duplicate, ...]
    repeated_in_training: int  # Training pictures that another Training picture equals; they stay
    not_faces: int  # Training pictures left out because FER+ found no face in them
    dropped: int  # Training pictures left out as duplicates
    unseen: LabelledFaces  # of the validation faces, those that Training as it was read does not hold; maybe none

    def judged(self, keep: str) -> LabelledFaces:
        """The faces that judge the epochs of a recipe with that ``keep``. Raises DatasetError when there are none."""
        if keep != "best_unseen":
            return self.validation
        if not len(self.unseen):
            raise DatasetError(
                'Training holds every validation picture, so keep = "best_unseen" has none to judge by. '
                'Use "best" or "last".'
            )
        return self.unseen


def read_splits(data: DataPart, seed: int, say: Say = lambda _: None) -> Splits:
    """Read, check and clean the data of a recipe. Raises DatasetError naming file, row, column and value.

    Only Training is cleaned: the others stay whole, so that a run's figures are those of ``evaluate``. Rows of
    PrivateTest are compared with Training, pixel by pixel, and used for nothing else.
    """
    everything = _all_parts(data)
    read = everything[TRAINING]
    training = _without_not_faces(read) if data.drop_not_faces else read
    not_faces = len(read) - len(training)
    duplicates = tuple(
        found for name, part in everything.items() if name != TRAINING for found in duplicates_of(training, part, name)
    )
    repeated = len(training) - len(set(digests(training.faces)))
    rows = np.arange(len(training))
    if data.drop_duplicates:
        rows = np.setdiff1d(rows, [found.training_row for found in duplicates])
    dropped = len(training) - len(rows)
    if data.limit and data.limit < len(rows):
        rows = np.sort(np.random.default_rng(seed).permutation(rows)[: data.limit])
    if not len(rows):
        raise DatasetError("Nothing is left to train on: every Training picture is also in another split.")
    for line in _findings(duplicates, repeated, not_faces, dropped):
        say(line)
    validation = everything[VALIDATION]
    unseen = unseen_of(validation, read)
    return Splits(training.subset(rows), validation, duplicates, repeated, not_faces, dropped, unseen)


def data_hashes(recipe: Recipe) -> dict[str, str]:
    """SHA-256 of each file that a run learns from, the teacher included; of a folder, that of the names and hashes of
    all its files. Raises DatasetError."""
    data, hashes = recipe.data, {}
    names = (data.table, data.ferplus, data.training, data.validation, recipe.teacher.model)
    for path in (Path(name) for name in names if name):
        try:
            hashes[str(path)] = _folder_hash(path) if path.is_dir() else sha256_of(path)
        except OSError as exc:
            raise DatasetError(f"{path} cannot be opened: {exc.strerror or exc}. Check the path.") from exc
    return hashes


def digests(faces: NDArray[np.uint8]) -> list[str]:
    """SHA-256 of the pixels of each face."""
    return [hashlib.sha256(np.ascontiguousarray(face).tobytes()).hexdigest() for face in faces]


def duplicates_of(training: LabelledFaces, other: LabelledFaces, name: str) -> list[Duplicate]:
    """Every Training face whose pixels are also in ``other``, in the order of Training."""
    places: dict[str, int] = {}
    for place, digest in enumerate(digests(other.faces)):
        places.setdefault(digest, place)
    found = []
    for row, digest in enumerate(digests(training.faces)):
        if digest in places:
            place = places[digest]
            same = bool(training.labels[row] == other.labels[place])
            found.append(Duplicate(digest, row, training.origins[row], name, other.origins[place], same))
    return found


def unseen_of(faces: LabelledFaces, training: LabelledFaces) -> LabelledFaces:
    """The faces whose pixels ``training`` does not hold: what a network that learned from it never saw. Maybe none."""
    known = set(digests(training.faces))
    return faces.subset(
        np.array([row for row, digest in enumerate(digests(faces.faces)) if digest not in known], dtype=np.intp)
    )


def duplicates_table(duplicates: tuple[Duplicate, ...]) -> str:
    """The duplicates as a CSV table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(DUPLICATE_HEADER)
    for found in duplicates:
        writer.writerow([found.digest, found.training, found.other_split, found.other, found.same_label])
    return text.getvalue()


def _all_parts(data: DataPart) -> dict[str, LabelledFaces]:
    if not data.table:
        return {
            name: read_class_folders(_folder(path))
            for name, path in ((TRAINING, data.training), (VALIDATION, data.validation))
        }
    table = read_fer2013(Path(data.table), Path(data.ferplus) if data.ferplus else None)
    usages = np.array(table.usages)
    parts = {name: table.subset(np.flatnonzero(usages == name)) for name in USAGES if (usages == name).any()}
    for name in (TRAINING, VALIDATION):
        if name not in parts:
            raise DatasetError(f"{data.table} has no row with Usage {name!r}; a run needs {TRAINING} and {VALIDATION}.")
    return parts


def _folder(path: str) -> Path:
    if not Path(path).is_dir():
        raise DatasetError(f"{path} is no folder. Expected a folder that has one folder for each class.")
    return Path(path)


def _without_not_faces(training: LabelledFaces) -> LabelledFaces:
    """Without the pictures for which "not a face" got the most votes. Raises DatasetError when none is left."""
    if training.votes is None:
        return training
    rows = np.flatnonzero(training.votes.argmax(axis=1) != NOT_A_FACE)
    if not len(rows):
        raise DatasetError("The votes call every Training picture no face. Do the two tables belong together?")
    return training.subset(rows)


def _findings(duplicates: tuple[Duplicate, ...], repeated: int, not_faces: int, dropped: int) -> list[str]:
    lines = []
    if not_faces:
        lines.append(f"{not_faces} Training pictures left out: most FER+ annotators saw no face")
    for split in sorted({found.other_split for found in duplicates}):
        among = [found for found in duplicates if found.other_split == split]
        differing = sum(not found.same_label for found in among)
        lines.append(f"{len(among)} Training pictures are in {split} too, {differing} of them with another label")
    if duplicates:
        lines.append(f"{dropped} Training pictures left out as duplicates")
    if repeated:
        lines.append(f"{repeated} Training pictures repeat an earlier one of Training; they stay")
    return lines


def _folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder).as_posix()}\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()
