"""Messages between the serving process and its helper: eight bytes of length, then a NumPy archive. Memory only.

The archive is read without pickle, so a message can hold numbers and text but no code.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from emrs_core.training.inside import LayerInfo, LookRequest, NetworkLook
from emrs_core.types import Emotion

LENGTH = struct.Struct("<Q")
MAX_BYTES = 64 * 2**20
"""The largest answer, 64 maps of 48 x 48, has half a megabyte; more than this is no message of ours."""

FIELDS = "fields"


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """Plain values, and arrays by name."""

    fields: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def write_message(stream: IO[bytes], message: Message) -> None:
    """Send one message and flush. Raises OSError when nobody reads any more."""
    packed = io.BytesIO()
    text = np.frombuffer(json.dumps(dict(message.fields)).encode(), np.uint8)
    np.savez(packed, allow_pickle=False, **{FIELDS: text, **message.arrays})
    content = packed.getvalue()
    stream.write(LENGTH.pack(len(content)) + content)
    stream.flush()


def read_message(stream: IO[bytes]) -> Message | None:
    """The next message; None when the other side has closed, also in the middle of one.

    Raises ValueError for bytes that are no message.
    """
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    if length > MAX_BYTES:
        raise ValueError(f"expected a message of at most {MAX_BYTES} bytes, got {length}")
    content = stream.read(length)
    if len(content) < length:
        return None
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return Message(json.loads(arrays.pop(FIELDS).tobytes()), arrays)
    except (zipfile.BadZipFile, KeyError, EOFError, AttributeError, TypeError) as exc:
        raise ValueError(f"a message could not be unpacked ({exc})") from exc


def pack_request(request: LookRequest) -> Message:
    """A request as a message."""
    emotion = None if request.emotion is None else str(request.emotion)
    return Message({"layer": request.layer, "emotion": emotion, "cam_layer": request.cam_layer}, {"face": request.face})


def unpack_request(message: Message) -> LookRequest:
    """The request that ``pack_request`` packed."""
    fields, emotion = message.fields, message.fields["emotion"]
    wanted = None if emotion is None else Emotion(emotion)
    return LookRequest(message.arrays["face"], fields["layer"], wanted, fields["cam_layer"])


def pack_look(look: NetworkLook) -> Message:
    """An answer as a message."""
    fields = {
        "layers": [asdict(layer) for layer in look.layers],
        "cam_layers": list(look.cam_layers),
        "probabilities": list(look.probabilities),
        "layer": look.layer,
        "emotion": str(look.emotion),
        "cam_layer": look.cam_layer,
    }
    return Message(fields, {"maps": look.maps, "cam": look.cam})


def unpack_look(message: Message) -> NetworkLook:
    """The answer that ``pack_look`` packed."""
    fields = message.fields
    return NetworkLook(
        layers=tuple(LayerInfo(**layer) for layer in fields["layers"]),
        cam_layers=tuple(fields["cam_layers"]),
        probabilities=tuple(fields["probabilities"]),
        layer=fields["layer"],
        maps=message.arrays["maps"],
        emotion=Emotion(fields["emotion"]),
        cam_layer=fields["cam_layer"],
        cam=message.arrays["cam"],
    )
