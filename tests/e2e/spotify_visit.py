"""A person with a Spotify account before the dashboard: what they press, and what the browser then holds."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Frame, Locator, Page, expect

from emrs_core.testing.spotify.server import StubServer
from emrs_core.ui import hooks
from emrs_core.ui.spotify_routes import COOKIE
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server

WAIT_MS = 30_000


def address(server: Server) -> str:
    """The dashboard under its number: Spotify sends nobody back to ``localhost``."""
    return server.url_as("127.0.0.1")


class SpotifyVisit:
    """One browser at the dashboard and at the stand-in; remembers every address it stood at."""

    def __init__(self, live: LivePage, stub: StubServer) -> None:
        self.live, self.page, self.stub = live, live.page, stub
        self.addresses: list[str] = [live.page.url]
        live.page.on("framenavigated", self._remember)

    def _remember(self, frame: Frame) -> None:
        if frame == self.page.main_frame:
            self.addresses.append(frame.url)

    def follow(self, link: Locator) -> None:
        """Press a link to the login, and wait for the consent page."""
        expect(link).to_be_visible(timeout=WAIT_MS)
        link.click()
        expect(self.page.get_by_role("heading", name="EMRS asks for access")).to_be_visible(timeout=WAIT_MS)

    def agree_as(self, name: str) -> None:
        """Agree at the stand-in, and wait for the dashboard."""
        self.page.get_by_role("button", name=f"Agree as {name}").click()
        self.expect_dashboard()

    def decline(self) -> None:
        self.page.get_by_role("button", name="Cancel").click()
        self.expect_dashboard()

    def expect_dashboard(self) -> None:
        self.live.expect_page()

    def connect(self, name: str = "Ada") -> None:
        """From the Spotify page, with the first permission."""
        self.live.go_to("Spotify")
        self.follow(self.live.part(hooks.SPOTIFY_CONNECT).get_by_role("link", name="Connect Spotify"))
        self.agree_as(name)
        self.expect_connected(name)

    def expect_connected(self, name: str) -> None:
        expect(self.live.part(hooks.SPOTIFY_BADGE)).to_contain_text(name, timeout=WAIT_MS)

    def expect_not_connected(self) -> None:
        self.expect_dashboard()
        badge = self.live.part(hooks.SPOTIFY_BADGE).get_by_text("Spotify:")  # without one there is no such element
        expect(badge).to_have_count(0, timeout=WAIT_MS)

    def expect_notice(self, words: str) -> None:
        expect(self.live.part(hooks.SPOTIFY_NOTICE)).to_contain_text(words, timeout=WAIT_MS)

    def expect_device(self, name: str, tab: Page) -> None:
        """The chooser of that tab offers a device whose name begins so."""
        chooser = tab.locator(hooks.css(hooks.SPOTIFY_DEVICES)).get_by_role("combobox")
        expect(chooser).to_have_value(re.compile(re.escape(name)), timeout=WAIT_MS)

    def looks_at_the_device(self) -> int:
        """How often the dashboards asked what plays."""
        return sum(call["path"] == "/v1/me/player" for call in self.stub.state()["calls"] if call["method"] == "GET")

    @property
    def cookie(self) -> str | None:
        """What the browser keeps for the dashboard."""
        kept = {cookie.get("name"): cookie.get("value") for cookie in self.page.context.cookies(self.page.url)}
        return kept.get(COOKIE)

    def own_addresses(self) -> list[str]:
        """Where the browser stood, the stand-in's own pages apart."""
        theirs = urlsplit(self.stub.url).netloc
        return [url for url in self.addresses if urlsplit(url).netloc != theirs]

    def assert_no_secret_in_the_browser(self) -> None:
        """No token, code, state or verifier in the history, the page, or what scripts can read."""
        scripts = "() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, location.href])"
        read = " ".join([*self.own_addresses(), self.page.content(), str(self.page.evaluate(scripts))])
        found = [secret for secret in self.stub.stub.world.secrets if secret in read]
        assert not found, f"{len(found)} secrets can be read in the browser"
        assert self.cookie is None or self.cookie not in read

    def playlists(self) -> list[tuple[str, list[str]]]:
        """Name and song ids of each playlist that the stand-in holds."""
        held = self.stub.state()["playlists"]
        return [(each["name"], [item["uri"].rpartition(":")[2] for item in each["items"]]) for each in held]


def has_no_mood(name: str) -> bool:
    """Whether nothing in a text tells an emotion."""
    return not re.search(r"happ|sad|ang|fear|disgust|surpris|neutral|calm|mood", name, re.IGNORECASE)
