"""``evaluate-recommender``: how well recorded ratings are foreseen."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from emrs_core.cli.describe import DIGITS
from emrs_core.errors import DataError, UsageError
from emrs_core.music.study.rating_log import EVENT_COLUMNS, LeftOutError, parse_time, read_log
from emrs_core.music.study.replay import MODELS, Score, replay

EXIT_FAILED = 1
BAR_FROM_RATINGS = 5_000
"""From here on it takes seconds."""
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EXAMPLE = "Example: python -m emrs_core evaluate-recommender --events events.csv --items items.csv --threshold 4 --json"


@click.command(epilog=EXAMPLE)
@click.option("--events", required=True, type=FILE, help=f"CSV with {', '.join(EVENT_COLUMNS)} (mood before).")
@click.option("--items", required=True, type=FILE, help="CSV: item_id and columns of numbers.")
@click.option("--threshold", type=float, help="A rating of that or more is a good one  [default: the mean]")
@click.option("--score-from", metavar="T", help="Ratings before this time are learned, not scored.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")
def evaluate_recommender(
    events: Path, items: Path, threshold: float | None, score_from: str | None, as_json: bool
) -> None:
    """Replay recorded ratings in order of time: each is foreseen from those before it, then learned.

    Compared are chance, the items' facts alone, the means of user and item, and EMRS' own model. A row that cannot be
    used is named on standard error, the others are done, and the exit status is 1; a column of words is named too.
    """
    problems: list[DataError] = []

    def note(problem: DataError) -> None:
        if not isinstance(problem, LeftOutError):
            problems.append(problem)
        click.echo(str(problem), err=True)

    log = read_log(events, items, note)
    from_s = _time(score_from)
    few = len(log) < BAR_FROM_RATINGS
    with click.progressbar(length=len(MODELS), file=sys.stderr, hidden=few, label="Models") as bar:
        scores = replay(log, threshold, from_s, bar.update)
    click.echo(json.dumps({name: _as_json(score) for name, score in scores.items()}, indent=2) if as_json
               else "\n".join(_lines(scores)))  # fmt: skip
    if problems:
        sys.exit(EXIT_FAILED)


def _time(text: str | None) -> float | None:
    try:
        return None if text is None else parse_time(text)
    except UsageError as exc:
        raise click.UsageError(f"--score-from: {exc}.") from exc


def _as_json(score: Score) -> dict[str, float | int | None]:
    return {name: round(value, DIGITS) if isinstance(value, float) else value for name, value in asdict(score).items()}


def _lines(scores: dict[str, Score]) -> list[str]:
    lines = [f"{'':<14} {'AUC':>7} {'within':>7} {'RMSE':>9} {'n':>8}"]
    for name, score in scores.items():
        shares = ("      –" if value is None else f"{value:>7.3f}" for value in (score.auc, score.within_user_auc))
        lines.append(f"{name:<14} {' '.join(shares)} {score.rmse:>9.4f} {score.n:>8}")
    return lines
