"""The page bears a busy machine: however late what is drawn arrives, it arrives whole."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server

ROUNDS = 4
SLOW_MS = 3_000  # six turns: enough for choices to come in, and too few to deliver one run of the page
CATCH_UP_MS = 1_500
REDRAWN = (hooks.MOOD_CARD, hooks.SONGS, hooks.EMOTION_CHART)

Visit = Callable[..., LivePage]


def test_a_slow_event_loop_takes_no_part_off_the_page(visit: Visit, hosted: Server) -> None:
    live = visit()
    errors: list[str] = []
    live.page.on("pageerror", lambda error: errors.append(str(error)))
    live.agree()
    live.start()
    live.expect_mood("Happy")
    parts = {key: live.part(key).element_handle() for key in REDRAWN}
    for way in ("By hand", "Camera") * (ROUNDS // 2):  # each choice draws the whole page, among its redraws
        with hosted.slow_event_loop():
            live.choose_way(way)
            live.page.wait_for_timeout(SLOW_MS)
        live.page.wait_for_timeout(CATCH_UP_MS)
        assert errors == []
        assert [key for key, part in parts.items() if part and not part.evaluate("part => part.isConnected")] == []
    live.expect_new_pictures(10)
    live.expect_mood("Happy")
    status = live.part(hooks.STATUS_LINE).inner_text()
    live.until(lambda: live.part(hooks.STATUS_LINE).inner_text() != status, 10_000, "new figures")
    expect(live.part(hooks.SONGS)).to_be_visible()
    assert errors == []
