"""Following faces: kept while they move, one listener, nothing flashes, nothing stays for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.errors import ImageError
from emrs_core.testing.faces import FakeFaceDetector, astronaut_picture
from emrs_core.types import Face, FaceBox, Frame, ImageArray
from emrs_core.vision.tracking import FORGET_AFTER_S, FaceTracker

FPS = 15
TEXTURE = np.random.default_rng(1).integers(0, 255, (480, 640, 3), dtype=np.uint8)
NEAR, FAR = FaceBox(100, 100, 150, 150), FaceBox(400, 200, 80, 80)


class LookingDetector:
    """Asks a function what there is to see now, and adds a cascade's jitter."""

    def __init__(self, sees: Callable[[], Iterable[FaceBox]], jitter_px: float = 0.0) -> None:
        self._sees, self._jitter_px = sees, jitter_px
        self._rng = np.random.default_rng(7)
        self.calls = 0

    def detect(self, image: ImageArray, near: Sequence[FaceBox] = ()) -> tuple[FaceBox, ...]:
        self.calls += 1
        shifts = (self._rng.normal(0, self._jitter_px, 2).round().astype(int) for _ in range(99))
        boxes = [
            FaceBox(b.x + int(s[0]), b.y + int(s[1]), b.width, b.height)
            for b, s in zip(self._sees(), shifts, strict=False)
        ]
        return tuple(sorted(boxes, key=lambda box: box.area, reverse=True))


def play(tracker: FaceTracker, seconds: float, start_s: float = 0.0, image: ImageArray = TEXTURE) -> list[list[Face]]:
    """A still picture at FPS; the faces of every frame."""
    return [list(tracker.update(Frame(image, start_s + i / FPS))) for i in range(round(seconds * FPS))]


@pytest.mark.parametrize(("size_px", "speed"), [(150, 200), (80, 200), (250, -200), (120, 60)])
def test_a_moving_face_is_kept(size_px: int, speed: int) -> None:
    place = [320.0]
    detector = LookingDetector(lambda: [_box_at(place[0], size_px)], jitter_px=0.02 * size_px)
    tracker, overlaps, direction = FaceTracker(detector), [], 1
    for i in range(4 * FPS):
        place[0] += direction * speed / FPS
        if not size_px < place[0] < 640 - size_px:
            direction = -direction
        picture = astronaut_picture(640, 480, size_px, (round(place[0]), 260))
        faces = tracker.update(Frame(picture, i / FPS))
        assert len(faces) == 1
        overlaps.append(faces[0].box.iou(_box_at(place[0], size_px)))
    assert min(overlaps) >= 0.6  # asked for: 0.5
    assert 3 * 4 <= detector.calls <= 4 * 4 + 1


def _box_at(x: float, size_px: int) -> FaceBox:
    return FaceBox(round(x - size_px / 2), round(260 - size_px / 2), size_px, size_px)


def test_a_face_that_comes_nearer_is_kept() -> None:
    size = [80.0]
    tracker = FaceTracker(LookingDetector(lambda: [_box_at(320, round(size[0]))]))
    for i in range(3 * FPS):
        size[0] *= 1.02
        faces = tracker.update(Frame(astronaut_picture(640, 480, round(size[0]), (320, 260)), i / FPS))
        assert faces[0].box.iou(_box_at(320, round(size[0]))) >= 0.7


def test_faces_that_are_found_again_are_looked_for_where_they_are() -> None:
    detector = FakeFaceDetector([NEAR, FAR])
    play(FaceTracker(detector), 6)
    whole = [not near for near in detector.near]
    assert whole[:2] == [True, True]  # nobody is sure of them yet
    assert 4 <= sum(whole[2:]) <= 6  # the rest of the picture: once a second
    assert {len(near) for near in detector.near} == {0, 2}
    assert all(
        box.iou(seen) > 0.9 for near in detector.near if near for box, seen in zip(near, (NEAR, FAR), strict=True)
    )


def test_a_face_that_was_missed_is_looked_for_everywhere() -> None:
    detector = FakeFaceDetector([NEAR], [NEAR], [NEAR], [NEAR], (), [NEAR])
    play(FaceTracker(detector), 1.6)
    assert [bool(near) for near in detector.near[:7]] == [False, False, True, True, True, False, True]


def test_jitter_of_the_detector_is_damped() -> None:
    detector = LookingDetector(lambda: [NEAR], jitter_px=4.0)
    places = [faces[0].box.x for faces in play(FaceTracker(detector), 20)[2 * FPS :]]
    assert np.std(places) < 0.75 * 4.0
    assert np.mean(places) == pytest.approx(NEAR.x, abs=1.5)


def test_searching_looks_at_most_five_times_a_second() -> None:
    detector = FakeFaceDetector(())
    play(FaceTracker(detector), 4)
    assert 3.5 * 4 <= detector.calls <= 5 * 4 + 1


def test_the_first_face_is_there_at_once() -> None:
    faces = FaceTracker(FakeFaceDetector([NEAR])).update(Frame(TEXTURE, 0.0))
    assert [(face.box, face.is_listener) for face in faces] == [(NEAR, True)]


def test_the_listener_stays_while_another_grows_larger() -> None:
    grown = FaceBox(380, 120, 220, 220)
    detector = FakeFaceDetector([NEAR, FAR], [NEAR, FAR], [NEAR, FaceBox(390, 160, 140, 140)], [NEAR, grown])
    seen = play(FaceTracker(detector), 5)
    assert {len(faces) for faces in seen[5:]} == {2}
    assert max(face.box.width for face in seen[-1]) > NEAR.width
    for faces in seen:
        assert faces[0].is_listener
        assert faces[0].box.iou(NEAR) > 0.9


def test_after_the_listener_the_largest_follows() -> None:
    detector = FakeFaceDetector(*[[NEAR, FAR]] * 4, [FAR])
    seen = play(FaceTracker(detector), 4)
    assert len(seen[-1]) == 1
    assert seen[-1][0].is_listener
    assert seen[-1][0].box.iou(FAR) > 0.9


def test_a_face_that_is_gone_is_forgotten_within_about_a_second() -> None:
    tracker = FaceTracker(FakeFaceDetector([NEAR], [NEAR], ()))
    seen = play(tracker, 3)
    last = max(i for i, faces in enumerate(seen) if faces) / FPS
    assert FORGET_AFTER_S - 0.1 <= last <= FORGET_AFTER_S + 0.6


def test_one_miss_of_the_detector_does_not_lose_the_face() -> None:
    tracker = FaceTracker(FakeFaceDetector([NEAR], [NEAR], (), [NEAR], (), (), [NEAR]))
    assert all(len(faces) == 1 for faces in play(tracker, 4))


def test_a_false_box_beside_the_face_never_shows() -> None:
    false = FaceBox(30, 350, 60, 60)
    detector = FakeFaceDetector([NEAR], [NEAR, false], [NEAR], [NEAR], [NEAR, FaceBox(500, 20, 70, 70)], [NEAR])
    assert all(len(faces) == 1 for faces in play(FaceTracker(detector), 4))


def test_a_false_box_before_anybody_came_goes_at_the_second_look() -> None:
    seen = play(FaceTracker(FakeFaceDetector([FAR], ())), 1)
    assert not any(seen[4:])


def test_a_lone_profile_shows_at_its_second_look() -> None:
    side = FaceBox(200, 100, 120, 120, turned=True)
    seen = play(FaceTracker(FakeFaceDetector([side])), 1)
    assert not seen[0]
    assert len(seen[4]) == 1
    assert not seen[4][0].quality.ok


def test_a_second_person_is_framed_soon() -> None:
    seen = play(FaceTracker(FakeFaceDetector([NEAR], [NEAR, FAR])), 1)
    assert len(seen[-1]) == 2


def test_after_a_gap_it_looks_afresh() -> None:
    there = [NEAR]
    tracker = FaceTracker(LookingDetector(lambda: there))
    play(tracker, 1)
    there[0] = FaceBox(420, 250, 150, 150)
    faces = tracker.update(Frame(TEXTURE, 30.0))
    assert [face.box for face in faces if face.box.iou(NEAR) > 0.5] == []
    assert [face.box.iou(there[0]) > 0.9 for face in play(tracker, 1, start_s=30.1)[-1]] == [True]


def test_a_short_gap_keeps_the_face() -> None:
    tracker = FaceTracker(FakeFaceDetector([NEAR]))
    play(tracker, 1)
    assert tracker.update(Frame(TEXTURE, 1.8))[0].box.iou(NEAR) > 0.9


def test_the_picture_may_change_its_size() -> None:
    half = FaceBox(NEAR.x // 2, NEAR.y // 2, NEAR.width // 2, NEAR.height // 2)
    there = [NEAR]
    tracker = FaceTracker(LookingDetector(lambda: there))
    play(tracker, 1)
    there[0] = half
    faces = tracker.update(Frame(TEXTURE[::2, ::2].copy(), 1.0))
    assert [face.box.iou(half) > 0.9 for face in faces] == [True]


def test_an_older_frame_begins_another_stream() -> None:
    tracker = FaceTracker(FakeFaceDetector(*[[NEAR]] * 4, ()))
    play(tracker, 1)
    assert tracker.update(Frame(TEXTURE, 0.0)) == ()


def test_a_bad_picture_is_an_image_error() -> None:
    with pytest.raises(ImageError):
        FaceTracker(FakeFaceDetector()).update(Frame(np.zeros((480, 640), np.uint8), 0.0))


boxes = st.builds(
    FaceBox, st.integers(-40, 600), st.integers(-40, 440), st.integers(20, 400), st.integers(20, 400), st.booleans()
)


@settings(max_examples=40, deadline=None)
@given(
    script=st.lists(st.lists(boxes, max_size=4), min_size=1, max_size=8),
    steps=st.lists(st.floats(0.0, 2.0), min_size=1, max_size=25),
)
def test_whatever_is_detected_there_is_exactly_one_listener(script: list[list[FaceBox]], steps: list[float]) -> None:
    tracker, t_s = FaceTracker(FakeFaceDetector(*script)), 0.0
    small = TEXTURE[:240, :320]
    for step in steps:
        t_s += step
        faces = tracker.update(Frame(small, t_s))
        assert sum(face.is_listener for face in faces) == (1 if faces else 0)
        assert [face.is_listener for face in faces] == sorted((face.is_listener for face in faces), reverse=True)
