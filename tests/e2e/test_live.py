"""The main job in a real browser: agree, start, be seen, get songs, play one, look elsewhere, stop."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Route, expect

from emrs_core.types import Emotion
from emrs_core.ui import hooks
from emrs_core.vision.overlay import EMOTION_COLOURS
from tests.e2e.live_page import PAGE_TIMEOUT_MS, LivePage
from tests.e2e.server import Server

FIRST_MOOD_S = 10.0
"""Three seconds are asked of a quiet machine; this is no benchmark."""
SONGS_S = 25.0
"""Twelve seconds are asked of a quiet machine."""
PICTURE_SIZE = (640, 480)
FACE = (296, 80, 124, 124)
"""Where the astronaut's face is in the mirrored picture of that size: x, y, width, height."""
CORNER_PX = 26
COLOUR_REACH = 70
"""The video's compression washes thin coloured lines out."""

Visit = Callable[..., LivePage]


def test_the_camera_is_off_until_the_person_agrees_and_starts(visit: Visit) -> None:
    live = visit()
    expect(live.part(hooks.CONSENT)).to_be_visible()
    assert live.page.locator('iframe[src*="streamlit_webrtc"]').count() == 0
    assert live.camera_tracks() == []
    live.agree()
    expect(live.stream.get_by_role("button", name="Start")).to_be_visible(timeout=30_000)
    assert live.camera_tracks() == []


def test_a_smiling_face_is_framed_named_and_charted(visit: Visit) -> None:
    live = visit()
    live.agree()
    begin = time.monotonic()
    live.start()
    live.expect_mood("Happy")
    assert time.monotonic() - begin < FIRST_MOOD_S
    live.until(lambda: framed(live.picture(), Emotion.HAPPY), 10_000, "a frame in the mood's colour round the face")
    live.until(lambda: live.chart_points() > 5, 20_000, "a curve")
    before = live.chart_points()
    chart = live.part(hooks.EMOTION_CHART).locator(".js-plotly-plot")
    chart.evaluate("e => { e.emrsFirst = true; }")
    live.until(lambda: live.chart_points() > before + 5, 20_000, "a longer curve")
    assert chart.evaluate("e => e.emrsFirst === true")  # it grew in its place; one drawn anew would flicker
    expect(live.part(hooks.STATUS_LINE)).to_contain_text("analysed frames/s")
    live.expect_new_pictures(30)


def test_the_charts_script_is_there_before_start(visit: Visit) -> None:
    """It keeps a slow browser busy for seconds: they must not be those in which one waits for the first mood."""
    live = visit()
    live.agree()
    live.page.wait_for_function("() => window.Plotly", timeout=PAGE_TIMEOUT_MS)
    expect(live.part(hooks.EMOTION_CHART)).to_have_count(0)


def test_a_charts_script_that_failed_is_asked_for_again(visit: Visit) -> None:
    live = visit()
    failed: list[str] = []

    def fail_once(route: Route) -> None:
        if failed:
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    live.page.route("**/plotly.min.js*", fail_once)
    live.page.reload()
    live.expect_page()
    live.until(lambda: bool(failed), PAGE_TIMEOUT_MS, "the script was asked for")
    live.agree()
    live.start()
    live.until(lambda: live.chart_points() > 5, 30_000, "a curve")


def test_songs_come_and_a_click_plays_exactly_that_one(visit: Visit) -> None:
    live = visit()
    live.agree()
    live.start()
    ids = live.expect_songs(SONGS_S * 1000)
    assert len(set(ids)) == len(ids) >= 5
    live.page.locator(f'.emrs-song[data-track-id="{ids[2]}"] .emrs-song-play').click()
    player = live.part(hooks.PLAYER).locator("iframe")
    expect(player).to_have_attribute("src", embed(ids[2]), timeout=15_000)
    live.page.locator(f'.emrs-song[data-track-id="{ids[0]}"] .emrs-song-play').click()
    expect(player).to_have_attribute("src", embed(ids[0]), timeout=15_000)
    expect(player).to_have_count(1)  # one player at a time
    expect(live.part(hooks.PLAYER).get_by_role("link", name="Open in Spotify")).to_have_attribute(
        "href", f"https://open.spotify.com/track/{ids[0]}"
    )
    assert live.track_ids() == ids  # nobody's list changes because they play a song
    live.expect_new_pictures(5)


def test_without_internet_the_player_says_so(visit: Visit) -> None:
    live = visit()
    live.page.context.route("**://*.spotify.com/**", lambda route: route.abort("internetdisconnected"))
    live.choose_by_hand(Emotion.HAPPY)
    live.expect_songs()
    live.page.locator(".emrs-song-play").first.click()
    expect(live.part(hooks.PLAYER)).to_contain_text("needs the internet", timeout=20_000)
    expect(live.part(hooks.PLAYER).get_by_role("link", name="Open in Spotify")).to_be_visible()


def test_the_stream_goes_on_while_another_page_is_looked_at(visit: Visit) -> None:
    live = visit()
    live.agree()
    live.start()
    live.expect_mood("Happy")
    shown = live.pictures()
    for name, mark in (("Music", hooks.LIST_SIZE), ("Live", hooks.STATUS_LINE)):
        live.go_to(name)
        expect(live.part(mark)).to_be_visible(timeout=30_000)
        live.expect_new_pictures(10)
    assert live.pictures() > shown  # the same video went on; a new one would have begun at nought
    assert live.camera_tracks() == ["live"]  # the camera was asked for once
    live.expect_mood("Happy")


def test_stop_frees_the_camera_and_the_analysis(visit: Visit, hosted: Server) -> None:
    live = visit()
    live.until(lambda: hosted.analysis_threads() == 0, 60_000, "earlier visitors' analyses ended")
    live.agree()
    live.start()
    live.expect_mood("Happy")
    assert hosted.analysis_threads() == 1
    live.stop()
    live.until(lambda: live.camera_tracks() == ["ended"], 10_000, "the camera released")
    live.until(lambda: hosted.analysis_threads() == 0, 15_000, "the analysis thread gone")
    live.start()
    live.until(lambda: hosted.analysis_threads() == 1, 15_000, "a second start")


def test_closing_the_tab_frees_the_analysis(visit: Visit, hosted: Server) -> None:
    live = visit()
    live.agree()
    live.start()
    live.until(lambda: hosted.analysis_threads() >= 1, 15_000, "an analysis")
    other = visit()
    live.page.close()
    other.until(lambda: hosted.analysis_threads() == 0, 60_000, "the analysis thread gone")


def embed(track_id: str) -> re.Pattern[str]:
    return re.compile(rf"^https://open\.spotify\.com/embed/track/{track_id}(\?|$)")


def framed(picture: NDArray[np.uint8], emotion: Emotion) -> bool:
    """Whether all four corners of the face's box carry the frame in that emotion's colour.

    A busy machine's browser sends smaller pictures, and gets smaller ones back.
    """
    x, y, width, height = FACE
    picture = np.asarray(cv2.resize(picture, PICTURE_SIZE), np.uint8)
    near = np.abs(picture.astype(np.int16) - np.array(EMOTION_COLOURS[emotion])).max(axis=2) < COLOUR_REACH
    corners = [(x, y), (x + width, y), (x, y + height), (x + width, y + height)]
    windows = [near[max(0, v - CORNER_PX) : v + CORNER_PX, u - CORNER_PX : u + CORNER_PX] for u, v in corners]
    return all(int(window.sum()) >= 15 for window in windows)


def test_what_is_said_in_passing_does_not_cost_the_page_its_look(visit: Visit) -> None:
    look = "e => [getComputedStyle(e).borderRadius, getComputedStyle(e).padding]"
    live = visit()
    live.agree()
    live.start()
    live.expect_mood("Happy")
    card = live.part(hooks.MOOD_CARD)
    before = card.evaluate(look)
    assert before[0] != "0px"
    live.part(hooks.ANSWER).get_by_role("button", name="Yes").click()
    expect(live.page.get_by_text("Noted: “Your taste” shows what it changed")).to_be_visible(timeout=20_000)
    live.page.wait_for_timeout(1_500)  # the card has been drawn again
    assert card.evaluate(look) == before
