"""One measured figure, as every benchmark hands it in and the command line prints it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

KEYS = ("name", "ours", "baseline", "ratio", "unit", "cpu", "note")
DIGITS = 4
"""Significant digits of every figure: more would be noise."""


class BenchmarkError(Exception):
    """A benchmark cannot run here, or what it measured is not what its name says; the message is one line."""


@dataclass(frozen=True, slots=True)
class Row:
    """``ours`` beside ``baseline`` in the same ``unit``; None where there is nothing to compare with."""

    name: str
    ours: float
    baseline: float | None
    unit: str
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Baseline over ours: above 1, ours is the smaller. None without a baseline, or against nothing."""
        return self.baseline / self.ours if self.baseline is not None and self.ours else None

    def as_dict(self, processor: str) -> dict[str, Any]:
        return complete(asdict(self) | {"ratio": self.ratio}, processor)


def complete(row: Mapping[str, Any], processor: str) -> dict[str, Any]:
    """The row with its keys in order, figures rounded, and the processor's name in ``cpu``.

    Raises BenchmarkError for a row with other keys or with a figure that is no finite number.
    """
    if set(row) - {"cpu"} != set(KEYS) - {"cpu"}:
        raise BenchmarkError(f"a row should have the keys {', '.join(KEYS)}, but has {', '.join(map(str, row))}")
    figures = {key: _figure(row[key], f"{key} of {row['name']!r}") for key in ("ours", "baseline", "ratio")}
    full = dict(row) | figures | {"cpu": processor}
    return {key: full[key] for key in KEYS}


def verdict(value: float, *, at_least: float | None = None, under: float | None = None) -> str:
    """How a figure stands to its target, for a row's note."""
    if at_least is not None:
        return f"target at least {at_least:g}: {'met' if value >= at_least else 'MISSED'}"
    if under is not None:
        return f"target under {under:g}: {'met' if value < under else 'MISSED'}"
    raise ValueError("a target is either a least or a most")


def _figure(value: Any, what: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BenchmarkError(f"the {what} should be a finite number or null, but is {value!r}")
    return float(f"{value:.{DIGITS}g}")
