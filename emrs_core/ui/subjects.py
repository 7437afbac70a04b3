"""The face to look inside the network with: found in a picture, cut out, kept in memory only."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from emrs_core.bootstrap import new_analyser
from emrs_core.errors import ImageError
from emrs_core.protocols import EmotionModel
from emrs_core.ui.state import Subject
from emrs_core.ui.stills import fingerprint, require_size
from emrs_core.vision.decode import decode, fit_within
from emrs_core.vision.preprocess import face_crop, face_square

SAMPLE: Final = Path(__file__).resolve().parent / "samples" / "face.jpg"


def sample() -> bytes:
    """A face that may be shown to anybody; the README beside it says whose."""
    return SAMPLE.read_bytes()


def find(data: bytes, model: EmotionModel) -> Subject:
    """The largest face of an encoded picture. Raises ImageError when it is no picture or shows no face."""
    require_size(data)
    image, _ = fit_within(decode(data))
    listener = new_analyser(model).analyse_still(image).listener
    if listener is None:
        raise ImageError("No face was found in this picture. Take one from the front, with light on the face.")
    square = cv2.cvtColor(face_square(image, listener.box), cv2.COLOR_BGR2RGB)
    return Subject(fingerprint(data), face_crop(image, listener.box), np.asarray(square, np.uint8))
