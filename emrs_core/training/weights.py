"""Weights of the VGG-16 as a plain NumPy archive: read into a Keras model, and taken back out of one.

Arrays: ``convB_K/kernel`` (3, 3, in, out) with ``convB_K/gamma``, ``beta``, ``mean``, ``variance`` (out,);
``head/kernel`` (512, 15), ``head/bias`` (15,).
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.errors import ModelError
from emrs_core.training.model import conv_names, norm_name

ArrayMap = Mapping[str, NDArray[Any]]


def read_npz(path: Path) -> dict[str, NDArray[Any]]:
    """All arrays of an ``.npz`` file. Raises ModelError when it is missing or not such a file."""
    try:
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise ValueError("it holds a single array")
            with archive:
                return {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise ModelError(f"There is no weights file {path}. Give the path of an .npz archive of the VGG-16.") from None
    except (OSError, ValueError, zipfile.BadZipFile, EOFError) as exc:
        raise ModelError(f"{path} cannot be read as an .npz archive of weights ({exc}). Fetch it again.") from exc


def load_into(model: Any, arrays: ArrayMap) -> None:
    """Put ``arrays`` into a model of ``build_vgg16``.

    Raises ModelError, before anything is changed, if an array is missing, of another shape or not finite.
    """
    variables = _variables(model)
    missing = sorted(set(variables) - set(arrays))
    if missing:
        raise ModelError(
            f"The weights lack {len(missing)} of {len(variables)} arrays, first {missing[0]!r}. Is it this VGG-16?"
        )
    for name, variable in variables.items():
        if arrays[name].shape != tuple(variable.shape):
            raise ModelError(f"Array {name!r} has shape {arrays[name].shape}, expected {tuple(variable.shape)}.")
        if not np.isfinite(arrays[name]).all():
            raise ModelError(f"Array {name!r} holds values that are not finite numbers; the weights are damaged.")
    for name, variable in variables.items():
        variable.assign(arrays[name])


def arrays_of(model: Any) -> dict[str, NDArray[Any]]:
    """The model's weights under the names of the archive, as they are (no rounding)."""
    import keras

    return {name: keras.ops.convert_to_numpy(variable) for name, variable in _variables(model).items()}


def _variables(model: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for conv in conv_names():
        norm = model.get_layer(norm_name(conv))
        found[f"{conv}/kernel"] = model.get_layer(conv).kernel
        found |= {f"{conv}/gamma": norm.gamma, f"{conv}/beta": norm.beta}
        found |= {f"{conv}/mean": norm.moving_mean, f"{conv}/variance": norm.moving_variance}
    head = model.get_layer("head")
    return found | {"head/kernel": head.kernel, "head/bias": head.bias}
