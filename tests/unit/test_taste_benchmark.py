"""What the taste's benchmark compares: the same rewards, the same regression."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.bench_ranking import ManySongs
from benchmarks.bench_taste import MOOD, OPINIONS, opinions, plain_loop
from emrs_core.music.taste.model import DISLIKED_COST, TasteModel
from emrs_core.testing.catalogues import numbered_id


def test_the_plain_loop_gives_the_same_rewards() -> None:
    few = ManySongs(2000).features
    features = replace(few, row_of={numbered_id(row): row for row in range(OPINIONS)})
    fitted = TasteModel(opinions(features)).fitted(features)
    assert fitted is not None
    found = fitted.rewards(MOOD, None)
    refused = np.arange(2000) < OPINIONS
    refused &= features.genre != features.genre[0]
    np.testing.assert_allclose(found + DISLIKED_COST * refused, plain_loop(features, fitted), atol=1e-4)
