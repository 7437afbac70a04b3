"""The Live page: before, with and without a camera, and the other ways in."""

from __future__ import annotations

from collections.abc import Callable

import cv2
from playwright.sync_api import expect

from emrs_core.types import Emotion
from emrs_core.ui import hooks
from tests.e2e import clips
from tests.e2e.live_page import LivePage
from tests.e2e.states.state import SETTLE_MS, State, by_hand, nothing

CURVE_MS = 9_000
"""So that the curve shows something."""


def _agreed(live: LivePage) -> None:
    live.agree()
    expect(live.stream.get_by_role("button", name="Start")).to_be_visible(timeout=30_000)


def _streaming(live: LivePage) -> None:
    _agreed(live)
    live.start()


def happy(live: LivePage) -> None:
    _streaming(live)
    live.expect_mood("Happy")
    live.expect_songs()
    live.page.wait_for_timeout(CURVE_MS)


def playing(live: LivePage) -> None:
    happy(live)
    live.page.locator(".emrs-song-play").nth(1).click()
    expect(live.part(hooks.PLAYER).locator("iframe")).to_be_visible(timeout=20_000)


def _raw(live: LivePage) -> None:
    happy(live)
    live.page.get_by_text("Show every single look").click()


def _stopped(live: LivePage) -> None:
    happy(live)
    live.stop()


def _hand_while_streaming(live: LivePage) -> None:
    happy(live)
    live.choose_by_hand(Emotion.SAD)
    live.expect_mood("Sad")


def _photo(image: clips.Image | None) -> Callable[[LivePage], None]:
    def prepare(live: LivePage) -> None:
        live.choose_way("Photo")
        live.agree()
        data = b"no picture" if image is None else cv2.imencode(".png", image)[1].tobytes()
        file = {"name": "photo.png", "mimeType": "image/png", "buffer": data}
        live.part(hooks.PHOTO).locator('input[type="file"]').set_input_files([file], timeout=30_000)  # type: ignore[list-item]
        live.page.wait_for_timeout(SETTLE_MS)

    return prepare


def _snapshot(live: LivePage) -> None:
    live.choose_way("Snapshot")
    live.agree()
    take = live.part(hooks.SNAPSHOT).get_by_role("button", name="Take Photo")
    expect(take).to_be_enabled(timeout=30_000)
    take.click()
    live.expect_songs()


def _refused(live: LivePage) -> None:
    _agreed(live)
    live.stream.get_by_role("button", name="Start").click()
    expect(live.part(hooks.CAMERA_NOTICE)).to_contain_text("blocked", timeout=30_000)


LIVE = (
    State("live-consent", nothing),
    State("live-consent-owner", nothing, guest=False),
    State("live-ready", _agreed),
    State("live-happy", happy),
    State("live-playing", playing),
    State("live-every-look", _raw),
    State("live-stopped", _stopped),
    State("live-no-face", _streaming, camera="room"),
    State("live-dark", _streaming, camera="dark"),
    State("live-refused", _refused, camera="refused"),
    State("live-no-camera", _agreed, camera="none"),
    State("live-insecure", lambda live: live.agree(), insecure=True),
    State("hand", by_hand),
    State("hand-nothing-chosen", lambda live: live.choose_way("By hand")),
    State("hand-while-streaming", _hand_while_streaming),
    State("snapshot", _snapshot),
    State("photo", _photo(clips.astronaut())),
    State("photo-no-face", _photo(clips.empty_room())),
    State("photo-broken", _photo(None)),
)
