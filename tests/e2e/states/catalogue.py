"""The Catalogue page: in use, and a table being brought in."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e import song_table
from tests.e2e.live_page import LivePage
from tests.e2e.states.state import State, nothing, page


def _catalogue(act: Callable[[LivePage], None] | None = None) -> Callable[[LivePage], None]:
    def prepare(live: LivePage) -> None:
        page("Catalogue", nothing)(live)
        expect(live.page.get_by_text("Coverage of the plane")).to_be_visible(timeout=30_000)
        if act is not None:
            act(live)

    return prepare


def _columns(live: LivePage) -> None:
    song_table.offer(live)
    live.page.get_by_text("Columns:").click()


CATALOGUE = (
    State("catalogue-guest", _catalogue()),
    State("catalogue-owner", _catalogue(), guest=False),
    State("catalogue-preview", _catalogue(song_table.offer), guest=False),
    State("catalogue-columns", _catalogue(_columns), guest=False),
    State("catalogue-imported", _catalogue(song_table.bring_in), guest=False),
)
