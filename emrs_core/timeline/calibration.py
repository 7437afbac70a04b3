"""How a person's neutral face is read: ten seconds of looks, averaged. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence

from emrs_core.errors import CalibrationError
from emrs_core.timeline.events import Baseline
from emrs_core.types import EmotionEstimate

CALIBRATION_S = 10.0
"""Long enough that a blink or a word does not count, short enough to sit still."""
MIN_SECONDS = 8
"""Of the ten, those with a look that could be read: a face that was away for longer was not at rest either."""
MIN_LOOKS = 20
"""Two a second: with fewer, one odd look would weigh more than a twentieth."""

AGAIN = "Sit facing the camera, with light from the front, and begin again."


def calibrate(looks: Sequence[EmotionEstimate], start_s: float, zero_s: float = 0.0) -> Baseline:
    """The mean of the single looks' probabilities over ``CALIBRATION_S`` from ``start_s`` on.

    ``looks`` may reach beyond that time; their ``t_s`` and ``start_s`` are of the same clock, on which the session
    began at ``zero_s``. Raises CalibrationError when the face could not be read for long enough.
    """
    end_s = start_s + CALIBRATION_S
    within = [look for look in looks if start_s <= look.t_s < end_s]
    seconds = len({math.floor(look.t_s - start_s) for look in within})
    if not within:
        raise CalibrationError(f"No face could be read in these ten seconds. {AGAIN}")
    if seconds < MIN_SECONDS:
        raise CalibrationError(
            f"The face could be read in only {seconds} of ten seconds; {MIN_SECONDS} are needed. {AGAIN}"
        )
    if len(within) < MIN_LOOKS:
        raise CalibrationError(
            f"Only {len(within)} looks came in ten seconds; {MIN_LOOKS} are needed. Close other programs that keep "
            "this computer busy, and begin again."
        )
    columns = zip(*(look.probabilities for look in within), strict=True)
    means = tuple(math.fsum(column) / len(within) for column in columns)
    return Baseline(t_s=start_s - zero_s, until_s=end_s - zero_s, probabilities=means, looks=len(within))
