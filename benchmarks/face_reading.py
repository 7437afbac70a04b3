"""What light, blur, size and crop do to the accuracy: the measurements behind ``quality`` and ``CROP_SCALE``.

``python benchmarks/face_reading.py`` writes ``results/quality_curve.csv`` and ``results/crop_curve.csv``. Labels are
the FER+ majority of PublicTest; accuracies are not touched by how busy the machine is.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script, Python knows only this folder
    sys.path.insert(0, str(ROOT))

from benchmarks.bench_faces import write_table  # noqa: E402
from benchmarks.pasted_faces import (  # noqa: E402
    SEED,
    LabelledFace,
    background,
    photographs,
    shared_folder,
    validation_faces,
)
from benchmarks.rows import BenchmarkError  # noqa: E402
from emrs_core.protocols import EmotionModel  # noqa: E402
from emrs_core.testing.faces import place_face  # noqa: E402
from emrs_core.types import FaceBox, ImageArray  # noqa: E402
from emrs_core.vision import preprocess  # noqa: E402
from emrs_core.vision.haar import HaarFaceDetector  # noqa: E402
from emrs_core.vision.litert import LiteRTEmotionModel  # noqa: E402
from emrs_core.vision.quality import face_quality, sharpness  # noqa: E402

RESULTS = ROOT / "benchmarks" / "results"
MODEL_FOLDER = ROOT / "models" / "vgg16-fer"
FACE_PX = 150
CAMERA_NOISE = 4.0
"""Standard deviation in grey levels of a webcam's noise in poor light, before anything is averaged."""

MEANS = (10, 15, 20, 25, 30, 40, 50, 60, 80, 120)
BRIGHTENED = (1.0, 1.5, 2.0, 2.5, 3.0)
BLURS_PX = (0.0, 0.6, 1.0, 1.3, 1.6, 2.0, 2.5, 3.0)  # of the 48 px face
SIZES_PX = (16, 20, 24, 30, 40, 50, 60, 80)
CROP_SCALES = (0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.2, 1.3)
Change = Callable[[ImageArray, np.random.Generator], ImageArray]


def darkened(mean: float) -> Change:
    """Less light at the sensor: scaled to that mean, noise added, rounded to whole grey levels."""

    def change(face: ImageArray, rng: np.random.Generator) -> ImageArray:
        light = face.astype(np.float64) * (mean / max(1.0, float(face.mean())))
        return _levels(light + rng.normal(0, CAMERA_NOISE, face.shape))

    return change


def brightened(gain: float) -> Change:
    return lambda face, rng: _levels(face.astype(np.float64) * gain + rng.normal(0, 1, face.shape))


def blurred(sigma_of_48: float) -> Change:
    def change(face: ImageArray, _rng: np.random.Generator) -> ImageArray:
        sigma = sigma_of_48 * face.shape[0] / 48
        return cv2.GaussianBlur(face, (0, 0), sigma) if sigma else face

    return change


def shrunk(side_px: int) -> Change:
    def change(face: ImageArray, _rng: np.random.Generator) -> ImageArray:
        small = cv2.resize(face, (side_px, side_px), interpolation=cv2.INTER_AREA)
        return cv2.resize(small, face.shape[::-1], interpolation=cv2.INTER_LINEAR)

    return change


def _levels(light: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> ImageArray:
    return np.clip(np.rint(light), 0, 255).astype(np.uint8)


def quality_rows(faces: Sequence[LabelledFace], model: EmotionModel) -> list[dict[str, Any]]:
    """Each change of the faces: the accuracy it leaves, and how many faces the product would grade as readable."""
    changes: list[tuple[str, float, Change]] = [("as it is", 0.0, lambda face, _rng: face)]
    changes += [("dark: mean", mean, darkened(mean)) for mean in MEANS]
    changes += [("bright: gain", gain, brightened(gain)) for gain in BRIGHTENED]
    changes += [("blur: sigma of 48 px", sigma, blurred(sigma)) for sigma in BLURS_PX]
    changes += [("small: side px", side, shrunk(side)) for side in SIZES_PX]
    return [_quality_row(name, amount, change, faces, model) for name, amount, change in changes]


def _quality_row(
    name: str, amount: float, change: Change, faces: Sequence[LabelledFace], model: EmotionModel
) -> dict[str, Any]:
    rng = np.random.default_rng(SEED)
    box = FaceBox(0, 0, FACE_PX, FACE_PX)
    seen = []
    for face in faces:
        large = cv2.resize(face.image, (FACE_PX, FACE_PX), interpolation=cv2.INTER_CUBIC)
        seen.append(cv2.cvtColor(change(large, rng), cv2.COLOR_GRAY2BGR))
    crops = np.stack([preprocess.face_crop(picture, box) for picture in seen])
    right = model.predict(crops).argmax(axis=1) == np.array([face.emotion for face in faces])
    graded = [face_quality(picture, box).ok for picture in seen]
    return {
        "change": name,
        "amount": amount,
        "accuracy": round(float(right.mean()), 4),
        "graded_ok": round(float(np.mean(graded)), 4),
        "median_sharpness": round(float(np.median([sharpness(crop[7:41, 7:41]) for crop in crops])), 3),
    }


def crop_rows(faces: Sequence[LabelledFace], model: EmotionModel) -> list[dict[str, Any]]:
    """Accuracy by the crop's size around the detected box, for pasted faces of 150-250 px that Haar finds."""
    photos, rng, detector = photographs(), np.random.default_rng(SEED), HaarFaceDetector()
    found: list[tuple[ImageArray, FaceBox, int]] = []
    for face in faces:
        side = int(rng.integers(150, 251))
        picture = background(photos[int(rng.integers(len(photos)))], (640, 480), rng)
        truth = FaceBox(int(rng.integers(0, 640 - side + 1)), int(rng.integers(0, 480 - side + 1)), side, side)
        picture = place_face(picture, face.image, truth)
        best = max(detector.detect(picture), key=truth.iou, default=truth)
        if best is not truth and truth.iou(best) >= 0.4:
            # Only the surroundings are kept: whole pictures of thousands of faces would fill the memory.
            found.append((*_surroundings(picture, best), face.emotion))
    emotions = np.array([emotion for _, _, emotion in found])
    rows = []
    for scale in CROP_SCALES:
        crops = np.stack([_crop(picture, box, scale) for picture, box, _ in found])
        right = model.predict(crops).argmax(axis=1) == emotions
        rows.append({"crop_scale": scale, "accuracy": round(float(right.mean()), 4), "n": len(found)})
    return rows


def _surroundings(picture: ImageArray, box: FaceBox) -> tuple[ImageArray, FaceBox]:
    left, top = max(0, box.x - box.width // 4), max(0, box.y - box.height // 4)
    part = picture[top : box.y + box.height * 5 // 4, left : box.x + box.width * 5 // 4].copy()
    return part, FaceBox(box.x - left, box.y - top, box.width, box.height)


def _crop(picture: ImageArray, box: FaceBox, scale: float) -> ImageArray:
    """``face_crop`` as if ``CROP_SCALE`` were ``scale``."""
    side = round(box.width * scale / preprocess.CROP_SCALE)
    moved = FaceBox(box.x + (box.width - side) // 2, box.y + (box.height - side) // 2, side, side)
    return preprocess.face_crop(picture, moved)


def main() -> None:
    """Measure and write both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", help="folder that holds fer2013/fer2013.parquet")
    parser.add_argument("--faces", type=int, default=800, help="how many faces of PublicTest")
    given = parser.parse_args()
    try:
        faces = validation_faces(shared_folder(given.shared), given.faces)
    except BenchmarkError as exc:
        sys.exit(f"The curves {exc}.".replace("curves needs", "curves need"))
    model = LiteRTEmotionModel(MODEL_FOLDER)
    for name, rows in (("quality", quality_rows(faces, model)), ("crop", crop_rows(faces, model))):
        print(name, *rows, sep="\n", file=sys.stderr)
        write_table(rows, RESULTS / f"{name}_curve.csv")


if __name__ == "__main__":
    main()
