"""Intervals of a session's figures: against processes whose answer is known, and against SciPy."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
import scipy.signal
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.timeline.statistics.bootstrap import FORGOTTEN, LEAST_ROWS, SLOWEST, Estimate, Floats, autoregression_of
from emrs_core.timeline.statistics.epochs import MOOD_COUNT, Epochs
from emrs_core.timeline.statistics.shares import time_per_mood, wilson

RUNS = 100
LEAST_COVERED = 0.88
"""Of 95 % intervals over 100 runs: a true coverage of 0.95 falls below this once in 500 tests."""


def process(r: float, epochs: int, rng: np.random.Generator) -> Floats:
    """A stationary first-order autoregression with mean 0."""
    return scipy.signal.lfilter([1], [1, -r], rng.normal(size=epochs + 400))[400:]


def covered(holds: Callable[[np.random.Generator], Estimate], truth: float) -> float:
    rng, hits = np.random.default_rng(3), 0
    for _ in range(RUNS):
        found = holds(rng)
        assert found.low is not None
        assert found.high is not None
        hits += found.low <= truth <= found.high
    return hits / RUNS


class TestCoverage:
    """Values a second apart that resemble each other as 0.9 does: taken for independent, a third would be covered."""

    R, EPOCHS = 0.9, 600

    def test_of_a_mean(self) -> None:
        def mean(rng: np.random.Generator) -> Estimate:
            series = process(self.R, self.EPOCHS, rng)
            model = autoregression_of(series)
            assert model is not None
            return model.intervals([series.mean()], np.full((1, self.EPOCHS), 1 / self.EPOCHS), rng, 200)[0]

        assert covered(mean, 0.0) >= LEAST_COVERED

    def test_of_a_slope(self) -> None:
        t = np.arange(self.EPOCHS) - (self.EPOCHS - 1) / 2

        def slope(rng: np.random.Generator) -> Estimate:
            series = process(self.R, self.EPOCHS, rng) + 0.01 * t
            model = autoregression_of(series, t)
            assert model is not None
            return model.intervals([float(series @ t / (t @ t))], (t / (t @ t))[None], rng, 200)[0]

        assert covered(slope, 0.01) >= LEAST_COVERED

    @pytest.mark.parametrize("effect", [0.0, 3.0])
    def test_of_the_change_around_a_song(self, effect: float) -> None:
        weights = np.zeros((1, 150))
        weights[0, :30], weights[0, 30:] = -1 / 30, 1 / 120

        def change(rng: np.random.Generator) -> Estimate:
            series = process(self.R, self.EPOCHS, rng)
            series[230:350] += effect
            model = autoregression_of(series)
            assert model is not None
            return model.intervals([float(weights[0] @ series[200:350])], weights, rng, 200)[0]

        assert covered(change, effect) >= LEAST_COVERED

    def test_of_the_share_of_a_mood(self) -> None:
        """A mood lasts eleven seconds on the average; the next is drawn anew."""
        wanted = np.array([0.55, 0.35, 0.1])

        def share(rng: np.random.Generator) -> Estimate:
            moods = np.concatenate(
                [np.full(1 + rng.geometric(0.1), rng.choice(3, p=wanted)) for _ in range(self.EPOCHS)]
            )
            held = np.eye(MOOD_COUNT)[moods[: self.EPOCHS]]
            nothing = np.zeros(self.EPOCHS)
            epochs = Epochs(nothing, nothing, nothing, held, np.zeros((self.EPOCHS, 7)), np.zeros((self.EPOCHS, 2)))
            return time_per_mood(epochs)[1].share

        assert covered(share, wanted[1]) >= LEAST_COVERED


class TestModel:
    def test_it_finds_what_made_the_series(self) -> None:
        rng = np.random.default_rng(1)
        series = scipy.signal.lfilter([1], [1, -0.6, -0.25], rng.normal(0, 0.2, 6_000))
        model = autoregression_of(series)
        assert model is not None
        assert model.coefficients.tolist() == pytest.approx([0.6, 0.25], abs=0.04)
        assert model.shocks.std() == pytest.approx(0.2, rel=0.03)

    def test_noise_has_no_memory(self) -> None:
        model = autoregression_of(np.random.default_rng(2).normal(size=2_000))
        assert model is not None
        assert len(model.coefficients) == 0

    def test_a_shock_fades_by_hand(self) -> None:
        model = autoregression_of(process(0.8, 800, np.random.default_rng(4)))
        assert model is not None
        (kept,) = model.coefficients
        after = math.ceil(math.log(FORGOTTEN) / math.log(kept))  # the first epoch with less than a thousandth left
        assert model.response.tolist() == pytest.approx([kept**k for k in range(after + 1)])

    def test_a_shock_that_swings_is_followed_past_its_zeros(self) -> None:
        """x[t] = -0.81 x[t-2] + shock: every second value is 0, and that is no end of it."""
        rng = np.random.default_rng(11)
        model = autoregression_of(scipy.signal.lfilter([1], [1, 0, 0.81], rng.normal(size=4_000)))
        assert model is not None
        assert len(model.coefficients) == 2
        expected = [0.0, 1.0]
        while len(expected) < 100:
            expected.append(float(model.coefficients @ expected[:-3:-1]))
        assert 60 < len(model.response) < 80  # 0.9 ** 66 is a thousandth
        assert model.response.tolist() == pytest.approx(expected[1 : 1 + len(model.response)])

    def test_what_is_left_beside_a_line_is_the_noise(self) -> None:
        """The same series with a steep line and a hole has the same shocks as without the line."""
        t, noise = np.arange(300.0), np.random.default_rng(12).normal(size=300)
        noise[90:120] = np.nan
        without, with_line = autoregression_of(noise, t), autoregression_of(noise + 5 - 3 * t, t)
        assert without is not None
        assert with_line is not None
        assert with_line.shocks.tolist() == pytest.approx(without.shocks.tolist(), abs=1e-9)

    def test_the_spread_is_that_of_drawn_series(self) -> None:
        """The weighted sum without a series is the same as with one."""
        rng = np.random.default_rng(5)
        model = autoregression_of(process(0.7, 500, rng))
        assert model is not None
        weights = rng.normal(size=(1, 60))
        made = scipy.signal.lfilter([1], [1, *-model.coefficients], rng.choice(model.shocks, (4_000, 260)), axis=1)
        by_hand = (made[:, 200:] @ weights[0]).std()
        assert float(model.spread(weights)[0]) == pytest.approx(by_hand, rel=0.05)
        assert model.drawn_sums(weights, rng, 4_000).std() == pytest.approx(by_hand, rel=0.05)

    def test_independent_values_have_the_ordinary_bootstrap_interval(self) -> None:
        values = np.random.default_rng(6).normal(size=300)
        model = autoregression_of(values)
        assert model is not None
        weights = np.full((1, 300), 1 / 300)
        (mean,) = model.intervals([values.mean()], weights, np.random.default_rng(0), 4_000)
        other = scipy.stats.bootstrap((values,), np.mean, method="percentile", n_resamples=4_000, rng=0)
        assert mean.low == pytest.approx(other.confidence_interval.low, abs=0.01)
        assert mean.high == pytest.approx(other.confidence_interval.high, abs=0.01)

    def test_more_shocks_than_are_drawn_are_normal(self) -> None:
        rng = np.random.default_rng(7)
        model = autoregression_of(process(0.5, 9_000, rng))
        assert model is not None
        weights = np.full((1, 9_000), 1 / 9_000)
        assert model.drawn_sums(weights, rng).std() == pytest.approx(float(model.spread(weights)[0]), rel=0.1)

    def test_gaps_are_no_neighbours(self) -> None:
        """Two stretches far apart: nothing is learned from the step between them."""
        rng = np.random.default_rng(8)
        series = np.concatenate([rng.normal(size=200), np.full(50, np.nan), rng.normal(size=200)])
        model = autoregression_of(series)
        assert model is not None
        assert len(model.coefficients) == 0
        assert not np.isnan(model.shocks).any()

    def test_a_series_that_runs_away_is_steadied(self) -> None:
        model = autoregression_of(np.random.default_rng(9).normal(size=400).cumsum())
        assert model is not None
        assert np.abs(np.roots([1.0, *-model.coefficients])).max() <= SLOWEST + 1e-9

    @pytest.mark.parametrize("series", [np.zeros(500), np.full(500, np.nan), np.arange(LEAST_ROWS - 1.0), np.zeros(0)])
    def test_too_little_to_say_is_no_model(self, series: Floats) -> None:
        assert autoregression_of(series) is None

    @given(st.lists(st.floats(-1, 1) | st.just(math.nan), max_size=120), st.integers(0, 2**32 - 1))
    def test_an_interval_is_finite_and_around_its_value(self, values: list[float], seed: int) -> None:
        series = np.array(values, dtype=np.float64)
        model = autoregression_of(series)
        if model is not None:
            known = ~np.isnan(series)
            value = float(series[known].mean())
            (mean,) = model.intervals([value], (known / known.sum())[None], np.random.default_rng(seed), 100)
            assert mean.low is not None
            assert mean.high is not None
            assert mean.low <= mean.high
            assert math.isfinite(mean.low)
            assert math.isfinite(mean.high)


class TestWilson:
    def test_by_hand(self) -> None:
        """Of nothing in ten looks: from 0 to z2 / (10 + z2), z = 1.96. Half of ten: 1/2 -+ z / 2 sqrt(10 + z2)."""
        z2 = 1.959964**2
        assert wilson(0.0, 10) == pytest.approx((0, z2 / (10 + z2)), abs=1e-6)
        half = math.sqrt(z2 / (10 + z2)) / 2
        assert wilson(0.5, 10) == pytest.approx((0.5 - half, 0.5 + half), abs=1e-6)

    @given(st.integers(1, 500), st.data())
    def test_it_is_that_of_scipy(self, looks: int, data: st.DataObject) -> None:
        hits = data.draw(st.integers(0, looks))
        other = scipy.stats.binomtest(hits, looks).proportion_ci(method="wilson")
        low, high = wilson(hits / looks, looks)
        assert low == pytest.approx(other.low, abs=1e-9)
        assert high == pytest.approx(other.high, abs=1e-9)
