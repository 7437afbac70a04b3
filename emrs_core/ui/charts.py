"""Emotion over time as a Plotly figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emrs_core.types import EMOTIONS, MoodSample
from emrs_core.ui import words
from emrs_core.ui.figures import ASIDE, SEEN, Figure, axis, layout, line_trace
from emrs_core.ui.palette import EMOTION_STYLES, css_variable

LEGEND_PX: Final = 42
"""So much of each line in the legend that its pattern is known."""
WINDOW_S: Final = 120.0
"""Two minutes on the axis: long enough for a song's opening, short enough to see seconds."""


def emotion_chart(samples: Sequence[MoodSample], raw: bool = False) -> Figure:
    """Smoothed probability of the seven emotions over the visit's last two minutes; ``raw`` adds every single look."""
    times = [round(sample.mood.t_s, 2) for sample in samples]
    data: list[dict[str, Any]] = []
    for index, emotion in enumerate(EMOTIONS):
        colour = f"var({css_variable(emotion)})"
        if raw:
            looks = [_percent(s.raw.probabilities[index]) if s.raw else None for s in samples]
            data.append(line_trace(times, looks, {"color": colour, "width": 1}, opacity=0.35, hoverinfo="skip"))
        values = [_smoothed(sample, index) for sample in samples]
        line = {"color": colour, "width": 2.4, "dash": EMOTION_STYLES[emotion].dash}
        name = words.EMOTION_NAMES[emotion]
        hover = "%{y:.0f} %<extra>" + name + "</extra>"
        data.append(line_trace(times, values, line, name=name, hovertemplate=hover, showlegend=True))
    look = {
        **layout(),
        "hovermode": "x unified",
        "legend": {
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "font": {"size": 12},
            "itemwidth": LEGEND_PX,
        },
        "xaxis": {**axis("Time since the visit began (min:s)"), **_minutes(times[-1] if times else 0.0)},
        "yaxis": {**axis("Probability (%)"), "range": [0, 102], "fixedrange": True},
    }
    return {"data": data, "layout": look}


def emotion_chart_text(samples: Sequence[MoodSample]) -> str:
    """The chart in a sentence, for those who do not see it."""
    seen = [m for sample in samples if (m := sample.mood).kind in SEEN and m.probabilities is not None]
    if not seen:
        return "Emotion over time: nothing read yet."
    shares = [sum(m.probabilities[i] for m in seen if m.probabilities) / len(seen) for i in range(len(EMOTIONS))]
    ranked = sorted(zip(shares, EMOTIONS, strict=True), reverse=True)[:3]
    parts = ", ".join(f"{words.EMOTION_NAMES[emotion].lower()} {share:.0%}" for share, emotion in ranked)
    return f"Emotion over time, smoothed, last {WINDOW_S:.0f} seconds. On average {parts}."


def _percent(probability: float) -> float:
    return round(100 * probability, 1)


def _smoothed(sample: MoodSample, index: int) -> float | None:
    mood = sample.mood
    if mood.kind not in SEEN or mood.probabilities is None:
        return None  # a gap, not a zero: nothing was read
    return _percent(mood.probabilities[index])


def _minutes(last_s: float) -> dict[str, Any]:
    """A window that moves with the newest reading, with its ticks as minutes and seconds."""
    end_s = max(last_s, WINDOW_S)
    ticks = range(0, int(end_s) + 31, 15 if end_s <= WINDOW_S else 30)
    return {
        "range": [end_s - WINDOW_S, end_s],
        "tickvals": list(ticks),
        "ticktext": [f"{t // 60}:{t % 60:02d}" for t in ticks],
        **ASIDE,
    }
