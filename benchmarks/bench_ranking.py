"""CPU of the best 20 of 100,000 songs: ``emrs_core.music`` and its columns against a plain Python loop."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:  # run as a script, Python knows only this folder
    sys.path.insert(0, str(ROOT))

from benchmarks.context import REPEATS, Context, processor_name  # noqa: E402
from benchmarks.rows import Row, verdict  # noqa: E402
from emrs_core.affect import EMOTION_POINTS  # noqa: E402
from emrs_core.music.catalogue import CsvCatalogue  # noqa: E402
from emrs_core.music.plane import safe_target, track_point  # noqa: E402
from emrs_core.music.recommend import recommend  # noqa: E402
from emrs_core.music.scoring import SONG_SD, TOLERANCE  # noqa: E402
from emrs_core.testing.catalogues import FakeCatalogue, numbered_id  # noqa: E402
from emrs_core.types import AffectPoint, Track  # noqa: E402

SONGS = 100_000
TOP = 20
SPREAD = 0.02  # of valence and energy between the copies of a song, so that no two are alike
CALLS = 20  # of ours in one measured stretch: one alone is near the resolution of the CPU clock
SLOW_CALLS = 1
TARGET_MS = 5.0
SEED = 7


def run(context: Context) -> list[dict[str, Any]]:
    tracks = replicated(CsvCatalogue.builtin().tracks(), SONGS)
    catalogue = FakeCatalogue(tracks)
    catalogue.features  # noqa: B018  made once, at the first use, as in the product
    points = list(EMOTION_POINTS.values())
    ours = _median_ms(lambda p: recommend(catalogue, p, n=TOP), points, context.repeats, CALLS)
    loop = _median_ms(lambda p: plain_loop(tracks, p, TOP), points, context.repeats, SLOW_CALLS)
    one_list = CsvCatalogue.builtin()
    small = _median_ms(lambda p: recommend(one_list, p, n=TOP), points, context.repeats, CALLS)
    varied = "ours also keeps variety and rules and gives reasons; the loop scores and sorts"
    rows = [
        Row(f"best {TOP} of {SONGS:,} songs", ours, loop, "ms CPU", f"{verdict(ours, under=TARGET_MS)}; {varied}"),
        Row(f"best {TOP} of the {len(one_list.tracks())} built-in songs", small, None, "ms CPU"),
    ]
    return [row.as_dict(context.processor) for row in rows]


def replicated(tracks: Sequence[Track], count: int) -> list[Track]:
    """That many songs out of a few: copies by other artists, a little away on the plane."""
    rng = np.random.default_rng(SEED)
    shifts = rng.normal(0.0, SPREAD, (count, 2))
    return [
        replace(
            track,
            id=numbered_id(index),
            artist=f"{track.artist} {index // len(tracks)}",
            valence=min(1.0, max(0.0, track.valence + float(shift[0]))),
            energy=min(1.0, max(0.0, track.energy + float(shift[1]))),
        )
        for index, shift in enumerate(shifts)
        for track in (tracks[index % len(tracks)],)
    ]


def plain_loop(tracks: Sequence[Track], start: AffectPoint, count: int) -> list[Track]:
    """The same score, one song at a time, then a sort: what most projects run."""
    aim = safe_target(start)
    scale_v, scale_a = (-0.5 / (sd**2 + TOLERANCE**2) for sd in SONG_SD)
    scored = []
    for track in tracks:
        point = track_point(track)
        score = scale_v * (point.valence - aim.valence) ** 2 + scale_a * (point.arousal - aim.arousal) ** 2
        scored.append((score, track))
    scored.sort(key=lambda pair: pair[0], reverse=True)
    return [track for _, track in scored[:count]]


def _median_ms(call: Callable[[AffectPoint], object], points: Sequence[AffectPoint], repeats: int, calls: int) -> float:
    """Milliseconds of CPU a call, the median over moods and repeats; the first call of each mood does not count."""
    spent = []
    for point in points:
        call(point)
        for _ in range(repeats):
            begin_s = time.process_time()
            for _ in range(calls):
                call(point)
            spent.append(1000 * (time.process_time() - begin_s) / calls)
    return statistics.median(spent)


if __name__ == "__main__":
    for line in run(Context(Path(), processor_name(), REPEATS)):
        print(line)
