"""CPU of the songs for a mood out of many: ``emrs_core.music`` and its columns against a plain Python loop."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script, Python knows only this folder
    sys.path.insert(0, str(ROOT))

from benchmarks.context import REPEATS, Context, processor_name  # noqa: E402
from benchmarks.rows import Row, verdict  # noqa: E402
from emrs_core.affect import EMOTION_POINTS  # noqa: E402
from emrs_core.music.catalogue import CsvCatalogue  # noqa: E402
from emrs_core.music.features import CatalogueFeatures  # noqa: E402
from emrs_core.music.filters import Filters  # noqa: E402
from emrs_core.music.goals import Goal, plan  # noqa: E402
from emrs_core.music.plane import NAMED_TARGETS, safe_target  # noqa: E402
from emrs_core.music.ranking.scoring import SONG_SD, TOLERANCE  # noqa: E402
from emrs_core.music.recommend import recommend  # noqa: E402
from emrs_core.testing.catalogues import numbered_id  # noqa: E402
from emrs_core.types import AffectPoint, Emotion, Track  # noqa: E402

SONGS = 100_000
GROWTH = (1_000, 10_000, 100_000, 1_000_000)
TOP, PATH = 20, 8
SPREAD = 0.04  # plane units between the copies of a song, so that no two are alike
CALLS = 20  # of ours in one measured stretch: one alone is near the resolution of the CPU clock
LIST_MS, PATH_MS = 5.0, 20.0
SEED = 7
MOODS = tuple(EMOTION_POINTS.values())
FEW_MOODS = (EMOTION_POINTS[Emotion.SAD], EMOTION_POINTS[Emotion.HAPPY])
FILTERS = Filters(genres=frozenset({"rock", "pop", "r&b"}), decades=frozenset({1980, 1990, 2000, 2010}), novelty=0.5)


def run(context: Context) -> list[dict[str, Any]]:
    rows = [*_lists(context), *_growth(context), _builtin(context)]
    return [row.as_dict(context.processor) for row in rows]


def _lists(context: Context) -> list[Row]:
    """What one redraw asks for, out of ``SONGS``."""
    many = ManySongs(SONGS)
    loop = partial(_median_ms, repeats=context.repeats, calls=1)
    ours = partial(_median_ms, repeats=context.repeats, calls=CALLS)
    plain = loop(lambda mood: plain_loop(many, [safe_target(mood)], TOP))
    taste = KnownTaste(np.random.default_rng(SEED).normal(0.0, 0.3, SONGS).astype(np.float32))
    out_of = f"of {SONGS:,} songs"
    lists = {
        f"best {TOP} {out_of}": lambda mood: recommend(many, mood, n=TOP),
        f"best {TOP} {out_of}, filtered": lambda mood: recommend(many, mood, n=TOP, filters=FILTERS),
        f"best {TOP} {out_of}, filtered, taste known": lambda mood: recommend(
            many, mood, n=TOP, filters=FILTERS, preference=taste
        ),
    }
    varied = "ours also keeps variety and rules and gives reasons; the loop scores and sorts"
    rows = []
    for name, call in lists.items():
        spent = ours(call)
        rows.append(Row(name, spent, plain, "ms CPU", f"{verdict(spent, under=LIST_MS)}; {varied}"))
    first = ours(lambda mood: recommend(many.anew(), mood, n=TOP, filters=FILTERS))
    name = f"best {TOP} {out_of}, filtered, the first list of a wish"
    rows.append(Row(name, first, plain, "ms CPU", f"{verdict(first, under=LIST_MS)}; nothing remembered yet"))
    spent = ours(lambda mood: recommend(many, mood, goal=Goal.GUIDE, goal_target=_aim(mood), n=PATH))
    plain = loop(lambda mood: plain_loop(many, plan(mood, Goal.GUIDE, _aim(mood), PATH).waypoints, 1), moods=FEW_MOODS)
    note = f"{verdict(spent, under=PATH_MS)}; the loop takes the best song for each place"
    return [*rows, Row(f"path of {PATH} {out_of}", spent, plain, "ms CPU", note)]


def _growth(context: Context) -> list[Row]:
    rows = []
    for count in GROWTH:
        many = ManySongs(count)
        moods = MOODS if count < SONGS else FEW_MOODS
        ours = _median_ms(lambda mood, many=many: recommend(many, mood, n=TOP), context.repeats, CALLS, moods)
        loop = _median_ms(lambda mood, many=many: plain_loop(many, [mood], TOP), 1, 1, moods)
        rows.append(Row(f"growth: best {TOP} of {count:,} songs", ours, loop, "ms CPU"))
    return rows


def _builtin(context: Context) -> Row:
    catalogue = CsvCatalogue.builtin()
    spent = _median_ms(lambda mood: recommend(catalogue, mood, n=TOP), context.repeats, CALLS)
    return Row(f"best {TOP} of the {len(catalogue.tracks())} built-in songs", spent, None, "ms CPU")


def _aim(mood: AffectPoint) -> AffectPoint:
    """The named target farthest from the mood: the longest path there is."""
    return max(NAMED_TARGETS.values(), key=mood.distance_to)


@dataclass(frozen=True)
class KnownTaste:
    """A taste that is known already: what is measured is the ranking with it."""

    values: NDArray[np.float32]

    def rewards(self, features: CatalogueFeatures, start: AffectPoint, rng: np.random.Generator) -> NDArray[np.float32]:
        return self.values


class ManySongs(Sequence[Track]):
    """A catalogue of that many songs out of the built-in ones: copies by other artists, a little away on the plane.

    Kept as columns; each song is made when it is asked for, as a large catalogue does.
    """

    def __init__(self, count: int) -> None:
        self._few = CsvCatalogue.builtin().features
        copy_of = np.arange(count) % len(self._few)
        shift = np.random.default_rng(SEED).normal(0.0, SPREAD, (2, count)).astype(np.float32)
        plane = np.clip(self._few.plane[:, copy_of] + shift, -1.0, 1.0)
        artists = int(self._few.artist.max()) + 1
        columns = ("timbre", "genre", "year", "duration_ms", "tempo", "popularity", "explicit")
        self.features = replace(
            self._few,
            plane=plane,
            artist=(self._few.artist[copy_of] + artists * (np.arange(count) // len(self._few))).astype(np.int32),
            row_of={},
            tracks=self,
            **{name: getattr(self._few, name)[copy_of] for name in columns},
        )
        self.valence, self.arousal = plane.tolist()

    def __len__(self) -> int:
        return len(self.valence)

    @overload
    def __getitem__(self, row: int) -> Track: ...

    @overload
    def __getitem__(self, row: slice) -> list[Track]: ...

    def __getitem__(self, row: int | slice) -> Track | list[Track]:
        if isinstance(row, slice):
            return [self[place] for place in range(*row.indices(len(self)))]
        copied = self._few.track(row % len(self._few))
        valence, energy = (self.valence[row] + 1) / 2, (self.arousal[row] + 1) / 2
        return replace(copied, id=numbered_id(row), valence=valence, energy=energy)

    def tracks(self) -> Sequence[Track]:
        return self

    def anew(self) -> ManySongs:
        """The same songs, with nothing remembered of earlier lists."""
        self.features = replace(self.features)
        return self

    def get(self, track_id: str) -> Track | None:
        return self[int(track_id)]


def plain_loop(songs: ManySongs, aims: Sequence[AffectPoint], count: int) -> list[int]:
    """The same fit, one song at a time, then a sort, for each place aimed at: what most projects run."""
    scale_v, scale_a = (-0.5 / (sd**2 + TOLERANCE**2) for sd in SONG_SD)
    chosen = []
    for aim in aims:
        scored = []
        for number, (valence, arousal) in enumerate(zip(songs.valence, songs.arousal, strict=True)):
            score = scale_v * (valence - aim.valence) ** 2 + scale_a * (arousal - aim.arousal) ** 2
            scored.append((score, number))
        scored.sort(reverse=True)
        chosen += [number for _, number in scored[:count]]
    return chosen


def _median_ms(
    call: Callable[[AffectPoint], object], repeats: int, calls: int, moods: Sequence[AffectPoint] = MOODS
) -> float:
    """Milliseconds of CPU a call, the median over moods and repeats; the first call of each mood does not count."""
    spent = []
    for mood in moods:
        call(mood)
        for _ in range(repeats):
            begin_s = time.process_time()
            for _ in range(calls):
                call(mood)
            spent.append(1000 * (time.process_time() - begin_s) / calls)
    return statistics.median(spent)


if __name__ == "__main__":
    for line in run(Context(Path(), processor_name(), REPEATS)):
        print(line)
