"""Bringing a table in with a real browser: dropped, looked at, used at once, by the next visitor too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from emrs_core.music.catalogues.store import CatalogueStore
from emrs_core.testing.catalogues import numbered_id
from emrs_core.types import Emotion
from emrs_core.ui import hooks
from tests.e2e import server, song_table
from tests.e2e.live_page import LivePage

Visit = Callable[..., LivePage]
OURS = {numbered_id(number) for number in range(song_table.GOOD)}


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[server.Server]:
    """A dashboard of its owner, with nothing brought in."""
    with server.running(tmp_path, EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as running:
        yield running


def test_a_table_is_dropped_and_its_songs_are_used(visit: Visit, owner: server.Server) -> None:
    live = visit("room", url=owner.url)
    live.go_to("Catalogue")
    song_table.bring_in(live)
    live.page.get_by_text("The 5 rows that were left out").click()
    expect(live.page.get_by_role("button", name="Take the list (CSV)")).to_be_visible()
    assert CatalogueStore(owner.data_dir / "catalogues").chosen == song_table.NAME
    live.go_to("Live")
    live.choose_by_hand(Emotion.HAPPY)
    assert set(live.expect_songs()) <= OURS
    another = visit("room", url=owner.url)
    another.choose_by_hand(Emotion.NEUTRAL)
    assert set(another.expect_songs()) <= OURS


def test_a_guest_sees_figures_and_no_way_to_change_them(visit: Visit) -> None:
    live = visit("room")
    live.go_to("Catalogue")
    expect(live.page.locator(".emrs-coverage tbody td")).to_have_count(16, timeout=30_000)
    expect(live.page.get_by_text("as a guest you can look at it, not change it")).to_be_visible()
    expect(live.part(hooks.CATALOGUE_IMPORT)).to_have_count(0)
