"""Memory of the dashboard's server process with one, two and three viewers in real browsers."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack
from typing import Any

import psutil

from benchmarks.context import Context
from benchmarks.dashboard_visit import camera_browser, dashboard, first_mood_s, start, visit
from benchmarks.rows import Row, verdict
from tests.e2e.clips import astronaut, write_clip

VIEWERS = 3
SETTLING_S = 8.0  # the first song list, the charts, the encoder's buffers
SAMPLES = 5  # a second apart: pictures in flight come and go by megabytes
MB = 1e6
ONE_MB, FURTHER_MB, ALL_MB = 400.0, 60.0, 690.0
"""Targets; the last is what Community Cloud promises an app."""


def run(context: Context) -> list[dict[str, Any]]:
    clip = write_clip(context.tmp_dir / "face.mjpeg", (astronaut(), 1))
    used_mb = _with_viewers(context, clip)
    further = (used_mb[-1] - used_mb[1]) / (VIEWERS - 1)
    what = "resident memory of the server process"
    rows = [
        Row("server memory, nobody there", used_mb[0], None, "MB", f"{what}, just started"),
        Row("server memory, 1 viewer", used_mb[1], None, "MB", f"{what}; {verdict(used_mb[1], under=ONE_MB)}"),
        Row("server memory, each further viewer", further, None, "MB", f"mean; {verdict(further, under=FURTHER_MB)}"),
        Row("server memory, 3 viewers", used_mb[-1], None, "MB", f"{what}; {verdict(used_mb[-1], under=ALL_MB)}"),
    ]
    return [row.as_dict(context.processor) for row in rows]


def _with_viewers(context: Context, clip: Any) -> list[float]:
    """Megabytes with nobody, then with each viewer more."""
    with ExitStack() as stack:
        server = stack.enter_context(dashboard(context.tmp_dir / "server"))
        process = psutil.Process(server.process.pid)
        used = [_resident_mb(process)]
        browser = stack.enter_context(camera_browser(clip))
        for _ in range(VIEWERS):
            live = stack.enter_context(visit(browser, server.url))
            first_mood_s(live, start(live))
            time.sleep(SETTLING_S)
            used.append(_resident_mb(process))
        return used


def _resident_mb(process: psutil.Process) -> float:
    """The median of a few looks."""
    looks = []
    for _ in range(SAMPLES):
        looks.append(process.memory_info().rss / MB)
        time.sleep(1.0)
    return statistics.median(looks)
