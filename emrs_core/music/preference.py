"""What the ranking wants to know of a person's taste; who learns it is not its concern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from emrs_core.music.features import CatalogueFeatures
from emrs_core.types import AffectPoint


class Preference(Protocol):
    """How much a person would like each song. Any thread."""

    def rewards(
        self, features: CatalogueFeatures, start: AffectPoint, rng: np.random.Generator
    ) -> NDArray[np.float32] | None:
        """(N,) expected reward of hearing each song now, in about [-1, 1], for somebody whose mood is ``start``.

        May draw from ``rng`` (Thompson sampling); the same draws give the same rewards. None while nothing is known:
        the list is then exactly the plain ranking. NaN counts as 0.
        """
        ...


@dataclass(frozen=True, slots=True)
class SumOfPreferences:
    """Several tastes in one; nothing is known as long as none of them knows anything."""

    parts: Sequence[Preference]

    def rewards(
        self, features: CatalogueFeatures, start: AffectPoint, rng: np.random.Generator
    ) -> NDArray[np.float32] | None:
        """See ``Preference.rewards``."""
        total: NDArray[np.float32] | None = None
        for part in self.parts:
            rewards = part.rewards(features, start, rng)
            if rewards is not None:
                known = np.nan_to_num(rewards)
                total = known if total is None else total + known
        return total
