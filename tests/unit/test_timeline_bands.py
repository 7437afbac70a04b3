"""The quality band and the stacked areas of a session: few pieces, no gap filled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.testing.timeline import SEVENTHS
from emrs_core.timeline.bands import seen_bands
from emrs_core.timeline.events import Sample
from emrs_core.timeline.intervals import Interval, Span
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.stacking import stacked
from emrs_core.types import QualityIssue


def looks(kinds: str, step_s: float = 0.5) -> Samples:
    """One look for each sign: ``v`` readable, ``p`` poor, ``n`` nobody, a blank a look that was never made."""
    made = []
    for place, kind in enumerate(kinds):
        issues = (QualityIssue.TOO_DARK,) if kind == "p" else ()
        if kind != " ":
            made.append(Sample(place * step_s, "unsure", None, SEVENTHS, kind != "n", issues))
    return Samples.of(made)


def test_the_band_says_what_was_seen_from_when_to_when() -> None:
    bands = seen_bands(looks("vvppn"), Span(0, 3))
    assert bands == (Interval(0, 1, "valid"), Interval(1, 2, "poor"), Interval(2, 2.5, "no_face"))


def test_the_band_has_no_piece_where_nothing_was_recorded() -> None:
    bands = seen_bands(looks("vv      vv"), Span(0, 5))
    assert bands == (Interval(0, 1, "valid"), Interval(4, 5, "valid"))


def test_the_band_is_cut_at_the_edges_of_the_view() -> None:
    assert seen_bands(looks("vvvvvvvv"), Span(1.2, 2.7)) == (Interval(1.2, 2.7, "valid"),)
    assert seen_bands(looks("vv"), Span(50, 60)) == ()
    assert seen_bands(Samples.of(()), Span(0, 1)) == ()


def test_a_flickering_face_makes_few_pieces_of_what_held_longest() -> None:
    samples = looks("vvvp" * 500 + "nnnp" * 500)
    bands = seen_bands(samples, Span(0, 2_000), most=100)
    assert [band.label for band in bands] == ["valid", "no_face"]
    assert bands[0].end_s == bands[1].start_s == pytest.approx(1_000)


@settings(max_examples=60, deadline=None)
@given(st.text("vpn ", min_size=1, max_size=60), st.integers(2, 20))
def test_pieces_never_overlap_and_lie_in_the_view(kinds: str, most: int) -> None:
    view = Span(2, 20)
    bands = seen_bands(looks(kinds), view, most)
    edges = [edge for band in bands for edge in (band.start_s, band.end_s)]
    assert edges == pytest.approx(sorted(edges))
    assert all(view.start_s - 1e-9 <= edge <= view.end_s + 1e-9 for edge in edges)


def test_areas_keep_their_sum_and_fall_to_nothing_at_a_gap() -> None:
    t_s = np.concatenate([np.arange(0, 10, 0.1), np.arange(30, 40, 0.1)])
    rng = np.random.default_rng(1)
    values = rng.dirichlet(np.ones(7), len(t_s))
    stack = stacked(t_s, values, Span(0, 40), points=40)
    sums = stack.values.sum(axis=1)
    assert (np.diff(stack.t_s) > 0).all()
    assert ((np.abs(sums - 1) < 1e-9) | (sums == 0)).all()
    assert (sums == 0).sum() == 4
    in_gap = (stack.t_s > 9.9 + 0.01) & (stack.t_s < 30 - 0.01)
    assert not in_gap.any()


def test_areas_of_a_part_are_its_means() -> None:
    t_s = np.arange(0, 10, 0.5)
    values = np.stack([np.arange(20) / 20, 1 - np.arange(20) / 20], axis=1)
    stack = stacked(t_s, values, Span(0, 10), points=10)
    kept = stack.values[stack.values.sum(axis=1) > 0]
    assert kept[0] == pytest.approx([0.025, 0.975])
    assert kept[1] == pytest.approx([0.125, 0.875])


def test_areas_of_unknown_readings_are_none() -> None:
    nothing = stacked(np.arange(5.0), np.full((5, 7), np.nan), Span(0, 5))
    assert nothing.values.shape == (0, 7)
    lone = stacked(np.array([3.0]), np.full((1, 2), 0.5), Span(0, 5))
    assert lone.values.tolist() == [[0, 0], [0.5, 0.5], [0, 0]]
