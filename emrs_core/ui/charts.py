"""The two live charts as Plotly figures: emotion over time, and the valence-arousal plane.

Figures are plain ``{"data", "layout"}`` (building validated graph objects would cost 20 ms of each redraw; a test
validates them instead). Colours are CSS variables, which the chart component turns into the theme's colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from emrs_core.affect import EMOTION_POINTS
from emrs_core.types import EMOTIONS, AffectPoint, Emotion, MoodKind, MoodSample, Recommendation
from emrs_core.ui import words
from emrs_core.ui.palette import ACCENT, EMOTION_STYLES, FAINT, GROUND, INK, css_variable

Figure = dict[str, Any]

WINDOW_S: Final = 120.0
"""Two minutes on the axis: long enough for a song's opening, short enough to see seconds."""
TRAIL_S: Final = 30.0
HEIGHT_PX: Final = 330
LABEL_LIFT: Final = 0.15  # in plane units
PICK: Final = "pick"
"""The name of the invisible points that can be clicked."""

_SEEN = (MoodKind.EMOTION, MoodKind.UNSURE)
_CORNERS = ((-1.08, 1.03, "tense"), (1.08, 1.03, "lively"), (-1.08, -1.03, "gloomy"), (1.08, -1.03, "serene"))


def emotion_chart(samples: Sequence[MoodSample], raw: bool = False) -> Figure:
    """Smoothed probability of the seven emotions over the visit's last two minutes; ``raw`` adds every single look."""
    times = [round(sample.mood.t_s, 2) for sample in samples]
    data: list[dict[str, Any]] = []
    for index, emotion in enumerate(EMOTIONS):
        colour = f"var({css_variable(emotion)})"
        if raw:
            looks = [_percent(s.raw.probabilities[index]) if s.raw else None for s in samples]
            data.append(_line(times, looks, {"color": colour, "width": 1}, opacity=0.35, hoverinfo="skip"))
        values = [_smoothed(sample, index) for sample in samples]
        line = {"color": colour, "width": 2.4, "dash": EMOTION_STYLES[emotion].dash}
        name = words.EMOTION_NAMES[emotion]
        hover = "%{y:.0f} %<extra>" + name + "</extra>"
        data.append(_line(times, values, line, name=name, hovertemplate=hover, showlegend=True))
    layout = {
        **_layout(),
        "hovermode": "x unified",
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        "xaxis": {**_axis("Time since the visit began (min:s)"), **_minutes(times[-1] if times else 0.0)},
        "yaxis": {**_axis("Probability (%)"), "range": [0, 102], "fixedrange": True},
    }
    return {"data": data, "layout": layout}


def emotion_chart_text(samples: Sequence[MoodSample]) -> str:
    """The chart in a sentence, for those who do not see it."""
    seen = [m for sample in samples if (m := sample.mood).kind in _SEEN and m.probabilities is not None]
    if not seen:
        return "Emotion over time: nothing read yet."
    shares = [sum(m.probabilities[i] for m in seen if m.probabilities) / len(seen) for i in range(len(EMOTIONS))]
    ranked = sorted(zip(shares, EMOTIONS, strict=True), reverse=True)[:3]
    parts = ", ".join(f"{words.EMOTION_NAMES[emotion].lower()} {share:.0%}" for share, emotion in ranked)
    return f"Emotion over time, smoothed, last {WINDOW_S:.0f} seconds. On average {parts}."


def plane_chart(
    *,
    trail: Sequence[MoodSample] = (),
    target: AffectPoint | None = None,
    songs: Sequence[Recommendation] = (),
    clickable: bool = False,
) -> Figure:
    """The valence-arousal plane with what is given: the mood's recent trail, the music's target, the songs' places.

    ``clickable`` lays a fine grid of invisible points named PICK over it, one of which is what a click chooses.
    """
    data = [_click_grid()] if clickable else []
    data += _landmarks()
    if songs:
        data.append(_song_dots(songs))
    points = [s.mood.point for s in trail if s.mood.point is not None and s.mood.kind in _SEEN]
    if points:
        data += _trail(points)
    if target is not None:
        data.append(_target(target))
    span = {"range": [-1.12, 1.12], "fixedrange": True, "dtick": 0.5, "zeroline": True}
    layout = {
        **_layout(),
        "showlegend": False,
        "hovermode": "closest",
        "dragmode": False,
        "annotations": _corner_words(),
        "xaxis": {**_axis("Valence: unpleasant – pleasant"), **span},
        "yaxis": {**_axis("Arousal: calm – energetic"), **span},
    }
    return {"data": data, "layout": layout}


def plane_text(point: AffectPoint | None, target: AffectPoint | None) -> str:
    """The plane in a sentence."""
    if point is None and target is None:
        return "Valence-arousal plane: no mood yet."
    now = f" The mood is at valence {point.valence:+.2f}, arousal {point.arousal:+.2f}." if point else ""
    aim = f" The songs aim at valence {target.valence:+.2f}, arousal {target.arousal:+.2f}." if target else ""
    return f"Valence-arousal plane.{now}{aim}"


def _percent(probability: float) -> float:
    return round(100 * probability, 1)


def _smoothed(sample: MoodSample, index: int) -> float | None:
    mood = sample.mood
    if mood.kind not in _SEEN or mood.probabilities is None:
        return None  # a gap, not a zero: nothing was read
    return _percent(mood.probabilities[index])


def _line(xs: list[float], ys: list[float | None], line: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": line, "showlegend": False, **more}


def _dots(points: Sequence[AffectPoint], marker: dict[str, Any], **more: Any) -> dict[str, Any]:
    xs, ys = [p.valence for p in points], [p.arousal for p in points]
    return {"type": "scatter", "mode": "markers", "x": xs, "y": ys, "marker": marker, **more}


def _layout() -> dict[str, Any]:
    return {
        "height": HEIGHT_PX,
        "font": {"color": f"var({INK})"},
        "margin": {"l": 56, "r": 12, "t": 12, "b": 48},
        "uirevision": "stay",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hoverlabel": {"bgcolor": f"var({GROUND})", "font": {"color": f"var({INK})"}},
    }


def _axis(title: str) -> dict[str, Any]:
    return {
        "title": {"text": title, "font": {"size": 13}},
        "tickfont": {"size": 12},
        "gridcolor": f"var({FAINT})",
        "zerolinecolor": f"var({FAINT})",
        "zerolinewidth": 3,
        "zeroline": False,
    }


def _minutes(last_s: float) -> dict[str, Any]:
    """A window that moves with the newest reading, with its ticks as minutes and seconds."""
    end_s = max(last_s, WINDOW_S)
    ticks = range(0, int(end_s) + 31, 15 if end_s <= WINDOW_S else 30)
    return {
        "range": [end_s - WINDOW_S, end_s],
        "tickvals": list(ticks),
        "ticktext": [f"{t // 60}:{t % 60:02d}" for t in ticks],
    }


def _landmarks() -> list[dict[str, Any]]:
    right, left = "middle right", "middle left"  # some lie close together or on an axis
    positions = {Emotion.FEAR: right, Emotion.ANGRY: left, Emotion.SURPRISE: right, Emotion.NEUTRAL: right}
    points = [EMOTION_POINTS[e] for e in EMOTIONS]
    colours = [f"var({css_variable(e)})" for e in EMOTIONS]
    names = {
        "type": "scatter",
        "mode": "text",
        "x": [p.valence for p in points],
        "y": [p.arousal + LABEL_LIFT for p in points],  # clear of the mood's own dot
        "text": [words.EMOTION_NAMES[e] for e in EMOTIONS],
        "textposition": [positions.get(e, "middle center") for e in EMOTIONS],
        "textfont": {"size": 12},
        "hoverinfo": "skip",
    }
    return [_dots(points, {"size": 8, "symbol": "diamond", "color": colours}, hoverinfo="skip"), names]


def _corner_words() -> list[dict[str, Any]]:
    """What the four quarters feel like."""
    look = {"showarrow": False, "font": {"size": 11}, "opacity": 0.65}
    return [{**look, "x": x, "y": y, "text": text, "xanchor": "right" if x > 0 else "left"} for x, y, text in _CORNERS]


def _trail(points: Sequence[AffectPoint]) -> list[dict[str, Any]]:
    line = {"color": f"var({INK})", "width": 2}
    path = _line([p.valence for p in points], [p.arousal for p in points], line, opacity=0.35, hoverinfo="skip")
    now = {"size": 17, "color": f"var({INK})", "line": {"width": 3, "color": f"var({GROUND})"}}
    hover = "mood now<br>valence %{x:.2f}<br>arousal %{y:.2f}<extra></extra>"
    return [path, _dots(points[-1:], now, hovertemplate=hover)]


def _target(target: AffectPoint) -> dict[str, Any]:
    ring = {"size": 24, "symbol": "circle-open", "color": f"var({ACCENT})", "line": {"width": 3}}
    return _dots(
        [target], ring, hovertemplate="the songs aim here<br>valence %{x:.2f}<br>arousal %{y:.2f}<extra></extra>"
    )


def _song_dots(songs: Sequence[Recommendation]) -> dict[str, Any]:
    names = [f"{song.track.title} – {song.track.artist}" for song in songs]
    marker = {"size": 11, "color": f"var({ACCENT})", "opacity": 0.75}
    hover = "%{text}<br>valence %{x:.2f}, arousal %{y:.2f}<extra></extra>"
    return _dots([song.point for song in songs], marker, text=names, hovertemplate=hover)


def _click_grid() -> dict[str, Any]:
    steps = [i / 10 for i in range(-10, 11)]
    points = [AffectPoint(x, y) for x in steps for y in steps]
    hover = "valence %{x:.1f}, arousal %{y:.1f}<extra>choose</extra>"
    return _dots(points, {"size": 16, "opacity": 0}, name=PICK, hovertemplate=hover)
