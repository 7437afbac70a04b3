"""Losses of the training step, in ``keras.ops``: the same on TensorFlow, JAX and PyTorch.

Imported only where a network is trained, as it loads Keras. Arguments are tensors of the backend or arrays.
"""

from __future__ import annotations

from typing import Any

from keras import ops

SMALLEST_NORM = 1e-6
"""Keeps the cosine of a centre that is still nought finite."""


def cross_entropy(targets: Any, logits: Any, weights: Any) -> Any:
    """Weighted mean of the cross-entropy of (N, C) ``logits`` against (N, C) distributions; nought if no row counts.

    With class weights as ``weights`` (N,) it is the class-weighted softmax loss, with vote shares as ``targets`` the
    soft-label loss of FER+, with smoothed labels label smoothing (see ``targets``).
    """
    rows = -ops.sum(targets * ops.log_softmax(logits, axis=-1), axis=-1)
    return ops.sum(weights * rows) / ops.maximum(ops.sum(weights), SMALLEST_NORM)


def centre_loss(features: Any, centres: Any, classes: Any) -> Any:
    """Half the squared distance of each (D,) feature from its class's centre, averaged over the rows that have a class.

    ``features`` (N, D), ``centres`` (C, D), ``classes`` (N, C) one-hot, or nought for a row without a class.
    Source: Y. Wen et al., "A Discriminative Feature Learning Approach for Deep Face Recognition", 2016, equation 2,
    divided by the number of rows so that its weight does not depend on the batch.
    """
    own = ops.matmul(classes, centres)
    counted = ops.sum(classes, axis=-1)
    rows = ops.sum(ops.square(features - own), axis=-1) / 2
    return ops.sum(counted * rows) / ops.maximum(ops.sum(counted), 1.0)


def centre_step(features: Any, centres: Any, classes: Any) -> Any:
    """(C, D): how far each centre lies from its rows, to be taken off it times a rate. Source: as above, equation 4."""
    counts = ops.expand_dims(ops.sum(classes, axis=0), -1)
    distances = counts * centres - ops.matmul(ops.transpose(classes), features)
    return distances / (1.0 + counts)


def island_pairs(centres: Any) -> Any:
    """Sum over all ordered pairs of different centres of cosine + 1; nought when all point in opposite directions.

    Source: J. Cai et al., "Island Loss for Learning Discriminative Features in Facial Expression Recognition",
    2018, https://arxiv.org/abs/1710.03144, equation 6.
    """
    directions = _directions(centres)
    count = centres.shape[0]
    cosines = ops.matmul(directions, ops.transpose(directions))
    return ops.sum((cosines + 1.0) * (1.0 - ops.eye(count)))


def island_step(centres: Any) -> Any:
    """(C, D): the mean direction in which each centre nears the others, to be taken off it. Source: as above, eq. 8."""
    directions, norms = _directions(centres), _norms(centres)
    count = centres.shape[0]
    cosines = ops.matmul(directions, ops.transpose(directions)) * (1.0 - ops.eye(count))
    towards = ops.sum(directions, axis=0, keepdims=True) - directions
    along = ops.sum(cosines, axis=1, keepdims=True) * directions
    return (towards - along) / norms / (count - 1)


def weight_decay(kernels: list[Any], decay: float) -> Any:
    """Half the squared length of all kernels times ``decay``: its gradient is the decay of classical SGD."""
    return decay / 2 * sum(ops.sum(ops.square(kernel)) for kernel in kernels)


def _norms(centres: Any) -> Any:
    return ops.maximum(ops.sqrt(ops.sum(ops.square(centres), axis=-1, keepdims=True)), SMALLEST_NORM)


def _directions(centres: Any) -> Any:
    return centres / _norms(centres)
