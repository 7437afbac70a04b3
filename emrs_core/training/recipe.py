"""A training recipe: everything that decides a run, with the range of every value.

``recipe_file.read_recipe`` makes one from a TOML file; the names and defaults here are those of the file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from emrs_core.vision.preprocess import FACE_SIZE_PX

ARCHITECTURES = ("vgg16", "resnet50", "senet50")
SMALLEST_SIZE_PX = 16
"""Five halvings leave one pixel; below it the last pools would see padding only."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a value may be: its range if a number, its choices if a text."""

    low: float = -math.inf
    high: float = math.inf
    low_excluded: bool = False
    high_excluded: bool = False
    choices: tuple[str, ...] = ()

    def allows(self, value: float | str) -> bool:
        if isinstance(value, str):
            return not self.choices or value in self.choices
        above = value > self.low if self.low_excluded else value >= self.low
        below = value < self.high if self.high_excluded else value <= self.high
        return math.isfinite(value) and above and below

    def __str__(self) -> str:
        if self.choices:
            return "one of " + ", ".join(self.choices)
        low = f"{'above' if self.low_excluded else 'of at least'} {self.low:g}"
        if self.high == math.inf:
            return low
        return f"{low} and {'below' if self.high_excluded else 'at most'} {self.high:g}"


def _value(default: Any, **limits: Any) -> Any:
    return field(default=default, metadata={"check": Check(**limits)})


def _share(default: float, high: float = 1.0) -> Any:
    return _value(default, low=0.0, high=high, high_excluded=True)


@dataclass(frozen=True, slots=True)
class DataPart:
    """``[data]``: a table (``table``, with ``ferplus`` if there is one) or two folders (``training``, ``validation``).

    Paths are taken from the folder in which the command is run.
    """

    table: str = ""
    ferplus: str = ""
    training: str = ""
    validation: str = ""
    drop_duplicates: bool = True  # Training pictures that another split holds too
    drop_not_faces: bool = True  # Training pictures that most FER+ annotators called no face
    limit: int = _value(0, low=0)  # only so many Training pictures, drawn by the seed; 0 takes all


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """``[network]``. ``width`` multiplies every channel count; ``start`` names a model folder or .npz to begin from."""

    architecture: str = _value("vgg16", choices=ARCHITECTURES)
    width: float = _value(1.0, low=0.01, high=4.0)
    dropout: float = _share(0.5)
    start: str = ""


@dataclass(frozen=True, slots=True)
class LossPart:
    """``[loss]``: the weight of each head's cross-entropy, and what is added to them."""

    fer: float = _value(1.0, low=0.0)
    ferplus: float = _value(1.0, low=0.0)
    smoothing: float = _share(0.1)  # of FER2013's label
    class_weights: str = _value("none", choices=("none", "balanced"))  # of FER2013's label
    auxiliary: str = _value("none", choices=("none", "centre", "island"))
    auxiliary_weight: float = _value(0.003, low=0.0)
    centre_rate: float = _value(0.5, low=0.0, high=1.0, low_excluded=True)
    island_weight: float = _value(10.0, low=0.0)


@dataclass(frozen=True, slots=True)
class AugmentationPart:
    """``[augmentation]``: the largest change of each kind; 0 (or false) switches it off."""

    rotation_deg: float = _value(15.0, low=0.0, high=180.0)
    scale: float = _share(0.15, 0.9)
    shift: float = _share(0.12, 0.9)  # of the side
    flip: bool = True
    brightness: float = _value(0.2, low=0.0, high=1.0)  # of the range of pixel values
    contrast: float = _share(0.2)
    cutout: float = _share(0.3, 0.9)  # side of the square over the side of the picture
    mixup: float = _value(0.0, low=0.0, high=10.0)  # shape of the Beta distribution of the shares; 1 draws them evenly


@dataclass(frozen=True, slots=True)
class OptimiserPart:
    """``[optimiser]``: SGD. ``rate`` is the highest learning rate; weight decay spares norms and biases."""

    rate: float = _value(0.05, low=0.0, low_excluded=True)
    momentum: float = _share(0.9)
    nesterov: bool = True
    weight_decay: float = _value(5e-4, low=0.0)
    batch: int = _value(128, low=1, high=4096)
    precision: str = _value("float32", choices=("float32", "bfloat16"))


@dataclass(frozen=True, slots=True)
class SchedulePart:
    """``[schedule]`` of the learning rate. ``warm_up`` is the share of all work in which it rises."""

    kind: str = _value("cosine", choices=("cosine", "one_cycle"))
    warm_up: float = _share(0.03, 0.9)


@dataclass(frozen=True, slots=True)
class AveragePart:
    """``[average]``: the exponential moving average of the weights; ``momentum`` 0 switches it off."""

    momentum: float = _share(0.998)
    final_momentum: float = _share(0.99)  # shorter memory while the rate is nearly nought
    final_share: float = _value(0.1, low=0.0, high=1.0)


@dataclass(frozen=True, slots=True)
class TeacherPart:
    """``[teacher]``: a model folder whose opinion of each Training face is ``weight`` of what is learned."""

    model: str = ""
    weight: float = _value(0.5, low=0.0, high=1.0)


@dataclass(frozen=True, slots=True)
class Stage:
    """One of ``[[stages]]``: so many epochs at that size."""

    epochs: int = _value(1, low=1, high=100_000)
    size_px: int = _value(FACE_SIZE_PX, low=SMALLEST_SIZE_PX, high=FACE_SIZE_PX)


@dataclass(frozen=True, slots=True)
class Recipe:
    """A whole run. ``name`` is its folder's; ``keep`` says which epoch's weights count at the end.

    "best_unseen" judges each epoch without the validation pictures that Training holds too: weights to begin from may
    have learned these by heart, and the best epoch on all of them is then the one that forgot least.
    """

    name: str
    stages: tuple[Stage, ...]
    data: DataPart
    seed: int = _value(0, low=0, high=2**31 - 1)
    keep: str = _value("best", choices=("best", "best_unseen", "last"))
    live_head: str = _value("ferplus", choices=("fer", "ferplus"))
    export: bool = True  # make the model folder at the end
    network: NetworkPart = field(default_factory=NetworkPart)
    loss: LossPart = field(default_factory=LossPart)
    augmentation: AugmentationPart = field(default_factory=AugmentationPart)
    optimiser: OptimiserPart = field(default_factory=OptimiserPart)
    schedule: SchedulePart = field(default_factory=SchedulePart)
    average: AveragePart = field(default_factory=AveragePart)
    teacher: TeacherPart = field(default_factory=TeacherPart)

    @property
    def epochs(self) -> int:
        return sum(stage.epochs for stage in self.stages)

    def size_px(self, epoch: int) -> int:
        """Side of the pictures in ``epoch``, counted from 0. Raises IndexError beyond the last."""
        for stage in self.stages:
            if epoch < stage.epochs:
                return stage.size_px
            epoch -= stage.epochs
        raise IndexError(epoch)
