"""The whole way from a frame to an estimate, with a scripted detector and network."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.errors import ImageError
from emrs_core.testing.faces import FakeFaceDetector, astronaut_picture
from emrs_core.testing.models import FakeEmotionModel, probabilities_of
from emrs_core.types import Emotion, FaceBox, Frame, FrameAnalysis, ImageArray, QualityIssue
from emrs_core.vision.pipeline import FaceAnalyser

PICTURE = astronaut_picture(640, 480, 150)
BOX, SMALL = FaceBox(245, 165, 150, 150), FaceBox(20, 20, 70, 70)
DARK = (PICTURE * 0.1).astype(np.uint8)


def analyser(*script: list[FaceBox], per_s: float = 8.0) -> tuple[FaceAnalyser, FakeEmotionModel]:
    model = FakeEmotionModel([probabilities_of(Emotion.HAPPY)])
    return FaceAnalyser(FakeFaceDetector(*script or ([BOX],)), model, predictions_per_s=per_s), model


def stream(faces: FaceAnalyser, seconds: float, fps: float, image: ImageArray = PICTURE) -> list[FrameAnalysis]:
    return [faces.analyse(Frame(image, i / fps)) for i in range(round(seconds * fps))]


def test_the_first_frame_with_a_face_is_read() -> None:
    faces, _ = analyser()
    analysis = faces.analyse(Frame(PICTURE, 2.5))
    assert analysis.t_s == 2.5
    assert analysis.listener is not None
    assert analysis.listener.box == BOX
    assert analysis.estimate is not None
    assert (analysis.estimate.t_s, analysis.estimate.label) == (2.5, Emotion.HAPPY)


@pytest.mark.parametrize(("fps", "wanted", "expected"), [(15, 8, 8), (30, 8, 8), (30, 9, 9), (10, 8, 8), (5, 8, 5)])
def test_looks_come_at_the_wanted_mean_rate(fps: int, wanted: int, expected: int) -> None:
    faces, model = analyser(per_s=wanted)
    stream(faces, 6, fps)
    assert model.calls == pytest.approx(expected * 6, abs=1)


def test_after_a_pause_looks_do_not_come_in_a_burst() -> None:
    faces, model = analyser(per_s=4)
    stream(faces, 1, 15)
    before = model.calls
    for i in range(15):
        faces.analyse(Frame(PICTURE, 20.0 + i / 15))
    assert model.calls - before <= 5


def test_a_poor_face_is_framed_but_not_read() -> None:
    faces, model = analyser()
    analysis = faces.analyse(Frame(DARK, 0.0))
    assert analysis.listener is not None
    assert QualityIssue.TOO_DARK in analysis.listener.quality.reasons
    assert analysis.estimate is None
    assert model.calls == 0


def test_without_a_face_the_picture_is_graded() -> None:
    faces, _ = analyser([])
    assert faces.analyse(Frame(DARK, 0.0)).picture.reasons == (QualityIssue.TOO_DARK,)
    assert faces.analyse(Frame(PICTURE, 0.1)).picture.ok
    assert faces.analyse_still(DARK).picture.reasons == (QualityIssue.TOO_DARK,)


def test_only_the_listener_is_read() -> None:
    faces, model = analyser([BOX, SMALL])
    seen = stream(faces, 2, 15)
    assert len(seen[-1].faces) == 2
    assert model.seen == model.calls


def test_an_older_frame_begins_another_stream() -> None:
    faces, _ = analyser()
    faces.analyse(Frame(PICTURE, 100.0))
    assert faces.analyse(Frame(PICTURE, 0.0)).estimate is not None


def test_a_still_is_read_at_once_and_leaves_the_stream_alone() -> None:
    faces, _ = analyser([BOX], [SMALL, BOX], [BOX])
    faces.analyse(Frame(PICTURE, 0.0))
    still = faces.analyse_still(PICTURE)
    assert [face.box for face in still.faces] == [BOX, SMALL]
    assert still.estimate is not None
    after = faces.analyse(Frame(PICTURE, 0.3))
    assert [face.box.iou(BOX) > 0.9 for face in after.faces] == [True]


def test_a_poor_still_is_not_read() -> None:
    faces, model = analyser()
    assert faces.analyse_still(DARK).estimate is None
    assert model.calls == 0


def test_every_face_of_a_still_has_its_own_reading() -> None:
    model = FakeEmotionModel([probabilities_of(Emotion.SAD), probabilities_of(Emotion.FEAR)])
    readings = FaceAnalyser(FakeFaceDetector([SMALL, BOX]), model).read_faces(PICTURE)
    assert [reading.estimate.label for reading in readings] == [Emotion.SAD, Emotion.FEAR]
    assert [reading.face.is_listener for reading in readings] == [True, False]
    assert readings[0].face.box == BOX
    assert model.calls == 1


def test_a_still_without_a_face_has_no_reading() -> None:
    assert analyser([])[0].read_faces(PICTURE) == ()


def test_a_picture_that_is_a_face_needs_no_detection() -> None:
    reading = analyser([])[0].read_whole(PICTURE[165:315, 245:395])
    assert reading.face.box == FaceBox(0, 0, 150, 150)
    assert reading.face.is_listener
    assert reading.estimate.label is Emotion.HAPPY


def test_bad_pictures_are_image_errors() -> None:
    bad = np.zeros((480, 640), np.uint8)
    faces, _ = analyser()
    for call in (faces.analyse_still, faces.read_faces, faces.read_whole, lambda image: faces.analyse(Frame(image, 0))):
        with pytest.raises(ImageError):
            call(bad)


def test_stills_and_stream_take_turns_at_the_detector() -> None:
    class Busy(FakeFaceDetector):
        inside, most = 0, 0

        def detect(self, image: ImageArray, near: Sequence[FaceBox] = ()) -> tuple[FaceBox, ...]:
            Busy.inside += 1
            Busy.most = max(Busy.most, Busy.inside)
            found = super().detect(image, near)
            threading.Event().wait(0.002)
            Busy.inside -= 1
            return found

    faces = FaceAnalyser(Busy([BOX]), FakeEmotionModel())
    threads = [threading.Thread(target=faces.read_faces, args=(PICTURE,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Busy.most == 1


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.0, 0.5), min_size=1, max_size=40), st.sampled_from([2.0, 5.0, 8.0]))
def test_never_more_looks_than_wanted(steps: list[float], per_s: float) -> None:
    faces, model = analyser(per_s=per_s)
    t_s = 0.0
    for step in steps:
        t_s += step
        faces.analyse(Frame(PICTURE, t_s))
    assert model.calls <= t_s * per_s + 2
