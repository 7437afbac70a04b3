"""Line plots as SVG text, for a report that is one file and needs no network and no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 520, 360
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 14, 46
TICKS = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """One line. ``look`` is its CSS class, which gives it its colour; ``dots`` marks each point."""

    name: str
    points: Sequence[Point]
    look: str
    dots: bool = True


@dataclass(frozen=True, slots=True)
class Axes:
    """What the axes say, and the values at their ends."""

    x_title: str
    y_title: str
    x: Point = (0.0, 1.0)
    y: Point = (0.0, 1.0)


def line_plot(series: Sequence[Series], axes: Axes, alt: str) -> str:
    """An ``<svg>`` of the lines with axes in percent; ``alt`` says in words what it shows."""
    drawn = "".join(_line(entry, axes) for entry in series)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt)}">{_grid(axes)}{drawn}'
        f'{_titles(axes)}</svg><p class="legend">{"".join(_legend(entry) for entry in series)}</p>'
    )


def _at(point: Point, axes: Axes) -> Point:
    x = LEFT + (point[0] - axes.x[0]) / (axes.x[1] - axes.x[0]) * (WIDTH - LEFT - RIGHT)
    y = HEIGHT - BOTTOM - (point[1] - axes.y[0]) / (axes.y[1] - axes.y[0]) * (HEIGHT - TOP - BOTTOM)
    return round(x, 1), round(y, 1)


def _line(series: Series, axes: Axes) -> str:
    places = [_at(point, axes) for point in series.points]
    path = " ".join(f"{x},{y}" for x, y in places)
    titles = [f"{100 * x:.1f} %, {100 * y:.1f} %" for x, y in series.points]
    dots = "".join(
        f'<circle cx="{x}" cy="{y}" r="4"><title>{escape(series.name)}: {title}</title></circle>'
        for (x, y), title in zip(places, titles, strict=True)
        if series.dots
    )
    return f'<g class="{series.look}"><polyline points="{path}"/>{dots}</g>'


def _grid(axes: Axes) -> str:
    parts = []
    for step in range(TICKS + 1):
        x = axes.x[0] + (axes.x[1] - axes.x[0]) * step / TICKS
        y = axes.y[0] + (axes.y[1] - axes.y[0]) * step / TICKS
        (left, up), (right, _), (across, bottom) = (
            _at(p, axes) for p in ((axes.x[0], y), (axes.x[1], y), (x, axes.y[0]))
        )
        parts.append(f'<line class="grid" x1="{left}" y1="{up}" x2="{right}" y2="{up}"/>')
        parts.append(f'<text class="tick" x="{left - 8}" y="{up + 4}" text-anchor="end">{100 * y:.0f}</text>')
        parts.append(f'<text class="tick" x="{across}" y="{bottom + 18}" text-anchor="middle">{100 * x:.0f}</text>')
    return "".join(parts)


def _titles(axes: Axes) -> str:
    middle_x, middle_y = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    return (
        f'<text class="title" x="{middle_x}" y="{HEIGHT - 6}" text-anchor="middle">{escape(axes.x_title)}</text>'
        f'<text class="title" transform="rotate(-90)" x="{-middle_y}" y="14" text-anchor="middle">'
        f"{escape(axes.y_title)}</text>"
    )


def _legend(series: Series) -> str:
    return f'<span class="{series.look}"><i></i>{escape(series.name)}</span>'
