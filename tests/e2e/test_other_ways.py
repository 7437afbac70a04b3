"""Songs without the live camera: by hand, by a snapshot, by a photo; and sentences for what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, expect

from emrs_core.types import Emotion
from emrs_core.ui import hooks, words
from tests.e2e import browser as browsers
from tests.e2e import clips
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server

Visit = Callable[..., LivePage]
PLANE_END = 1.12
"""Where the plane's axes end, beyond 1 on either side."""
WORDS_LOST = words.CONNECTION_LOST.partition(".")[0]

CONNECTION_SPY = """
window.emrsConnections = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...configuration) { super(...configuration); window.emrsConnections.push(this); }
};
"""
SEND_NOTHING = """
() => (window.emrsConnections ?? []).forEach((connection) =>
  connection.getSenders().forEach((sender) => sender.replaceTrack(null)))
"""
"""What a camera does that is pulled out or taken by another program: the connection stays, its pictures cease."""


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[str, clips.Image], Path]:
    def write(name: str, image: clips.Image) -> Path:
        path = tmp_path / name
        assert cv2.imwrite(str(path), image)
        return path

    return write


def upload(live: LivePage, path: Path) -> None:
    live.choose_way("Photo")
    if live.part(hooks.CONSENT).count():
        live.agree()
    live.part(hooks.PHOTO).locator('input[type="file"]').set_input_files(path, timeout=30_000)


def test_a_mood_by_hand_gives_songs_without_any_camera(visit: Visit) -> None:
    live = visit()
    live.choose_by_hand(Emotion.SAD)
    live.expect_mood("Sad")
    ids = live.expect_songs()
    live.part(hooks.hand_button(Emotion.HAPPY)).get_by_role("button").click()
    live.expect_mood("Happy")
    live.until(lambda: set(live.track_ids()).isdisjoint(ids), 20_000, "other songs for another mood")
    assert live.camera_tracks() == []


def test_a_place_on_the_plane_is_chosen_by_a_click(visit: Visit) -> None:
    live = visit()
    live.choose_way("By hand")
    plane = live.part(hooks.HAND).locator(".js-plotly-plot .nsewdrag")
    expect(plane).to_be_visible(timeout=30_000)
    area = plane.bounding_box()
    assert area is not None
    share = (0.5 + PLANE_END) / (2 * PLANE_END)  # of the width from the left, of the height from the top
    live.page.mouse.click(area["x"] + share * area["width"], area["y"] + share * area["height"])
    live.expect_mood("Pleasant and calm")
    expect(live.advice).to_contain_text(re.compile(r"Valence.\+0\.50,.arousal.−0\.50"))
    assert live.expect_songs()
    assert live.camera_tracks() == []


def test_a_photo_with_a_smile_is_read(visit: Visit, picture: Callable[[str, clips.Image], Path]) -> None:
    live = visit()
    upload(live, picture("smile.png", clips.astronaut()))
    live.expect_mood("Happy")
    assert live.expect_songs()


def test_a_photo_without_a_face_says_so(visit: Visit, picture: Callable[[str, clips.Image], Path]) -> None:
    live = visit()
    upload(live, picture("room.png", clips.empty_room()))
    expect(live.part(hooks.PHOTO)).to_contain_text("No face was found", timeout=20_000)
    assert live.track_ids() == []


def test_a_file_that_is_no_picture_says_so(visit: Visit, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(np.random.default_rng(0).bytes(5000))
    live = visit()
    upload(live, broken)
    expect(live.part(hooks.PHOTO)).to_contain_text("cannot be read as one", timeout=20_000)
    assert "Traceback" not in live.page.inner_text("body")


def test_a_snapshot_is_read(visit: Visit) -> None:
    live = visit()
    live.choose_way("Snapshot")
    live.agree()
    take = live.part(hooks.SNAPSHOT).get_by_role("button", name="Take Photo")
    expect(take).to_be_enabled(timeout=30_000)
    take.click()
    live.expect_mood("Happy")
    assert live.expect_songs()


def test_a_blocked_camera_has_a_sentence_and_other_ways(playwright: Playwright, hosted: Server) -> None:
    browser = browsers.launch(playwright, None, camera="blocked")
    try:
        live = LivePage(browsers.visitor(browser, permissions=()).new_page(), hosted.url)
        live.agree()
        live.stream.get_by_role("button", name="Start").click(timeout=30_000)
        expect(live.part(hooks.CAMERA_NOTICE)).to_contain_text("The camera is blocked", timeout=30_000)
        live.choose_by_hand(Emotion.NEUTRAL)
        assert live.expect_songs()
    finally:
        browser.close()


def test_no_camera_has_a_sentence(playwright: Playwright, hosted: Server) -> None:
    browser = browsers.launch(playwright, None)
    try:
        live = LivePage(browsers.visitor(browser).new_page(), hosted.url)
        live.agree()
        expect(live.part(hooks.CAMERA_NOTICE)).to_contain_text("No camera was found", timeout=30_000)
    finally:
        browser.close()


def test_a_camera_whose_pictures_cease_has_a_sentence_and_start_mends_it(
    browser_with: Callable[[str], Browser], hosted: Server
) -> None:
    context = browsers.visitor(browser_with("astronaut"))
    context.add_init_script(CONNECTION_SPY)
    live = LivePage(context.new_page(), hosted.url)
    live.agree()
    live.start()
    live.expect_mood("Happy")
    for frame in live.page.frames:
        frame.evaluate(SEND_NOTHING)
    expect(live.part(hooks.SIDE)).to_contain_text(WORDS_LOST, timeout=30_000)
    live.stop()
    live.start()
    expect(live.part(hooks.SIDE)).not_to_contain_text(WORDS_LOST, timeout=30_000)
    live.expect_mood("Happy")
    live.leave()


def test_a_page_without_https_has_a_sentence(visit: Visit, hosted: Server) -> None:
    live = visit(url=hosted.url_as(browsers.GUEST_HOST))
    live.agree()
    expect(live.part(hooks.LEAD)).to_contain_text("https://", timeout=30_000)
    expect(live.stream.get_by_role("button", name="Start")).to_be_hidden()  # it could only fail
