"""What a person does and sees on the pages, in terms of the dashboard's stable hooks."""

from __future__ import annotations

import re

from playwright.sync_api import FrameLocator, Locator, Page, expect

from emrs_core.ui import hooks

CONNECT_TIMEOUT_MS = 30_000
MOOD_TIMEOUT_MS = 30_000
PAGE_TIMEOUT_MS = 30_000
"""Far above what a quiet machine needs; these tests are no benchmarks."""

QUALITY_SCRIPT = "video => video.getVideoPlaybackQuality ? video.getVideoPlaybackQuality().totalVideoFrames : 0"


class LivePage:
    """One visitor's browser tab."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def part(self, key: str) -> Locator:
        """A keyed container or widget."""
        return self.page.locator(hooks.css(key))

    # -- doing -----------------------------------------------------------------------------------------------------

    def agree(self) -> None:
        self.part(hooks.CONSENT_BUTTON).get_by_role("button").click(timeout=PAGE_TIMEOUT_MS)
        expect(self.part(hooks.CONSENT)).to_have_count(0, timeout=PAGE_TIMEOUT_MS)

    def start(self) -> None:
        """Press Start and wait until pictures come back."""
        self.stream.get_by_role("button", name="Start").click(timeout=CONNECT_TIMEOUT_MS)
        self.expect_new_pictures(5)

    def stop(self) -> None:
        self.stream.get_by_role("button", name="Stop").click()
        expect(self.stream.get_by_role("button", name="Start")).to_be_visible(timeout=CONNECT_TIMEOUT_MS)

    def go_to(self, name: str) -> None:
        """Open another page by its link in the navigation."""
        self.page.get_by_role("link", name=re.compile(name)).first.click()

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
