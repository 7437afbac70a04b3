"""Frames from a video file, with the file's own timestamps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from emrs_core.errors import ImageError
from emrs_core.types import Frame
from emrs_core.vision.decode import fit_within


def read_frames(path: Path, fps: float) -> Iterator[Frame]:
    """At most ``fps`` frames a second of the first video stream, times in seconds from its first frame.

    Frames above 1080p are reduced. Raises ImageError when the file is missing, has no video, or breaks off in the
    middle (after the frames that could be read).
    """
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ImageError(f"{path.name} should be a video, but it has no video stream.")
            yield from _paced(container, fps)
    except av.FFmpegError as exc:
        raise ImageError(f"{path.name} should be a video, but it cannot be read: {exc.strerror}.") from exc
    except OSError as exc:
        raise ImageError(f"{path.name} cannot be opened: {exc.strerror or exc}.") from exc


def duration_s(path: Path) -> float | None:
    """The length that the file claims, or None when it does not say. Raises ImageError as ``read_frames`` does."""
    try:
        with av.open(str(path)) as container:
            return None if container.duration is None else container.duration / av.time_base
    except (av.FFmpegError, OSError) as exc:
        raise ImageError(f"{path.name} should be a video, but it cannot be read: {exc.strerror}.") from exc


def _paced(container: av.container.InputContainer, fps: float) -> Iterator[Frame]:
    stream = container.streams.video[0]
    first_s: float | None = None
    due_s = 0.0
    for index, picture in enumerate(container.decode(stream)):
        time_s = picture.time if picture.time is not None else index / float(stream.average_rate or 25)
        first_s = time_s if first_s is None else first_s
        t_s = time_s - first_s
        if t_s + 1e-6 < due_s:
            continue
        due_s = max(due_s + 1.0 / fps, t_s)  # keeps the mean rate where the file's own is no multiple of it
        image, _ = fit_within(picture.to_ndarray(format="bgr24").astype(np.uint8, copy=False))
        yield Frame(image, t_s)
