"""The Model page in a real browser: the figures, the charts, and a look inside the network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage
from tests.e2e.server import running

Visit = Callable[..., LivePage]
FIRST_LOOK_MS = 120_000
"""TensorFlow starts with it; some seconds on a quiet machine."""
PAGE_MS = 30_000


def pictures(part: Locator) -> list[str]:
    """The addresses of the pictures in it, which change with what they show."""
    return [image.get_attribute("src") or "" for image in part.locator("img").all()]


def test_the_figures_and_their_charts_are_there(visit: Visit) -> None:
    live = visit("room")
    live.go_to("Model")
    expect(live.part(hooks.MODEL_FACTS)).to_be_visible(timeout=PAGE_MS)
    for chart in (hooks.CONFUSION, hooks.RELIABILITY, hooks.COVERAGE):
        expect(live.part(chart).locator(".main-svg").first).to_be_visible(timeout=PAGE_MS)
    figures = live.part(hooks.RELIABILITY).get_by_test_id("stCaptionContainer")
    before = figures.inner_text()
    live.part(hooks.LABEL_CHOICE).get_by_role("radio").nth(1).click()
    expect(figures).not_to_have_text(before, timeout=PAGE_MS)  # those by the other labels


def choose(live: LivePage, key: str, option: str) -> None:
    """Open a select box and take the first option of that name."""
    box = live.part(key).get_by_role("combobox")
    box.scroll_into_view_if_needed()  # first: the list closes when the page moves
    box.click()
    live.page.get_by_role("option", name=option).first.click()


def test_the_ensemble_may_serve_instead(visit: Visit, tmp_path: Path) -> None:
    with running(tmp_path, EMRS_MODE="local", EMRS_ICE_SERVERS="[]", EMRS_MODEL="ensemble-fer") as server:
        live = visit(url=server.url)
        live.agree()
        live.start()
        live.expect_mood("Happy")
        live.go_to("Model")
        expect(live.page.get_by_text("Faces are read by the mean of 3 networks")).to_be_visible(timeout=PAGE_MS)
        expect(live.part(hooks.MODEL_FACTS)).to_be_visible(timeout=PAGE_MS)
        live.leave()


@pytest.mark.keras
def test_one_looks_inside_the_network_while_anothers_camera_goes_on(visit: Visit) -> None:
    other = visit()
    other.agree()
    other.start()
    live = visit("room")
    live.go_to("Model")
    live.part(hooks.INSIDE_START).get_by_role("button").click(timeout=PAGE_MS)
    result = live.part(hooks.INSIDE_RESULT)
    expect(result.locator("img")).to_have_count(3, timeout=FIRST_LOOK_MS)
    other.expect_new_pictures(15)
    face, heat, maps = pictures(result)
    choose(live, hooks.INSIDE_EMOTION, "Sad")
    live.until(lambda: pictures(result)[1:2] != [heat], PAGE_MS, "another emotion's heat")
    choose(live, hooks.INSIDE_LAYER, "Block 1")
    live.until(lambda: pictures(result)[2:3] not in ([], [maps]), PAGE_MS, "another layer's maps")
    assert pictures(result)[0] == face, "the face that goes in stays the same"
