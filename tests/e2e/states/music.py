"""The Music page, what was learned, and the songs that were on."""

from __future__ import annotations

from playwright.sync_api import expect

from emrs_core.music.goals import Goal
from emrs_core.ui import hooks, words
from tests.e2e.live_page import LivePage
from tests.e2e.states.live import happy, playing
from tests.e2e.states.state import SETTLE_MS, State, by_hand, nothing, page

NEW_FROM = 2000


def _guided(live: LivePage) -> None:
    by_hand(live)
    live.go_to("Music")
    live.part(hooks.GOAL).get_by_text(words.GOALS[Goal.GUIDE]).click(timeout=30_000)
    expect(live.part(hooks.MOOD_PLANE).locator(".emrs-plane-path")).to_have_count(1, timeout=30_000)


def _filters(live: LivePage) -> None:
    _guided(live)
    live.part(hooks.FILTERS).get_by_role("button").click()


def _rated(live: LivePage) -> None:
    _guided(live)
    for place in range(3):
        live.songs.locator(".emrs-song-like").nth(place).click()
        expect(live.songs.locator('.emrs-song-like[aria-pressed="true"]')).to_have_count(place + 1, timeout=30_000)


def _learned(live: LivePage) -> None:
    """Likes what is new and not what is old, so that something stands out."""
    by_hand(live)
    live.go_to("Music")
    expect(live.part(hooks.GOAL)).to_be_visible(timeout=30_000)
    for track_id in live.expect_songs():
        song = live.song(track_id)
        new = int(song.locator(".emrs-song-artist").inner_text()[-4:]) >= NEW_FROM
        button = song.locator(".emrs-song-like" if new else ".emrs-song-dislike")
        button.click(timeout=30_000)
        expect(button).to_have_attribute("aria-pressed", "true", timeout=30_000)


def _heard(live: LivePage) -> None:
    by_hand(live)
    for place in range(3):
        live.page.locator(".emrs-song-play").nth(place).click()
        live.page.wait_for_timeout(SETTLE_MS)


MUSIC = (
    State("music-empty", page("Music", nothing)),
    State("music-hand", page("Music", by_hand)),
    State("music-streaming", page("Music", playing)),
    State("music-guided", _guided),
    State("music-filters", _filters),
    State("taste-empty", page("Your taste", nothing)),
    State("taste", page("Your taste", _rated)),
    State("taste-learned", page("Your taste", _learned)),
)
DATA = (
    State("data-guest", page("Your data", nothing)),
    State("data-heard", page("Your data", _heard)),
    State("data-owner", page("Your data", happy), guest=False),
)
