"""``simulate-listeners``: what learning from opinions brings, on made-up listeners."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from emrs_core.music.study.simulation import Study, run_study

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

DEFAULT = Study()
ARTIST_FIGURES = {
    "artists": "artists a visit",
    "top_share": "share of the first",
    "gini": "Gini of artists",
    "coverage": "artists ever heard",
}


@click.command(epilog="Example: python -m emrs_core simulate-listeners --listeners 200 --seeds 20 --json")
@click.option("--listeners", type=int, default=DEFAULT.listeners, show_default=True, help="How many with a taste.")
@click.option("--seeds", type=int, default=DEFAULT.seeds, show_default=True, help="Visits of each listener.")
@click.option("--rounds", type=int, default=DEFAULT.rounds, show_default=True, help="Lists of ten songs in a visit.")
@click.option("--seed", type=int, default=DEFAULT.seed, show_default=True, help="Of tastes, moods and answers.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes to share the work.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")
def simulate_listeners(listeners: int, seeds: int, rounds: int, seed: int, jobs: int, as_json: bool) -> None:
    """Let made-up listeners hear the recommender's songs and say what they think of them.

    Their tastes are of other families than the learner's model; a quarter as many without any taste come on top.
    Measured is the true enjoyment of a song beside plain ranking, in thumbs, with 95 % intervals, and how widely the
    songs are spread over artists. The same arguments give the same figures; a full run takes some minutes.
    """
    study = Study(listeners, seeds, rounds, seed)
    bar: ProgressBar[int]
    with click.progressbar(length=study.visits, file=sys.stderr, label="Visits") as bar:
        figures = run_study(study, jobs, bar.update)
    click.echo(json.dumps(figures, indent=2) if as_json else "\n".join(_lines(figures)))


def _lines(figures: dict[str, Any]) -> list[str]:
    lines = [f"{'':<22} {'plain':>8} {'learned':>8}   gain a song, in thumbs"]
    for name, family in figures["families"].items():
        gain = _interval(family["gain"])
        lines.append(f"{name + ' (' + str(family['listeners']) + ')':<22} {family['plain']:>8.3f} "
                     f"{family['learned']:>8.3f}   {gain}")  # fmt: skip
    lines.append(f"{'with a taste':<22} {'':>17}   {_interval(figures['gain'])}")
    lines.append(f"{'  last third':<22} {'':>17}   {_interval(figures['gain_late'])}")
    for name, label in ARTIST_FIGURES.items():
        plain, learned = (figures["artists"][arm][name] for arm in ("plain", "learned"))
        lines.append(f"{label:<22} {plain:>8.3f} {learned:>8.3f}")
    return lines


def _interval(found: dict[str, Any]) -> str:
    return "{:+.3f}  [{:+.3f}, {:+.3f}]".format(found["mean"], *found["ci"])
