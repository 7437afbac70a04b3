"""The rows of samples of an exported session, checked and made columns a few thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import TimelineError
from emrs_core.timeline.export.json_file import SAMPLE_COLUMNS
from emrs_core.timeline.samples import MOOD_NAMES, QUALITY_ISSUES, Samples
from emrs_core.timeline.tally import MOST_S
from emrs_core.types import EMOTIONS, PROBABILITY_SUM_TOLERANCE

CHUNK_ROWS = 10_000
"""Some 10 MB as Python's numbers, 0.75 MB as columns."""
_CELLS = {float, int, type(None)}
_RAW = slice(4, 4 + len(EMOTIONS))
_SMOOTHED = slice(_RAW.stop, _RAW.stop + len(EMOTIONS))
_POINT = slice(_SMOOTHED.stop, _SMOOTHED.stop + 2)


def samples_of(rows: Iterator[Any]) -> Samples:
    """All rows as columns, in the file's order; moods still by the file's own codes. Raises TimelineError."""
    parts: list[Samples] = []
    while chunk := list(islice(rows, CHUNK_ROWS)):
        parts.append(_columns(chunk, CHUNK_ROWS * len(parts)))
    return Samples.joined(parts)


def with_own_codes(samples: Samples, names: Sequence[Any]) -> Samples:
    """The same with our codes for the moods, which the file numbers in the order of ``names``. Raises TimelineError."""
    unknown = [name for name in names if name not in MOOD_NAMES]
    if unknown:
        raise TimelineError(f"there is no mood called {unknown[0]!r:.60}.")
    beyond = samples.mood >= len(names)
    if beyond.any():
        raise TimelineError(f"sample {int(np.argmax(beyond)) + 1}: its mood is not one of 'moods'.")
    codes = np.array([MOOD_NAMES.index(name) for name in names], dtype=np.int8)
    return samples.with_moods(codes[samples.mood])


def _columns(rows: list[Any], before: int) -> Samples:
    """``before``: how many rows came earlier, for the error's place."""
    for place, row in enumerate(rows, before + 1):
        if not isinstance(row, list) or len(row) != len(SAMPLE_COLUMNS) or not _CELLS.issuperset(map(type, row)):
            raise TimelineError(f"sample {place} should be {len(SAMPLE_COLUMNS)} numbers (null where unknown).")
    try:
        table = np.array(rows, dtype=np.float64)
    except OverflowError:
        raise TimelineError("a sample holds a number too large to be one of a session.") from None
    _check_ranges(table, before)
    return Samples(
        t_s=table[:, 0].copy(),
        mood=table[:, 1].astype(np.int8),
        face=table[:, 2] == 1,
        quality=table[:, 3].astype(np.uint8),
        raw=table[:, _RAW].astype(np.float32),
        smoothed=table[:, _SMOOTHED].astype(np.float32),
        point=table[:, _POINT].astype(np.float32),
    )


def _check_ranges(table: NDArray[np.float64], before: int) -> None:
    codes, readings, point = table[:, 1:4], table[:, _RAW.start : _SMOOTHED.stop], table[:, _POINT]
    most = np.array([len(MOOD_NAMES) - 1, 1, 2 ** len(QUALITY_ISSUES) - 1])
    checks = {
        "t_s should be a number of seconds": np.abs(table[:, 0]) <= MOST_S,
        "mood, face and quality should be codes": ((codes >= 0) & (codes <= most) & (codes % 1 == 0)).all(axis=1),
        "probabilities should lie between 0 and 1": (
            np.isnan(readings) | ((readings >= 0) & (readings <= 1 + PROBABILITY_SUM_TOLERANCE))
        ).all(axis=1),
        "valence and arousal should lie between -1 and 1": (np.isnan(point) | (np.abs(point) <= 1)).all(axis=1),
    }
    for sentence, good in checks.items():
        if not good.all():
            raise TimelineError(f"sample {before + int(np.argmin(good)) + 1}: {sentence}.")
