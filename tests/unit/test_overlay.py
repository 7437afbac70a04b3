"""The frame and the label on the camera's picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.errors import ImageError
from emrs_core.types import (
    EMOTIONS,
    Emotion,
    Face,
    FaceBox,
    FaceQuality,
    FrameAnalysis,
    ImageArray,
    MoodKind,
    MoodState,
    QualityIssue,
)
from emrs_core.vision.overlay import ADVICE, EMOTION_COLOURS, caption, draw, mirror_analysis

GREY = np.full((480, 640, 3), 128, np.uint8)
BOX = FaceBox(220, 150, 180, 180)
LISTENER = Face(BOX, FaceQuality(), is_listener=True)
OTHER = Face(FaceBox(480, 60, 90, 90), FaceQuality(), is_listener=False)
HAPPY = MoodState(0.0, MoodKind.EMOTION, Emotion.HAPPY, 0.87)


def seen(*faces: Face) -> FrameAnalysis:
    return FrameAnalysis(0.0, faces)


def touched(image: ImageArray, drawn: ImageArray) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return (image != drawn).any(axis=2)


def test_nothing_is_drawn_without_a_face_and_never_on_the_original() -> None:
    before = GREY.copy()
    drawn = draw(GREY, seen(), HAPPY)
    assert np.array_equal(drawn, GREY)
    assert drawn is not GREY
    draw(GREY, seen(LISTENER, OTHER), HAPPY)
    assert np.array_equal(GREY, before)


def test_the_listeners_frame_has_the_emotions_colour_and_leaves_the_face_free() -> None:
    drawn = draw(GREY, seen(LISTENER), HAPPY)
    assert tuple(drawn[BOX.y, BOX.x + 30]) == EMOTION_COLOURS[Emotion.HAPPY]
    assert not touched(GREY, drawn)[BOX.y + 20 : BOX.y + 160, BOX.x + 20 : BOX.x + 160].any()


def test_others_are_framed_without_the_accent() -> None:
    drawn = draw(GREY, seen(LISTENER, OTHER), HAPPY)
    around = drawn[50:160, 470:580].reshape(-1, 3)
    assert touched(GREY, drawn)[50:160, 470:580].any()
    assert not (around == EMOTION_COLOURS[Emotion.HAPPY]).all(axis=1).any()


def test_labels_can_be_left_out() -> None:
    above = slice(BOX.y - 45, BOX.y - 10), slice(BOX.x, BOX.x + BOX.width)
    assert touched(GREY, draw(GREY, seen(LISTENER), HAPPY))[above].any()
    assert not touched(GREY, draw(GREY, seen(LISTENER), HAPPY, labels=False))[above].any()


@pytest.mark.parametrize("level", [0, 255])
def test_the_label_is_legible_on_dark_and_on_light(level: int) -> None:
    picture = np.full((480, 640, 3), level, np.uint8)
    label = draw(picture, seen(LISTENER), HAPPY)[BOX.y - 39 : BOX.y - 9, BOX.x + 30 : BOX.x + 150].astype(float) / 255
    linear = np.where(label <= 0.04045, label / 12.92, ((label + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.0722, 0.7152, 0.2126]
    words, ground = luminance.max(), np.median(luminance)
    assert (words + 0.05) / (ground + 0.05) >= 4.5  # WCAG 2.2, 1.4.3, contrast of text


@pytest.mark.parametrize(
    ("mood", "reasons", "words"),
    [
        (HAPPY, (), "Happy  87%"),
        (HAPPY, (QualityIssue.BLURRED,), "Happy  87%"),  # one poor frame does not change the label
        (MoodState(0.0, MoodKind.EMOTION, Emotion.HAPPY, 0.999), (), "Happy  >99%"),  # certainty is never claimed
        (MoodState(0.0, MoodKind.UNSURE), (), "Unsure"),
        (MoodState(0.0, MoodKind.POOR_FACE), (QualityIssue.TURNED_AWAY,), "Turn to the camera"),
        (MoodState(0.0, MoodKind.WAITING), (QualityIssue.TOO_DARK,), "More light from the front"),
        (MoodState(0.0, MoodKind.NO_FACE), (), "Reading ..."),
        (None, (), "Reading ..."),
    ],
)
def test_what_the_label_says(mood: MoodState | None, reasons: tuple[QualityIssue, ...], words: str) -> None:
    assert caption(Face(BOX, FaceQuality(reasons), is_listener=True), mood)[0] == words


def test_every_emotion_has_a_colour_and_every_issue_advice() -> None:
    assert set(EMOTION_COLOURS) == set(EMOTIONS)
    assert set(ADVICE) == set(QualityIssue)


def test_the_colours_are_the_dashboards() -> None:
    from emrs_core.ui.palette import EMOTION_STYLES

    for emotion, (blue, green, red) in EMOTION_COLOURS.items():
        assert f"#{red:02X}{green:02X}{blue:02X}" == EMOTION_STYLES[emotion].dark


def test_a_bad_picture_is_an_image_error() -> None:
    with pytest.raises(ImageError):
        draw(np.zeros((480, 640), np.uint8), seen(LISTENER), HAPPY)


faces = st.builds(
    Face,
    st.builds(FaceBox, st.integers(-300, 900), st.integers(-300, 900), st.integers(1, 900), st.integers(1, 900)),
    st.just(FaceQuality()),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(faces, max_size=3), st.integers(1, 500), st.integers(1, 700))
def test_any_face_can_be_drawn_on_any_picture(found: list[Face], height: int, width: int) -> None:
    picture = np.full((height, width, 3), 60, np.uint8)
    assert draw(picture, seen(*found), HAPPY).shape == picture.shape


@settings(deadline=None)
@given(st.lists(faces, max_size=4), st.integers(1, 2000))
def test_mirroring_twice_gives_back_the_first(found: list[Face], width: int) -> None:
    analysis = seen(*found)
    assert mirror_analysis(mirror_analysis(analysis, width), width) == analysis


def test_mirroring_goes_with_the_flipped_picture() -> None:
    drawn = draw(GREY, seen(LISTENER), HAPPY, labels=False)
    flipped = draw(GREY, mirror_analysis(seen(LISTENER), 640), HAPPY, labels=False)
    columns = np.flatnonzero(touched(GREY, drawn).any(axis=0))
    mirrored = np.flatnonzero(touched(GREY, flipped).any(axis=0))
    assert abs((640 - columns[-1]) - mirrored[0]) <= 2
