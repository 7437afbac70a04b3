"""What several benchmarks look at: a smiling face that moves before a textured background. Made, not stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from emrs_core.testing.faces import ASTRONAUT_FACE
from emrs_core.types import FaceBox, ImageArray

WIDTH, HEIGHT = 640, 480
FPS = 15
SPEED_PX_S = 200.0
FACE_PX = 150.0  # side of the face's box: somebody at a desk
TURN_PX = 130.0  # the face's centre turns back this far from the left and right edge
SEED = 7
HEAD_CENTRE = (225.0, 116.0)  # in scikit-image's astronaut, with the axes of the ellipse that is cut out
HEAD_AXES = (86.0, 112.0)
EDGE_PX = 9.0  # softness of the cut: a hard one would be an edge that no camera sees


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One (480, 640, 3) BGR picture, its time, and where a frontal Haar cascade should see the face."""

    image: ImageArray
    t_s: float
    face: FaceBox


def moving_face(count: int, fps: float = FPS, speed_px_s: float = SPEED_PX_S) -> Iterator[Scene]:
    """``count`` pictures of the face going to and fro at that speed; made one at a time, as they take 0.9 MB each."""
    wall = textured_background()
    person, mask, box = _cut_out()
    span = WIDTH - 2 * TURN_PX
    for index in range(count):
        way = (index / fps * speed_px_s) % (2 * span)
        x = TURN_PX + (way if way <= span else 2 * span - way)
        yield _scene(wall, person, mask, box, (x, HEIGHT / 2), index / fps)


def textured_background(seed: int = SEED) -> ImageArray:
    """Noise at several scales, (480, 640, 3): something to slide past on every side of the face."""
    rng = np.random.default_rng(seed)
    layers = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for grain_px, strength in ((80, 30.0), (20, 14.0), (5, 7.0)):
        noise = rng.normal(0, strength, (HEIGHT // grain_px, WIDTH // grain_px, 3)).astype(np.float32)
        layers += cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    return np.clip(layers + 120, 0, 255).astype(np.uint8)


def _cut_out() -> tuple[ImageArray, np.ndarray[tuple[int, ...], np.dtype[np.float32]], FaceBox]:
    """The astronaut, a soft mask of her head, and her face's box, all in the pixels of scikit-image's picture."""
    from skimage.data import astronaut

    person = np.ascontiguousarray(astronaut()[:, :, ::-1])
    rows, columns = np.mgrid[0 : person.shape[0], 0 : person.shape[1]].astype(np.float32)
    distance = np.hypot((columns - HEAD_CENTRE[0]) / HEAD_AXES[0], (rows - HEAD_CENTRE[1]) / HEAD_AXES[1])
    mask = np.clip((1.0 - distance) * HEAD_AXES[0] / EDGE_PX, 0.0, 1.0).astype(np.float32)
    return person, mask, ASTRONAUT_FACE


def _scene(
    wall: ImageArray,
    person: ImageArray,
    mask: np.ndarray[tuple[int, ...], np.dtype[np.float32]],
    box: FaceBox,
    centre: tuple[float, float],
    t_s: float,
) -> Scene:
    scale = FACE_PX / box.width
    left, top = centre[0] - FACE_PX / 2, centre[1] - FACE_PX / 2
    place = np.array([[scale, 0.0, left - scale * box.x], [0.0, scale, top - scale * box.y]], np.float64)
    head = cv2.warpAffine(person, place, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    alpha = cv2.warpAffine(mask, place, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)[:, :, np.newaxis]
    image = (wall + alpha * (head.astype(np.float32) - wall)).astype(np.uint8)
    return Scene(image, t_s, FaceBox(round(left), round(top), round(FACE_PX), round(FACE_PX)))
