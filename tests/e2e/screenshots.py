"""Writes every page in every state to ``screenshots/``: light and dark, desktop and phone.

Run: ``python -m tests.e2e.screenshots [--only WORD] [--out FOLDER]``. Look at each after a change to what people see.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from emrs_core.bootstrap import build_catalogue
from emrs_core.testing.identity.people import REVIEWER_EMAIL
from emrs_core.testing.identity.server import IdentityServer
from emrs_core.testing.identity.server import running as identity_running
from emrs_core.testing.spotify.server import running as stub_running
from tests.conftest import REPOSITORY
from tests.e2e import browser as browsers
from tests.e2e import clips
from tests.e2e.identity_visit import write_secrets
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server, running
from tests.e2e.states.every import STATES
from tests.e2e.states.state import SETTLE_MS, State

SIZES = {"desktop": browsers.DESKTOP, "phone": (390, 844)}


@contextmanager
def _browsers(playwright: Playwright, folder: Path) -> Iterator[Callable[[str], Browser]]:
    pictures = {
        "astronaut": clips.astronaut,
        "room": clips.empty_room,
        "dark": lambda: clips.darkened(clips.astronaut()),
    }
    opened: dict[str, Browser] = {}

    def get(camera: str) -> Browser:
        if camera not in opened:
            clip = clips.write_clip(folder / f"{camera}.mjpeg", (pictures[camera](), 1)) if camera in pictures else None
            kind = "blocked" if camera == "refused" else "granted"
            opened[camera] = browsers.launch(playwright, clip, camera=kind)
        return opened[camera]

    yield get
    for browser in opened.values():
        browser.close()


def _shoot(browser: Browser, server: Server, state: State, size: str, dark: bool, out: Path) -> None:
    permissions = () if state.camera == "refused" else ("camera",)
    context = browsers.visitor(browser, size=SIZES[size], dark=dark, permissions=permissions)
    for consent in server.data_dir.glob("*.json"):
        consent.unlink()  # the owner meets the agreement anew in every picture
    host = browsers.GUEST_HOST if state.insecure else "127.0.0.1" if state.spotify else "localhost"
    live = LivePage(context.new_page(), server.url_as(host))
    try:
        state.prepare(live)
        live.page.wait_for_timeout(SETTLE_MS)
        _whole_page(live, out / f"{state.name}-{size}-{'dark' if dark else 'light'}.png", SIZES[size])
    finally:
        live.leave()


def _whole_page(live: LivePage, path: Path, size: tuple[int, int]) -> None:
    """Streamlit scrolls inside the page, so the window grows to the content first."""
    height = live.page.evaluate("() => document.querySelector('[data-testid=stMain]')?.scrollHeight ?? 0")
    live.page.set_viewport_size({"width": size[0], "height": max(size[1], int(height) + 40)})
    live.page.wait_for_timeout(SETTLE_MS)
    live.page.screenshot(path=path)


def _members(home: Path, identity: IdentityServer) -> AbstractContextManager[Server]:
    """A server where one can sign in, and Rosa is a reviewer."""
    write_secrets(home, identity)
    return running(home, EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]", EMRS_REVIEWERS=REVIEWER_EMAIL)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write a picture of every page and state.")
    parser.add_argument("--only", default="", help="states whose name contains this")
    parser.add_argument("--size", choices=list(SIZES), action="append", help="only this width (may be repeated)")
    parser.add_argument("--theme", choices=["light", "dark"], action="append", help="only this theme")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "screenshots")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home)
        for name in ("guests", "owner", "listeners", "members"):
            (folder / name).mkdir()
        with (
            identity_running() as identity,
            stub_running(build_catalogue().tracks()) as stub,
            running(folder / "guests", EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]") as guests,
            running(folder / "owner", EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as owner,
            running(folder / "listeners", EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]", **stub.settings()) as listeners,
            _members(folder / "members", identity) as members,
            _browsers(playwright, folder) as browser_for,
        ):
            for state in (state for state in STATES if options.only in state.name):
                for size in options.size or SIZES:
                    for theme in options.theme or ("light", "dark"):
                        guest = members if state.sign_in else listeners if state.spotify else guests
                        server = guest if state.guest else owner
                        _shoot(browser_for(state.camera), server, state, size, theme == "dark", options.out)
                        print(f"{state.name} {size} {theme}", flush=True)


if __name__ == "__main__":
    main()
