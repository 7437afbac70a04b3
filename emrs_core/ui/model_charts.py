"""The Model page's charts: confusion, reliability, coverage, and training's accuracy and loss. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from emrs_core.ui.figures import ASIDE, HEAT_SCALE, Figure, axis, layout
from emrs_core.ui.model_card import class_name
from emrs_core.ui.palette import ACCENT, GROUND, INK

CONFUSION_HEIGHT_PX: Final = 400
LARGEST_DOT_PX: Final = 18
SMALLEST_DOT_PX: Final = 5

HISTORY_LINES: Final = {
    "accuracy": (
        ("accuracy", "training", "dot"),
        ("val_accuracy", "validation, FER2013", "solid"),
        ("val_ferplus_accuracy", "validation, FER+", "dash"),
    ),
    "loss": (
        ("fer_loss", "training, FER2013", "dot"),
        ("val_fer_loss", "validation, FER2013", "solid"),
        ("val_ferplus_loss", "validation, FER+", "dash"),
    ),
}
"""Columns of a training history in each graph, with name and dash."""


def confusion_chart(figures: Mapping[str, Any]) -> Figure:
    """Per cent of each label's faces, by what the network said."""
    names = [class_name(name) for name in figures["classes"]]
    counts = figures["confusion"]
    shares = [[round(100 * count / sum(row)) if sum(row) else 0 for count in row] for row in counts]
    cells = {
        "type": "heatmap",
        "x": names,
        "y": names,
        "z": shares,
        "customdata": counts,
        "zmin": 0,
        "zmax": 100,
        "xgap": 2,
        "ygap": 2,
        "colorscale": HEAT_SCALE,
        "showscale": False,
        "texttemplate": "%{z}",
        "textfont": {"color": f"var({INK})"},
        "hovertemplate": "Label %{y}, said %{x}:<br>%{customdata} faces, %{z} %<extra></extra>",
    }
    said = axis("What the network said")
    said["title"] = {**said["title"], "standoff": 12}
    flat = {"fixedrange": True, "showgrid": False, "ticks": ""}
    look = {
        **layout(),
        "height": CONFUSION_HEIGHT_PX,
        "margin": {"l": 88, "r": 8, "t": 8, "b": 104},
        "xaxis": {**said, **flat, "tickangle": -40},
        "yaxis": {**axis(""), **flat, **ASIDE, "autorange": "reversed"},
    }
    return {"data": [cells], "layout": look}


def confusion_text(figures: Mapping[str, Any]) -> str:
    """The matrix in a sentence: what is confused most."""
    names, counts = figures["classes"], figures["confusion"]
    mixed = [
        (counts[i][j] / sum(counts[i]), names[i], names[j])
        for i in range(len(names))
        for j in range(len(names))
        if i != j and sum(counts[i])
    ]
    worst = "; ".join(
        f"{share:.0%} of {class_name(a).lower()} faces read as {class_name(b).lower()}"
        for share, a, b in sorted(mixed, reverse=True)[:3]
    )
    return f"Confusion matrix of {len(names)} emotions. Mixed up most: {worst}."


def reliability_chart(figures: Mapping[str, Any]) -> Figure:
    """Stated confidence against the share that was right, before and after the temperature."""
    honest = {"x": [0, 100], "y": [0, 100], "mode": "lines", "name": "perfectly honest", "hoverinfo": "skip"}
    data = [{"type": "scatter", **honest, "line": {"color": f"var({INK})", "width": 1, "dash": "dot"}, "opacity": 0.6}]
    for key, name, colour, opacity in (
        ("before_temperature", "before temperature", INK, 0.45),
        ("after_temperature", "after temperature", ACCENT, 1.0),
    ):
        data.append(_bins_line(figures["reliability"][key], name, colour, opacity))
    look = {**_percent_layout("Confidence it states (%)", "Right (%)"), "legend": _legend()}
    return {"data": data, "layout": look}


def reliability_text(figures: Mapping[str, Any]) -> str:
    """The curve in a sentence."""
    before, after = figures.get("ece_before_temperature"), figures.get("ece")
    if before is None or after is None:
        return "Stated confidence against the share that was right."
    return (
        f"It misses the real hit rate by {100 * before:.1f} points before its temperature and {100 * after:.1f} after."
    )


def coverage_chart(figures: Mapping[str, Any]) -> Figure:
    """Accuracy on the faces it answers when it passes over those it is not sure of."""
    curve, unsure = figures["coverage"]["curve"], figures["coverage"]["unsure"]
    kept = [(c, a, t) for c, a, t in zip(curve["coverage"], curve["accuracy"], curve["threshold"], strict=True) if a]
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [100 * c for c, _, _ in kept],
        "y": [100 * a for _, a, _ in kept],
        "customdata": [t for _, _, t in kept],
        "line": {"color": f"var({ACCENT})", "width": 2.6},
        "hovertemplate": "confidence ≥ %{customdata:.2f}: %{x:.1f} % answered, %{y:.1f} % right<extra></extra>",
        "showlegend": False,
    }
    data = [line]
    if unsure["accuracy"] is not None:
        data.append(_here(100 * unsure["coverage"], 100 * unsure["accuracy"]))
    low = min((100 * a for _, a, _ in kept), default=0.0)
    look = _percent_layout("Faces answered (%)", "Right among these (%)")
    look["yaxis"]["range"] = [max(0, 10 * int(low / 10) - 6), 101]
    look["legend"] = _legend()
    return {"data": data, "layout": look}


def coverage_text(figures: Mapping[str, Any]) -> str:
    """What "not sure" buys, in a sentence."""
    unsure = figures["coverage"]["unsure"]
    if unsure["accuracy"] is None:
        return "No face is answered at the dashboard's threshold."
    return (
        f"Below a confidence of {unsure['threshold']:.2f} the dashboard says “not sure”: single pictures are answered "
        f"in {100 * unsure['coverage']:.1f} % of cases, and {100 * unsure['accuracy']:.1f} % of the answers are right."
    )


def history_chart(history: Mapping[str, Sequence[float]], kind: str) -> Figure:
    """Accuracy or loss (``kind``) over the epochs, with the columns that are there."""
    epochs = list(history.get("epoch", range(1, 1 + len(next(iter(history.values()))))))
    factor = 100 if kind == "accuracy" else 1
    data = [
        {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": epochs,
            "y": [factor * value for value in history[column]],
            "line": {
                "color": f"var({INK if column in ('accuracy', 'fer_loss') else ACCENT})",
                "dash": dash,
                "width": 2.2,
            },
        }
        for column, name, dash in HISTORY_LINES[kind]
        if column in history
    ]
    title = "Accuracy (%)" if kind == "accuracy" else "Loss (cross-entropy)"
    axes = {"xaxis": {**axis("Epoch"), "fixedrange": True}, "yaxis": {**axis(title), "fixedrange": True}}
    return {"data": data, "layout": {**layout(), **axes, "legend": _legend()}}


def _bins_line(bins: Sequence[Mapping[str, Any]], name: str, colour: str, opacity: float) -> dict[str, Any]:
    used = [entry for entry in bins if entry["n"]]
    most = max((entry["n"] for entry in used), default=1)
    sizes = [SMALLEST_DOT_PX + (LARGEST_DOT_PX - SMALLEST_DOT_PX) * (entry["n"] / most) ** 0.5 for entry in used]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [100 * entry["confidence"] for entry in used],
        "y": [100 * entry["accuracy"] for entry in used],
        "customdata": [entry["n"] for entry in used],
        "marker": {"size": sizes, "color": f"var({colour})"},
        "line": {"color": f"var({colour})", "width": 2},
        "opacity": opacity,
        "hovertemplate": "states %{x:.0f} %, right %{y:.0f} %, %{customdata} faces<extra>" + name + "</extra>",
    }


def _here(x: float, y: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "where “not sure” begins",
        "x": [x],
        "y": [y],
        "marker": {"size": 14, "color": f"var({INK})", "line": {"width": 3, "color": f"var({GROUND})"}},
        "hovertemplate": "%{x:.1f} % answered, %{y:.1f} % right<extra></extra>",
    }


def _percent_layout(x_title: str, y_title: str) -> dict[str, Any]:
    span = {"range": [0, 102], "fixedrange": True, "dtick": 20}
    return {
        **layout(),
        "xaxis": {**axis(x_title), **span},
        "yaxis": {**axis(y_title), "fixedrange": True},
    }


def _legend() -> dict[str, Any]:
    return {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 12}}
