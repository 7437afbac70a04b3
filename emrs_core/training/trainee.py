"""One step of learning, for any backend of Keras: forward, both heads' losses, the auxiliary loss, the averages.

Imported only where a network is trained, as it loads Keras.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops
from numpy.typing import NDArray

from emrs_core.training.augmentation import prepare
from emrs_core.training.losses import (
    centre_loss,
    centre_step,
    cross_entropy,
    island_pairs,
    island_step,
    weight_decay,
)
from emrs_core.training.recipe import LossPart, Recipe
from emrs_core.training.targets import FER_CLASSES

FEATURES = "average"
"""Name of the layer whose output is the pooled features, in every architecture."""

CENTRE_SPREAD = 0.01
"""Spread of the centres before the first step: small, but with a direction that the island loss can turn."""


class Trainee(keras.Model):  # type: ignore[misc]  # Keras carries no types
    """A network with all that its training needs; ``train_on_batch`` takes the batches of ``Batches``.

    The averages follow every number of the network (norms' statistics too), each from its value before the step.
    One thread at a time.
    """

    def __init__(self, network: Any, recipe: Recipe) -> None:
        super().__init__(name="trainee")
        features = network.get_layer(FEATURES).output
        self.network = network
        self.body = keras.Model(network.inputs, {**network.output, "features": features})
        self.parts: LossPart = recipe.loss
        self.decay = recipe.optimiser.weight_decay
        self.centres = self._variable((FER_CLASSES, features.shape[-1]), "centres")
        self.centres.assign(keras.random.normal(self.centres.shape, stddev=CENTRE_SPREAD, seed=recipe.seed))
        self.momentum = self._variable((), "momentum")
        self.averages = [self._variable(weight.shape, f"average_{i}") for i, weight in enumerate(network.weights)]
        self.start_averages()
        self.hits = keras.metrics.Mean(name="accuracy")
        self.fer_loss = keras.metrics.Mean(name="fer_loss")
        self.ferplus_loss = keras.metrics.Mean(name="ferplus_loss")
        self.built = True

    def _variable(self, shape: tuple[int, ...], name: str) -> Any:
        return self.add_weight(shape=shape, initializer="zeros", trainable=False, name=name, dtype="float32")

    def start_averages(self) -> None:
        """Let the averages begin at the network's present weights."""
        for average, weight in zip(self.averages, self.network.weights, strict=True):
            average.assign(ops.cast(weight, "float32") + 0.0)  # a sum is a copy: JAX refuses to update shared memory

    def averaged(self) -> list[NDArray[Any]]:
        """The averages in the order of ``network.get_weights()``."""
        return [ops.convert_to_numpy(average) for average in self.averages]

    def call(self, inputs: dict[str, Any], training: bool = False) -> dict[str, Any]:
        outputs: dict[str, Any] = self.body(prepare(inputs), training=training)
        return outputs

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """The loss of a batch; on the way the centres, the averages and the batch's figures are brought up to date."""
        y = {name: ops.convert_to_tensor(part) for name, part in y.items()}  # PyTorch is handed plain arrays
        fer = cross_entropy(y["fer"], y_pred["fer"], y["fer_weight"])
        ferplus = cross_entropy(y["ferplus"], y_pred["ferplus"], y["ferplus_weight"])
        right = ops.equal(ops.argmax(y_pred["fer"], axis=-1), ops.argmax(y["classes"], axis=-1))
        self.hits.update_state(ops.cast(right, "float32"), sample_weight=ops.sum(y["classes"], axis=-1))
        self.fer_loss.update_state(fer)
        self.ferplus_loss.update_state(ferplus)
        total = self.parts.fer * fer + self.parts.ferplus * ferplus
        if self.parts.auxiliary != "none":
            total = total + self.parts.auxiliary_weight * self._auxiliary(y_pred["features"], y["classes"])
        if self.decay:
            kernels = [v for v in self.network.trainable_variables if v.path.endswith("kernel")]
            total = total + weight_decay(kernels, self.decay)
        self._follow()
        return total

    def _auxiliary(self, features: Any, classes: Any) -> Any:
        """Centre or island loss by the centres so far; then the centres move, by their own rule and rate."""
        fixed = ops.convert_to_tensor(self.centres)
        loss = centre_loss(features, fixed, classes)
        step = centre_step(ops.stop_gradient(features), fixed, classes)
        if self.parts.auxiliary == "island":
            loss = loss + self.parts.island_weight * island_pairs(fixed)
            step = step + self.parts.island_weight * island_step(fixed)
        self.centres.assign(fixed - self.parts.centre_rate * step)
        return loss

    def _follow(self) -> None:
        for average, weight in zip(self.averages, self.network.weights, strict=True):
            now = ops.stop_gradient(ops.cast(weight, "float32"))
            average.assign(self.momentum * average + (1.0 - self.momentum) * now)


def new_trainee(network: Any, recipe: Recipe) -> Trainee:
    """A trainee ready for its first step, optimiser included."""
    trainee = Trainee(network, recipe)
    part = recipe.optimiser
    optimiser = keras.optimizers.SGD(learning_rate=part.rate, momentum=part.momentum, nesterov=part.nesterov)
    optimiser.build(trainee.trainable_variables)
    # TensorFlow's just-in-time compiler knows no affine transform, PyTorch's does not pay here; JAX needs its own.
    trainee.compile(optimizer=optimiser, jit_compile=keras.backend.backend() == "jax")
    return trainee
