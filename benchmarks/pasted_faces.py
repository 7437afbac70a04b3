"""Validation faces of FER2013 (PublicTest) pasted into pictures that hold no face.

FER2013's pictures are tight crops without hair, ears and neck. Haar cascades learned on such crops, so they see what
they know, but the surround is foreign: use the recall to compare settings, not as that of whole people.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.context import ROOT
from benchmarks.rows import BenchmarkError
from emrs_core.testing.faces import place_face
from emrs_core.types import FaceBox, ImageArray

PARQUET = Path("fer2013") / "fer2013.parquet"
PICTURE_SIZES = ((640, 480), (1280, 720))
EMPTY_PER_PHOTO = 2  # crops of each face-free photograph, per picture size
SEED = 20131

VOTES = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""FER+ columns in the order of EMOTIONS."""

PHOTOS = (
    "brick", "chelsea", "clock_motion", "coffee", "color", "grass", "gravel", "hubble_deep_field", "ihc", "moon",
    "motorcycle_left", "motorcycle_right", "retina", "rocket", "text",
)  # fmt: skip
"""scikit-image's photographs without a human face (astronaut, cameraman and the coins' heads are left out)."""


@dataclass(frozen=True)
class Sample:
    """A picture, and where its face is (None: there is none)."""

    image: ImageArray
    box: FaceBox | None


@dataclass(frozen=True)
class LabelledFace:
    """A grey 48 x 48 face and the emotion (place in EMOTIONS) that most FER+ annotators saw in it."""

    image: ImageArray
    emotion: int


def shared_folder(given: str | Path | None = None) -> Path:
    """The folder with ``fer2013/fer2013.parquet``: given, from EMRS_SHARED_DIR, or ``shared`` beside the checkout.

    Raises BenchmarkError saying what to do.
    """
    folder = Path(given or os.environ.get("EMRS_SHARED_DIR") or ROOT.parent / "shared")
    if not (folder / PARQUET).is_file():
        raise BenchmarkError(
            f"needs FER2013's validation faces at {folder / PARQUET}, which are not part of the project: put them "
            "there, or name their folder with --shared or EMRS_SHARED_DIR"
        )
    return folder


def validation_faces(shared: Path, count: int | None = None, seed: int = SEED) -> list[LabelledFace]:
    """PublicTest's faces on which FER+ agrees on one of the seven emotions; ``count`` drawn of them, or all."""
    import pyarrow.parquet as parquet

    usage = [("usage", "=", "PublicTest")]
    table = parquet.read_table(shared / PARQUET, columns=["png", *VOTES], filters=usage)
    votes = np.stack([table.column(name).to_numpy() for name in VOTES], axis=1).astype(int)
    agreed = np.flatnonzero(votes.max(axis=1) > 5)  # more than half of the ten annotators
    rng = np.random.default_rng(seed)
    chosen = agreed if count is None else rng.choice(agreed, size=min(count, len(agreed)), replace=False)
    pngs = table.column("png")
    return [
        LabelledFace(
            cv2.imdecode(np.frombuffer(pngs[int(i)].as_py(), np.uint8), cv2.IMREAD_GRAYSCALE), int(votes[i].argmax())
        )
        for i in chosen
    ]


def photographs() -> list[ImageArray]:
    """Face-free pictures in BGR: photographs of scikit-image, gradients and noise."""
    import skimage.data

    folder = Path(skimage.data.__file__).parent
    photos = [cv2.imread(str(next(folder.glob(f"{name}.*"))), cv2.IMREAD_COLOR) for name in PHOTOS]
    rng = np.random.default_rng(SEED)
    ramp = np.linspace(20, 235, 512, dtype=np.float64)
    made = [ramp[None, :] * np.ones((512, 1)), ramp[:, None] * np.ones((1, 512)), np.full((512, 512), 120.0)]
    for grain_px in (1, 4, 16, 64):
        noise = rng.normal(128, 45, (512 // grain_px, 512 // grain_px)).astype(np.float32)
        made.append(cv2.resize(noise, (512, 512), interpolation=cv2.INTER_CUBIC))
    return photos + [np.repeat(np.clip(m, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2) for m in made]


def background(photo: ImageArray, size: tuple[int, int], rng: np.random.Generator) -> ImageArray:
    """A random crop of the photograph that fills the size, between half of it and all of it."""
    width, height = size
    scale = min(photo.shape[1] / width, photo.shape[0] / height) * rng.uniform(0.5, 1.0)
    w, h = max(1, int(width * scale)), max(1, int(height * scale))
    x, y = int(rng.integers(0, photo.shape[1] - w + 1)), int(rng.integers(0, photo.shape[0] - h + 1))
    return cv2.resize(photo[y : y + h, x : x + w], size, interpolation=cv2.INTER_LINEAR)


def samples_with_faces(faces: Sequence[LabelledFace], face_px: int, photos: Sequence[ImageArray]) -> Iterator[Sample]:
    """Each face once, ``face_px`` wide, at a random place of a random background; picture sizes take turns."""
    rng = np.random.default_rng([SEED, face_px])
    for index, face in enumerate(faces):
        width, height = PICTURE_SIZES[index % len(PICTURE_SIZES)]
        picture = background(photos[int(rng.integers(len(photos)))], (width, height), rng)
        x, y = int(rng.integers(0, width - face_px + 1)), int(rng.integers(0, height - face_px + 1))
        box = FaceBox(x, y, face_px, face_px)
        yield Sample(place_face(picture, face.image, box), box)


def samples_without(photos: Sequence[ImageArray]) -> Iterator[Sample]:
    """EMPTY_PER_PHOTO crops of every photograph at every picture size."""
    for size in PICTURE_SIZES:
        rng = np.random.default_rng([SEED, size[0]])
        for photo in photos:
            for _ in range(EMPTY_PER_PHOTO):
                yield Sample(background(photo, size, rng), None)
