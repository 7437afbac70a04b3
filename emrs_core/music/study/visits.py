"""Made-up listeners at the real recommender: one hears what it learns to choose, and nobody's songs are plain ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from emrs_core.affect import EMOTION_POINTS
from emrs_core.music.features import features_of
from emrs_core.music.goals import Goal
from emrs_core.music.history import SECONDS_PER_HOUR, Heard
from emrs_core.music.preference import Preference
from emrs_core.music.recommend import recommend
from emrs_core.music.study.listeners import Listener
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.store import MemoryProfileStore
from emrs_core.protocols import Catalogue
from emrs_core.types import AffectPoint

SONGS = 10
"""A round's list."""
BEGIN = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
BETWEEN_ROUNDS = timedelta(days=1)
BETWEEN_SONGS = timedelta(minutes=4)
MOOD_SD = 0.2
"""How far a mood lies from its emotion's point, in plane units: the error of such a point."""


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """What was heard in one arm with one seed, by L listeners (rows: 1, where all hear the same)."""

    rows: NDArray[np.intp]  # (L, rounds, SONGS); -1 where a list was shorter
    enjoyment: NDArray[np.float64]  # (L, rounds) mean over a round's songs


def moods_of(seed: int, rounds: int) -> tuple[AffectPoint, ...]:
    """The moods of the rounds: an emotion's point each time, with some error; the same for every listener."""
    rng = np.random.default_rng([seed, 1])
    centres = [EMOTION_POINTS[emotion] for emotion in rng.choice(list(EMOTION_POINTS), size=rounds)]
    errors = MOOD_SD * rng.standard_normal((rounds, 2))
    places = np.clip([(c.valence, c.arousal) for c in centres] + errors, -1.0, 1.0)
    return tuple(AffectPoint(float(valence), float(arousal)) for valence, arousal in places)


def plain_visits(catalogue: Catalogue, listeners: Sequence[Listener], seed: int, rounds: int) -> Visits:
    """The songs of plain ranking, which are the same for all, and what each listener would get out of them."""
    features, moods = features_of(catalogue), moods_of(seed, rounds)
    heard = _hear(catalogue, moods, seed, lambda: None, lambda *_: None)
    enjoyment = [
        [one.enjoyment(features, rows[rows >= 0], mood).mean() for rows, mood in zip(heard, moods, strict=True)]
        for one in listeners
    ]
    return Visits(heard[np.newaxis], np.array(enjoyment))


def learned_visit(catalogue: Catalogue, listener: Listener, place: int, seed: int, rounds: int) -> Visits:
    """One listener (number ``place`` of all) whose opinions a profile learns from, round by round."""
    features, moods = features_of(catalogue), moods_of(seed, rounds)
    profile = ListenerProfile(MemoryProfileStore(), catalogue)
    rng = np.random.default_rng([seed, 2, place])
    enjoyment = np.zeros((1, rounds))

    def after(number: int, rows: NDArray[np.intp]) -> None:
        worth = listener.enjoyment(features, rows, moods[number])
        enjoyment[0, number] = worth.mean()
        for song, (row, value) in enumerate(zip(rows.tolist(), worth.tolist(), strict=True)):
            at = BEGIN + number * BETWEEN_ROUNDS + song * BETWEEN_SONGS
            profile.add(listener.answer(value, features.track(row).id, at, moods[number], rng))

    heard = _hear(catalogue, moods, seed, profile.preference, after)
    return Visits(heard[np.newaxis], enjoyment)


def _hear(
    catalogue: Catalogue,
    moods: Sequence[AffectPoint],
    seed: int,
    preference: Callable[[], Preference | None],
    after: Callable[[int, NDArray[np.intp]], None],
) -> NDArray[np.intp]:
    """(rounds, SONGS) rows of the songs listed for each mood; songs of earlier rounds are left in peace."""
    row_of = features_of(catalogue).row_of
    shown = np.full((len(moods), SONGS), -1, dtype=np.intp)
    played: list[tuple[str, int]] = []
    for number, mood in enumerate(moods):
        hours = BETWEEN_ROUNDS.total_seconds() / SECONDS_PER_HOUR
        history = [Heard(track_id, (number - earlier) * hours) for track_id, earlier in played]
        items = recommend(
            catalogue, mood, goal=Goal.STAY, n=SONGS, seed=seed + number, history=history, preference=preference()
        )
        rows = np.array([row_of[item.track.id] for item in items], dtype=np.intp)
        shown[number, : len(rows)] = rows
        played += [(item.track.id, number) for item in items]
        after(number, rows)
    return shown
