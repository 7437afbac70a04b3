"""The metrics of ``evaluate`` as one HTML file for people: tables, curves, no network, no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from emrs_core.training.svg import Axes, Series, line_plot

HEADS = {"fer": "Against FER2013's label", "ferplus": "Against the FER+ votes"}
FIGURES = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "accuracy_all": "accuracy, every row with a vote",
    "ece": "calibration error",
}
FEWER = {"six_class": "without disgust (six classes)", "five_class": "without disgust and fear (five classes)"}
STRONG = 55
"""Per cent of shade from which a cell's number is written in the colour of the ground."""


def report_html(metrics: Mapping[str, Any], about: Mapping[str, str]) -> str:
    """The whole page. ``about`` names what was measured: model, data, runtime."""
    style = files("emrs_core.training").joinpath("report.css").read_text(encoding="utf-8")
    heads = "".join(_head(title, metrics[head]) for head, title in HEADS.items() if head in metrics)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Evaluation of {escape(about['Model'])}</title><style>{style}</style></head><body>"
        f"<h1>Evaluation of {escape(about['Model'])}</h1>{_facts(about)}"
        f"<p class='note'>{metrics['n']} faces. Every interval is the 95 % bootstrap interval of its figure.</p>"
        f"{_summary(metrics)}{heads}{_latency(metrics.get('latency', {}))}</body></html>\n"
    )


def _facts(about: Mapping[str, str]) -> str:
    return _table([], [(escape(name), escape(value)) for name, value in about.items()])


def _summary(metrics: Mapping[str, Any]) -> str:
    rows = []
    for group in (*HEADS, *FEWER):
        figures = metrics.get(group, {})
        for name, words in FIGURES.items():
            if name in figures:
                what = FEWER.get(group) or f"{HEADS[group][8:]}: {words}"
                count = figures["n_all"] if name == "accuracy_all" else figures["n"]
                rows.append((escape(what), _number(figures[name]), _interval(figures[f"{name}_ci"]), str(count)))
    return _table(["figure", "value", "interval", "rows"], rows)


def _head(title: str, figures: Mapping[str, Any]) -> str:
    return (
        f"<h2>{escape(title)}</h2><div class='pair'>"
        f"<div><h3>Confusion</h3><p class='note'>Rows: the label. Columns: what the network said.</p>"
        f"{_confusion(figures['classes'], figures['confusion'])}</div>"
        f"<div><h3>Each class</h3>{_per_class(figures['per_class'])}</div>"
        f"<div><h3>Reliability</h3>{_reliability(figures)}</div>"
        f"<div><h3>Accuracy against coverage</h3>{_coverage(figures['coverage'])}</div></div>"
    )


def _confusion(classes: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in classes)
    rows = []
    for name, row in zip(classes, counts, strict=True):
        shares = [round(100 * count / sum(row)) if sum(row) else 0 for count in row]
        cells = "".join(
            f'<td style="--share:{share}"{" class=strong" if share >= STRONG else ""} title="{share} %">{count}</td>'
            for share, count in zip(shares, row, strict=True)
        )
        rows.append(f"<tr><th scope='row'>{escape(name)}</th>{cells}</tr>")
    return f"<div class='scroll'><table class='matrix'><tr><th></th>{head}</tr>{''.join(rows)}</table></div>"


def _per_class(classes: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (escape(name), *(_number(figures[key], 3) for key in ("precision", "recall", "f1")), str(figures["n"]))
        for name, figures in classes.items()
    ]
    return _table(["class", "precision", "recall", "F1", "rows"], rows)


def _reliability(figures: Mapping[str, Any]) -> str:
    series = [Series("perfectly honest", [(0.0, 0.0), (1.0, 1.0)], "ideal", dots=False)]
    for key, name, look in (
        ("before_temperature", "before temperature", "before"),
        ("after_temperature", "after temperature", "after"),
    ):
        bins = [entry for entry in figures["reliability"][key] if entry["n"]]
        series.append(Series(name, [(entry["confidence"], entry["accuracy"]) for entry in bins], look))
    before, after = _number(figures["ece_before_temperature"]), _number(figures["ece"])
    alt = f"Reliability curve. Calibration error {before} before and {after} after the temperature."
    plot = line_plot(series, Axes("confidence (%)", "right (%)"), alt)
    return f"{plot}<p class='note'>Calibration error {before} before the temperature, {after} after it.</p>"


def _coverage(coverage: Mapping[str, Any]) -> str:
    curve, unsure = coverage["curve"], coverage["unsure"]
    pairs = zip(curve["coverage"], curve["accuracy"], strict=True)
    points = [(share, right) for share, right in pairs if right is not None]
    series = [Series("answered faces", points, "after", dots=False)]
    text = "No face is answered at the dashboard's threshold."
    if unsure["accuracy"] is not None:
        series.append(Series("the dashboard's threshold", [(unsure["coverage"], unsure["accuracy"])], "here"))
        answered = f"{100 * unsure['coverage']:.1f} %"
        text = (
            f"At the dashboard's threshold, a confidence of {unsure['threshold']:.2f}, {answered} of the "
            f"faces are answered and {100 * unsure['accuracy']:.1f} % of the answers are right."
        )
    low = min((right for _, right in points), default=0.0)
    axes = Axes("faces answered (%)", "right among these (%)", y=(max(0.0, int(low * 10) / 10 - 0.1), 1.0))
    return f"{line_plot(series, axes, text)}<p class='note'>{text}</p>"


def _latency(runtimes: Mapping[str, Mapping[str, Any]]) -> str:
    if not runtimes:
        return ""
    rows = [
        (escape(name), f"{times['median_ms']:.2f}", f"{times['p95_ms']:.2f}", f"{times['cpu_ms']:.2f}")
        for name, times in runtimes.items()
    ]
    table = _table(["runtime", "median ms", "95th percentile ms", "CPU ms"], rows)
    return f"<h2>Time for one face</h2><p class='note'>On this machine, with whatever else it did.</p>{table}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells must be escaped already."""
    top = f"<tr>{''.join(f'<th scope=col>{name}</th>' for name in head)}</tr>" if head else ""
    body = "".join(
        f"<tr><th scope='row'>{row[0]}</th>{''.join(f'<td>{cell}</td>' for cell in row[1:])}</tr>" for row in rows
    )
    return f"<div class='scroll'><table>{top}{body}</table></div>"


def _number(figure: float | None, digits: int = 4) -> str:
    return "–" if figure is None else f"{figure:.{digits}f}"


def _interval(ends: Sequence[float] | None) -> str:
    return "–" if ends is None else f"{ends[0]:.4f}–{ends[1]:.4f}"
