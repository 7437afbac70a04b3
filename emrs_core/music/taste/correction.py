"""How a person's face is to be read: a shift of the seven classes' priors, learned from "was the emotion right?"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import StorageError
from emrs_core.music.taste.events import READING_ANSWERED, ReadingAnswered
from emrs_core.music.taste.feedback import new_id
from emrs_core.music.taste.log import EventLog
from emrs_core.types import EMOTIONS, Emotion

PRIOR_ANSWERS = 2.0
"""Answers, for each emotion, that "no correction" is worth: one reply moves little, ten of a kind much."""
STEPS, CLOSE_ENOUGH = 50, 1e-10
"""Newton's method needs about five steps here; it stops when none moves a log factor by more than this."""


def prior_factors(answers: Sequence[ReadingAnswered]) -> NDArray[np.float64]:
    """(7,) by what to multiply each probability before they are normalised again; geometric mean 1, all 1 for none.

    p'_k = w_k p_k / sum_j w_j p_j is what a classifier says whose class priors have changed by the ratios w (Saerens,
    Latinne & Decaestecker 2002, Adjusting the outputs of a classifier to new a priori probabilities, eq. 2.4). They
    estimate w from unlabelled cases; here the answers give labels, so w maximises the likelihood sum log p'(true)
    with, as a Dirichlet prior, ``PRIOR_ANSWERS`` made-up answers for each emotion on a face that says nothing. Concave
    in log w, solved by Newton's method; the order of the answers does not matter.
    """
    size = len(EMOTIONS)
    read = np.array([answer.read for answer in answers], dtype=np.float64).reshape(len(answers), size)
    log_read = np.log(np.maximum(read, 1e-6))
    wanted = np.full(size, PRIOR_ANSWERS)
    for answer in answers:
        wanted[EMOTIONS.index(answer.true)] += 1.0
    log_w = np.zeros(size)
    for _ in range(STEPS):
        adapted = _softmax(np.vstack([log_read + log_w, log_w]))
        weights = np.append(np.ones(len(answers)), PRIOR_ANSWERS * size)
        gradient = wanted - weights @ adapted
        curvature = np.diag(weights @ adapted) - (adapted * weights[:, np.newaxis]).T @ adapted
        step = np.linalg.solve(curvature + np.ones((size, size)), gradient)  # the ones fix the free common factor
        step /= max(1.0, float(np.abs(step).max()))  # at most a factor of e at once: far from the top it overshoots
        log_w += step - step.mean()
        if np.abs(step).max() < CLOSE_ENOUGH:
            break
    return np.asarray(np.exp(log_w - log_w.mean()))


class ReadingCorrection:
    """One person's correction, kept in their profile's log. Safe from any thread.

    ``apply`` answers from memory once the store was read; what another visit of the same person adds counts after the
    next look at the store.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._known: tuple[tuple[ReadingAnswered, ...], tuple[float, ...]] = ((), (1.0,) * len(EMOTIONS))

    @property
    def answers(self) -> int:
        """How many. Raises StorageError."""
        return len(self._answers())

    @property
    def factors(self) -> Mapping[Emotion, float]:
        """By how much each emotion is now read more (> 1) or less (< 1) readily. Raises StorageError."""
        return dict(zip(EMOTIONS, self._factors(), strict=True))

    def learn(self, read: tuple[float, ...], true: Emotion) -> None:
        """The face was read as ``read`` (seven probabilities, before any correction) and was ``true``.

        Raises UsageError for anything but seven probabilities, StorageError when it cannot be kept.
        """
        self._log.add(ReadingAnswered(new_id(), datetime.now(UTC), tuple(read), true))

    def apply(self, probabilities: Sequence[float]) -> tuple[float, ...]:
        """The reading of this person's face: seven probabilities that sum to 1. Never raises.

        Unchanged while nothing is learned, or what was learned cannot be read.
        """
        try:
            factors = self._factors() if self.answers else None
        except StorageError:
            factors = None
        if factors is None:
            return tuple(probabilities)
        shifted = [p * factor for p, factor in zip(probabilities, factors, strict=True)]
        total = sum(shifted)
        return tuple(p / total for p in shifted)

    def undo(self) -> Emotion | None:
        """Take the last answer back and say which emotion it named; None when there is none. Raises StorageError."""
        event = self._log.remove_last(READING_ANSWERED)
        return event.true if isinstance(event, ReadingAnswered) else None

    def reset(self) -> None:
        """Forget every answer. Raises StorageError."""
        self._log.refresh()
        self._log.remove(answer.id for answer in self._answers())

    def _answers(self) -> tuple[ReadingAnswered, ...]:
        return tuple(event for event in self._log.of(READING_ANSWERED) if isinstance(event, ReadingAnswered))

    def _factors(self) -> tuple[float, ...]:
        answers = self._answers()
        known, factors = self._known  # one tuple, replaced as a whole: a thread sees the old pair or the new
        if known != answers:
            factors = tuple(map(float, prior_factors(answers)))
            self._known = (answers, factors)
        return factors


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
