"""Bayesian linear regression with intercepts for songs and artists: exact, conjugate, in closed form.

reward = x . w + a[artist] + b[song] + noise, with normal priors whose variances are given over the noise's, which is
unknown too (inverse gamma). A song has one artist, so songs and then artists can be integrated out one after the other
(Woodbury's identity on nested groups), and what is left to solve has the size of w: M answers cost O(M P^2), whatever
the number of songs and artists.
Source: Bishop (2006), Pattern recognition and machine learning, sections 2.3.6 and 3.3; for the nested groups Searle,
Casella & McCulloch (1992), Variance components, chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NOISE_SD, NOISE_TRUST = 0.6, 4.0
"""First guess of the deviation of a reward around what the person thinks of the song, in thumbs, and how many rewards
that guess is worth: people differ in how steadily they answer, so it is learned with the rest."""
ARTIST_VAR, SONG_VAR = 0.1, 0.1
"""Prior variances of the intercepts: together 1/5, as much as the guide gives to an item."""
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """M rewards of what was heard; songs and artists are numbered from 0, and each occurs."""

    traits: Array  # (M, P)
    rewards: Array  # (M,)
    song: NDArray[np.intp]  # (M,) in [0, songs)
    artist_of: NDArray[np.intp]  # (songs,) in [0, artists)

    @property
    def artists(self) -> int:
        return int(np.max(self.artist_of)) + 1


class Draw(NamedTuple):
    """One taste: weights of the traits (P,), of the artists, of the songs."""

    weights: Array
    artist: Array
    song: Array


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """What is believed after the observations, for one guess at what matters to the person. Immutable; any thread."""

    log_evidence: float  # but for a constant
    noise_sd: float
    mean: Array  # (P,)
    root: Array  # (P, P) lower Cholesky factor of the weights' precision, in units of the noise's
    groups: _Groups

    @property
    def covariance(self) -> Array:
        inverse = np.linalg.inv(self.root) * self.noise_sd
        return np.asarray(inverse.T @ inverse)

    @property
    def artist_sd(self) -> Array:
        """Of the artists' intercepts, given the weights."""
        return self.groups.artist_sd * self.noise_sd

    def draw(self, z: Draw, spread: float) -> Draw:
        """The taste at standard normal numbers ``z``, its deviation from the mean times ``spread`` (0: the mean)."""
        spread = spread * self.noise_sd
        weights = self.mean + spread * np.linalg.solve(self.root.T, z.weights)
        return self.groups.given(weights, z, spread)


def fit(seen: Observations, prior_variances: Array, of_names: float) -> Posterior:
    """The posterior for prior variances (P,) of the weights and, times ``of_names``, of artists and songs."""
    variances = prior_variances / NOISE_SD**2
    groups = _grouped(seen, of_names)
    size = len(variances)
    inner = groups.inner
    root = np.asarray(np.linalg.cholesky(inner[:size, :size] + np.diag(1.0 / variances)), dtype=np.float64)
    whitened = np.linalg.solve(root, inner[:size, size])
    mean = np.linalg.solve(root.T, whitened)
    log_determinant = groups.log_determinant + 2.0 * float(np.log(np.diag(root)).sum()) + float(np.log(variances).sum())
    squares = NOISE_TRUST * NOISE_SD**2 + float(inner[size, size] - whitened @ whitened)
    answers = NOISE_TRUST + len(seen.rewards)
    log_evidence = -0.5 * (log_determinant + answers * float(np.log(squares)))
    return Posterior(log_evidence, float(np.sqrt(squares / answers)), np.asarray(mean), root, groups)


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Sums over songs and artists of the observations [traits, reward], with what their intercepts leave."""

    inner: Array  # (P + 1, P + 1): [X r]' C^-1 [X r], C the covariance of the rewards given the weights
    log_determinant: float  # of C, but for a constant
    by_song: Array  # (songs, P + 1) mean of [X r]
    song_share: Array  # (songs,) how far a song's intercept follows its residual, in [0, 1)
    song_sd: Array
    by_artist: Array  # (artists, P + 1): residual that an artist's intercept follows, as a linear map of [-w 1]
    artist_sd: Array  # in units of the noise's, like song_sd
    artist_of: NDArray[np.intp]

    def given(self, weights: Array, z: Draw, spread: float) -> Draw:
        """The intercepts for those weights: artists first, then songs given their artist."""
        contrast = np.append(-weights, 1.0)
        artist = self.by_artist @ contrast + spread * self.artist_sd * z.artist
        song = self.song_share * (self.by_song @ contrast - artist[self.artist_of]) + spread * self.song_sd * z.song
        return Draw(weights, artist, song)


def _grouped(seen: Observations, of_names: float) -> _Groups:
    song_var, artist_var = SONG_VAR * of_names / NOISE_SD**2, ARTIST_VAR * of_names / NOISE_SD**2
    table = np.column_stack([seen.traits, seen.rewards])
    songs, artists = len(seen.artist_of), seen.artists
    counts = np.bincount(seen.song, minlength=songs).astype(np.float64)
    sums = _summed(table, seen.song, songs)
    left = 1.0 + counts * song_var  # variance of a song's mean residual, times its count
    inner = table.T @ table - (sums * (song_var / left)[:, np.newaxis]).T @ sums
    weight = np.bincount(seen.artist_of, counts / left, artists)
    pulls = _summed(sums / left[:, np.newaxis], seen.artist_of, artists)
    kept = artist_var / (1.0 + artist_var * weight)
    inner -= (pulls * kept[:, np.newaxis]).T @ pulls
    log_determinant = float(np.log(left).sum() + np.log1p(artist_var * weight).sum())
    return _Groups(
        inner=inner,
        log_determinant=log_determinant,
        by_song=sums / counts[:, np.newaxis],
        song_share=counts * song_var / left,
        song_sd=np.sqrt(song_var / left),
        by_artist=pulls * kept[:, np.newaxis],
        artist_sd=np.sqrt(kept),
        artist_of=seen.artist_of,
    )


def _summed(table: Array, group: NDArray[np.intp], groups: int) -> Array:
    sums = np.zeros((groups, table.shape[1]))
    np.add.at(sums, group, table)
    return sums
