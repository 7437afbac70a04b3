"""What a person sees when the connection goes, and when the page itself does."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from emrs_core.ui import hooks
from emrs_core.ui.link import WORDS
from tests.e2e.live_page import LivePage
from tests.e2e.proxy import proxied
from tests.e2e.server import Server

NOTICED_MS = 15_000
BACK_MS = 60_000
"""Streamlit tries again at growing distances."""
BREAK_DOWN = "() => document.getElementById('root').replaceChildren()"

Visit = Callable[..., LivePage]


def note(page: Page) -> Locator:
    return page.locator(".emrs-link-note")


def watched(live: LivePage) -> LivePage:
    """Wait for the page's watcher: what is drawn comes before the scripts that belong to it."""
    live.page.wait_for_function("() => window.emrsLink")
    return live


def test_a_lost_connection_is_said_and_the_page_comes_back_by_itself(visit: Visit, hosted: Server) -> None:
    with proxied(hosted.port) as proxy:
        live = visit(url=f"http://localhost:{proxy.port}")
        live.agree()
        live.start()
        live.expect_mood("Happy")
        expect(note(live.page)).to_be_hidden()
        proxy.cut()
        expect(note(live.page)).to_contain_text(WORDS["lost"], timeout=NOTICED_MS)
        expect(note(live.page)).to_contain_text(WORDS["long"], timeout=BACK_MS)
        expect(live.page.get_by_text("streamlit run yourscript.py")).to_be_hidden()
        live.expect_new_pictures(2)  # these have a way of their own
        proxy.mend()
        expect(note(live.page)).to_be_hidden(timeout=BACK_MS)
        live.choose_way("By hand")
        expect(live.part(hooks.HAND)).to_be_visible(timeout=NOTICED_MS)


def test_the_camera_outlives_a_lost_connection(visit: Visit, hosted: Server) -> None:
    with proxied(hosted.port) as proxy:
        live = visit(url=f"http://localhost:{proxy.port}")
        live.agree()
        live.start()
        live.expect_mood("Happy")
        shown = live.pictures()
        for _ in range(2):
            proxy.cut()
            expect(note(live.page)).to_contain_text(WORDS["lost"], timeout=NOTICED_MS)
            proxy.mend()
            expect(note(live.page)).to_be_hidden(timeout=BACK_MS)
            live.expect_new_pictures(10)
        live.go_to("Your data")  # the server answers again, and the visit is the same
        expect(live.part(hooks.WITHDRAW)).to_be_visible(timeout=NOTICED_MS)
        live.go_to("Live")
        live.expect_new_pictures(10)
        assert live.pictures() > shown  # the same video went on; a new one would have begun at nought
        assert live.camera_tracks() == ["live"]  # the camera was asked for once
        live.expect_mood("Happy")
        live.stop()
        live.until(lambda: live.camera_tracks() == ["ended"], NOTICED_MS, "the camera released")


def test_a_network_that_goes_without_a_word_is_noticed_too(visit: Visit, hosted: Server) -> None:
    with proxied(hosted.port) as proxy:
        live = watched(visit(url=f"http://localhost:{proxy.port}"))
        expect(live.part(hooks.CONSENT)).to_be_visible()
        proxy.hush()
        expect(note(live.page)).to_contain_text(WORDS["lost"], timeout=2 * NOTICED_MS)
        proxy.mend()
        expect(note(live.page)).to_be_hidden(timeout=BACK_MS)
        live.agree()


def test_a_blank_page_is_loaded_again_once(visit: Visit) -> None:
    live = watched(visit())
    expect(live.part(hooks.CONSENT)).to_be_visible()
    live.page.evaluate(BREAK_DOWN)
    expect(note(live.page)).to_have_text(WORDS["blank"], timeout=NOTICED_MS)
    expect(live.part(hooks.CONSENT)).to_be_visible(timeout=NOTICED_MS)
    watched(live)
    expect(note(live.page)).to_be_hidden()
    live.page.evaluate(BREAK_DOWN)
    expect(note(live.page)).to_contain_text(WORDS["again"], timeout=NOTICED_MS)
    live.page.get_by_role("button", name=WORDS["reload"]).click()
    expect(live.part(hooks.CONSENT)).to_be_visible(timeout=NOTICED_MS)
