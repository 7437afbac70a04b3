"""The real dashboard and a real browser with a fake camera, as the end-to-end tests start them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
from playwright.sync_api import Browser, Frame, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from benchmarks.rows import BenchmarkError
from emrs_core.types import EMOTIONS, ImageArray
from emrs_core.ui import words
from tests.e2e import browser as browsers
from tests.e2e import server as servers
from tests.e2e.live_page import CONNECT_TIMEOUT_MS, LivePage

FIRST_TIMEOUT_S = 30.0
POLL_S = 0.05
MOODS = frozenset(words.EMOTION_NAMES[emotion] for emotion in EMOTIONS)


@contextmanager
def dashboard(home: Path) -> Iterator[servers.Server]:
    """``streamlit run dashboard.py`` for guests, without ICE servers, as everything here is on one machine."""
    home.mkdir()
    with servers.running(home, EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]") as server:
        yield server


@contextmanager
def camera_browser(clip: Path) -> Iterator[Browser]:
    """Headless Chromium whose camera plays the clip. What fails in it, or its absence, comes as a BenchmarkError."""
    if browsers.executable() is None:
        raise BenchmarkError("needs Chromium or Chrome on the PATH (Debian: apt-get install chromium)")
    with sync_playwright() as driver:
        browser = browsers.launch(driver, clip)
        try:
            yield browser
        except (PlaywrightError, AssertionError) as exc:
            raise BenchmarkError(f"the browser did not get on: {exc}") from exc
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, url: str) -> Iterator[LivePage]:
    """Somebody new opens the page and agrees; the camera is still off."""
    context = browsers.visitor(browser)
    try:
        live = LivePage(context.new_page(), url)
        live.agree()
        live.stream.get_by_role("button", name="Start").wait_for(timeout=CONNECT_TIMEOUT_MS)
        yield live
    finally:
        context.close()


def start(live: LivePage) -> float:
    """Press Start; the moment, on the monotonic clock."""
    live.stream.get_by_role("button", name="Start").click()
    return time.monotonic()


def first_mood_s(live: LivePage, start_s: float) -> float:
    """Seconds from Start until the card names an emotion. Raises BenchmarkError when it never does."""
    return _first_s(live, start_s, lambda: bool(MOODS.intersection(live.mood_name.all_inner_texts())), "mood was named")


def first_songs_s(live: LivePage, start_s: float) -> float:
    """Seconds from Start until songs are listed. Raises BenchmarkError when they never are."""
    return _first_s(live, start_s, lambda: bool(live.track_ids()), "songs were listed")


def _first_s(live: LivePage, start_s: float, seen: Callable[[], bool], what: str) -> float:
    while time.monotonic() - start_s < FIRST_TIMEOUT_S:
        if seen():  # asks without waiting
            return time.monotonic() - start_s
        live.page.wait_for_timeout(1000 * POLL_S)
    raise BenchmarkError(f"no {what} within {FIRST_TIMEOUT_S:.0f} s of Start")


def stream_frame(page: Page) -> Frame:
    """The iframe that holds the camera's picture."""
    for frame in page.frames:
        if "streamlit_webrtc" in frame.url:
            return frame
    raise BenchmarkError("the page has no streamlit-webrtc iframe")


def write_y4m(path: Path, frames: Iterable[ImageArray], fps: int) -> Path:
    """An uncompressed clip, the only kind whose rate Chromium's fake camera takes from the file. BGR in, 4:2:0 out."""
    with path.open("wb") as clip:
        for index, image in enumerate(frames):
            if index == 0:
                height, width = image.shape[:2]
                clip.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
            clip.write(b"FRAME\n" + cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420).tobytes())
    return path
