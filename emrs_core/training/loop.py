"""The training loop: epochs of batches, each judged, written to the history and checkpointed.

Imported only where a network is trained, as it loads Keras.
"""

from __future__ import annotations

import math
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from emrs_core.errors import TrainingError
from emrs_core.training.architectures import Architecture
from emrs_core.training.batches import Batches
from emrs_core.training.checkpoint import load_checkpoint, restore, save_checkpoint
from emrs_core.training.history import EpochRow
from emrs_core.training.judge import Judge, Judgement
from emrs_core.training.recipe import Recipe
from emrs_core.training.run_folder import RunFolder
from emrs_core.training.schedule import Plan
from emrs_core.training.splits import Splits
from emrs_core.training.start import load_start
from emrs_core.training.targets import Targets, targets_of
from emrs_core.training.teacher import load_teacher, shares_of, taught
from emrs_core.training.trainee import new_trainee

POLICIES = {"float32": "float32", "bfloat16": "mixed_bfloat16"}
"""Keras dtype policy of a recipe's precision; the weights themselves stay 32 bit in both."""

Say = Callable[[str], None]


class TrainingRun:
    """One run from its first epoch or its last checkpoint to its end. One thread.

    The same recipe, data and machine give the same weights, also when the process is killed at any moment and the run
    taken up again; graphics cards may add up in another order each time. Raises TrainingError.
    """

    def __init__(self, recipe: Recipe, folder: RunFolder, splits: Splits) -> None:
        keras.utils.set_random_seed(recipe.seed)
        self._recipe, self._folder = recipe, folder
        architecture = Architecture(recipe.network.architecture, recipe.network.width)
        policy = POLICIES[recipe.optimiser.precision]
        network = architecture.build(
            size_px=None, kernel_dtype=policy, norm_dtype=policy, dropout=recipe.network.dropout
        )
        self._trainee = new_trainee(network, recipe)
        self._judged = architecture.build(size_px=None)
        self._batches = Batches(splits.training.faces, _targets(recipe, splits), recipe)
        self._judge = Judge(splits.judged(recipe.keep))
        self.plan = Plan(recipe, self._batches.steps)
        self.history: list[EpochRow] = []
        self.best = 0
        self._compiled_px = 0
        if folder.checkpoint.exists():
            self._take_up()
        elif recipe.network.start:
            load_start(network, recipe.network.start, architecture)
            self._trainee.start_averages()

    @property
    def work_left(self) -> int:
        """In the units of ``on_work``."""
        return self.plan.work_left(len(self.history))

    def run(self, say: Say, on_work: Callable[[int], None]) -> None:
        """Train to the end. ``on_work`` is told the work of each step, ``say`` a line an epoch."""
        for epoch in range(len(self.history), self._recipe.epochs):
            start = time.monotonic()
            self._compile_for(self._recipe.size_px(epoch))
            figures = self._learn(epoch, on_work)
            verdict = self._judge(self._averaged_network(), self._recipe.size_px(epoch))
            self.history.append(self._row(epoch, figures, verdict, time.monotonic() - start))
            self._keep(verdict)
            say(f"{_line(self.history[-1], self._recipe.epochs, self.best)}{self._time_left()}")

    def _compile_for(self, size_px: int) -> None:
        """Forget what was compiled for another size: a run taken up at this size must compute in the same way, and
        code for one size is faster than code for any."""
        if self._compiled_px not in (0, size_px):
            self._trainee.make_train_function(force=True)
            self._judged.make_predict_function(force=True)
        self._compiled_px = size_px

    def _take_up(self) -> None:
        checkpoint = load_checkpoint(self._folder.checkpoint)
        restore(self._trainee, checkpoint, self._folder.checkpoint)
        self.history, self.best = list(checkpoint.history), checkpoint.best
        self._folder.write_history(self.history)  # the kill may have come between checkpoint and history

    def _learn(self, epoch: int, on_work: Callable[[int], None]) -> dict[str, float]:
        """The steps of an epoch; their mean figures."""
        figures = defaultdict(list)
        for step, (inputs, targets) in enumerate(self._batches.of_epoch(epoch)):
            self._trainee.optimizer.learning_rate = self.plan.rate(epoch, step)
            self._trainee.momentum.assign(self.plan.momentum(epoch, step))
            said = self._trainee.train_on_batch(inputs, targets, return_dict=True)
            _require_finite(float(said["loss"]), epoch, step)
            for name, value in said.items():
                figures[name].append(float(value))
            on_work(self.plan.step_work(epoch))
        return {name: float(np.mean(values)) for name, values in figures.items()}

    def _time_left(self) -> str:
        """At the speed of the last epoch, for logs, where no progress bar is drawn; nothing after the last."""
        last = len(self.history) - 1
        if not self.work_left:
            return ""
        pace = self.history[-1].seconds / (self.plan.step_work(last) * self._batches.steps)
        minutes = math.ceil(pace * self.work_left / 60)
        return f", about {minutes // 60} h {minutes % 60:02d} min left"

    def _averaged_network(self) -> Any:
        average = self._recipe.average.momentum > 0
        self._judged.set_weights(self._trainee.averaged() if average else self._trainee.network.get_weights())
        return self._judged

    def _row(self, epoch: int, figures: dict[str, float], verdict: Judgement, seconds: float) -> EpochRow:
        return EpochRow(
            epoch=epoch + 1,
            size_px=self._recipe.size_px(epoch),
            rate=self.plan.rate(epoch, self._batches.steps - 1),
            loss=figures["loss"],
            fer_loss=figures["fer_loss"],
            ferplus_loss=figures["ferplus_loss"],
            accuracy=figures["accuracy"],
            val_fer_loss=verdict.fer_loss,
            val_ferplus_loss=verdict.ferplus_loss,
            val_accuracy=verdict.fer_accuracy or 0.0,
            val_ferplus_accuracy=verdict.ferplus_accuracy or 0.0,
            seconds=round(seconds, 3),
        )

    def _keep(self, verdict: Judgement) -> None:
        """Best weights first, then the checkpoint: a kill in between only makes the epoch be done once more."""
        if self._is_best(verdict):
            self.best = len(self.history)
            self._folder.write_best(self._judged.get_weights(), self.best)
        save_checkpoint(self._folder.checkpoint, self._trainee, self.history, self.best)
        self._folder.write_history(self.history)

    def _is_best(self, verdict: Judgement) -> bool:
        """Only epochs of one size compare: a new size, like "last", always counts as better."""
        if self._recipe.keep == "last" or not self.best:
            return True
        past, now = self.history[self.best - 1], self.history[-1]
        old = Judgement(past.val_fer_loss, past.val_ferplus_loss, past.val_accuracy, past.val_ferplus_accuracy)
        return past.size_px != now.size_px or verdict.score(self._recipe.loss) > old.score(self._recipe.loss)


def _targets(recipe: Recipe, splits: Splits) -> Targets:
    """People's labels, mixed with the teacher's opinion if the recipe has one."""
    targets = targets_of(splits.training, recipe.loss)
    if not recipe.teacher.model:
        return targets
    shares = shares_of(load_teacher(recipe.teacher.model), splits.training.faces)
    return taught(targets, shares, recipe.teacher.weight)


def _require_finite(loss: float, epoch: int, step: int) -> None:
    if not math.isfinite(loss):
        raise TrainingError(
            f"The loss became {loss} in epoch {epoch + 1}, step {step + 1}. Lower optimiser.rate or the weight of the "
            "auxiliary loss, and start again under another name."
        )


def _line(row: EpochRow, epochs: int, best: int) -> str:
    mark = ", the best so far" if best == row.epoch else ""
    return (
        f"epoch {row.epoch}/{epochs} at {row.size_px} px: loss {row.loss:.4f}, accuracy {row.accuracy:.4f}; "
        f"validation {row.val_accuracy:.4f}, FER+ {row.val_ferplus_accuracy:.4f}{mark}; {row.seconds:.0f} s"
    )
