"""Fewer points: extremes and gaps stay, and nothing is drawn that was not there."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.timeline.downsample import thin

HOURS_8 = 288_000
values_with_holes = st.lists(st.one_of(st.floats(-1, 1), st.just(float("nan"))), min_size=1, max_size=200)


def long_series(columns: int = 9) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return np.arange(HOURS_8) / 10, rng.normal(size=(HOURS_8, columns)).astype(np.float32)


def test_eight_hours_become_about_two_thousand_points_and_quickly() -> None:
    t_s, values = long_series()
    begin_s = time.process_time()
    lines = thin(t_s, values)
    spent_s = time.process_time() - begin_s
    assert len(lines) == 9
    assert all(1_500 <= len(line.t_s) <= 2_100 for line in lines)
    assert spent_s < 2  # far above what it takes: this only catches a loop over samples


def test_a_spike_of_one_sample_stays() -> None:
    t_s, values = long_series(1)
    values[123_456], values[200_001] = 99, -99
    (line,) = thin(t_s, values)
    assert 99 in line.value
    assert -99 in line.value
    assert line.t_s[line.value == 99][0] == t_s[123_456]


def test_a_short_series_is_kept_whole() -> None:
    t_s, values = np.arange(50) / 10, np.linspace(0, 1, 50)[:, None]
    (line,) = thin(t_s, values)
    assert line.t_s.tolist() == t_s.tolist()
    assert line.value.tolist() == values[:, 0].tolist()


def test_a_pause_of_the_camera_breaks_the_line() -> None:
    t_s = np.concatenate([np.arange(20_000) / 10, 2_500 + np.arange(20_000) / 10])
    (line,) = thin(t_s, np.ones((40_000, 1)), points=400)
    (broken,) = np.flatnonzero(np.isnan(line.value))
    assert line.t_s[broken - 1] == pytest.approx(1_999.9)
    assert line.t_s[broken + 1] == 2_500


def test_an_absence_breaks_the_line_and_only_there() -> None:
    t_s, values = np.arange(40_000) / 10, np.ones((40_000, 1))
    values[10_000:12_000] = np.nan
    (line,) = thin(t_s, values, points=400)
    assert np.nanmin(line.t_s[np.isnan(line.value)]) >= 1_000
    assert np.nanmax(line.t_s[np.isnan(line.value)]) <= 1_200
    assert not ((line.t_s > 1_000) & (line.t_s < 1_199.9) & ~np.isnan(line.value)).any()


def test_zooming_in_gives_every_sample_of_the_stretch() -> None:
    t_s, values = long_series(1)
    (line,) = thin(t_s, values, start_s=1_000, end_s=1_050)
    inside = (t_s >= 1_000) & (t_s <= 1_050)
    assert set(t_s[inside]) <= set(line.t_s)
    assert len(line.t_s) == inside.sum() + 2  # and one on either side, so that the line reaches the edge


def test_a_flickering_face_does_not_bring_all_rows_back() -> None:
    t_s, values = long_series(1)
    values[::2] = np.nan
    (line,) = thin(t_s, values)
    assert len(line.t_s) < 12_000


def test_holes_that_nobody_could_see_do_not_break_the_line() -> None:
    t_s, values = long_series(1)
    values[25::50] = np.nan  # a tenth of a second every five
    values[100_000:103_000] = np.nan  # five minutes
    (line,) = thin(t_s, values, points=1_200, hole_s=48)
    (broken,) = np.flatnonzero(np.isnan(line.value[:-1]) & ~np.isnan(line.value[1:]))
    assert line.t_s[broken + 1] == pytest.approx(10_300)
    assert not ((line.t_s > 10_000) & (line.t_s < 10_300) & ~np.isnan(line.value)).any()
    assert len(line.t_s) < 1_300


def test_nothing_gives_nothing() -> None:
    (line,) = thin(np.zeros(0), np.zeros((0, 1)))
    assert len(line.t_s) == 0


@given(values_with_holes, st.integers(2, 40))
def test_what_is_drawn_was_there_and_the_range_is_that_of_the_series(column: list[float], points: int) -> None:
    t_s, values = np.arange(len(column)) / 10, np.array(column)
    (line,) = thin(t_s, values[:, None], points=points)
    known = ~np.isnan(line.value)
    there = set(zip(t_s.tolist(), values.tolist(), strict=True))
    assert set(zip(line.t_s[known].tolist(), line.value[known].tolist(), strict=True)) <= there
    assert (np.diff(line.t_s) >= 0).all()
    if not np.isnan(values).all():
        assert np.nanmin(line.value) == np.nanmin(values)
        assert np.nanmax(line.value) == np.nanmax(values)


@given(values_with_holes, st.integers(2, 40))
def test_no_line_is_drawn_across_what_is_unknown(column: list[float], points: int) -> None:
    t_s, values = np.arange(len(column)) / 10, np.array(column)
    (line,) = thin(t_s, values[:, None], points=points)
    for hole in t_s[np.isnan(values)]:
        before, after = np.flatnonzero(line.t_s < hole), np.flatnonzero(line.t_s > hole)
        if len(before) and len(after):
            around = line.value[before[-1] : after[0] + 1]
            assert np.isnan(around).any()
