"""Four viewers on one server, without browsers: frames analysed and pictures returned for each, CPU of the server."""

from __future__ import annotations

import asyncio
import statistics
from dataclasses import dataclass
from typing import Any

from benchmarks.context import Context
from benchmarks.rows import BenchmarkError, Row, verdict
from benchmarks.viewers import ClipTrack, Viewer, ViewerServer, encoded, viewer_server
from tests.e2e.clips import astronaut, swaying

VIEWERS = 4
FPS = 15
SETTLING_S = 4.0  # connections stand, caches are warm
MEASURED_S = 20.0
TARGET_FPS = 8.0


@dataclass(frozen=True, slots=True)
class Window:
    """What happened in MEASURED_S seconds; lists by viewer."""

    analysed_fps: list[float]
    returned_share: list[float]
    delays_ms: list[float]
    cores: float


def run(context: Context) -> list[dict[str, Any]]:
    packets = encoded(swaying(astronaut()), FPS)
    with viewer_server() as server:
        window = asyncio.run(_watch(server, packets))
    slowest, share = min(window.analysed_fps), min(window.returned_share)
    who = f"the least of {VIEWERS} viewers, {FPS} fps, 640x480"
    rows = [
        Row(
            "analysed frames with 4 viewers",
            slowest,
            None,
            "frames a second",
            f"{who}; {verdict(slowest, at_least=TARGET_FPS)}",
        ),
        Row("pictures returned with 4 viewers", share, None, "share of those sent", who),
        Row(
            "analysis delay with 4 viewers",
            statistics.median(window.delays_ms),
            None,
            "ms",
            "arrival to result, median",
        ),
        Row("server CPU with 4 viewers", window.cores, None, "cores", "decoding, analysis, drawing, encoding"),
    ]
    return [row.as_dict(context.processor) for row in rows]


async def _watch(server: ViewerServer, packets: list[bytes]) -> Window:
    viewers = [Viewer(ClipTrack(packets, FPS)) for _ in range(VIEWERS)]
    try:
        for viewer in viewers:
            await viewer.connect(server)
        await asyncio.sleep(SETTLING_S)
        return await _window(server, viewers)
    finally:
        await asyncio.gather(*(viewer.connection.close() for viewer in viewers))


async def _window(server: ViewerServer, viewers: list[Viewer]) -> Window:
    before, cpu_s = await asyncio.to_thread(server.ask, {"figures": True}), server.cpu_s()
    sent, returned = [viewer.track.sent for viewer in viewers], [viewer.returned for viewer in viewers]
    await asyncio.sleep(MEASURED_S)
    after = await asyncio.to_thread(server.ask, {"figures": True})
    cores = (server.cpu_s() - cpu_s) / MEASURED_S
    if any(each["errors"] for each in after) or not any(each["faces"] for each in after):  # looking away is cheap
        raise BenchmarkError(f"the viewers' faces should be seen, without errors, but: {after}")
    return Window(
        analysed_fps=[(b["analysed"] - a["analysed"]) / MEASURED_S for a, b in zip(before, after, strict=True)],
        returned_share=[
            (viewer.returned - back) / (viewer.track.sent - out)
            for viewer, out, back in zip(viewers, sent, returned, strict=True)
        ],
        delays_ms=[each["delay_ms"] for each in after],
        cores=cores,
    )
