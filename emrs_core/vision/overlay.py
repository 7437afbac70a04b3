"""What is drawn onto the camera's picture: a frame around the listener, a label, quiet frames around others.

Pure functions of their arguments; any thread. About a millisecond of CPU at 640 x 480, so the frame callback may call
it for every picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import cv2

from emrs_core.types import (
    Emotion,
    Face,
    FaceBox,
    FrameAnalysis,
    ImageArray,
    MoodKind,
    MoodState,
    QualityIssue,
)
from emrs_core.vision.images import require_bgr
from emrs_core.vision.label import Colour, Label, paste_label

REFERENCE_HEIGHT_PX = 480
"""Widths and sizes below are for a picture of this height and grow with it."""

SMALLEST_SCALE = 0.75  # below 360 lines the label would no longer be readable if it shrank on
FRAME_WIDTH_PX = 3.0
OTHER_WIDTH_PX = 2.0
HALO_PX = 1.2  # dark rim on either side of every line: keeps it apart from a light wall
CORNER_SHARE = 0.24  # length of a corner's arms, as a share of the box's side
RADIUS_SHARE = 0.10  # of its rounding
LABEL_GAP_PX = 9
LABEL_HEIGHT_PX = 30
OTHER_LABEL_HEIGHT_PX = 22
NEARLY_SURE = 0.995  # from here on a rounded confidence would be 100 %
SUB_PIXEL_BITS = 4  # OpenCV draws on 1/16 of a pixel

INK: Colour = (28, 18, 22)
CALM: Colour = (230, 236, 243)
OTHERS: Colour = (190, 186, 188)

EMOTION_COLOURS: Mapping[Emotion, Colour] = MappingProxyType(
    {
        Emotion.ANGRY: (42, 90, 250),
        Emotion.DISGUST: (116, 154, 59),
        Emotion.FEAR: (180, 85, 176),
        Emotion.HAPPY: (75, 216, 251),
        Emotion.SAD: (255, 166, 98),
        Emotion.SURPRISE: (242, 243, 155),
        Emotion.NEUTRAL: (181, 181, 191),
    }
)
"""BGR of the dashboard's colours for a dark ground (the label is dark): one emotion, one colour everywhere."""

ADVICE: Mapping[QualityIssue, str] = MappingProxyType(
    {
        QualityIssue.TOO_DARK: "More light from the front",
        QualityIssue.TOO_BRIGHT: "Too bright",
        QualityIssue.TOO_SMALL: "Come closer",
        QualityIssue.BLURRED: "Blurred, hold still",
        QualityIssue.TURNED_AWAY: "Turn to the camera",
    }
)


def draw(image: ImageArray, analysis: FrameAnalysis, mood: MoodState | None, *, labels: bool = True) -> ImageArray:
    """A copy of the (H, W, 3) BGR picture with frames and, if wanted, labels. Raises ImageError for another kind.

    ``analysis`` must be in the picture's own coordinates: mirror both or neither (``mirror_analysis``).
    """
    picture = require_bgr(image).copy()
    scale = max(SMALLEST_SCALE, picture.shape[0] / REFERENCE_HEIGHT_PX)
    for face in sorted(analysis.faces, key=lambda face: face.is_listener):  # the listener's frame lies on top
        if face.is_listener:
            _draw_listener(picture, face, mood, labels, scale)
        else:
            _draw_other(picture, face.box, labels, scale)
    return picture


def mirror_analysis(analysis: FrameAnalysis, width_px: int) -> FrameAnalysis:
    """The same analysis for the picture flipped left to right, ``width_px`` wide. Twice gives back the first."""
    faces = tuple(
        replace(face, box=replace(face.box, x=width_px - face.box.x - face.box.width)) for face in analysis.faces
    )
    return replace(analysis, faces=faces)


def caption(face: Face, mood: MoodState | None) -> tuple[str, Colour]:
    """The words and the colour of the listener's label."""
    if mood is None or mood.kind in (MoodKind.WAITING, MoodKind.NO_FACE):
        return (_advice(face) or "Reading ..."), CALM
    if mood.kind is MoodKind.EMOTION and mood.label is not None:
        return f"{mood.label.capitalize()}  {_sure(mood.confidence)}", EMOTION_COLOURS[mood.label]
    if mood.kind is MoodKind.POOR_FACE:
        return (_advice(face) or "Unsure"), CALM
    return "Unsure", CALM


def _sure(confidence: float) -> str:
    """In whole per cent; certainty is never claimed."""
    return ">99%" if confidence >= NEARLY_SURE else f"{confidence:.0%}"


def _advice(face: Face) -> str | None:
    return ADVICE[face.quality.reasons[0]] if face.quality.reasons else None


def _draw_listener(picture: ImageArray, face: Face, mood: MoodState | None, labels: bool, scale: float) -> None:
    text, colour = caption(face, mood)
    width = FRAME_WIDTH_PX * scale
    for line_colour, line_width in ((INK, width + 2 * HALO_PX * scale), (colour, width)):
        _corners(picture, face.box, line_colour, max(1, round(line_width)))
    if labels:
        label = Label(text, colour, round(LABEL_HEIGHT_PX * scale))
        paste_label(picture, label, face.box, round(LABEL_GAP_PX * scale))


def _draw_other(picture: ImageArray, box: FaceBox, labels: bool, scale: float) -> None:
    width = OTHER_WIDTH_PX * scale
    for line_colour, line_width in ((INK, width + HALO_PX * scale), (OTHERS, width)):
        _rounded(picture, box, line_colour, max(1, round(line_width)))
    if labels:
        label = Label("not  counted", None, round(OTHER_LABEL_HEIGHT_PX * scale))
        paste_label(picture, label, box, round(LABEL_GAP_PX * scale / 2))


def _corners(picture: ImageArray, box: FaceBox, colour: Colour, width_px: int) -> None:
    """Four rounded corners."""
    side = min(box.width, box.height)
    radius, arm = RADIUS_SHARE * side, CORNER_SHARE * side
    for x, y, right, down in _corner_places(box):
        _line(picture, (x + right * radius, y), (x + right * arm, y), colour, width_px)
        _line(picture, (x, y + down * radius), (x, y + down * arm), colour, width_px)
        _arc(picture, x, y, right, down, radius, colour, width_px)


def _rounded(picture: ImageArray, box: FaceBox, colour: Colour, width_px: int) -> None:
    """A whole rectangle with rounded corners."""
    radius = RADIUS_SHARE * min(box.width, box.height)
    left, top, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    for y in (top, bottom):
        _line(picture, (left + radius, y), (right - radius, y), colour, width_px)
    for x in (left, right):
        _line(picture, (x, top + radius), (x, bottom - radius), colour, width_px)
    for x, y, to_right, down in _corner_places(box):
        _arc(picture, x, y, to_right, down, radius, colour, width_px)


def _corner_places(box: FaceBox) -> tuple[tuple[int, int, int, int], ...]:
    """Each corner with the directions into the box."""
    right, bottom = box.x + box.width, box.y + box.height
    return (box.x, box.y, 1, 1), (right, box.y, -1, 1), (right, bottom, -1, -1), (box.x, bottom, 1, -1)


def _line(
    picture: ImageArray, start: tuple[float, float], end: tuple[float, float], colour: Colour, width_px: int
) -> None:
    cv2.line(picture, _fine(*start), _fine(*end), colour, width_px, cv2.LINE_AA, SUB_PIXEL_BITS)


def _arc(
    picture: ImageArray, x: int, y: int, right: int, down: int, radius: float, colour: Colour, width_px: int
) -> None:
    angle = {(1, 1): 180, (-1, 1): 270, (-1, -1): 0, (1, -1): 90}[right, down]
    centre = _fine(x + right * radius, y + down * radius)
    axes = _fine(radius, radius)
    cv2.ellipse(picture, centre, axes, angle, 0, 90, colour, width_px, cv2.LINE_AA, SUB_PIXEL_BITS)


def _fine(x: float, y: float) -> tuple[int, int]:
    return round(x * (1 << SUB_PIXEL_BITS)), round(y * (1 << SUB_PIXEL_BITS))
