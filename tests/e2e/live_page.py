"""What a person does and sees on the pages, in terms of the dashboard's stable hooks."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from contextlib import suppress

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import FrameLocator, Locator, Page, expect

from emrs_core.types import Emotion
from emrs_core.ui import hooks
from emrs_core.ui.frame import TITLE
from emrs_core.ui.navigation import GROUPS, Group

CONNECT_TIMEOUT_MS = 30_000
MOOD_TIMEOUT_MS = 30_000
PAGE_TIMEOUT_MS = 30_000
SONGS_TIMEOUT_MS = 30_000
POLL_MS = 200
GOODBYE_MS = 5_000
"""Far above what a quiet machine needs; these tests are no benchmarks."""
PHONE_PX = 768
"""Up to this width the pages stand in two rows (``page.css``)."""

CAMERA_SPY = """
(() => {
  if (!navigator.mediaDevices) return;
  window.emrsTracks = [];
  const original = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    const stream = await original(constraints);
    window.emrsTracks.push(...stream.getTracks());
    return stream;
  };
})();
"""
"""Remembers every camera track that the page or a frame in it was given."""

GRAB_SCRIPT = """
video => {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  return canvas.toDataURL("image/png").split(",")[1];
}
"""
WHOLE_SCRIPT = "() => document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'"
QUALITY_SCRIPT = "video => video.getVideoPlaybackQuality ? video.getVideoPlaybackQuality().totalVideoFrames : 0"


class LivePage:
    """One visitor's browser tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.add_init_script(CAMERA_SPY)
        page.goto(url)
        self.expect_page()

    def part(self, key: str) -> Locator:
        """A keyed container or widget."""
        return self.page.locator(hooks.css(key))

    # -- doing -----------------------------------------------------------------------------------------------------

    def agree(self) -> None:
        self.part(hooks.CONSENT_BUTTON).get_by_role("button").click(timeout=PAGE_TIMEOUT_MS)
        expect(self.part(hooks.CONSENT)).to_have_count(0, timeout=PAGE_TIMEOUT_MS)
        self.expect_whole()

    def start(self) -> None:
        """Press Start and wait until pictures come back."""
        self.stream.get_by_role("button", name="Start").click(timeout=CONNECT_TIMEOUT_MS)
        self.expect_new_pictures(5)

    def stop(self) -> None:
        self.stream.get_by_role("button", name="Stop").click()
        expect(self.stream.get_by_role("button", name="Start")).to_be_visible(timeout=CONNECT_TIMEOUT_MS)

    def leave(self) -> None:
        """Close the browser's window. Pressing Stop first, where it can be, spares the server half a minute."""
        if not self.page.is_closed() and self.stream.get_by_role("button", name="Stop").count():
            with suppress(PlaywrightError):
                self.stream.get_by_role("button", name="Stop").click(timeout=GOODBYE_MS)
                self.stream.get_by_role("button", name="Stop").wait_for(state="detached", timeout=GOODBYE_MS)
        self.page.context.close()

    def go_to(self, name: str) -> None:
        """Open another page as a person does: by its link, in the menu of its group, or on a phone in two rows."""
        group = next(group for group in GROUPS if name in [entry.title for entry in group.entries])
        menus = self.page.get_by_test_id("stTopNav")
        if (self.page.viewport_size or {"width": 0})["width"] <= PHONE_PX:
            self._go_by_rows(group, name)
        elif len(group.entries) == 1:
            menus.get_by_role("link", name=re.compile(name)).click(timeout=PAGE_TIMEOUT_MS)
        else:
            menus.get_by_role("button", name=group.title).click(timeout=PAGE_TIMEOUT_MS)
            self.page.get_by_role("menuitem", name=re.compile(f"{name}$")).click()
        expect(self.page).to_have_title(f"{name} – {TITLE}", timeout=PAGE_TIMEOUT_MS)  # its run began
        self.expect_whole()

    def _go_by_rows(self, group: Group, name: str) -> None:
        expect(self.part(hooks.PHONE_NAVIGATION)).to_be_visible(timeout=PAGE_TIMEOUT_MS)
        link = self.part(hooks.PHONE_PAGES).get_by_role("link", name=name, exact=True)
        if not link.count():
            self.part(hooks.PHONE_GROUPS).get_by_role("link", name=group.title, exact=True).click()
        if name != group.entries[0].title or link.count():
            link.click(timeout=PAGE_TIMEOUT_MS)

    def choose_way(self, name: str) -> None:
        """One of the four ways to tell a mood: Camera, By hand, Snapshot, Photo."""
        self.part(hooks.WAY_IN).get_by_role("radio", name=name).click(timeout=PAGE_TIMEOUT_MS)

    def choose_by_hand(self, emotion: Emotion) -> None:
        self.choose_way("By hand")
        self.part(hooks.hand_button(emotion)).get_by_role("button").click(timeout=PAGE_TIMEOUT_MS)

    def play(self, place: int) -> str:
        """Press play on that song of the list, from 0; returns its id once it is on."""
        track_id = self.track_ids()[place]
        self.song(track_id).locator(".emrs-song-play").click()
        self.expect_on(track_id)
        return track_id

    # -- seeing ----------------------------------------------------------------------------------------------------

    @property
    def stream(self) -> FrameLocator:
        return self.page.frame_locator('iframe[src*="streamlit_webrtc"]')

    @property
    def mood_name(self) -> Locator:
        return self.part(hooks.MOOD_CARD).locator(".emrs-mood-name")

    @property
    def songs(self) -> Locator:
        return self.part(hooks.SONGS)

    def expect_page(self) -> None:
        """Wait until a page is there, after a login for instance."""
        expect(self.part(hooks.MODE_NOTE)).to_be_visible(timeout=PAGE_TIMEOUT_MS)
        self.expect_whole()

    def expect_whole(self) -> None:
        """Wait until the server has drawn all of the page: what is still being drawn moves under the pointer, and a
        click that begins above a button and ends below it is none."""
        self.page.wait_for_function(WHOLE_SCRIPT, timeout=PAGE_TIMEOUT_MS)

    def pictures(self) -> int:
        """How many pictures the browser has shown since Start."""
        video = self.stream.locator("video")
        return int(video.evaluate(QUALITY_SCRIPT)) if video.count() else 0

    def expect_new_pictures(self, count: int, timeout_ms: float = CONNECT_TIMEOUT_MS) -> None:
        """Wait until that many more pictures have been shown."""
        video = self.stream.locator("video")
        video.wait_for(state="visible", timeout=timeout_ms)
        before = self.pictures()
        handle = video.element_handle()
        frame = handle.owner_frame() if handle else None
        assert frame is not None
        frame.wait_for_function(
            "([video, wanted]) => video.getVideoPlaybackQuality().totalVideoFrames >= wanted",
            arg=[handle, before + count],
            timeout=timeout_ms,
        )

    def expect_mood(self, name: str | re.Pattern[str], timeout_ms: float = MOOD_TIMEOUT_MS) -> None:
        expect(self.mood_name).to_have_text(name, timeout=timeout_ms)

    @property
    def advice(self) -> Locator:
        return self.part(hooks.MOOD_CARD).locator(".emrs-mood-advice")

    def camera_tracks(self) -> list[str]:
        """The state of every camera track handed out in this page and its frames: ``live`` or ``ended``.

        A frame that goes away takes its tracks with it.
        """
        states: list[str] = []
        for frame in self.page.frames:
            try:
                states += frame.evaluate("() => (window.emrsTracks ?? []).map(track => track.readyState)")
            except PlaywrightError:
                if not frame.is_detached():
                    raise
        return states

    def picture(self) -> NDArray[np.uint8]:
        """The picture shown now, (H, W, 3) BGR."""
        encoded = self.stream.locator("video").evaluate(GRAB_SCRIPT)
        return np.asarray(cv2.imdecode(np.frombuffer(base64.b64decode(encoded), np.uint8), cv2.IMREAD_COLOR), np.uint8)

    def track_ids(self) -> list[str]:
        """Spotify ids of the songs listed, in order."""
        items = self.songs.locator(".emrs-song")
        return [str(item) for item in items.evaluate_all("songs => songs.map(song => song.dataset.trackId)")]

    def song(self, track_id: str) -> Locator:
        """A song's card."""
        return self.songs.locator(f'.emrs-song[data-track-id="{track_id}"]')

    def expect_on(self, track_id: str, timeout_ms: float = SONGS_TIMEOUT_MS) -> None:
        """Wait until that song is the one that is on."""
        expect(self.song(track_id)).to_have_class(re.compile("emrs-song-on"), timeout=timeout_ms)

    def expect_songs(self, timeout_ms: float = SONGS_TIMEOUT_MS) -> list[str]:
        expect(self.songs.locator(".emrs-song").first).to_be_visible(timeout=timeout_ms)
        return self.track_ids()

    def chart_points(self) -> int:
        """How many points the longest line of the emotion chart has."""
        chart = self.part(hooks.EMOTION_CHART).locator(".js-plotly-plot")
        if not chart.count():
            return 0
        return int(chart.first.evaluate("e => Math.max(0, ...(e.calcdata ?? []).map(line => line.length))"))

    def until(self, condition: Callable[[], bool], timeout_ms: float, what: str) -> None:
        """Ask again and again, letting the page go on, until the condition holds."""
        deadline = time.monotonic() + timeout_ms / 1000
        while not condition():
            assert time.monotonic() < deadline, f"not within {timeout_ms / 1000:.0f} s: {what}"
            self.page.wait_for_timeout(POLL_MS)
