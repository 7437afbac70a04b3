"""The Spotify page's states for the screenshots, reached as a listener would, at the stand-in."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from emrs_core.types import Emotion
from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage
from tests.e2e.states.state import State, by_hand, nothing, page


def connected(*links: str) -> Callable[[LivePage], None]:
    """A listener with a list by hand, who connected as Ada and allowed what these links ask for."""

    def prepare(live: LivePage) -> None:
        live.choose_by_hand(Emotion.SAD)
        live.expect_songs()
        _open_spotify(live)
        for name in ("Connect Spotify", *links):
            live.page.get_by_role("link", name=name).last.click()
            live.page.get_by_role("button", name="Agree as Ada").click()
            expect(live.part(hooks.SPOTIFY_ACCOUNT)).to_be_visible(timeout=30_000)

    return prepare


def _open_spotify(live: LivePage) -> None:
    live.go_to("Spotify")
    expect(live.page.get_by_role("heading", name="Spotify", exact=True)).to_be_visible(timeout=30_000)


def in_use(live: LivePage) -> None:
    """Everything at once: results, a device that plays, a list kept, own songs taking part."""
    connected("Allow playing", "Allow saving")(live)
    page = live.page
    page.get_by_label("Title").fill("love")
    page.get_by_role("button", name="Search").click()
    expect(live.part(f"{hooks.SPOTIFY_FOUND}0")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="as a playlist").click()
    expect(page.get_by_text("Saved as")).to_be_visible(timeout=30_000)
    live.part("spotify-taste-on").locator("label").first.click()
    expect(page.get_by_text("take part.")).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Play my list").click()
    expect(page.get_by_text("Playing on Ada")).to_be_visible(timeout=30_000)


def not_listed(live: LivePage) -> None:
    """Back from a login with an account that the app's owner did not enter."""
    live.go_to("Spotify")
    live.page.get_by_role("link", name="Connect Spotify").click()
    live.page.get_by_role("button", name="Agree as Cleo").click()
    expect(live.part(hooks.SPOTIFY_NOTICE)).to_contain_text("not on the app", timeout=30_000)


def without_premium(live: LivePage) -> None:
    """A free account presses a button that only Premium has."""
    _open_spotify(live)
    for name in ("Connect Spotify", "Allow playing"):
        live.page.get_by_role("link", name=name).last.click()
        live.page.get_by_role("button", name="Agree as Ben").click()
        expect(live.part(hooks.SPOTIFY_ACCOUNT)).to_be_visible(timeout=30_000)
    live.page.get_by_role("button", name="Next").click()
    expect(live.page.get_by_text("only Premium").first).to_be_visible(timeout=30_000)


def disconnected(live: LivePage) -> None:
    """Just disconnected."""
    connected()(live)
    live.page.get_by_role("button", name="Disconnect").click()
    expect(live.part(hooks.SPOTIFY_NOTICE)).to_contain_text("Disconnected", timeout=30_000)


def back_from_login(live: LivePage) -> None:
    """The camera was on before the login; its button waits at the corner."""
    live.agree()
    live.start()
    live.expect_mood("Happy")
    live.expect_songs()
    _open_spotify(live)
    live.page.get_by_role("link", name="Connect Spotify").click()
    live.page.get_by_role("button", name="Agree as Ada").click()
    expect(live.part(hooks.SPOTIFY_ACCOUNT)).to_be_visible(timeout=30_000)


SPOTIFY = (
    State("spotify-setup", page("Spotify", nothing)),
    State("spotify-setup-owner", page("Spotify", nothing), guest=False),
    State("spotify-connect", page("Spotify", by_hand), spotify=True),
    State("spotify-connected", connected(), spotify=True),
    State("spotify-in-use", in_use, spotify=True),
    State("spotify-not-listed", not_listed, spotify=True),
    State("spotify-without-premium", without_premium, spotify=True),
    State("spotify-disconnected", disconnected, spotify=True),
    State("spotify-back-from-login", back_from_login, spotify=True),
    State("spotify-music", page("Music", connected("Allow playing", "Allow saving")), spotify=True),
    State("spotify-data", page("Your data", connected()), spotify=True),
)
