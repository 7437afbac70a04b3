"""The measured curve behind ``HaarSettings``: recall by face size, false boxes a picture, CPU a picture.

Every setting of the grid looks at the same pictures (``pasted_faces``). ``python benchmarks/bench_faces.py`` writes
``results/faces_curve.csv``; ``results/faces_curve.md`` says what follows from it.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import sys
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script, Python knows only this folder
    sys.path.insert(0, str(ROOT))

from benchmarks.context import Context  # noqa: E402
from benchmarks.pasted_faces import (  # noqa: E402
    PICTURE_SIZES,
    Sample,
    photographs,
    samples_with_faces,
    samples_without,
    shared_folder,
    validation_faces,
)
from benchmarks.rows import BenchmarkError, Row  # noqa: E402
from emrs_core.types import FaceBox, ImageArray  # noqa: E402
from emrs_core.vision.haar import HaarFaceDetector, HaarSettings  # noqa: E402

CURVE_FILE = ROOT / "benchmarks" / "results" / "faces_curve.csv"
SIZES_PX = (60, 80, 100, 150, 200, 300, 400)
FACES_PER_SIZE = 40  # a recall of .7 over all sizes has a standard error of .03; settings see the same faces
FACES_PER_SIZE_QUICK = 20  # for the table of all benchmarks, where the CPU counts
OPENCV_GROUP_EPS = 0.2  # how alike boxes must be to vote together; fixed inside OpenCV's detectMultiScale
FOUND_IOU = 0.4  # a box counts as the pasted face from this overlap on

BASELINE = HaarSettings(
    frontal_file="haarcascade_frontalface_default.xml",
    reduction=1.0,
    scale_factor=1.1,
    min_neighbours=5,
    profile_neighbours=None,
    min_face_px=0,
)
"""What most projects run: OpenCV's default frontal cascade on the full-size picture, scale 1.1, 5 neighbours."""


def grid() -> list[HaarSettings]:
    """The product's setting with several second looks, what lies around it, and the baseline."""
    default, alt2 = "haarcascade_frontalface_default.xml", "haarcascade_frontalface_alt2.xml"
    product = HaarSettings()
    second = [replace(product, profile_neighbours=neighbours) for neighbours in (None, 1, 2, 3, 4)]
    second += [
        replace(product, profile_scale_factor=1.1, profile_neighbours=4),
        replace(product, profile_min_face_px=40),
        replace(product, profile_neighbours=None, min_face_px=48),
    ]
    at_half = [
        HaarSettings(cascade, 0.5, scale, neighbours, None)
        for cascade, scale, neighbours in itertools.product((alt2, default), (1.1, 1.15, 1.2), (1, 2, 3, 5))
    ]
    smaller = [HaarSettings(alt2, 0.375, scale, neighbours, None) for scale in (1.1, 1.2) for neighbours in (1, 3)]
    return [*second, *(setting for setting in at_half if setting not in second), *smaller, BASELINE]


def pictures_for(shared: Path, faces_per_size: int) -> tuple[dict[int, list[Sample]], list[Sample]]:
    """The pictures with a face, by its size, and those without."""
    photos = photographs()
    faces = validation_faces(shared, faces_per_size)
    by_size = {face_px: list(samples_with_faces(faces, face_px, photos)) for face_px in SIZES_PX}
    return by_size, list(samples_without(photos))


Scans = dict[tuple[int, tuple[float, int], int, FaceBox | None], Sequence[Any]]
"""What a cascade saw before votes were counted, by cascade, range of sizes and (reduced) picture."""


class SharingDetector(HaarFaceDetector):
    """The product's detector, which scans a picture once for all numbers of votes: OpenCV itself counts them last."""

    def __init__(self, settings: HaarSettings, scans: Scans) -> None:
        super().__init__(settings=settings)
        self._scans = scans

    def _votes(
        self, cascade: cv2.CascadeClassifier, grey: ImageArray, neighbours: int, like: FaceBox | None
    ) -> tuple[Any, Any]:
        kind = zlib.crc32(self._settings.frontal_file.encode()) if cascade is self._frontal else 0
        key = (kind, self._range(cascade), zlib.crc32(grey), like)
        if key not in self._scans:
            self._scans[key] = super()._votes(cascade, grey, 0, like)[0]
        return cv2.groupRectangles(self._scans[key], neighbours, OPENCV_GROUP_EPS)


def measure(
    settings: HaarSettings, by_size: Mapping[int, Sequence[Sample]], empty: Sequence[Sample], scans: Scans
) -> dict[str, Any]:
    """One row of the curve: shares of faces found, boxes in a picture without a face, median CPU milliseconds."""
    detector = SharingDetector(settings, scans)
    row: dict[str, Any] = {
        "frontal": settings.frontal_file.removeprefix("haarcascade_frontalface_").removesuffix(".xml"),
        "reduction": settings.reduction,
        "scale_factor": settings.scale_factor,
        "min_neighbours": settings.min_neighbours,
        "min_face_px": settings.min_face_px,
        "profile_neighbours": settings.profile_neighbours,
        "profile_scale_factor": settings.profile_scale_factor if settings.profile_neighbours else None,
        "profile_min_face_px": settings.profile_min_face_px if settings.profile_neighbours else None,
    }
    overlaps: list[float] = []
    for face_px, samples in by_size.items():
        best = [max((b.iou(s.box) for b in detector.detect(s.image)), default=0.0) for s in samples if s.box]
        overlaps += [overlap for overlap in best if overlap >= FOUND_IOU]
        row[f"recall_{face_px}"] = round(sum(overlap >= FOUND_IOU for overlap in best) / len(best), 3)
    row["recall"] = round(float(np.mean([row[f"recall_{face_px}"] for face_px in by_size])), 3)
    row["median_iou"] = round(float(np.median(overlaps)), 2) if overlaps else 0.0
    found = [box for sample in empty for box in detector.detect(sample.image)]
    row["false_per_picture"] = round(len(found) / len(empty), 4)
    row["false_turned"] = round(sum(box.turned for box in found) / len(empty), 4)
    for size in PICTURE_SIZES:
        with_face = [s.image for samples in by_size.values() for s in samples[: len(PICTURE_SIZES)]]
        plain = HaarFaceDetector(settings=settings)
        row[f"cpu_ms_face_{size[0]}x{size[1]}"] = cpu_ms(plain, with_face, size)
        row[f"cpu_ms_empty_{size[0]}x{size[1]}"] = cpu_ms(plain, [s.image for s in empty[::4]], size)
    return row


def cpu_ms(detector: HaarFaceDetector, pictures: Sequence[ImageArray], size: tuple[int, int]) -> float:
    """Median CPU milliseconds (not wall time) of one detection, over the pictures of that width and height."""
    times = []
    for picture in pictures:
        if picture.shape[1::-1] != size:
            continue
        start = time.process_time()
        detector.detect(picture)
        times.append((time.process_time() - start) * 1000)
    return round(float(np.median(times)), 1)


def run(context: Context) -> list[dict[str, Any]]:
    """Rows for the table of all benchmarks: the product's detector against the baseline, on the same pictures."""
    by_size, empty = pictures_for(shared_folder(context.shared_dir), FACES_PER_SIZE_QUICK)
    ours, base = measure(HaarSettings(), by_size, empty, {}), measure(BASELINE, by_size, empty, {})
    figures = (
        ("cpu_ms_face_640x480", "face detection: 640x480 with a face", "ms CPU", "baseline: full size, scale 1.1, 5"),
        ("cpu_ms_empty_640x480", "face detection: 640x480 without", "ms CPU", "ours looks for profiles as well"),
        ("recall", "face detection: recall, 60-400 px", "share", "pasted FER2013 faces, tight crops"),
        ("false_per_picture", "face detection: false boxes", "a picture", "photographs and textures without a face"),
    )
    return [Row(name, ours[key], base[key], unit, note).as_dict(context.processor) for key, name, unit, note in figures]


def main() -> None:
    """Measure the whole grid and write the curve."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", help="folder that holds fer2013/fer2013.parquet")
    parser.add_argument("--faces", type=int, default=FACES_PER_SIZE, help="faces for each size")
    parser.add_argument("--out", type=Path, default=CURVE_FILE)
    given = parser.parse_args()
    try:
        by_size, empty = pictures_for(shared_folder(given.shared), given.faces)
    except BenchmarkError as exc:
        sys.exit(f"The curve {exc}.")
    rows, scans = [], Scans()
    for number, settings in enumerate(settings_list := grid(), start=1):
        rows.append(measure(settings, by_size, empty, scans))
        print(f"{number}/{len(settings_list)}", rows[-1], file=sys.stderr, flush=True)
    write_table(rows, given.out)


def write_table(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    """The rows as CSV, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(path)


if __name__ == "__main__":
    main()
