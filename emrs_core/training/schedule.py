"""Learning rate and averaging at each moment of a run: pure functions of how much of the work is done.

``done`` is the share of the run's work, 0 at the first step and below 1 at the last. A step's work is its pixels, so
a run in several sizes spends its rate over time and not over steps.
"""

from __future__ import annotations

import math

from emrs_core.training.recipe import AveragePart, Recipe

FIRST_OF_ONE_CYCLE = 1 / 25
LAST_OF_ONE_CYCLE = 1 / 10_000
"""Share of the highest rate at the beginning and the end of one cycle.

Source: L. N. Smith, N. Topin, "Super-Convergence", https://arxiv.org/abs/1708.07120, as its common
implementations set them."""

RISING_SHARE = 0.3
"""Of one cycle, when the recipe gives no longer warm-up."""

FIRST_STEPS = 10
"""An average of few steps forgets its random beginning faster: momentum at most (1 + n) / (10 + n) after n steps. One
that begins at trained weights has nothing to forget."""


def rate_share(kind: str, done: float, warm_up: float) -> float:
    """The learning rate over its highest value, for ``kind`` "cosine" or "one_cycle".

    Cosine: linear from 0 over ``warm_up``, then half a cosine to 0 (I. Loshchilov, F. Hutter,
    https://arxiv.org/abs/1608.03983). One cycle: half a cosine up, half a cosine down.
    """
    if kind == "cosine":
        if done < warm_up:
            return done / warm_up
        return _half_cosine(1.0, 0.0, (done - warm_up) / (1 - warm_up))
    rising = max(warm_up, RISING_SHARE)
    if done < rising:
        return _half_cosine(FIRST_OF_ONE_CYCLE, 1.0, done / rising)
    return _half_cosine(1.0, LAST_OF_ONE_CYCLE, (done - rising) / (1 - rising))


def average_momentum(average: AveragePart, done: float, step: int, trained_start: bool = False) -> float:
    """How much of the weights' average a step keeps; the rest comes from the weights after it. 0: no averaging."""
    momentum = average.final_momentum if done >= 1 - average.final_share else average.momentum
    most = 1.0 if trained_start else (1 + step) / (FIRST_STEPS + step)
    return 0.0 if average.momentum == 0 else min(momentum, most)


class Plan:
    """Which step of which epoch comes when. Pure; steps of all epochs count from 0."""

    def __init__(self, recipe: Recipe, steps_per_epoch: int) -> None:
        self._recipe = recipe
        self._steps = steps_per_epoch
        self._before = [0]
        for epoch in range(recipe.epochs):
            self._before.append(self._before[-1] + self.step_work(epoch) * steps_per_epoch)

    def step_work(self, epoch: int) -> int:
        """Work of one step of ``epoch``: the pixels of one picture."""
        return self._recipe.size_px(epoch) ** 2

    def work_left(self, epoch: int) -> int:
        """Work of ``epoch`` and all after it."""
        return self._before[-1] - self._before[epoch]

    def done(self, epoch: int, step: int) -> float:
        """Share of the work done before that step of that epoch."""
        return (self._before[epoch] + step * self.step_work(epoch)) / self._before[-1]

    def rate(self, epoch: int, step: int) -> float:
        """Learning rate of that step."""
        schedule = self._recipe.schedule
        return self._recipe.optimiser.rate * rate_share(schedule.kind, self.done(epoch, step), schedule.warm_up)

    def momentum(self, epoch: int, step: int) -> float:
        """Momentum of the weights' average in that step."""
        trained_start = bool(self._recipe.network.start)
        return average_momentum(self._recipe.average, self.done(epoch, step), epoch * self._steps + step, trained_start)


def _half_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
