"""What a person does on the Music page, and how still the songs stand meanwhile."""

from __future__ import annotations

from playwright.sync_api import Locator

from emrs_core.music.goals import Goal
from emrs_core.ui import hooks, words
from tests.e2e.live_page import LivePage

FAST = 400  # songs of 200 s in half a second
PLACES = """
list => [list.getBoundingClientRect().top, ...[...list.children].slice(0, 3).map(song => song.offsetHeight),
         document.querySelector('[data-testid="stMain"]').scrollTop]
"""
"""Where the list stands in the window, how tall its cards are, and how far the page is scrolled."""


def guide(live: LivePage) -> None:
    """Choose to be guided, and wait for the path's songs."""
    before = live.track_ids()
    live.part(hooks.GOAL).get_by_text(words.GOALS[Goal.GUIDE]).click()
    live.until(lambda: live.track_ids() != before, 20_000, "a list that guides")


def plane(live: LivePage, selector: str) -> Locator:
    """That part of the plane."""
    return live.part(hooks.MOOD_PLANE).locator(f".emrs-plane {selector}")


def drag(live: LivePage, handle: Locator, by: tuple[float, float]) -> None:
    """With the mouse, as a hand does it."""
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    live.page.mouse.move(x, y)
    live.page.mouse.down()
    live.page.mouse.move(x + by[0], y + by[1], steps=8)
    live.page.mouse.up()
