"""CPU of what a taste says of 100,000 songs, and of learning it anew, against plain Python and one big regression."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script, Python knows only this folder
    sys.path.insert(0, str(ROOT))

from benchmarks.bench_ranking import SONGS, ManySongs  # noqa: E402
from benchmarks.context import REPEATS, Context, processor_name  # noqa: E402
from benchmarks.rows import Row, verdict  # noqa: E402
from emrs_core.music.features import CatalogueFeatures  # noqa: E402
from emrs_core.music.taste.feedback import Feedback, FeedbackKind, new_id  # noqa: E402
from emrs_core.music.taste.model import FittedTaste, TasteModel  # noqa: E402
from emrs_core.music.taste.posterior import ARTIST_VAR, SONG_VAR, Observations  # noqa: E402
from emrs_core.music.taste.traits import GUESSES, Traits  # noqa: E402
from emrs_core.testing.catalogues import numbered_id  # noqa: E402
from emrs_core.types import AffectPoint  # noqa: E402

OPINIONS = 300
CALLS = 20  # of ours in one measured stretch: one alone is near the resolution of the CPU clock
SCORING_MS = 2.0
MOOD = AffectPoint(0.2, -0.1)


def run(context: Context) -> list[dict[str, Any]]:
    features = replace(ManySongs(SONGS).features, row_of={numbered_id(row): row for row in range(OPINIONS)})
    feedback = opinions(features)
    fitted = TasteModel(feedback).fitted(features)
    assert fitted is not None
    observed = fitted.observed
    assert observed is not None
    rng = np.random.default_rng(0)
    ours = _median_ms(lambda: fitted.rewards(MOOD, rng), context.repeats, CALLS)
    loop = _median_ms(lambda: plain_loop(features, fitted), context.repeats, 1)
    note = f"{verdict(ours, under=SCORING_MS)}; the loop is plain Python"
    learned = _median_ms(lambda: FittedTaste(features, feedback).posteriors, context.repeats, CALLS)
    ridge = _median_ms(lambda: [one_ridge(observed.seen, observed.traits, place) for place in range(len(GUESSES))],
                       context.repeats, 1)  # fmt: skip
    rows = (
        Row(f"taste: {SONGS:,} songs scored", ours, loop, "ms CPU", note),
        Row(f"taste: {OPINIONS} opinions learned anew", learned, ridge, "ms CPU",
            f"{len(GUESSES)} guesses; the baseline solves for every song and artist at once"),
    )  # fmt: skip
    return [row.as_dict(context.processor) for row in rows]


def opinions(features: CatalogueFeatures) -> list[Feedback]:
    """Of the first songs, by somebody who likes one genre."""
    kinds = np.where(features.genre[:OPINIONS] == features.genre[0], FeedbackKind.LIKE, FeedbackKind.DISLIKE)
    now = datetime.now(UTC)
    return [Feedback(new_id(), FeedbackKind(kind), numbered_id(row), now, MOOD) for row, kind in enumerate(kinds)]


def plain_loop(features: CatalogueFeatures, fitted: FittedTaste) -> list[float]:
    """The same rewards at their mean, but for refused songs, one song at a time."""
    observed = fitted.observed
    assert observed is not None
    taste, traits = fitted.draw(None), observed.traits
    w = taste.weights.tolist()
    genres, decades = ({int(n): place for place, n in enumerate(column)} for column in (traits.genres, traits.decades))
    artists = dict(zip(observed.artist_numbers.tolist(), taste.artist.tolist(), strict=True))
    songs = dict(zip(observed.song_rows.tolist(), taste.song.tolist(), strict=True))
    sounds, of_genre, of_decade = traits.sound.start, traits.genre.start, traits.decade.start
    at = (MOOD.valence, MOOD.arousal)
    columns = zip(features.timbre.tolist(), features.year.tolist(), features.genre.tolist(), features.artist.tolist(),
                  strict=True)  # fmt: skip
    rewards = []
    for row, (timbre, year, genre, artist) in enumerate(columns):
        sound = [max(-3.0, min(3.0, value)) for value in timbre]
        reward = w[0] + w[traits.year] * max(-3.0, min(3.0, (year - 1995) / 20))
        for place, value in enumerate(sound):
            reward += value * (w[sounds + place] + value * w[sounds + len(sound) + place])
        for axis in (0, 1):
            for place in (0, 1):
                reward += at[axis] * sound[place] * w[traits.mood.start + 2 * axis + place]
        if genre in genres:
            reward += w[of_genre + genres[genre]]
            reward += sum(at[axis] * w[traits.genre_in_mood(axis).start + genres[genre]] for axis in (0, 1))
        if year // 10 * 10 in decades:
            reward += w[of_decade + decades[year // 10 * 10]]
        rewards.append(reward + artists.get(artist, 0.0) + songs.get(row, 0.0))
    return rewards


def one_ridge(seen: Observations, traits: Traits, guess: int) -> np.ndarray[Any, Any]:
    """Weights, artists and songs of one guess by a single regression."""
    variances, names = traits.variances(GUESSES[guess]), GUESSES[guess].names
    blocks = (seen.traits, np.eye(seen.artists)[seen.artist_of[seen.song]], np.eye(len(seen.artist_of))[seen.song])
    design = np.hstack(blocks)
    prior = np.concatenate(
        [variances, np.full(seen.artists, ARTIST_VAR * names), np.full(len(seen.artist_of), SONG_VAR * names)]
    )
    return np.asarray(np.linalg.solve(design.T @ design + np.diag(1.0 / prior), design.T @ seen.rewards))


def _median_ms(call: Callable[[], object], repeats: int, calls: int) -> float:
    """Milliseconds of CPU a call, the median over repeats; the first call does not count."""
    call()
    spent = []
    for _ in range(repeats):
        begin_s = time.process_time()
        for _ in range(calls):
            call()
        spent.append(1000 * (time.process_time() - begin_s) / calls)
    return statistics.median(spent)


if __name__ == "__main__":
    for line in run(Context(Path(), processor_name(), REPEATS)):
        print(line)
