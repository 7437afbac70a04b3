"""What other pictures make of it: none, too dark, other faces, a changing face."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from emrs_core.types import EMOTIONS
from emrs_core.ui.words import EMOTION_NAMES
from tests.e2e.live_page import LivePage

WATCH_MS = 6_000
FOLLOW_MS = 30_000
"""The first face's share of the clip, and a slow machine's."""
NEXT_LIST_MS = 60_000
"""At least half a minute lies between two lists."""

Visit = Callable[..., LivePage]
NAMES = {str(emotion): EMOTION_NAMES[emotion] for emotion in EMOTIONS}


def watched(live: LivePage, duration_ms: int = WATCH_MS) -> set[str]:
    """Every name that the mood card shows while one watches."""
    live.page.evaluate(
        """() => {
          window.emrsSeen = new Set();
          setInterval(() => {
            const name = document.querySelector(".emrs-mood-name");
            if (name) emrsSeen.add(name.textContent);
          }, 100);
        }"""
    )
    live.page.wait_for_timeout(duration_ms)
    return {str(name) for name in live.page.evaluate("() => [...window.emrsSeen]")}


def started(visit: Visit, clip: str) -> LivePage:
    live = visit(clip)
    live.agree()
    live.start()
    return live


def test_a_room_without_a_face_is_no_emotion(visit: Visit) -> None:
    live = started(visit, "room")
    live.expect_mood("No face")
    assert watched(live).isdisjoint(NAMES.values())
    assert live.track_ids() == []
    expect(live.advice).to_contain_text("light from the front")


def test_in_the_dark_the_advice_is_light(visit: Visit) -> None:
    live = started(visit, "dark")
    expect(live.advice).to_contain_text("Too dark", timeout=30_000)
    assert watched(live).isdisjoint(NAMES.values())
    assert live.track_ids() == []


@pytest.mark.shared_data
@pytest.mark.parametrize("emotion", ["sad", "angry", "neutral"])
def test_a_face_that_is_not_happy_is_not_read_happy(visit: Visit, emotion: str) -> None:
    live = started(visit, emotion)
    live.expect_mood(NAMES[emotion])
    assert NAMES["happy"] not in watched(live)


@pytest.mark.shared_data
def test_a_changing_face_is_followed_and_the_list_waits_for_the_pointer(visit: Visit) -> None:
    live = started(visit, "happy-then-sad")
    live.expect_mood(NAMES["happy"])
    ids = live.expect_songs()
    live.songs.locator(".emrs-song").nth(1).hover()
    live.expect_mood(NAMES["sad"], timeout_ms=FOLLOW_MS)
    hint = live.songs.locator(".emrs-songs-words")
    expect(hint).to_be_visible(timeout=NEXT_LIST_MS)  # the mood has moved for long, and a newer list is ready ...
    assert live.track_ids() == ids  # ... but not under the pointer
    live.page.mouse.move(2, 2)
    expect(hint).to_be_hidden()
    assert live.track_ids() != ids
