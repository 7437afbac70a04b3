"""Learning rate and averaging over a run."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.training.recipe import (
    AveragePart,
    DataPart,
    NetworkPart,
    OptimiserPart,
    Recipe,
    SchedulePart,
    Stage,
)
from emrs_core.training.schedule import Plan, average_momentum, rate_share

SHARES = st.floats(0.0, 0.999)


def test_cosine_rises_in_the_warm_up_and_falls_to_nought() -> None:
    assert rate_share("cosine", 0.0, 0.1) == 0.0
    assert rate_share("cosine", 0.05, 0.1) == pytest.approx(0.5)
    assert rate_share("cosine", 0.1, 0.1) == pytest.approx(1.0)
    assert rate_share("cosine", 0.55, 0.1) == pytest.approx(0.5)
    assert rate_share("cosine", 1.0, 0.1) == pytest.approx(0.0)
    assert rate_share("cosine", 0.0, 0.0) == 1.0


def test_one_cycle_goes_up_and_further_down() -> None:
    assert rate_share("one_cycle", 0.0, 0.0) == pytest.approx(1 / 25)
    assert rate_share("one_cycle", 0.3, 0.0) == pytest.approx(1.0)
    assert rate_share("one_cycle", 0.65, 0.0) == pytest.approx(0.50005)
    assert rate_share("one_cycle", 1.0, 0.0) == pytest.approx(1e-4)


@given(kind=st.sampled_from(["cosine", "one_cycle"]), warm_up=st.floats(0.0, 0.8), done=SHARES)
def test_the_rate_never_leaves_its_range(kind: str, warm_up: float, done: float) -> None:
    assert 0.0 <= rate_share(kind, done, warm_up) <= 1.0


def test_the_average_forgets_its_beginning_and_shortens_at_the_end() -> None:
    average = AveragePart(momentum=0.998, final_momentum=0.99, final_share=0.1)
    assert average_momentum(average, 0.0, 0) == pytest.approx(0.1)
    assert average_momentum(average, 0.5, 100_000) == 0.998
    assert average_momentum(average, 0.89, 100_000) == 0.998
    assert average_momentum(average, 0.91, 100_000) == 0.99
    assert average_momentum(AveragePart(momentum=0.0), 0.5, 100) == 0.0
    assert average_momentum(AveragePart(momentum=0.0), 0.5, 100, trained_start=True) == 0.0


def test_an_average_that_begins_at_trained_weights_keeps_them_from_the_first_step() -> None:
    assert average_momentum(AveragePart(momentum=0.998), 0.0, 0, trained_start=True) == 0.998
    for start, expected in (("", pytest.approx(0.1)), ("models/vgg16-fer", 0.998)):
        recipe = Recipe("x", (Stage(2, 48),), DataPart(), network=NetworkPart(start=start))
        assert Plan(recipe, steps_per_epoch=100).momentum(0, 0) == expected


def small_plan(steps: int = 4) -> Plan:
    recipe = Recipe(
        name="x",
        stages=(Stage(2, 24), Stage(1, 48)),
        data=DataPart(table="t"),
        optimiser=OptimiserPart(rate=0.2),
        schedule=SchedulePart("cosine", 0.0),
    )
    return Plan(recipe, steps)


def test_work_is_counted_in_pixels_so_the_larger_size_gets_its_share_of_the_rate() -> None:
    plan = small_plan()
    assert plan.step_work(0) == 24 * 24
    assert plan.step_work(2) == 4 * plan.step_work(0)
    assert plan.done(0, 0) == 0.0
    assert plan.done(2, 0) == pytest.approx(2 / 6)
    assert plan.work_left(2) == 4 * 48 * 48
    assert plan.work_left(3) == 0
    assert plan.rate(0, 0) == pytest.approx(0.2)
    assert plan.rate(2, 1) == pytest.approx(0.1)


def test_the_rate_falls_from_step_to_step() -> None:
    plan = small_plan()
    rates = [plan.rate(epoch, step) for epoch in range(3) for step in range(4)]
    assert all(later < earlier for earlier, later in pairwise(rates))
