"""One thing to look at, and steps that many of them begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from emrs_core.types import Emotion
from tests.e2e.live_page import LivePage

SETTLE_MS = 1_500
"""For fonts, charts and sliding bars to come to rest."""
HEADINGS = {"Your taste": "What I learned"}
"""Of pages that are not called as the link to them."""


@dataclass(frozen=True, slots=True)
class State:
    """Which camera, under which name, and what to do before the picture."""

    name: str
    prepare: Callable[[LivePage], None]
    camera: str = "astronaut"
    guest: bool = True
    insecure: bool = False
    spotify: bool = False  # with a Client ID, and the stand-in for Spotify
    sign_in: bool = False  # where one can sign in, at the stand-in for an identity provider


def nothing(live: LivePage) -> None:
    """Nobody did anything yet."""
    expect(live.mood_name).to_be_visible(timeout=30_000)


def by_hand(live: LivePage) -> None:
    """Songs for a mood that was chosen."""
    live.choose_by_hand(Emotion.SAD)
    live.expect_songs()


def page(name: str, first: Callable[[LivePage], None]) -> Callable[[LivePage], None]:
    """Another page, after that was done on the Live page."""

    def prepare(live: LivePage) -> None:
        first(live)
        live.go_to(name)
        expect(live.page.get_by_role("heading", name=HEADINGS.get(name, name), exact=False).first).to_be_visible(
            timeout=30_000
        )

    return prepare
