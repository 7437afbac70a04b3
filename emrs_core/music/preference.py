"""What the ranking wants to know of a person's taste; who learns it is not its concern."""

from __future__ import annotations

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
