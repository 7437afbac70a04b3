"""Which songs fit a mood: pure, deterministic for a seed, in whole columns at a time.

A song's score for a waypoint is the log density of the mood under the song's uncertain place, less what it costs to
hear it again soon or to jump too far from the song before, plus a little for the unfamiliar. From the best candidates,
songs are taken one by one so that each also differs from those taken before (maximal marginal relevance).
Source: Carbonell & Goldstein (1998), The use of MMR, diversity-based reranking.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import CatalogueError, UsageError
from emrs_core.music.features import CatalogueFeatures, features_of
from emrs_core.music.goals import Goal, Plan, plan
from emrs_core.music.history import Heard
from emrs_core.music.plane import track_point
from emrs_core.music.preference import Preference
from emrs_core.music.reasons import reasons_for
from emrs_core.music.selection import Picker
from emrs_core.protocols import Catalogue
from emrs_core.types import AffectPoint, Recommendation

TOLERANCE = 0.15
"""Plane units; how exactly a mood is meant."""
SONG_SD = (0.53, 0.49)
"""What a song's valence and energy leave open about felt valence and arousal, in plane units.

sqrt(1 - r^2) of a scale whose deviation is that of a uniform one, 0.577, with r = .41 and .54 between Spotify's numbers
and people's ratings of 328 songs. Wide on purpose: songs closer together than this cannot honestly be told apart.
"""
TASTE_WEIGHT = 1.0
"""Score of one unit of expected reward: as much as three quarters of a plane unit of fit. In field data taste weighs
more than the match with the mood."""
REPEAT_COST, REPEAT_HALF_LIFE_H = 1.5, 12.0
"""A song heard just now falls behind any that is less than about a plane unit farther; half a day halves that."""


def recommend(
    catalogue: Catalogue,
    start: AffectPoint,
    *,
    goal: Goal = Goal.STAY,
    goal_target: AffectPoint | None = None,
    n: int | None = None,
    seed: int = 0,
    history: Iterable[str | Heard] = (),
    preference: Preference | None = None,
) -> tuple[Recommendation, ...]:
    """Songs for somebody at ``start``, in the order to play them; the same for the same arguments.

    At most n (None: 20, or the path's own length for ``guide``); fewer where the catalogue has no more that keep the
    rules: no song twice, at most 2 of any 10 in a row by one artist, at most 2 in a row below a valence of -0.3.
    ``history``: songs heard before; a bare id counts as heard just now.
    ``preference``: what the person is known to like; None, or one that knows nothing yet: plain ranking.
    Raises CatalogueError for a catalogue without songs, UsageError for a length that cannot be or a seed below 0.
    """
    return recommend_along(
        catalogue, plan(start, goal, goal_target, n), seed=seed, history=history, preference=preference
    )


def recommend_along(
    catalogue: Catalogue,
    route: Plan,
    *,
    seed: int = 0,
    history: Iterable[str | Heard] = (),
    preference: Preference | None = None,
) -> tuple[Recommendation, ...]:
    """``recommend`` for a plan made before: one song for each waypoint."""
    if seed < 0:
        raise UsageError(f"The seed must be 0 or more, got {seed}.")
    features = features_of(catalogue)
    if not len(features):
        raise CatalogueError("The catalogue has no songs to choose from; add some, or use the built-in one.")
    heard = _heard_rows(features, history)
    rng = np.random.default_rng(seed)
    rewards = None if preference is None else preference.rewards(features, route.start, rng)
    picker = Picker(features, rng, *heard)
    picks: list[tuple[int, float, AffectPoint]] = []
    scored: AffectPoint | None = None
    for waypoint in route.waypoints:
        if waypoint != scored:
            scores = base_scores(features, waypoint, heard)
            picker.aim(scores if rewards is None else scores + np.float32(TASTE_WEIGHT) * np.nan_to_num(rewards))
            scored = waypoint
        pick = picker.next()
        if pick is None:
            break
        picks.append((*pick, waypoint))
    tracks = [features.tracks[row] for row, _, _ in picks]
    points = [track_point(track) for track in tracks]
    reasons = reasons_for(tracks, points, route)
    return tuple(
        Recommendation(track, point, waypoint, score, reason)
        for track, point, (_, score, waypoint), reason in zip(tracks, points, picks, reasons, strict=True)
    )


def base_scores(
    features: CatalogueFeatures, waypoint: AffectPoint, heard: tuple[NDArray[np.intp], NDArray[np.float32]]
) -> NDArray[np.float32]:
    """(N,) scores of all songs for a waypoint: -1/2 (c - w)' (S + 0.15^2 I)^-1 (c - w) - 1.5 * 2^(-hours / 12)."""
    scale_v, scale_a = (np.float32(-0.5 / (sd**2 + TOLERANCE**2)) for sd in SONG_SD)
    valence, arousal = features.plane
    across = valence - np.float32(waypoint.valence)
    scores: NDArray[np.float32] = across * across
    scores *= scale_v
    np.subtract(arousal, np.float32(waypoint.arousal), out=across)
    across *= across
    across *= scale_a
    scores += across
    rows, recency = heard
    scores[rows] -= np.float32(REPEAT_COST) * recency
    return scores


def _heard_rows(
    features: CatalogueFeatures, history: Iterable[str | Heard]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Rows of the songs heard, each once, and how recently it was last: 2^(-hours / 12)."""
    latest: dict[int, float] = {}
    for entry in history:
        heard = Heard(entry) if isinstance(entry, str) else entry
        row = features.row_of.get(heard.track_id)
        if row is not None:
            latest[row] = min(heard.hours_ago, latest.get(row, heard.hours_ago))
    hours = np.array(list(latest.values()), dtype=np.float32)
    return np.array(list(latest), dtype=np.intp), np.exp2(-hours / np.float32(REPEAT_HALF_LIFE_H))
