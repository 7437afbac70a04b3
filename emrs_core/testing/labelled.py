"""Made-up labelled faces, in the files in which people have real ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from emrs_core.training.data import VOTE_COLUMNS
from emrs_core.vision.preprocess import FACE_SIZE_PX

CLASSES = 7
VOTES_OF_LABEL = (4, 5, 6, 1, 3, 2, 0)
"""Place in VOTE_COLUMNS of each of the seven labels."""

ANNOTATORS = 10
NOISE = 12.0
"""Spread of the pixels' noise: the classes stay easy to tell apart."""


def drawn_face(label: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """A (48, 48) drawing of a face whose mouth and brows say which of the seven labels it has."""
    face = np.full((FACE_SIZE_PX, FACE_SIZE_PX), 90, np.uint8)
    cv2.ellipse(face, (24, 24), (17, 21), 0, 0, 360, 190, -1)
    dx, dy = (int(step) for step in rng.integers(-2, 3, 2))
    for side in (-1, 1):
        cv2.circle(face, (24 + dx + side * 7, 20 + dy), 2 + (label == 5), 40, -1)
        tilt = (4, 1, -3, 0, -4, 0, 0)[label] * side
        cv2.line(face, (19 + dx + side * 7, 14 + dy + tilt), (29 + dx + side * 7, 14 + dy - tilt), 60, 1)
    start, end = ((200, 340), (0, 180), (180, 360), (0, 180), (180, 360), (0, 360), (0, 180))[label]
    height = (3, 2, 6, 8, 5, 7, 0)[label]
    cv2.ellipse(face, (24 + dx, 34 + dy), (8 - (label == 5) * 3, height), 0, start, end, 30, 2)
    noisy = face + rng.normal(0, NOISE, face.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def write_fer_tables(folder: Path, training: int, validation: int, seed: int = 0) -> tuple[Path, Path]:
    """Kaggle's and FER+'s tables of drawn faces, the labels in turn; returns both paths."""
    rng = np.random.default_rng(seed)
    table, votes = folder / "fer2013.csv", folder / "fer2013new.csv"
    rows, vote_rows = ["emotion,pixels,Usage"], ["Usage,Image name," + ",".join(VOTE_COLUMNS)]
    for usage, count in (("Training", training), ("PublicTest", validation)):
        for index in range(count):
            label = index % CLASSES
            pixels = " ".join(map(str, drawn_face(label, rng).ravel()))
            counts = [0] * len(VOTE_COLUMNS)
            counts[VOTES_OF_LABEL[label]] = ANNOTATORS
            rows.append(f"{label},{pixels},{usage}")
            vote_rows.append(f"{usage},{usage}{index}.png," + ",".join(map(str, counts)))
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    votes.write_text("\n".join(vote_rows) + "\n", encoding="utf-8")
    return table, votes
