"""The dashboard in Chromium with cameras of 15 and 30 fps: pictures that come back, delay, first mood, first songs."""

from __future__ import annotations

import re
import statistics
import time
from dataclasses import dataclass
from typing import Any

import psutil
from playwright.sync_api import Browser, Frame

from benchmarks.context import Context
from benchmarks.dashboard_visit import (
    camera_browser,
    dashboard,
    first_mood_s,
    first_songs_s,
    start,
    stream_frame,
    visit,
    write_y4m,
)
from benchmarks.marked_clip import delays_ms, marked_frames
from benchmarks.rows import BenchmarkError, Row, verdict
from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server

RATES = (15, 30)
COUNTED_S = 20.0
DELAY_S = 10.0
LEAST_DELAYS = 30
LEAST_SHARE_15, LEAST_FPS_30, MOST_DELAY_MS = 0.9, 20.0, 250.0
MOST_FIRST_MOOD_S, MOST_FIRST_SONGS_S = 3.0, 12.0

COUNT = "document.querySelector('video').getVideoPlaybackQuality().totalVideoFrames"
PICTURES = f"() => ({{ pictures: {COUNT}, now: performance.now() }})"


@dataclass(frozen=True, slots=True)
class Stream:
    """One camera's figures."""

    returned_fps: float
    picture_delay_ms: float
    analysis_delay_ms: float
    analysed_fps: float
    cores: float
    first_mood_s: float
    first_songs_s: float


def run(context: Context) -> list[dict[str, Any]]:
    streams = {}
    with dashboard(context.tmp_dir / "server") as server:
        for fps in RATES:
            clip = write_y4m(context.tmp_dir / f"camera-{fps}.y4m", marked_frames(fps), fps)
            with camera_browser(clip) as browser:
                streams[fps] = _measure(browser, server, context.repeats)
    rows = [row for fps, stream in streams.items() for row in _rows(fps, stream)]
    return [row.as_dict(context.processor) for row in rows]


def _rows(fps: int, stream: Stream) -> list[Row]:
    share = stream.returned_fps / fps
    target = (
        verdict(share, at_least=LEAST_SHARE_15)
        if fps == RATES[0]
        else verdict(stream.returned_fps, at_least=LEAST_FPS_30)
    )
    camera = f"camera of {fps} fps"
    shown = f"{share:.0%} of the camera's; {'share: ' if fps == RATES[0] else ''}{target}"
    return [
        Row(f"{camera}: pictures back", stream.returned_fps, None, "pictures a second", shown),
        Row(
            f"{camera}: picture delay",
            stream.picture_delay_ms,
            None,
            "ms",
            f"camera to screen, median; {verdict(stream.picture_delay_ms, under=MOST_DELAY_MS)}",
        ),
        Row(f"{camera}: analysis delay", stream.analysis_delay_ms, None, "ms", "arrival to result, status line"),
        Row(f"{camera}: frames analysed", stream.analysed_fps, None, "frames a second", "status line"),
        Row(f"{camera}: server CPU", stream.cores, None, "cores", "one viewer, page and charts included"),
        Row(
            f"{camera}: first mood",
            stream.first_mood_s,
            None,
            "s after Start",
            f"median of visits; {verdict(stream.first_mood_s, under=MOST_FIRST_MOOD_S)}",
        ),
        Row(
            f"{camera}: first songs",
            stream.first_songs_s,
            None,
            "s after Start",
            f"{verdict(stream.first_songs_s, under=MOST_FIRST_SONGS_S)}",
        ),
    ]


def _measure(browser: Browser, server: Server, visits: int) -> Stream:
    """The first mood from several visits; everything else from the last of them."""
    moods_s: list[float] = []
    for _ in range(visits - 1):
        with visit(browser, server.url) as live:
            moods_s.append(first_mood_s(live, start(live)))
    with visit(browser, server.url) as live:
        start_s = start(live)
        moods_s.append(first_mood_s(live, start_s))
        songs_s = first_songs_s(live, start_s)  # by then WebRTC has raised its bit rate, too
        frame = stream_frame(live.page)
        returned_fps, cores = _returned(frame, live, server)
        analysed_fps, analysis_delay_ms = _status(live)
        delay_ms = _picture_delay_ms(frame)
    mood_s = statistics.median(moods_s)
    return Stream(returned_fps, delay_ms, analysis_delay_ms, analysed_fps, cores, mood_s, songs_s)


def _returned(frame: Frame, live: LivePage, server: Server) -> tuple[float, float]:
    """Pictures a second that the browser shows, and processors that the server keeps busy meanwhile."""
    process = psutil.Process(server.process.pid)
    before, busy_s, start_s = frame.evaluate(PICTURES), _cpu_s(process), time.monotonic()
    live.page.wait_for_timeout(1000 * COUNTED_S)
    after, cores = frame.evaluate(PICTURES), (_cpu_s(process) - busy_s) / (time.monotonic() - start_s)
    return 1000 * (after["pictures"] - before["pictures"]) / (after["now"] - before["now"]), cores


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _status(live: LivePage) -> tuple[float, float]:
    """Analysed frames a second and delay in ms, as the page itself tells them."""
    text = live.part(hooks.STATUS_LINE).inner_text()
    numbers = re.search(r"([\d.]+) analysed frames/s .* delay ([\d.]+) ms", text)
    if numbers is None:
        raise BenchmarkError(f"the status line should give analysed frames and delay, but says {text!r}")
    return float(numbers[1]), float(numbers[2])


def _picture_delay_ms(frame: Frame) -> float:
    delays = delays_ms(frame, DELAY_S)
    if len(delays) < LEAST_DELAYS:
        raise BenchmarkError(f"only {len(delays)} pictures were known again in {DELAY_S:.0f} s")
    return statistics.median(delays)
