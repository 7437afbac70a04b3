"""The whole study: every listener with every seed, beside plain ranking."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import UsageError
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.study.listeners import TASTES, Family, Listener, make_listeners
from emrs_core.music.study.outcome import estimate, spread
from emrs_core.music.study.visits import SONGS, Visits, learned_visit, plain_visits

DIGITS = 4
LATE = 3
"""The last third of the rounds shows what learning comes to."""


VISITS_APART = 1_000_000
"""From one study's visits to the next one's, in seeds: listeners without a taste differ in nothing but their visits."""


@dataclass(frozen=True, slots=True)
class Study:
    """How many listeners with a taste visit with how many seeds, for how many rounds; ``seed`` draws them and all else.

    A quarter as many without a taste come on top.
    """

    listeners: int = 200
    seeds: int = 20
    rounds: int = 12
    seed: int = 0

    @property
    def visits(self) -> int:
        return (self.listeners + max(1, self.listeners // len(TASTES))) * self.seeds

    @property
    def visit_seeds(self) -> range:
        """Of the moods, the lists and the answers; another study's are others."""
        return range(self.seed * VISITS_APART, self.seed * VISITS_APART + self.seeds)

    def __post_init__(self) -> None:
        least = {"listeners": len(TASTES), "seeds": 1, "rounds": LATE, "seed": 0}
        for name, smallest in least.items():
            if getattr(self, name) < smallest:
                raise UsageError(f"--{name} must be {smallest} or more, got {getattr(self, name)}.")


@dataclass(frozen=True, slots=True, eq=False)
class Arms:
    """One seed's visits: plain songs (the same for all listeners), and those that were learned."""

    seed: int
    plain: Visits
    learned: Visits


def run_study(study: Study, jobs: int, progress: Callable[[int], object]) -> dict[str, Any]:
    """The figures of ``simulate-listeners``, the same for the same study; ``progress`` is told of visits done.

    With ``jobs`` > 1 the seeds are shared out to that many processes.
    """
    arms: list[Arms] = []
    with _mapped(study, jobs, progress) as done:
        arms.extend(done)
    return _figures(study, sorted(arms, key=lambda one: one.seed))


def one_seed(study: Study, seed: int, progress: Callable[[int], object]) -> Arms:
    """Every listener's visit with that seed, on the built-in songs."""
    catalogue = CsvCatalogue.builtin()
    listeners = listeners_of(study, catalogue)
    plain = plain_visits(catalogue, listeners, seed, study.rounds)
    visits = []
    for place, listener in enumerate(listeners):
        visits.append(learned_visit(catalogue, listener, place, seed, study.rounds))
        progress(1)
    rows, enjoyment = (np.concatenate([getattr(v, name) for v in visits]) for name in ("rows", "enjoyment"))
    return Arms(seed, plain, Visits(rows, enjoyment))


def listeners_of(study: Study, catalogue: CsvCatalogue) -> list[Listener]:
    """The study's listeners, the same for each of its seeds."""
    return make_listeners(catalogue.features, study.listeners, np.random.default_rng([study.seed, 0]))


def _silent(study: Study, seed: int) -> Arms:
    return one_seed(study, seed, lambda _: None)


@contextmanager
def _mapped(study: Study, jobs: int, progress: Callable[[int], object]) -> Iterator[Iterator[Arms]]:
    if jobs == 1:
        yield (one_seed(study, seed, progress) for seed in study.visit_seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting = [pool.submit(_silent, study, seed) for seed in study.visit_seeds]

        def results() -> Iterator[Arms]:
            for future in as_completed(waiting):
                progress(study.visits // study.seeds)
                yield future.result()

        yield results()


def _figures(study: Study, arms: list[Arms]) -> dict[str, Any]:
    catalogue = CsvCatalogue.builtin()
    families = np.array([listener.family for listener in listeners_of(study, catalogue)])
    plain, learned = (np.stack([getattr(a, arm).enjoyment for a in arms], axis=1) for arm in ("plain", "learned"))
    gain = (learned - plain).mean(axis=2)  # (listeners, seeds)
    late = (learned - plain)[:, :, -(study.rounds // LATE) :].mean(axis=2)
    with_taste = families != Family.NONE
    first_alike = [(a.learned.rows[:, 0] == a.plain.rows[:, 0]).all(axis=1).mean() for a in arms]
    visits = {arm: np.concatenate([_by_visit(getattr(a, arm)) for a in arms]) for arm in ("plain", "learned")}
    artist = catalogue.features.artist
    return {
        **asdict(study),
        "songs_per_round": SONGS,
        "gain": _interval(gain[with_taste]),
        "gain_late": _interval(late[with_taste]),
        "without_preferences": _interval(gain[~with_taste]),
        "families": {
            str(family): {
                "listeners": int((families == family).sum()),
                "plain": round(float(plain[families == family].mean()), DIGITS),
                "learned": round(float(learned[families == family].mean()), DIGITS),
                "gain": _interval(gain[families == family]),
            }
            for family in Family
        },
        "artists": {arm: _rounded(asdict(spread(rows, artist))) for arm, rows in visits.items()},
        "first_list_is_plain": round(float(np.mean(first_alike)), DIGITS),
    }


def _by_visit(visits: Visits) -> NDArray[np.intp]:
    return visits.rows.reshape(len(visits.rows), -1)


def _interval(table: NDArray[np.float64]) -> dict[str, Any]:
    found = estimate(table)
    return {"mean": round(found.mean, DIGITS), "ci": [round(found.low, DIGITS), round(found.high, DIGITS)]}


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, DIGITS) for name, value in figures.items()}
