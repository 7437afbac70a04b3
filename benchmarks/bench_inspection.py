"""Whether a viewer's live picture stutters while another visitor looks inside the network (TensorFlow, beside it)."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from benchmarks.context import Context
from benchmarks.rows import BenchmarkError, Row
from benchmarks.viewers import ClipTrack, Viewer, ViewerServer, encoded, viewer_server
from tests.e2e.clips import astronaut, swaying

FPS = 15
SETTLING_S = 4.0
ALONE_S = 15.0  # the stream by itself, as the yardstick
LAYERS = ("conv1_1", "relu1_2", "conv2_1", "relu2_2", "conv3_1", "relu3_3", "conv4_1", "relu4_3", "conv5_1", "relu5_3")


@dataclass
class TimedViewer(Viewer):
    """Notes when each picture came back."""

    arrivals_s: list[float] = field(default_factory=list)

    async def _count(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                await track.recv()
            except MediaStreamError:
                return
            self.returned += 1
            self.arrivals_s.append(time.monotonic())


@dataclass(frozen=True, slots=True)
class Stretch:
    """A viewer's pictures in one stretch of time."""

    fps: float
    longest_gap_ms: float


def run(context: Context) -> list[dict[str, Any]]:
    with viewer_server() as server:
        alone, starting, answering, looks_s = asyncio.run(_watch(server, encoded(swaying(astronaut()), FPS)))
    first_s, next_s = looks_s[0], sorted(looks_s[1:])[len(LAYERS) // 2]
    who = f"one viewer, {FPS} fps, 640x480; baseline: the same stream before"
    rows = [
        Row("pictures returned while TensorFlow starts", starting.fps, alone.fps, "a second", who),
        Row("pictures returned while it answers", answering.fps, alone.fps, "a second", who),
        Row("longest gap while TensorFlow starts", starting.longest_gap_ms, alone.longest_gap_ms, "ms", who),
        Row("longest gap while it answers", answering.longest_gap_ms, alone.longest_gap_ms, "ms", who),
        Row("first look inside the network", first_s, None, "s", "starts the process, TensorFlow and the network"),
        Row("another layer", next_s, None, "s", f"median of {len(LAYERS)} layers, each for the first time"),
    ]
    return [row.as_dict(context.processor) for row in rows]


async def _watch(server: ViewerServer, packets: list[bytes]) -> tuple[Stretch, Stretch, Stretch, list[float]]:
    viewer = TimedViewer(ClipTrack(packets, FPS))
    try:
        await viewer.connect(server)
        await asyncio.sleep(SETTLING_S)
        begin_s = time.monotonic()
        await asyncio.sleep(ALONE_S)
        alone_s = time.monotonic()
        looks_s = [await asyncio.to_thread(server.ask, {"look": None})]
        started_s = time.monotonic()
        looks_s += [await asyncio.to_thread(server.ask, {"look": layer}) for layer in LAYERS]
        end_s = time.monotonic()
    finally:
        await viewer.connection.close()
    stretches = ((begin_s, alone_s), (alone_s, started_s), (started_s, end_s))
    alone, starting, answering = (_stretch(viewer.arrivals_s, *ends) for ends in stretches)
    return alone, starting, answering, looks_s


def _stretch(arrivals_s: list[float], begin_s: float, end_s: float) -> Stretch:
    inside = [moment for moment in arrivals_s if begin_s <= moment <= end_s]
    if not inside:
        raise BenchmarkError(f"no picture came back in {end_s - begin_s:.1f} s; is the machine overloaded?")
    edges = [begin_s, *inside, end_s]
    gaps = [later - earlier for earlier, later in pairwise(edges)]
    return Stretch(len(inside) / (end_s - begin_s), 1000 * max(gaps))
