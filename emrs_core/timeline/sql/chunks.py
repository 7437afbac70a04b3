"""Samples as one row a second and, once the session is over, as one row for ten minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from emrs_core.errors import TimelineError
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.types import EMOTIONS

FORMAT = 1
ROWS_A_CHUNK = 6000
"""Ten minutes at ten samples a second, 0.45 MB: eight hours are 48 rows."""
LAYOUT = np.dtype(
    [
        ("t_s", "<f8"),
        ("mood", "<i1"),
        ("raw", "<f4", (len(EMOTIONS),)),
        ("smoothed", "<f4", (len(EMOTIONS),)),
        ("face", "?"),
        ("quality", "<u1"),
        ("point", "<f4", (2,)),
    ]
)
"""Format 1: records of 75 bytes, so that chunks laid end to end are read as one array."""


def encode(samples: Samples) -> bytes:
    """The samples as records of ``LAYOUT``."""
    rows = np.empty(len(samples), dtype=LAYOUT)
    for name in LAYOUT.names or ():
        rows[name] = getattr(samples, name)
    return rows.tobytes()


def decode(chunks: Iterable[tuple[int, bytes]]) -> Samples:
    """Samples in order of time from (format, data) pairs. Raises TimelineError for what another version wrote."""
    whole = bytearray()
    for number, data in chunks:
        if number != FORMAT or len(data) % LAYOUT.itemsize:
            raise TimelineError(f"Samples of format {number} ({len(data)} bytes) cannot be read by this version.")
        whole += data
    rows: Any = np.frombuffer(whole, dtype=LAYOUT)
    samples = Samples(**{name: np.ascontiguousarray(rows[name]) for name in LAYOUT.names or ()})
    if ((samples.mood < 0) | (samples.mood >= len(MOOD_NAMES))).any():
        raise TimelineError("Samples hold a mood that this version does not know: a newer one may have written it.")
    return samples.in_order()


def pieces(samples: Samples) -> Iterator[dict[str, Any]]:
    """Rows of the table, ``ROWS_A_CHUNK`` samples each, without the session's id. Samples come in order of time."""
    for start in range(0, len(samples), ROWS_A_CHUNK):
        part = samples.take(slice(start, start + ROWS_A_CHUNK))
        yield {
            "first_s": float(part.t_s[0]),
            "last_s": float(part.t_s[-1]),
            "format": FORMAT,
            "data": encode(part),
        }
