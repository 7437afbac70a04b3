"""The two live charts: emotion over time, and the valence-arousal plane. Figures only; nothing is drawn here.

Plain graph objects (5 ms each); ``uirevision`` keeps the person's zoom while the data grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from emrs_core.affect import EMOTION_POINTS
from emrs_core.types import EMOTIONS, AffectPoint, Emotion, MoodKind, MoodSample, Recommendation
from emrs_core.ui import words
from emrs_core.ui.palette import BACKGROUND_DARK, BACKGROUND_LIGHT, EMOTION_STYLES

WINDOW_S = 120.0
"""Two minutes on the axis: long enough for a song's opening, short enough to see seconds."""
TRAIL_S = 30.0
CHART_CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}

_SEEN = (MoodKind.EMOTION, MoodKind.UNSURE)


def emotion_chart(samples: Sequence[MoodSample], dark: bool, raw: bool = False) -> go.Figure:
    """Smoothed probability of the seven emotions over the visit's last two minutes; ``raw`` adds every single look."""
    figure = go.Figure()
    times = [sample.mood.t_s for sample in samples]
    for index, emotion in enumerate(EMOTIONS):
        style = EMOTION_STYLES[emotion]
        if raw:
            looks = [100 * s.raw.probabilities[index] if s.raw else None for s in samples]
            line = {"color": style.colour(dark), "width": 0.8}
            figure.add_scatter(
                x=times, y=looks, mode="lines", line=line, opacity=0.35, hoverinfo="skip", showlegend=False
            )
        figure.add_scatter(
            x=times,
            y=[_percent(sample, index) for sample in samples],
            name=words.EMOTION_NAMES[emotion],
            mode="lines",
            line={"color": style.colour(dark), "width": 2.4, "dash": style.dash},
            hovertemplate="%{y:.0f} %<extra>" + words.EMOTION_NAMES[emotion] + "</extra>",
        )
    end_s = max(times[-1] if times else 0.0, WINDOW_S)
    figure.update_layout(
        **_layout(330),
        hovermode="x unified",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}},
        xaxis={"title": "Time since the visit began (min:s)", **_minutes(end_s), "zeroline": False},
        yaxis={"title": "Probability (%)", "range": [0, 100], "fixedrange": True, "zeroline": False},
    )
    return figure


def emotion_chart_text(samples: Sequence[MoodSample]) -> str:
    """The chart in a sentence, for those who do not see it."""
    seen = [sample.mood for sample in samples if sample.mood.kind in _SEEN and sample.mood.probabilities]
    if not seen:
        return "Emotion over time: nothing read yet."
    shares = [sum(m.probabilities[i] for m in seen if m.probabilities) / len(seen) for i in range(len(EMOTIONS))]
    ranked = sorted(zip(shares, EMOTIONS, strict=True), reverse=True)[:3]
    parts = ", ".join(f"{words.EMOTION_NAMES[emotion].lower()} {share:.0%}" for share, emotion in ranked)
    return f"Emotion over time, smoothed, last {WINDOW_S:.0f} seconds. On average {parts}."


def plane_chart(
    dark: bool,
    *,
    trail: Sequence[MoodSample] = (),
    target: AffectPoint | None = None,
    songs: Sequence[Recommendation] = (),
    clickable: bool = False,
) -> go.Figure:
    """The valence-arousal plane with what is given: the mood's recent trail, the music's target, the songs' places.

    ``clickable`` lays a fine grid of invisible points over it, whose selection tells where the person clicked.
    """
    figure = go.Figure()
    if clickable:
        figure.add_trace(_click_grid())
    figure.add_trace(_landmarks(dark))
    if songs:
        figure.add_trace(_song_dots(songs, dark))
    points = [s.mood.point for s in trail if s.mood.point is not None and s.mood.kind in _SEEN]
    if points:
        figure.add_traces(_trail(points, dark))
    if target is not None:
        figure.add_trace(_target(target, dark))
    axis: dict[str, Any] = {"range": [-1.12, 1.12], "fixedrange": True, "dtick": 0.5, "zeroline": True}
    figure.update_layout(
        **_layout(330),
        showlegend=False,
        xaxis={**axis, "title": "Valence: unpleasant – pleasant"},
        yaxis={**axis, "title": "Arousal: calm – energetic"},
        dragmode=False,
        clickmode="event+select" if clickable else "none",
    )
    return figure


def plane_text(point: AffectPoint | None, target: AffectPoint | None) -> str:
    """The plane in a sentence."""
    if point is None and target is None:
        return "Valence-arousal plane: no mood yet."
    now = f" The mood is at valence {point.valence:+.2f}, arousal {point.arousal:+.2f}." if point else ""
    aim = f" The songs aim at valence {target.valence:+.2f}, arousal {target.arousal:+.2f}." if target else ""
    return f"Valence-arousal plane.{now}{aim}"


def _percent(sample: MoodSample, index: int) -> float | None:
    mood = sample.mood
    if mood.kind not in _SEEN or mood.probabilities is None:
        return None  # a gap, not a zero: nothing was read
    return round(100 * mood.probabilities[index], 1)


def _layout(height_px: int) -> dict[str, Any]:
    return {
        "height": height_px,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "uirevision": "stay",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "modebar": {"remove": ["select2d", "lasso2d"]},
    }


def _minutes(end_s: float) -> dict[str, Any]:
    ticks = range(0, int(end_s) + 31, 15 if end_s <= WINDOW_S else 30)
    start_s = max(0.0, end_s - WINDOW_S)
    return {
        "range": [start_s, end_s],
        "tickvals": list(ticks),
        "ticktext": [f"{t // 60}:{t % 60:02d}" for t in ticks],
        "autorange": False,
    }


def _ink(dark: bool) -> str:
    return "#F3ECE6" if dark else "#2A2130"


def _landmarks(dark: bool) -> go.Scatter:
    positions = {Emotion.FEAR: "top right", Emotion.ANGRY: "top left"}  # they lie close together
    return go.Scatter(
        x=[EMOTION_POINTS[e].valence for e in EMOTIONS],
        y=[EMOTION_POINTS[e].arousal for e in EMOTIONS],
        mode="markers+text",
        text=[words.EMOTION_NAMES[e] for e in EMOTIONS],
        textposition=[positions.get(e, "top center") for e in EMOTIONS],
        textfont={"size": 11},
        marker={"size": 7, "symbol": "diamond", "color": [EMOTION_STYLES[e].colour(dark) for e in EMOTIONS]},
        hoverinfo="skip",
    )


def _trail(points: Sequence[AffectPoint], dark: bool) -> list[go.Scatter]:
    ink = _ink(dark)
    line = go.Scatter(
        x=[p.valence for p in points],
        y=[p.arousal for p in points],
        mode="lines",
        line={"color": ink, "width": 2, "shape": "spline", "smoothing": 0.6},
        opacity=0.35,
        hoverinfo="skip",
    )
    now = go.Scatter(
        x=[points[-1].valence],
        y=[points[-1].arousal],
        mode="markers",
        marker={
            "size": 17,
            "color": ink,
            "line": {"width": 3, "color": BACKGROUND_DARK if dark else BACKGROUND_LIGHT},
        },
        hovertemplate="mood now<br>valence %{x:.2f}<br>arousal %{y:.2f}<extra></extra>",
    )
    return [line, now]


def _target(target: AffectPoint, dark: bool) -> go.Scatter:
    return go.Scatter(
        x=[target.valence],
        y=[target.arousal],
        mode="markers",
        marker={"size": 24, "symbol": "circle-open", "color": "#E58BAA" if dark else "#8C3B5E", "line": {"width": 3}},
        hovertemplate="the songs aim here<br>valence %{x:.2f}<br>arousal %{y:.2f}<extra></extra>",
    )


def _song_dots(songs: Sequence[Recommendation], dark: bool) -> go.Scatter:
    return go.Scatter(
        x=[song.point.valence for song in songs],
        y=[song.point.arousal for song in songs],
        mode="markers",
        marker={"size": 11, "color": "#E58BAA" if dark else "#8C3B5E", "opacity": 0.75},
        text=[f"{song.track.title} – {song.track.artist}" for song in songs],
        hovertemplate="%{text}<br>valence %{x:.2f}, arousal %{y:.2f}<extra></extra>",
    )


def _click_grid() -> go.Scatter:
    steps = [i / 10 for i in range(-10, 11)]
    return go.Scatter(
        x=[x for x in steps for _ in steps],
        y=[y for _ in steps for y in steps],
        mode="markers",
        marker={"size": 16, "opacity": 0},
        hovertemplate="valence %{x:.1f}, arousal %{y:.1f}<extra>choose</extra>",
        showlegend=False,
    )
