from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from emrs_core.errors import ImageError
from emrs_core.vision.video import duration_s, read_frames


def write_clip(path: Path, frames: int, fps: int, start_pts: int = 0) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.time_base = Fraction(1, fps)
        for i in range(frames):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 5 * i % 255, np.uint8), format="rgb24")
            picture.pts = start_pts + i
            container.mux(stream.encode(picture))
        container.mux(stream.encode())


def test_frames_carry_the_files_own_time_at_the_wanted_rate(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    write_clip(clip, frames=60, fps=30)
    frames = list(read_frames(clip, fps=10))
    assert len(frames) == pytest.approx(20, abs=1)
    assert frames[0].t_s == 0.0
    assert frames[-1].t_s == pytest.approx(1.9, abs=0.11)
    assert all(later.t_s > earlier.t_s for earlier, later in itertools.pairwise(frames))
    assert frames[0].image.shape == (48, 64, 3)
    assert duration_s(clip) == pytest.approx(2.0, abs=0.1)


def test_a_rate_that_does_not_divide_the_files_is_kept_on_average(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    write_clip(clip, frames=100, fps=25)
    assert len(list(read_frames(clip, fps=10))) == pytest.approx(40, abs=1)


def test_no_more_frames_than_the_file_has(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    write_clip(clip, frames=10, fps=5)
    assert len(list(read_frames(clip, fps=60))) == 10


@pytest.mark.parametrize("content", [b"", b"not a video"])
def test_what_is_no_video_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(ImageError, match=r"clip\.mp4 should be a video"):
        list(read_frames(path, 10))
    with pytest.raises(ImageError, match=r"clip\.mp4"):
        duration_s(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"nowhere\.mp4"):
        list(read_frames(tmp_path / "nowhere.mp4", 10))
