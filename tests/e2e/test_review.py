"""One kept session under a real pointer and real keys: zoom, thresholds, marks, and the history of the review."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from emrs_core.ui import hooks
from tests.e2e import server
from tests.e2e.live_page import LivePage
from tests.e2e.states import review
from tests.e2e.states.timelines import TIMEOUT_MS

Visit = Callable[..., LivePage]
PHONE = (390, 844)


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """A dashboard of its owner."""
    with server.running(tmp_path_factory.mktemp("review"), EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as running:
        yield running


def until(live: LivePage, holds: Callable[[], bool]) -> None:
    live.until(holds, TIMEOUT_MS, "what the chart was asked for")


def width(live: LivePage) -> float:
    start, end = review.shown(live)
    return end - start


def density(live: LivePage) -> float:
    """Points a second of the stretch shown."""
    return len(review.points(live)) / width(live)


def click_chart(live: LivePage, share: float) -> None:
    """A click at that share of the time shown."""
    box = live.page.locator(".emrs-timeline-plot").bounding_box()
    assert box is not None
    live.page.mouse.click(box["x"] + 64 + share * (box["width"] - 76), box["y"] + 100)


def test_a_click_on_a_song_zooms_to_it_and_brings_finer_points(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    review.opened(live)
    live.page.locator(".emrs-timeline").scroll_into_view_if_needed()
    whole = width(live)
    coarse = density(live)
    review.item(live, "songs").nth(1).click()
    until(live, lambda: width(live) < whole / 2)
    until(live, lambda: density(live) > 2 * coarse)
    live.page.get_by_role("button", name="Whole session").click()
    until(live, lambda: abs(width(live) - whole) < 1)


def test_the_keys_and_the_strip_move_the_stretch(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    review.opened(live)
    start, end = review.shown(live)
    plot = live.page.locator(".emrs-timeline-plot")
    plot.focus()
    plot.press("+")
    until(live, lambda: abs(width(live) - (end - start) / 2) < 1)
    before = review.shown(live)[0]
    plot.press("ArrowRight")
    until(live, lambda: review.shown(live)[0] > before + 1)
    plot.press("0")
    until(live, lambda: abs(width(live) - (end - start)) < 1)
    left = live.page.get_by_role("slider", name="Start of the stretch shown")
    left.focus()
    left.press("Shift+ArrowRight")
    until(live, lambda: abs(review.shown(live)[0] - (start + 0.1 * (end - start))) < 1)
    assert left.get_attribute("aria-valuetext") not in (None, "0:00")


def test_a_drag_over_the_curves_zooms_to_what_was_dragged_over(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    review.opened(live)
    plot = live.page.locator(".emrs-timeline-plot")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box is not None
    start, end = review.shown(live)
    room = box["width"] - 76
    live.page.mouse.move(box["x"] + 64 + room / 4, box["y"] + 100)
    live.page.mouse.down()
    live.page.mouse.move(box["x"] + 64 + room / 2, box["y"] + 110, steps=8)
    live.page.mouse.up()
    until(live, lambda: abs(width(live) - (end - start) / 4) < (end - start) / 50)


def test_a_curve_is_hidden_and_told(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    review.opened(live)
    chip = live.page.locator('.emrs-legend-chip[data-key="happy"]')
    box = live.page.locator(".emrs-timeline-plot").bounding_box()
    assert box is not None
    live.page.mouse.move(box["x"] + box["width"] / 3, box["y"] + 100)
    expect(chip.locator("output")).to_contain_text("%", timeout=TIMEOUT_MS)
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    until(live, lambda: live.page.locator(review.DRAWN).count() == 8)


def test_a_threshold_gives_episodes_to_zoom_to(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    review.with_threshold(live)
    whole = width(live)
    expect(live.part(hooks.SESSION_EPISODES)).to_contain_text("Valence above +0.30")
    review.item(live, "episodes").first.click()
    until(live, lambda: width(live) < whole / 2)
    assert live.page.locator(".emrs-shade-episodes").count() >= 1


def test_a_marker_is_added_where_one_clicked_put_right_taken_away_and_brought_back(
    visit: Visit, owner: server.Server
) -> None:
    live = visit("room", url=owner.url)
    review.opened(live)
    before = review.item(live, "markers").count()
    click_chart(live, 0.75)
    start, end = review.shown(live)
    add = live.part(hooks.SESSION_ADD)
    minute = str(int((start + 0.75 * (end - start)) // 60))
    until(live, lambda: add.get_by_label("At", exact=True).input_value().startswith(f"{minute}:"))
    add.get_by_label("Name", exact=True).fill("e2e 🎧 mark")
    add.get_by_role("button", name="Add").click()
    mark = review.item(live, "markers").filter(has_text="e2e 🎧 mark")
    expect(mark).to_have_count(1, timeout=TIMEOUT_MS)

    mark.click()
    chosen = live.part(hooks.SESSION_CHOSEN)
    expect(chosen).to_contain_text("Marker at", timeout=TIMEOUT_MS)
    chosen.get_by_label("Name", exact=True).fill("put right")
    chosen.get_by_role("button", name="Save").click()
    expect(review.item(live, "markers").filter(has_text="put right")).to_have_count(1, timeout=TIMEOUT_MS)

    history = live.part(hooks.SESSION_HISTORY)
    history.get_by_text("History of the review").click()
    expect(history.get_by_text("“e2e 🎧 mark”").first).to_be_visible(timeout=TIMEOUT_MS)

    chosen.get_by_role("button", name="Take it away").click(timeout=TIMEOUT_MS)
    expect(review.item(live, "markers")).to_have_count(before, timeout=TIMEOUT_MS)
    history.get_by_role("button", name="Bring back").first.click(timeout=TIMEOUT_MS)  # it stayed open
    expect(review.item(live, "markers").filter(has_text="put right")).to_have_count(1, timeout=TIMEOUT_MS)


def test_a_note_is_put_right_and_read_again_after_a_reload(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    review.edited(live)
    live.page.reload()
    review.drawn(live)
    expect(review.item(live, "notes").filter(has_text="مرحبا 🎧 leaned back")).to_have_count(1, timeout=TIMEOUT_MS)


def test_a_phone_shows_it_without_scrolling_sideways(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url, size=PHONE)
    review.opened(live)
    overflow = live.page.evaluate(
        "() => [...document.querySelectorAll('.emrs-timeline, .emrs-timeline *')].filter(e =>"
        " e.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(e).position !== 'absolute').length"
    )
    assert overflow == 0
