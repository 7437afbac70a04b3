"""Figures for the two nine-step scales of a self-report: drawn by code, in the colours of whichever theme is on.

The scales are those of the Self-Assessment Manikin, the drawings our own: for valence the face alone changes, from
drawn down to beaming; for arousal the eyes open and a burst grows in the chest.
Source of the scales: Bradley & Lang (1994), Measuring emotion: the Self-Assessment Manikin and the semantic
differential.
"""

from __future__ import annotations

import math
from typing import Final

from emrs_core.timeline.events import SAM_SCALE

WIDTH, HEIGHT = 48, 60
STEPS: Final = tuple(range(SAM_SCALE[0], SAM_SCALE[1] + 1))
_HEAD: Final = (24.0, 19.0, 14.0)  # centre and radius
_CHEST: Final = (24.0, 47.0)
_SHOULDERS: Final = "M5 59c0-14 6-23 19-23s19 9 19 23"


def valence_figure(step: int) -> str:
    """The figure of that step of pleasure, 1 unpleasant to 9 pleasant, as an SVG element."""
    u = _place(step)
    brow = 2.2 * max(0.0, -u)  # inner ends rise with sorrow
    lines = [
        f"M15.5 {_n(12.5 + brow)}L20 {_n(12.5 - brow)}M32.5 {_n(12.5 + brow)}L28 {_n(12.5 - brow)}" if u < 0 else "",
        _mouth(u),
    ]
    eyes = _smiling_eyes() if u > 0.6 else _dots(1.7)
    return _figure(eyes, "".join(lines))


def arousal_figure(step: int) -> str:
    """The figure of that step of activation, 1 calm to 9 excited, as an SVG element."""
    u = (_place(step) + 1) / 2
    eyes = '<path d="M16 18q2.2 1.8 4.4 0M27.6 18q2.2 1.8 4.4 0"/>' if u < 0.2 else _dots(1.0 + 1.9 * u)
    mouth = f'<ellipse class="emrs-sam-ink" cx="24" cy="26.5" rx="{_n(2.6 + u)}" ry="{_n(0.4 + 2.2 * u)}"/>'
    return _figure(eyes + mouth + _burst(u), "")


def _place(step: int) -> float:
    low, high = SAM_SCALE
    return 2 * (step - low) / (high - low) - 1


def _figure(parts: str, lines: str) -> str:
    x, y, radius = _HEAD
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<path class="emrs-sam-body" d="{_SHOULDERS}z"/><circle class="emrs-sam-body" cx="{x}" cy="{y}" r="{radius}"/>'
        f'{parts}<path d="{lines}"/></svg>'
    )


def _mouth(u: float) -> str:
    """A curve through the middle of the mouth: its ends rise with pleasure."""
    half, bend = 5.2 + 1.6 * abs(u), 5.5 * u
    ends = 25.5 - bend / 2
    return f"M{_n(24 - half)} {_n(ends)}Q24 {_n(ends + 2 * bend)} {_n(24 + half)} {_n(ends)}"


def _dots(radius: float) -> str:
    return "".join(f'<circle class="emrs-sam-ink" cx="{x}" cy="18" r="{_n(radius)}"/>' for x in (18.2, 29.8))


def _smiling_eyes() -> str:
    return '<path d="M15.8 18.6q2.4-3 4.8 0M27.4 18.6q2.4-3 4.8 0"/>'


def _burst(u: float) -> str:
    """A star in the chest that grows in size and in spikes; a dot when all is calm."""
    x, y = _CHEST
    outer, inner, spikes = 1.2 + 9.0 * u, 1.0 + 4.0 * u, 5 + round(5 * u)
    corners = []
    for k in range(2 * spikes):
        angle, radius = math.pi * k / spikes - math.pi / 2, inner if k % 2 else outer
        corners.append(f"{_n(x + radius * math.cos(angle))},{_n(y + radius * math.sin(angle))}")
    return f'<polygon class="emrs-sam-burst" points="{" ".join(corners)}"/>'


def _n(value: float) -> str:
    return f"{value:.1f}"
