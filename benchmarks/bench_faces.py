"""The measured curve behind ``HaarSettings``: recall by face size, false boxes a picture, CPU a picture.

Validation faces of FER2013 (PublicTest) are pasted with soft edges into pictures without a face; every setting of the
grid looks at the same pictures. ``python benchmarks/bench_faces.py`` writes ``results/faces_curve.csv``.

FER2013's pictures are tight crops without hair, ears and neck, so the cascades, trained on the same tight square, see
what they know, but the surround is foreign: read the recall as a comparison of settings, not as that of whole people.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script, Python knows only this folder
    sys.path.insert(0, str(ROOT))

from emrs_core.testing.faces import place_face  # noqa: E402
from emrs_core.types import FaceBox, ImageArray  # noqa: E402
from emrs_core.vision.haar import HaarFaceDetector, HaarSettings  # noqa: E402

CURVE_FILE = ROOT / "benchmarks" / "results" / "faces_curve.csv"
SIZES_PX = (60, 80, 100, 150, 200, 300, 400)
PICTURE_SIZES = ((640, 480), (1280, 720))
FACES_PER_SIZE = 100  # one standard error of a recall of .9 is .03 per size, .011 over all sizes
EMPTY_PER_PHOTO = 3  # crops of each face-free photograph, per picture size
FOUND_IOU = 0.4  # a box counts as the pasted face from this overlap on
SEED = 20131

BASELINE = HaarSettings(reduction=1.0, scale_factor=1.1, min_neighbours=5, profile_neighbours=None, min_face_px=0)
"""What most projects run: the frontal cascade on the full-size picture, scale 1.1, 5 neighbours."""

PHOTOS = (
    "brick", "chelsea", "clock_motion", "coffee", "color", "grass", "gravel", "hubble_deep_field", "ihc", "moon",
    "motorcycle_left", "motorcycle_right", "page", "retina", "rocket", "text",
)  # fmt: skip
"""scikit-image's photographs without a human face (astronaut, cameraman and the coins' heads are left out)."""


@dataclass(frozen=True)
class Sample:
    """A picture, and where its face is (None: there is none)."""

    image: ImageArray
    box: FaceBox | None


def grid() -> list[HaarSettings]:
    """The baseline, every frontal setting without the second look, and the product's own neighbourhood with it."""
    cascades = ("haarcascade_frontalface_default.xml", "haarcascade_frontalface_alt2.xml")
    frontal = [
        HaarSettings(cascade, reduction, scale, neighbours, None)
        for cascade, reduction, scale, neighbours in itertools.product(
            cascades, (0.5, 0.375), (1.1, 1.2, 1.3), (2, 3, 4, 5, 6)
        )
    ]
    with_profile = [replace(HaarSettings(), profile_neighbours=neighbours) for neighbours in (2, 3, 4, 6, 8)]
    return [BASELINE, *frontal, *with_profile]


def shared_folder(given: str | None = None) -> Path:
    """The folder with ``fer2013/fer2013.parquet``: given, from EMRS_SHARED_DIR, or ``shared`` beside the checkout.

    Raises FileNotFoundError saying what to do.
    """
    folder = Path(given or os.environ.get("EMRS_SHARED_DIR") or ROOT.parent / "shared")
    if not (folder / "fer2013" / "fer2013.parquet").is_file():
        raise FileNotFoundError(
            f"The curve needs FER2013's validation faces at {folder / 'fer2013' / 'fer2013.parquet'}, which are not "
            "part of the project. Put them there, or name their folder with --shared or EMRS_SHARED_DIR."
        )
    return folder


def validation_faces(shared: Path, count: int, seed: int = SEED) -> list[ImageArray]:
    """``count`` grey 48 x 48 pictures of FER2013's PublicTest, drawn without replacement."""
    import pyarrow.parquet as parquet

    table = parquet.read_table(
        shared / "fer2013" / "fer2013.parquet", columns=["png"], filters=[("usage", "=", "PublicTest")]
    )
    chosen = np.random.default_rng(seed).choice(table.num_rows, size=min(count, table.num_rows), replace=False)
    column = table.column("png")
    return [cv2.imdecode(np.frombuffer(column[int(i)].as_py(), np.uint8), cv2.IMREAD_GRAYSCALE) for i in chosen]


def photographs() -> list[ImageArray]:
    """Face-free pictures: photographs of scikit-image, gradients and noise, in BGR."""
    import skimage.data

    folder = Path(skimage.data.__file__).parent
    found = [next(folder.glob(f"{name}.*")) for name in PHOTOS]
    rng = np.random.default_rng(SEED)
    ramp = np.linspace(20, 235, 512, dtype=np.float64)
    made = [ramp[None, :] * np.ones((512, 1)), ramp[:, None] * np.ones((1, 512)), np.full((512, 512), 120.0)]
    for grain_px in (1, 4, 16, 64):
        noise = rng.normal(128, 45, (512 // grain_px, 512 // grain_px)).astype(np.float32)
        made.append(cv2.resize(noise, (512, 512), interpolation=cv2.INTER_CUBIC))
    textures = [np.repeat(np.clip(m, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2) for m in made]
    return [cv2.imread(str(path), cv2.IMREAD_COLOR) for path in found] + textures


def background(photo: ImageArray, size: tuple[int, int], rng: np.random.Generator) -> ImageArray:
    """A random crop of the photograph that fills the size, between half of it and all of it."""
    width, height = size
    largest = min(photo.shape[1] / width, photo.shape[0] / height)
    scale = largest * rng.uniform(0.5, 1.0)
    w, h = max(1, int(width * scale)), max(1, int(height * scale))
    x, y = int(rng.integers(0, photo.shape[1] - w + 1)), int(rng.integers(0, photo.shape[0] - h + 1))
    return cv2.resize(photo[y : y + h, x : x + w], size, interpolation=cv2.INTER_LINEAR)


def samples_with_faces(faces: Sequence[ImageArray], face_px: int, photos: Sequence[ImageArray]) -> Iterator[Sample]:
    """Each face once, ``face_px`` wide, at a random place of a random background; picture sizes take turns."""
    rng = np.random.default_rng([SEED, face_px])
    for index, face in enumerate(faces):
        width, height = PICTURE_SIZES[index % len(PICTURE_SIZES)]
        picture = background(photos[int(rng.integers(len(photos)))], (width, height), rng)
        x, y = int(rng.integers(0, width - face_px + 1)), int(rng.integers(0, height - face_px + 1))
        box = FaceBox(x, y, face_px, face_px)
        yield Sample(place_face(picture, face, box), box)


def samples_without(photos: Sequence[ImageArray], size: tuple[int, int]) -> Iterator[Sample]:
    """EMPTY_PER_PHOTO crops of every photograph."""
    rng = np.random.default_rng([SEED, size[0]])
    for photo in photos:
        for _ in range(EMPTY_PER_PHOTO):
            yield Sample(background(photo, size, rng), None)


def measure(settings: HaarSettings, by_size: Mapping[int, Sequence[Sample]], empty: Sequence[Sample]) -> dict[str, Any]:
    """One row of the curve for one setting."""
    detector = HaarFaceDetector(settings=settings)
    row: dict[str, Any] = {
        "frontal": settings.frontal_file.removeprefix("haarcascade_frontalface_").removesuffix(".xml"),
        "reduction": settings.reduction,
        "scale_factor": settings.scale_factor,
        "min_neighbours": settings.min_neighbours,
        "profile_neighbours": settings.profile_neighbours,
    }
    overlaps: list[float] = []
    for face_px, samples in by_size.items():
        best = [max((b.iou(s.box) for b in detector.detect(s.image)), default=0.0) for s in samples if s.box]
        overlaps += [overlap for overlap in best if overlap >= FOUND_IOU]
        row[f"recall_{face_px}"] = round(sum(overlap >= FOUND_IOU for overlap in best) / len(best), 3)
    row["recall"] = round(float(np.mean([row[f"recall_{face_px}"] for face_px in by_size])), 3)
    row["median_iou"] = round(float(np.median(overlaps)), 2) if overlaps else 0.0
    row["false_per_picture"] = round(sum(len(detector.detect(s.image)) for s in empty) / len(empty), 4)
    for size in PICTURE_SIZES:
        pictures = [s.image for samples in by_size.values() for s in samples if s.image.shape[1::-1] == size][::10]
        row[f"cpu_ms_{size[0]}x{size[1]}"] = round(cpu_ms(detector, pictures), 1)
    return row


def cpu_ms(detector: HaarFaceDetector, pictures: Sequence[ImageArray]) -> float:
    """Median CPU milliseconds (not wall time) of one detection."""
    times = []
    for picture in pictures:
        start = time.process_time()
        detector.detect(picture)
        times.append((time.process_time() - start) * 1000)
    return float(np.median(times))


def pictures_for(shared: Path, faces_per_size: int = FACES_PER_SIZE) -> tuple[dict[int, list[Sample]], list[Sample]]:
    """The pictures with a face, by its size, and those without."""
    photos = photographs()
    faces = validation_faces(shared, faces_per_size)
    by_size = {face_px: list(samples_with_faces(faces, face_px, photos)) for face_px in SIZES_PX}
    return by_size, [sample for size in PICTURE_SIZES for sample in samples_without(photos, size)]


def run(context: Any = None) -> list[dict[str, Any]]:
    """Rows for the benchmark table: the product's detector against full-size Haar, on the same pictures."""
    shared = shared_folder(getattr(context, "shared_dir", None))
    by_size, empty = pictures_for(shared, faces_per_size=30)
    ours, base = measure(HaarSettings(), by_size, empty), measure(BASELINE, by_size, empty)
    cpu = f"cpu_ms_{PICTURE_SIZES[0][0]}x{PICTURE_SIZES[0][1]}"
    names = {
        cpu: ("face detection, 640x480", "ms CPU", "frontal, then profile where it finds nothing"),
        "recall": ("face recall, 60-400 px", "share", "validation faces pasted into face-free pictures"),
        "false_per_picture": ("false boxes a picture", "boxes", "pictures without a face"),
    }
    return [
        {
            "name": name,
            "ours": ours[key],
            "baseline": base[key],
            "ratio": round(base[key] / ours[key], 2) if ours[key] else None,
            "unit": unit,
            "cpu": ours[cpu] if key == cpu else None,
            "note": note,
        }
        for key, (name, unit, note) in names.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", help="folder that holds fer2013/fer2013.parquet")
    parser.add_argument("--faces", type=int, default=FACES_PER_SIZE, help="faces for each size")
    parser.add_argument("--out", type=Path, default=CURVE_FILE)
    given = parser.parse_args()
    try:
        by_size, empty = pictures_for(shared_folder(given.shared), given.faces)
    except FileNotFoundError as exc:
        sys.exit(str(exc))
    rows = []
    for settings in grid():
        rows.append(measure(settings, by_size, empty))
        print(rows[-1], file=sys.stderr)
    unfinished = given.out.with_suffix(".tmp")
    with unfinished.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    unfinished.replace(given.out)


if __name__ == "__main__":
    main()
