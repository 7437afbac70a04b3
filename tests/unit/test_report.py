"""The report, its plots, the readable JSON and the stopwatch behind its last table."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from emrs_core.training.latency import WARM_CALLS, one_face_ms
from emrs_core.training.metrics import Bootstrap, fer_metrics
from emrs_core.training.per_head import details
from emrs_core.training.readable import readable_json
from emrs_core.training.report import report_html
from emrs_core.training.svg import Axes, Series, line_plot
from emrs_core.types import EMOTIONS

ABOUT = {"Model": "tiny <b>", "Data": "faces & more", "Part": "all", "Runtime": "litert"}


@pytest.fixture(scope="module")
def metrics() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(7), 60).astype(np.float32)
    labels = rng.integers(0, 7, 60)
    fer = fer_metrics(shares, labels, Bootstrap(rounds=10)) | details(shares, shares, labels, tuple(map(str, EMOTIONS)))
    times = {"calls": 3, "median_ms": 1.5, "p95_ms": 2.5, "cpu_ms": 1.25}
    return {"n": 60, "fer": fer, "latency": {"litert": times}}


class Tags(HTMLParser):
    """Opening tags, and whether every one is closed in its turn."""

    VOID = ("meta", "i", "polyline", "circle", "line")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_the_report_is_one_well_formed_page_that_asks_for_nothing(metrics: dict[str, Any]) -> None:
    page = report_html(metrics, ABOUT)
    tags = Tags(page)
    assert tags.open == []
    assert tags.seen.count("svg") == 2
    assert not {"script", "link", "img", "iframe"} & set(tags.seen)
    assert not re.search(r"https?:|url\(|@import", page)


def test_the_report_holds_every_figure_and_escapes_names(metrics: dict[str, Any]) -> None:
    page = report_html(metrics, ABOUT)
    assert f"{metrics['fer']['accuracy']:.4f}" in page
    assert f"{metrics['fer']['per_class']['happy']['recall']:.3f}" in page
    assert "tiny &lt;b&gt;" in page
    assert "<b>" not in page
    assert "faces &amp; more" in page
    assert "1.25" in page


def test_a_report_without_latency_or_rows_has_dashes_instead() -> None:
    empty = np.empty((0, 7), np.float32)
    nothing = details(empty, empty, np.empty(0, np.int64), tuple(map(str, EMOTIONS)))
    figures = {"n": 0, "accuracy": None, "accuracy_ci": None, "ece": None, "ece_ci": None, **nothing}
    page = report_html({"n": 0, "fer": figures}, ABOUT)
    assert Tags(page).open == []
    assert "–" in page
    assert "Time for one face" not in page


def test_a_plot_keeps_its_points_inside_and_the_corners_apart() -> None:
    plot = line_plot([Series("line", [(0.0, 0.0), (1.0, 1.0)], "after")], Axes("x", "y"), "rises")
    (line,) = re.findall(r'polyline points="([^"]+)"', plot)
    (left, bottom), (right, top) = (tuple(map(float, pair.split(","))) for pair in line.split())
    assert 0 < left < right < 520
    assert 0 < top < bottom < 360
    assert 'aria-label="rises"' in plot


PLAIN = (
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False, allow_infinity=False) | some.text()
)


@given(some.recursive(PLAIN, lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner)))
def test_readable_json_says_what_json_says(value: Any) -> None:
    assert json.loads(readable_json(value)) == value


def test_a_matrix_keeps_its_rows_on_one_line() -> None:
    assert readable_json({"m": [[1, 2], [3, 4]]}).splitlines() == [
        "{",
        '  "m": [',
        "    [1, 2],",
        "    [3, 4]",
        "  ]",
        "}",
    ]


def test_latency_counts_only_the_calls_after_warming_up() -> None:
    seen: list[tuple[int, ...]] = []
    times = one_face_ms(lambda face: seen.append(face.shape), calls=5)
    assert seen == [(1, 48, 48, 1)] * (WARM_CALLS + 5)
    assert times["calls"] == 5
    assert 0 <= times["median_ms"] <= times["p95_ms"]
