"""The closed form of the taste model against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.music.taste.posterior import (
    ARTIST_VAR,
    NOISE_SD,
    NOISE_TRUST,
    SONG_VAR,
    Draw,
    Observations,
    Posterior,
    fit,
)


def observations(seed: int, count: int = 30, size: int = 4, songs: int = 9, artists: int = 3) -> Observations:
    rng = np.random.default_rng(seed)
    _, song = np.unique(rng.integers(songs, size=count), return_inverse=True)
    _, artist_of = np.unique(rng.integers(artists, size=song.max() + 1), return_inverse=True)
    traits = np.column_stack([np.ones(count), rng.standard_normal((count, size - 1))])
    return Observations(traits, rng.choice([-1.0, -0.5, 0.25, 1.0], size=count), song, artist_of)


def brute_force(seen: Observations, variances: np.ndarray, of_names: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Mean and covariance of [weights, artists, songs] by one big ridge regression, and the log evidence."""
    songs, artists = len(seen.artist_of), seen.artists
    design = np.hstack([seen.traits, np.eye(artists)[seen.artist_of[seen.song]], np.eye(songs)[seen.song]])
    prior = np.concatenate([variances, np.full(artists, ARTIST_VAR * of_names), np.full(songs, SONG_VAR * of_names)])
    prior = prior / NOISE_SD**2
    precision = design.T @ design + np.diag(1 / prior)
    mean = np.linalg.solve(precision, design.T @ seen.rewards)
    marginal = np.eye(len(design)) + design @ np.diag(prior) @ design.T
    squares = NOISE_TRUST * NOISE_SD**2 + seen.rewards @ np.linalg.solve(marginal, seen.rewards)
    count = NOISE_TRUST + len(design)
    evidence = -0.5 * (np.linalg.slogdet(marginal)[1] + count * np.log(squares))
    return mean, np.linalg.inv(precision) * squares / count, evidence


def at_rest(posterior: Posterior, seen: Observations) -> Draw:
    still = Draw(np.zeros(seen.traits.shape[1]), np.zeros(seen.artists), np.zeros(len(seen.artist_of)))
    return posterior.draw(still, 0.0)


VARIANCES = np.array([0.2, 0.1, 0.05, 0.03])


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.sampled_from([1e-4, 0.3, 3.0]))
def test_it_is_the_ridge_regression_of_everything_at_once(seed: int, of_names: float) -> None:
    seen = observations(seed)
    mean, covariance, evidence = brute_force(seen, VARIANCES, of_names)
    posterior = fit(seen, VARIANCES, of_names)
    np.testing.assert_allclose(np.concatenate(at_rest(posterior, seen)), mean, atol=1e-8)
    np.testing.assert_allclose(posterior.covariance, covariance[:4, :4], atol=1e-8)
    assert posterior.log_evidence == pytest.approx(evidence, abs=1e-6)


def test_draws_have_the_posteriors_covariance() -> None:
    seen = observations(3)
    posterior = fit(seen, VARIANCES, 1.0)
    rng = np.random.default_rng(0)
    sizes = (4, seen.artists, len(seen.artist_of))
    draws = np.array(
        [
            np.concatenate(posterior.draw(Draw(*(rng.standard_normal(size) for size in sizes)), 1.0))
            for _ in range(20_000)
        ]
    )
    mean, covariance, _ = brute_force(seen, VARIANCES, 1.0)
    np.testing.assert_allclose(draws.mean(axis=0), mean, atol=0.02)
    np.testing.assert_allclose(np.cov(draws.T), covariance, atol=0.02)


def test_a_tenth_of_the_deviation_is_a_tenth_of_the_way() -> None:
    seen = observations(4)
    posterior = fit(seen, VARIANCES, 1.0)
    z = Draw(np.ones(4), np.ones(seen.artists), np.ones(len(seen.artist_of)))
    rest, tenth, whole = (np.concatenate(posterior.draw(z, spread)) for spread in (0.0, 0.1, 1.0))
    np.testing.assert_allclose(tenth - rest, 0.1 * (whole - rest))
