"""Made-up listeners and the figures drawn from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from click.testing import CliRunner

from emrs_core.cli.simulate_listeners import simulate_listeners
from emrs_core.errors import UsageError
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.study.listeners import TASTES, Family, make_listeners
from emrs_core.music.study.outcome import estimate, gini, spread
from emrs_core.music.study.simulation import Study, one_seed
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.testing.catalogues import numbered_id
from emrs_core.testing.profiles import BEGIN
from emrs_core.types import AffectPoint

BUILTIN = CsvCatalogue.builtin()
LOW, HIGH = AffectPoint(-0.7, -0.4), AffectPoint(0.8, 0.3)


def test_the_families_take_turns_and_some_have_no_taste() -> None:
    listeners = make_listeners(BUILTIN.features, 8, np.random.default_rng(0))
    assert [one.family for one in listeners] == [*TASTES, *TASTES, Family.NONE, Family.NONE]
    assert all(abs(float(one.low.mean())) < 1e-5 for one in listeners)
    assert all((one.low.std() > 0.05) == (one.family is not Family.NONE) for one in listeners)


def test_only_the_moody_change_their_taste_with_the_mood() -> None:
    rows = np.arange(len(BUILTIN.features))
    for one in make_listeners(BUILTIN.features, 4, np.random.default_rng(1)):
        worth = [one.enjoyment(BUILTIN.features, rows, mood) for mood in (LOW, HIGH)]
        of_nobody = make_listeners(BUILTIN.features, 1, np.random.default_rng(1))[-1]
        fit = [of_nobody.enjoyment(BUILTIN.features, rows, mood) for mood in (LOW, HIGH)]
        same = np.allclose(worth[0] - fit[0], worth[1] - fit[1], atol=1e-5)
        assert same == (one.family is not Family.MOODY)


def test_thumbs_follow_the_enjoyment() -> None:
    listener = make_listeners(BUILTIN.features, 1, np.random.default_rng(0))[0]
    rng = np.random.default_rng(1)
    kinds = {
        worth: [listener.answer(worth, numbered_id(1), BEGIN, LOW, rng).kind for _ in range(400)]
        for worth in (-0.6, 0.9)
    }
    assert kinds[0.9].count(FeedbackKind.LIKE) > 150 > 10 > kinds[0.9].count(FeedbackKind.DISLIKE)
    assert kinds[-0.6].count(FeedbackKind.DISLIKE) > 150 > 10 > kinds[-0.6].count(FeedbackKind.LIKE)
    assert kinds[-0.6].count(FeedbackKind.SKIP) > kinds[0.9].count(FeedbackKind.SKIP)


def test_an_interval_holds_the_mean_and_shrinks_with_more_listeners() -> None:
    table = np.random.default_rng(0).normal(0.1, 1.0, (400, 20))
    few, many = estimate(table[:40]), estimate(table)
    assert few.low < few.mean < few.high
    assert many.high - many.low < few.high - few.low
    assert many.mean == pytest.approx(table.mean())


def test_the_interval_is_wide_when_listeners_differ_although_visits_do_not() -> None:
    of_listeners = np.repeat(np.random.default_rng(0).normal(0.0, 1.0, (100, 1)), 20, axis=1)
    found = estimate(of_listeners)
    assert 0.3 < found.high - found.low < 0.5  # 2 x 1.96 / sqrt(100)


@pytest.mark.parametrize(
    ("counts", "expected"), [([1, 1, 1, 1], 0.0), ([0, 0, 0, 1], 0.75), ([5], 0.0), ([1, 3], 0.25)]
)
def test_gini(counts: list[int], expected: float) -> None:
    assert gini(np.array(counts)) == pytest.approx(expected)


def test_spread_counts_artists() -> None:
    artist = np.array([0, 0, 1, 2, 3], dtype=np.int32)
    found = spread(np.array([[0, 1, 2, -1], [0, 2, 3, 3]]), artist)
    assert (found.artists, found.coverage) == (2.5, 0.75)
    assert found.top_share == pytest.approx((2 / 3 + 2 / 4) / 2)


def test_a_visit_begins_with_the_plain_list_and_is_the_same_again() -> None:
    study = Study(listeners=4, seeds=1, rounds=3)
    seen: list[int] = []
    arms, again = one_seed(study, 5, seen.append), one_seed(study, 5, seen.append)
    assert len(seen) == 2 * study.visits
    assert (arms.learned.rows[:, 0] == arms.plain.rows[0, 0]).all()
    np.testing.assert_array_equal(arms.learned.rows, again.learned.rows)
    assert arms.learned.rows.shape == (5, 3, 10)
    for visit in arms.learned.rows.reshape(5, -1):
        assert len(set(visit.tolist())) == 30


def test_no_two_studies_share_a_visit() -> None:
    one, other = Study(seed=0).visit_seeds, Study(seed=1).visit_seeds
    assert len(one) == len(other) == 20
    assert not set(one) & set(other)


@pytest.mark.parametrize("facts", [{"listeners": 3}, {"seeds": 0}, {"rounds": 2}, {"seed": -1}])
def test_a_study_that_cannot_be_is_refused(facts: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=f"--{next(iter(facts))} must be"):
        Study(**facts)


def test_the_command_keeps_to_its_schema_and_finds_a_gain(repository: Path) -> None:
    result = CliRunner().invoke(
        simulate_listeners, ["--listeners", "4", "--seeds", "2", "--rounds", "6", "--jobs", "1", "--json"]
    )
    assert result.exit_code == 0, result.output
    figures: dict[str, Any] = json.loads(result.stdout)
    schema = json.loads((repository / "docs/schemas/simulate-listeners.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(figures, schema, cls=jsonschema.Draft202012Validator)
    assert figures["first_list_is_plain"] == 1.0
    assert figures["families"]["loyal"]["gain"]["mean"] > 0.0
    assert abs(figures["without_preferences"]["mean"]) < 0.01
    assert figures["artists"]["learned"]["coverage"] > 0


def test_the_command_prints_a_table() -> None:
    result = CliRunner().invoke(simulate_listeners, ["--listeners", "4", "--seeds", "1", "--rounds", "3"])
    assert result.exit_code == 0, result.output
    assert "loyal (1)" in result.stdout
    assert "Gini of artists" in result.stdout
