"""Writing that can be read in both themes, on the page and in what opens over it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from emrs_core.ui import hooks
from tests.contrast import READABLE, contrast
from tests.e2e.live_page import LivePage
from tests.e2e.states import timelines

Visit = Callable[..., LivePage]
COLOUR = "(element, name) => getComputedStyle(element)[name]"


def colour(element: Locator, name: str) -> str:
    """A computed colour as ``#RRGGBB``."""
    said = str(element.evaluate(COLOUR, name))
    red, green, blue = (int(part) for part in re.findall(r"\d+", said)[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


def expect_readable(live: LivePage, button: Locator) -> None:
    """Its writing stands out, at the latest once the watcher has told what opens over the page which theme is on."""
    expect(button).to_be_visible()
    words = button.locator("p").first
    live.until(
        lambda: contrast(colour(words, "color"), colour(button, "backgroundColor")) >= READABLE,
        5_000,
        f"{button.inner_text()!r} can be read",
    )


@pytest.mark.parametrize("dark", [False, True])
def test_main_buttons_can_be_read(visit: Visit, dark: bool) -> None:
    live = visit("room", dark=dark)
    expect_readable(live, live.part(hooks.CONSENT_BUTTON).get_by_role("button"))
    timelines.ticked(live)
    live.part(hooks.SESSIONS_DELETE).get_by_role("button").first.click()
    expect_readable(live, live.part(hooks.SESSIONS_SURE).get_by_role("button"))
