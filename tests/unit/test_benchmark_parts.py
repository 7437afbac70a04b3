"""What the benchmarks measure with: a wrong ruler would make every figure wrong."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.marked_clip import BITS, CELL_PX, CELLS, STRIP_PX, cells, marked_frames
from benchmarks.scenes import FACE_PX, SPEED_PX_S, moving_face
from benchmarks.stages import StageClock


def burn(seconds: float) -> None:
    end_s = time.process_time() + seconds
    while time.process_time() < end_s:
        pass


def test_a_stage_within_another_counts_for_itself_alone() -> None:
    clock = StageClock()
    with clock.stage("outer"):
        burn(0.02)
        for _ in range(2):
            with clock.stage("inner"):
                burn(0.02)
    assert clock.calls == {"outer": 1, "inner": 2}
    assert clock.cpu_s["inner"] == pytest.approx(0.04, abs=0.01)
    assert clock.cpu_s["outer"] == pytest.approx(0.02, abs=0.01)


def test_watched_functions_are_put_back_even_after_an_exception() -> None:
    def share(number: int) -> float:
        return 8 / number

    owner, clock = SimpleNamespace(share=share), StageClock()
    with pytest.raises(ZeroDivisionError), clock.watching((owner, "share", "work")):
        owner.share(0)
    assert owner.share is share
    assert clock.calls["work"] == 1


def test_the_face_moves_at_its_speed_and_stays_in_the_picture() -> None:
    scenes = list(moving_face(60))
    centres = [scene.face.x + scene.face.width / 2 for scene in scenes]
    steps = np.abs(np.diff(centres)) * 15
    assert np.median(steps) == pytest.approx(SPEED_PX_S, abs=15)  # whole pixels, 15 times a second
    assert min(scene.face.x for scene in scenes) >= 0
    assert max(scene.face.x + scene.face.width for scene in scenes) <= 640
    assert {scene.face.width for scene in scenes} == {round(FACE_PX)}


def test_every_number_has_a_code_of_its_own_that_a_mirror_does_not_make_another() -> None:
    codes = {tuple(cells(number)) for number in range(2**BITS)}
    assert len(codes) == 2**BITS
    assert not codes & {tuple(reversed(code)) for code in codes}


def test_the_marks_can_be_read_off_the_pictures() -> None:
    for number, image in zip(range(20), marked_frames(15), strict=False):
        middles = image[STRIP_PX // 2, CELL_PX // 2 :: CELL_PX, 0] > 127
        assert len(middles) == CELLS
        assert list(middles) == cells(number)
