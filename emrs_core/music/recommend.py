"""Which songs fit a mood: pure, deterministic for a seed, in whole columns at a time.

A song's score for a waypoint is the log density of the mood under the song's uncertain place, plus the expected reward
of hearing it, less what it costs to hear it again soon or to jump too far from the song before, plus a little for the
unfamiliar. From the best candidates, songs are taken one by one so that each also differs from those taken before
(maximal marginal relevance). The order of the catalogue plays no part.
Source: Carbonell & Goldstein (1998), The use of MMR, diversity-based reranking.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import CatalogueError, UsageError
from emrs_core.music.features import CatalogueFeatures, features_of
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal, Plan, plan
from emrs_core.music.history import Heard
from emrs_core.music.journey import Journey
from emrs_core.music.plane import track_point
from emrs_core.music.preference import Preference
from emrs_core.music.ranking.scoring import MS_PER_MINUTE, NO_FILTERS, REPEAT_HALF_LIFE_H, HeardRows, Scorer
from emrs_core.music.ranking.selection import Pick, Picker
from emrs_core.music.ranking.timed import TimedWaypoints
from emrs_core.music.reasons import reasons_for
from emrs_core.protocols import Catalogue
from emrs_core.types import AffectPoint, Recommendation


def recommend(
    catalogue: Catalogue,
    start: AffectPoint,
    *,
    goal: Goal = Goal.STAY,
    goal_target: AffectPoint | None = None,
    n: int | None = None,
    minutes: float | None = None,
    filters: Filters = NO_FILTERS,
    seed: int = 0,
    history: Iterable[str | Heard] = (),
    preference: Preference | None = None,
) -> tuple[Recommendation, ...]:
    """Songs for somebody at ``start``, in the order to play them; the same for the same arguments.

    At most n, or as many as come nearest to ``minutes`` (neither: 20, or the path's own length for ``guide``); fewer
    where the catalogue has no more that keep the rules: no song twice, at most 2 of any 10 in a row by one artist, at
    most 2 in a row below a valence of -0.3. ``history``: songs heard before; a bare id counts as heard just now.
    ``preference``: what the person is known to like; None, or one that knows nothing yet: plain ranking.
    Raises CatalogueError for a catalogue without songs (NoSongsLeft where the filters leave none), UsageError for a
    length that cannot be or a seed below 0.
    """
    route = plan(start, goal, goal_target, n, minutes)
    return recommend_along(catalogue, route, filters=filters, seed=seed, history=history, preference=preference)


def replan(
    catalogue: Catalogue,
    journey: Journey,
    *,
    played: Sequence[str],
    filters: Filters = NO_FILTERS,
    seed: int = 0,
    history: Iterable[str | Heard] = (),
    preference: Preference | None = None,
    before: Sequence[str] = (),
) -> tuple[Recommendation, ...]:
    """The rest of a list whose first songs, ``played`` (ids, in order), were heard: ``journey`` has been told of each.

    With the arguments of the list itself and moods as planned (or unseen) these are the songs it had anyway;
    ``history`` is that from before the list. Empty at the end of a journey. Raises as ``recommend`` does.
    """
    if not journey.left:
        return ()
    return recommend_along(
        catalogue,
        journey.route,
        filters=filters,
        seed=seed,
        history=history,
        preference=preference,
        played=played,
        before=before,
    )


def recommend_along(
    catalogue: Catalogue,
    route: Plan,
    *,
    filters: Filters = NO_FILTERS,
    seed: int = 0,
    history: Iterable[str | Heard] = (),
    preference: Preference | None = None,
    played: Sequence[str] = (),
    before: Sequence[str] = (),
) -> tuple[Recommendation, ...]:
    """``recommend`` for a plan made before: one song for each waypoint, or as many as fill its minutes.

    ``before``: the songs that were on before this list (ids, in order). Its first songs keep the rules beside them.
    """
    if seed < 0:
        raise UsageError(f"The seed must be 0 or more, got {seed}.")
    features = features_of(catalogue)
    if not len(features):
        raise CatalogueError("The catalogue has no songs to choose from; add some, or use the built-in one.")
    heard = _heard_rows(features, history)
    rng = np.random.default_rng(seed)
    rewards = None if preference is None else preference.rewards(features, route.start, rng)
    scorer = Scorer(features, heard, filters, rewards)
    known = features.row_of
    over, earlier = ([known[song] for song in songs if song in known] for songs in (played, before))
    picker = Picker(features, scorer, heard, seed, over, earlier)
    song_minutes = scorer.mean_minutes() if route.minutes is not None else None
    picks = list(_picks(picker, features, route, song_minutes))
    tracks = [features.track(pick.row) for pick, _ in picks]
    points = [track_point(track) for track in tracks]
    reasons = reasons_for(tracks, points, route, [pick.terms for pick, _ in picks], filters.novelty, len(played))
    return tuple(
        Recommendation(track, point, waypoint, pick.score, reason)
        for track, point, (pick, waypoint), reason in zip(tracks, points, picks, reasons, strict=True)
    )


def _picks(
    picker: Picker, features: CatalogueFeatures, route: Plan, song_minutes: float | None
) -> Iterator[tuple[Pick, AffectPoint]]:
    """Songs and the waypoints they were chosen for, until the list is as long as it should be or none is left."""
    waypoints = iter(route.waypoints) if song_minutes is None else TimedWaypoints(route, song_minutes)
    for waypoint in waypoints:
        picker.aim(waypoint)
        pick = picker.next()
        if pick is None:
            return
        yield pick, waypoint
        if isinstance(waypoints, TimedWaypoints):
            waypoints.heard(float(features.duration_ms[pick.row]) / MS_PER_MINUTE or None)


def _heard_rows(features: CatalogueFeatures, history: Iterable[str | Heard]) -> HeardRows:
    latest: dict[int, float] = {}
    for entry in history:
        heard = Heard(entry) if isinstance(entry, str) else entry
        row = features.row_of.get(heard.track_id)
        if row is not None:
            latest[row] = min(heard.hours_ago, latest.get(row, heard.hours_ago))
    hours = np.array(list(latest.values()), dtype=np.float32)
    recency: NDArray[np.float32] = np.exp2(-hours / np.float32(REPEAT_HALF_LIFE_H))
    return HeardRows(np.array(list(latest), dtype=np.intp), recency)
