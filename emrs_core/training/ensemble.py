"""Several networks as one: the mean of what they say of a face."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from emrs_core.training.inside import MEMBER_NAME

FLOOR = 1e-7
"""Keeps the logarithm finite where all members are sure; far below what a temperature could bring back."""


def averaged(networks: Sequence[Any], size_px: int | None) -> Any:
    """A ``keras.Model`` like its members whose heads are the logarithms of the members' mean probabilities.

    Softmax of these logarithms gives the means back, so everything that reads one network reads the ensemble.
    Shares the members' weights.
    """
    import keras
    from keras import ops

    face = keras.Input((size_px, size_px, 1), name="face")
    said = [
        keras.Model(network.inputs, network.output, name=MEMBER_NAME.format(place=place))(face)
        for place, network in enumerate(networks, start=1)
    ]
    heads = {
        head: ops.log(sum(ops.softmax(part[head], axis=-1) for part in said) / len(said) + FLOOR) for head in said[0]
    }
    return keras.Model(face, heads, name="ensemble_fer")
