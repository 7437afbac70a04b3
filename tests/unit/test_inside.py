"""Looking inside the network, without a network: Grad-CAM's sum, the messages, the pictures."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest

from emrs_core.training.inside import LayerInfo, LookRequest, NetworkLook
from emrs_core.training.inside_network import last_of_each_size, weighted_maps
from emrs_core.training.inside_wire import (
    MAX_BYTES,
    Message,
    pack_look,
    pack_request,
    read_message,
    unpack_look,
    unpack_request,
    write_message,
)
from emrs_core.types import Emotion
from emrs_core.ui import feature_images

LAYERS = (
    LayerInfo("conv1_1", "convolution", 4, 4, 2),
    LayerInfo("relu1_1", "after ReLU", 4, 4, 2),
    LayerInfo("relu1_2", "after ReLU", 4, 4, 2),
    LayerInfo("pool1", "pooled", 2, 2, 2),
    LayerInfo("relu2_1", "after ReLU", 2, 2, 3),
)
LOOK = NetworkLook(
    LAYERS,
    ("relu1_2", "relu2_1"),
    (0.1, 0.0, 0.0, 0.9, 0.0, 0.0, 0.0),
    "conv1_1",
    np.arange(32, dtype=np.float32).reshape(2, 4, 4),
    Emotion.HAPPY,
    "relu2_1",
    np.array([[0.0, 0.5], [1.0, 0.0]], np.float32),
)


def passed(message: Message) -> Message:
    stream = io.BytesIO()
    write_message(stream, message)
    stream.seek(0)
    answer = read_message(stream)
    assert answer is not None
    return answer


def test_grad_cam_by_hand() -> None:
    maps = np.zeros((2, 2, 2), np.float32)
    maps[0, 0] = (2.0, 0.0)  # this map's gradient is positive on average ...
    maps[1, 1] = (0.0, 3.0)  # ... and this one's negative: what it marks speaks against the class
    maps[0, 1] = (1.0, 0.0)
    gradients = np.zeros((2, 2, 2), np.float32)
    gradients[..., 0], gradients[..., 1] = 0.5, -1.0
    assert weighted_maps(maps, gradients).tolist() == [[1.0, 0.5], [0.0, 0.0]]


def test_grad_cam_is_all_zero_when_nothing_speaks_for_the_class() -> None:
    cam = weighted_maps(np.ones((3, 3, 2), np.float32), np.full((3, 3, 2), -1.0, np.float32))
    assert not cam.any()


def test_grad_cam_is_offered_at_the_last_activation_of_each_size() -> None:
    assert [layer.name for layer in last_of_each_size(LAYERS)] == ["relu1_2", "relu2_1"]
    others = [layer for layer in LAYERS if layer.kind != "after ReLU"]
    assert [layer.name for layer in last_of_each_size(others)] == ["conv1_1", "pool1"]


@pytest.mark.parametrize("emotion", [None, Emotion.SAD])
def test_a_request_survives_the_pipe(emotion: Emotion | None) -> None:
    face = np.random.default_rng(1).integers(0, 256, (48, 48)).astype(np.uint8)
    found = unpack_request(passed(pack_request(LookRequest(face, "conv1_1", emotion, None))))
    np.testing.assert_array_equal(found.face, face)
    assert (found.layer, found.emotion, found.cam_layer) == ("conv1_1", emotion, None)


def test_an_answer_survives_the_pipe() -> None:
    found = unpack_look(passed(pack_look(LOOK)))
    assert (found.layers, found.cam_layers, found.probabilities) == (LAYERS, LOOK.cam_layers, LOOK.probabilities)
    assert (found.layer, found.emotion, found.cam_layer) == ("conv1_1", Emotion.HAPPY, "relu2_1")
    np.testing.assert_array_equal(found.maps, LOOK.maps)
    np.testing.assert_array_equal(found.cam, LOOK.cam)


def test_a_message_cut_short_is_an_end_and_nonsense_an_error() -> None:
    stream = io.BytesIO()
    write_message(stream, Message({"ready": True}))
    whole = stream.getvalue()
    for length in (0, 4, len(whole) - 1):
        assert read_message(io.BytesIO(whole[:length])) is None
    with pytest.raises(ValueError, match="pickle"):
        read_message(io.BytesIO(struct.pack("<Q", 9) + b"nonsense!"))
    with pytest.raises(ValueError, match="at most"):
        read_message(io.BytesIO(struct.pack("<Q", MAX_BYTES + 1)))


def test_objects_cannot_travel() -> None:
    stream = io.BytesIO()
    with pytest.raises(ValueError, match="pickle"):
        write_message(stream, Message({}, {"trick": np.array([print], dtype=object)}))


# -- pictures --------------------------------------------------------------------------------------------------------


def test_the_maps_with_most_contrast_are_shown_in_their_own_order() -> None:
    maps = np.zeros((5, 2, 2), np.float32)
    for number, contrast in enumerate((1, 5, 0, 3, 4)):
        maps[number, 0, 0] = contrast
    assert feature_images.strongest(maps, 3).tolist() == [1, 3, 4]


def test_a_sheet_has_room_for_every_map_and_gaps_that_show_the_page() -> None:
    maps = np.random.default_rng(0).normal(size=(10, 3, 3)).astype(np.float32)
    picture = feature_images.sheet(maps)
    step = feature_images.CELL_PX + feature_images.GAP_PX
    assert picture.shape == (2 * step - feature_images.GAP_PX, 8 * step - feature_images.GAP_PX, 4)
    assert picture[0, 0, 3] == 255
    assert picture[0, feature_images.CELL_PX, 3] == 0
    assert picture[step, 3 * step, 3] == 0  # two maps in the second row


def test_a_flat_map_is_dark_and_a_full_range_is_not() -> None:
    flat = feature_images.sheet(np.full((1, 2, 2), 7.0, np.float32))
    assert (flat[..., :3] == flat[0, 0, :3]).all()
    assert flat[0, 0, :3].sum() < feature_images.sheet(np.array([[[1.0, 0.0]]], np.float32))[0, 0, :3].sum()


def test_heat_lies_only_where_the_map_is_warm() -> None:
    face = np.full((60, 60, 3), 120, np.uint8)
    cam = np.zeros((6, 6), np.float32)
    cam[4, 2] = 1.0
    picture = feature_images.heat_over(face, cam).astype(int)
    coloured = np.ptp(picture, axis=2) > 20
    rows, columns = np.nonzero(coloured)
    side = feature_images.OVERLAY_PX
    assert abs(rows.mean() / side - 4.5 / 6) < 0.05
    assert abs(columns.mean() / side - 2.5 / 6) < 0.05
    assert (picture[: side // 3] == 120).all()
