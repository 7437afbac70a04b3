"""Weights archives that cannot be used, and the names in those that can."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from emrs_core.errors import ModelError, UsageError
from emrs_core.training.export import read_about
from emrs_core.training.model import conv_names, norm_name
from emrs_core.training.weights import read_npz


def test_thirteen_convolutions_each_with_its_normalisation() -> None:
    names = conv_names()
    assert len(names) == 13
    assert (names[0], names[2], names[-1]) == ("conv1_1", "conv2_1", "conv5_3")
    assert norm_name("conv4_2") == "bn4_2"


def test_an_archive_gives_its_arrays(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    np.savez(path, **{"head/bias": np.arange(15)})
    assert read_npz(path)["head/bias"].tolist() == list(range(15))


def test_a_missing_or_damaged_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no weights file"):
        read_npz(tmp_path / "none.npz")
    path = tmp_path / "w.npz"
    np.savez(path, a=np.arange(1000))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ModelError, match=r"w\.npz cannot be read as an \.npz archive"):
        read_npz(path)
    with path.open("wb") as file:
        np.save(file, np.arange(3))
    with pytest.raises(ModelError, match="it holds a single array"):
        read_npz(path)
    path.write_bytes(b"text")
    with pytest.raises(ModelError, match=r"w\.npz cannot be read as an \.npz archive"):
        read_npz(path)


def test_what_people_write_of_a_model_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "about.toml"
    path.write_text('live_head = "fer"\n[data]\nname = "x"\n[training]\n')
    assert read_about(path)["data"] == {"name": "x"}
    path.write_text('live_head = "both"\n[data]\n[training]\n')
    with pytest.raises(UsageError, match="needs live_head"):
        read_about(path)
    path.write_text("live_head =")
    with pytest.raises(UsageError, match="cannot be read as TOML"):
        read_about(path)
