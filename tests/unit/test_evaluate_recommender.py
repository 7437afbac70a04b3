"""Replaying recorded ratings."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner, Result

from emrs_core.cli.evaluate_recommender import evaluate_recommender
from emrs_core.errors import DataError, UsageError
from emrs_core.music.study.population import forecasts
from emrs_core.music.study.rating_log import EVENT_COLUMNS, RatingLog, parse_time, read_log
from emrs_core.music.study.replay import MODELS, auc, replay

Rows = list[dict[str, object]]


def made_up(seed: int = 0, n: int = 1500, users: int = 30, items: int = 150, features: int = 5) -> RatingLog:
    """Ratings 1 to 5 from levels of users and items, facts of the items that people weigh differently, and the mood."""
    rng = np.random.default_rng(seed)
    facts = rng.standard_normal((items, features))
    user, item = rng.integers(users, size=n), rng.integers(items, size=n)
    mood = rng.uniform(-1, 1, (n, 2))
    own = 0.12 * rng.standard_normal((users, features)) + 0.1 * rng.standard_normal(features)
    liking = 0.35 * rng.standard_normal(users)[user] + 0.25 * rng.standard_normal(items)[item]
    liking = liking + (facts[item] * own[user]).sum(axis=1) + 0.2 * mood[:, 0] + 0.9 * rng.standard_normal(n)
    return RatingLog(user, item, np.arange(n) * 60.0, np.clip(np.round(3.3 + 1.2 * liking), 1, 5), mood, facts)


def written(log: RatingLog, folder: Path) -> tuple[Path, Path]:
    events, items = folder / "events.csv", folder / "items.csv"
    with events.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(EVENT_COLUMNS)
        for t in np.random.default_rng(0).permutation(len(log)):  # the order of the file does not matter
            who = (f"user {log.user[t]}", f"item {log.item[t]}")
            writer.writerow([*who, log.t[t], log.rating[t], *log.mood[t]])
    with items.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["item_id", *(f"fact {k}" for k in range(log.features.shape[1])), "title"])
        writer.writerows([f"item {i}", *row, "a song"] for i, row in enumerate(log.features))
    return events, items


def run(*arguments: object) -> Result:
    return CliRunner().invoke(evaluate_recommender, [str(a) for a in arguments])


def test_the_model_beats_means_which_beat_facts_which_beat_chance() -> None:
    found = [replay(made_up(seed), 4.0, 300 * 60.0) for seed in range(3)]
    mean = {name: np.mean([one[name].auc for one in found]) for name in MODELS}
    rmse = {name: np.mean([one[name].rmse for one in found]) for name in MODELS}
    assert mean["emrs"] > mean["means"] + 0.015
    assert mean["means"] > mean["item_features"] > mean["chance"]
    assert mean["chance"] == pytest.approx(0.5, abs=0.04)
    assert rmse["emrs"] < rmse["means"] < rmse["chance"]
    assert {one["emrs"].n for one in found} == {1200}


def test_every_forecast_rests_on_earlier_ratings_alone() -> None:
    log = made_up(n=200)
    changed = log.rating.copy()
    changed[120:] = 6.0 - changed[120:]
    other = RatingLog(log.user, log.item, log.t, changed, log.mood, log.features)
    for name, model in MODELS.items():
        np.testing.assert_allclose(model(log)[:121], model(other)[:121], err_msg=name)
    for limit in (0, 10_000):
        np.testing.assert_allclose(forecasts(log, limit)[:121], forecasts(other, limit)[:121], atol=1e-8)


def test_the_filter_for_long_logs_is_close_to_the_exact_solution() -> None:
    log = made_up(1)
    exact, filtered = forecasts(log, 10_000), forecasts(log, 0)
    assert np.corrcoef(exact[300:], filtered[300:])[0, 1] > 0.95
    good = log.rating >= 4
    exact_auc, filtered_auc = (auc(good[300:], one[300:]) for one in (exact, filtered))
    assert exact_auc is not None
    assert filtered_auc is not None
    assert filtered_auc > exact_auc - 0.015


def test_the_first_forecast_for_one_user_and_item_is_the_shrunk_mean() -> None:
    """By hand: one user, one item, no facts: after a rating of r the next forecast lies between 0 and r, near r."""
    log = RatingLog(*np.zeros((2, 2), dtype=np.intp), np.arange(2.0), np.array([4.0, 3.0]), np.zeros((2, 2)),
                    np.zeros((1, 0)))  # fmt: skip
    assert forecasts(log)[0] == pytest.approx(0.0, abs=1e-9)
    assert 3.9 < forecasts(log)[1] < 4.0


def test_a_constant_scale_does_not_change_the_ranking() -> None:
    log = made_up(2, n=800)
    scaled = RatingLog(log.user, log.item, log.t, log.rating * 20.0, log.mood, log.features)
    one, other = (replay(each, threshold)["emrs"].auc for each, threshold in ((log, 4.0), (scaled, 80.0)))
    assert one == pytest.approx(other, abs=0.01)


def test_auc_counts_ties_half() -> None:
    assert auc(np.array([True, False, True, False]), np.array([2.0, 1.0, 1.0, 1.0])) == pytest.approx(0.75)
    assert auc(np.array([True, True]), np.array([1.0, 2.0])) is None


def test_a_long_log_shows_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emrs_core.cli.evaluate_recommender.BAR_FROM_RATINGS", 600)
    events, items = written(made_up(n=600), tmp_path)
    assert "Models" in run("--events", events, "--items", items).stderr
    gone_through: list[int] = []
    replay(made_up(n=300), on_model=gone_through.append)
    assert gone_through == [1] * len(MODELS)


def test_the_command_keeps_to_its_schema(tmp_path: Path, repository: Path) -> None:
    events, items = written(made_up(n=600), tmp_path)
    result = run("--events", events, "--items", items, "--threshold", 4, "--score-from", 6000, "--json")
    assert result.exit_code == 0, result.output  # the column of titles is named and left out
    assert result.stderr.count("\n") == 1
    assert "column title: mostly words, left out" in result.stderr
    scores: dict[str, Any] = json.loads(result.stdout)
    schema = json.loads((repository / "docs/schemas/evaluate-recommender.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(scores, schema, cls=jsonschema.Draft202012Validator)
    assert {score["n"] for score in scores.values()} == {500}
    expected = replay(made_up(n=600), 4.0, 6000.0)
    assert scores["means"]["auc"] == pytest.approx(expected["means"].auc, abs=1e-4)
    assert "emrs" in run("--events", events, "--items", items).stdout


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("rating", "good", "row 3, column rating: expected a number, got 'good'"),
        ("rating", "", "row 3, column rating: expected a number, got ''"),
        ("rating", "inf", "row 3, column rating: expected a number, got 'inf'"),
        ("timestamp", "soon", "row 3, column timestamp: expected seconds or a time"),
        ("valence", "1.5", "row 3, column valence: expected -1 to 1, or nothing, got '1.5'"),
        ("arousal", "high", "row 3, column arousal: expected -1 to 1"),
        ("item_id", "lost", "row 3, column item_id: 'lost' is not in"),
        ("user_id", "", "row 3, column user_id: expected a name"),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_done(tmp_path: Path, column: str, value: str, message: str) -> None:
    events, items = written(made_up(n=50), tmp_path)
    with events.open(encoding="utf-8", newline="") as file:
        rows: Rows = [dict(row) for row in csv.DictReader(file)]
    rows[1][column] = value
    with events.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, EVENT_COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    result = run("--events", events, "--items", items, "--json")
    assert result.exit_code == 1
    assert message in result.stderr
    assert json.loads(result.stdout)["means"]["n"] == 49


def test_odd_items_are_named_and_holes_are_means(tmp_path: Path) -> None:
    events, items = tmp_path / "e.csv", tmp_path / "i.csv"
    items.write_text("item_id,a,b\n1,0.5,1\n2,,2\n2,9,9\n3,x,3\n4,nan,4\n5,1,5\n", encoding="utf-8")
    events.write_text(
        "user_id,item_id,timestamp,rating,valence,arousal\nu,3,2026-01-01T10:00:00,4,,\nu,5,2026-01-01,2,.5,-.5\n",
        encoding="utf-8",
    )
    problems: list[str] = []
    log = read_log(events, items, lambda problem: problems.append(str(problem)))
    assert [problem.partition("i.csv, ")[2] for problem in problems] == [
        "row 4, column item_id: '2' stands in an earlier row already.",
        "row 5, column a: expected a number, got 'x'; taken as unknown.",
    ]
    assert log.rating.tolist() == [2.0, 4.0]  # in order of time
    assert log.mood.tolist() == [[0.5, -0.5], [0.0, 0.0]]
    assert log.features.shape == (5, 2)
    assert np.isfinite(log.features).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("user_id,item_id\nu,1\n", "missing: timestamp, rating, valence, arousal"),
        ("user_id,item_id,timestamp,rating,valence,arousal\n", "no row can be used"),
        ("", "missing: user_id"),
    ],
)
def test_a_table_that_cannot_be_read_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    (tmp_path / "i.csv").write_text("item_id,a\n1,2\n", encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_log(tmp_path / "e.csv", tmp_path / "i.csv", lambda problem: None)


def test_nothing_left_to_score_is_an_error() -> None:
    with pytest.raises(DataError, match="No rating is as late as"):
        replay(made_up(n=20), score_from_s=1e9)


def test_times() -> None:
    assert parse_time("12.5") == 12.5
    assert parse_time("1970-01-01T00:01:00Z") == parse_time("1970-01-01 00:01:00") == 60.0
    with pytest.raises(UsageError, match="got 'nan'"):
        parse_time("nan")
