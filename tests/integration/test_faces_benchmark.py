"""The face benchmark measures the product's own detector, and says what it needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.bench_faces import SharingDetector, measure, pictures_for, write_table
from benchmarks.pasted_faces import photographs, samples_without, shared_folder
from benchmarks.rows import BenchmarkError
from emrs_core.testing.faces import astronaut_picture
from emrs_core.vision.haar import HaarFaceDetector, HaarSettings


def test_sharing_scans_changes_no_box() -> None:
    pictures = [
        astronaut_picture(426, 240, 100),
        *(sample.image for sample in list(samples_without(photographs()))[:3]),
    ]
    scans: dict[tuple[int, tuple[float, int], int], object] = {}
    for neighbours in (1, 3, 6):
        settings = replace(HaarSettings(), min_neighbours=neighbours)
        plain, sharing = HaarFaceDetector(settings=settings), SharingDetector(settings, scans)  # type: ignore[arg-type]
        assert [plain.detect(picture) for picture in pictures] == [sharing.detect(picture) for picture in pictures]


def test_without_the_data_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match="EMRS_SHARED_DIR"):
        shared_folder(tmp_path)


def test_the_table_is_written_whole(tmp_path: Path) -> None:
    write_table([{"a": 1, "b": None}, {"a": 2, "b": 3}], tmp_path / "new" / "t.csv")
    assert (tmp_path / "new" / "t.csv").read_text(encoding="utf-8") == "a,b\n1,\n2,3\n"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["t.csv"]


@pytest.mark.shared_data
def test_a_row_of_the_curve(shared_dir: Path) -> None:
    by_size, empty = pictures_for(shared_dir, 2)
    row = measure(HaarSettings(), {100: by_size[100], 200: by_size[200]}, empty[::8], {})
    assert 0.0 <= row["recall"] <= 1.0
    assert np.isclose(row["recall"], (row["recall_100"] + row["recall_200"]) / 2, atol=1e-3)
