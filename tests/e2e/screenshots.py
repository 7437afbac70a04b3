"""Writes every page in every state to ``screenshots/``: light and dark, desktop and phone.

Run: ``python -m tests.e2e.screenshots [--only WORD] [--out FOLDER]``. Look at each after a change to what people see.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from emrs_core.bootstrap import build_catalogue
from emrs_core.music.goals import Goal
from emrs_core.testing.spotify.server import running as stub_running
from emrs_core.types import Emotion
from emrs_core.ui import hooks, words
from tests.conftest import REPOSITORY
from tests.e2e import browser as browsers
from tests.e2e import clips, song_table, spotify_states, timeline_states
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server, running

SIZES = {"desktop": browsers.DESKTOP, "phone": (390, 844)}
SETTLE_MS = 1_500
"""For fonts, charts and sliding bars to come to rest."""
CURVE_MS = 9_000
"""So that the curve shows something."""


@dataclass(frozen=True, slots=True)
class State:
    """One thing to look at: which camera, under which name, and what to do before the picture."""

    name: str
    prepare: Callable[[LivePage], None]
    camera: str = "astronaut"
    guest: bool = True
    insecure: bool = False
    spotify: bool = False  # with a Client ID, and the stand-in for Spotify


def _nothing(live: LivePage) -> None:
    expect(live.mood_name).to_be_visible(timeout=30_000)


def _agreed(live: LivePage) -> None:
    live.agree()
    expect(live.stream.get_by_role("button", name="Start")).to_be_visible(timeout=30_000)


def _streaming(live: LivePage) -> None:
    _agreed(live)
    live.start()


def _happy(live: LivePage) -> None:
    _streaming(live)
    live.expect_mood("Happy")
    live.expect_songs()
    live.page.wait_for_timeout(CURVE_MS)


def _playing(live: LivePage) -> None:
    _happy(live)
    live.page.locator(".emrs-song-play").nth(1).click()
    expect(live.part(hooks.PLAYER).locator("iframe")).to_be_visible(timeout=20_000)


def _raw(live: LivePage) -> None:
    _happy(live)
    live.page.get_by_text("Show every single look").click()


def _stopped(live: LivePage) -> None:
    _happy(live)
    live.stop()


def _by_hand(live: LivePage) -> None:
    live.choose_by_hand(Emotion.SAD)
    live.expect_songs()


def _hand_while_streaming(live: LivePage) -> None:
    _happy(live)
    live.choose_by_hand(Emotion.SAD)
    live.expect_mood("Sad")


def _photo(image: clips.Image | None) -> Callable[[LivePage], None]:
    def prepare(live: LivePage) -> None:
        live.choose_way("Photo")
        live.agree()
        data = b"no picture" if image is None else cv2.imencode(".png", image)[1].tobytes()
        file = {"name": "photo.png", "mimeType": "image/png", "buffer": data}
        live.part(hooks.PHOTO).locator('input[type="file"]').set_input_files([file], timeout=30_000)  # type: ignore[list-item]
        live.page.wait_for_timeout(SETTLE_MS)

    return prepare


def _snapshot(live: LivePage) -> None:
    live.choose_way("Snapshot")
    live.agree()
    take = live.part(hooks.SNAPSHOT).get_by_role("button", name="Take Photo")
    expect(take).to_be_enabled(timeout=30_000)
    take.click()
    live.expect_songs()


def _guided(live: LivePage) -> None:
    _by_hand(live)
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


def _heard(live: LivePage) -> None:
    _by_hand(live)
    for place in range(3):
        live.page.locator(".emrs-song-play").nth(place).click()
        live.page.wait_for_timeout(SETTLE_MS)


def _refused(live: LivePage) -> None:
    _agreed(live)
    live.stream.get_by_role("button", name="Start").click()
    expect(live.part(hooks.CAMERA_NOTICE)).to_contain_text("blocked", timeout=30_000)


HEADINGS = {"Your taste": "What I learned"}
"""Of pages that are not called as the link to them."""


def _page(name: str, first: Callable[[LivePage], None]) -> Callable[[LivePage], None]:
    def prepare(live: LivePage) -> None:
        first(live)
        live.go_to(name)
        expect(live.page.get_by_role("heading", name=HEADINGS.get(name, name), exact=False).first).to_be_visible(
            timeout=30_000
        )

    return prepare


def _catalogue(act: Callable[[LivePage], None] | None = None) -> Callable[[LivePage], None]:
    def prepare(live: LivePage) -> None:
        _page("Catalogue", _nothing)(live)
        expect(live.page.get_by_text("Coverage of the plane")).to_be_visible(timeout=30_000)
        if act is not None:
            act(live)

    return prepare


def _columns(live: LivePage) -> None:
    song_table.offer(live)
    live.page.get_by_text("Columns:").click()


STATES = (
    State("live-consent", _nothing),
    State("live-consent-owner", _nothing, guest=False),
    State("live-ready", _agreed),
    State("live-happy", _happy),
    State("live-playing", _playing),
    State("live-every-look", _raw),
    State("live-stopped", _stopped),
    State("live-no-face", _streaming, camera="room"),
    State("live-dark", _streaming, camera="dark"),
    State("live-refused", _refused, camera="refused"),
    State("live-no-camera", _agreed, camera="none"),
    State("live-insecure", lambda live: live.agree(), insecure=True),
    State("hand", _by_hand),
    State("hand-nothing-chosen", lambda live: live.choose_way("By hand")),
    State("hand-while-streaming", _hand_while_streaming),
    State("snapshot", _snapshot),
    State("photo", _photo(clips.astronaut())),
    State("photo-no-face", _photo(clips.empty_room())),
    State("photo-broken", _photo(None)),
    State("music-empty", _page("Music", _nothing)),
    State("music-hand", _page("Music", _by_hand)),
    State("music-streaming", _page("Music", _playing)),
    State("catalogue-guest", _catalogue()),
    State("catalogue-owner", _catalogue(), guest=False),
    State("catalogue-preview", _catalogue(song_table.offer), guest=False),
    State("catalogue-columns", _catalogue(_columns), guest=False),
    State("catalogue-imported", _catalogue(song_table.bring_in), guest=False),
    State("music-guided", _guided),
    State("music-filters", _filters),
    State("taste-empty", _page("Your taste", _nothing)),
    State("taste", _page("Your taste", _rated)),
    State("spotify-setup", _page("Spotify", _nothing)),
    State("spotify-setup-owner", _page("Spotify", _nothing), guest=False),
    State("spotify-connect", _page("Spotify", _by_hand), spotify=True),
    State("spotify-connected", spotify_states.connected(), spotify=True),
    State("spotify-in-use", spotify_states.in_use, spotify=True),
    State("spotify-not-listed", spotify_states.not_listed, spotify=True),
    State("spotify-without-premium", spotify_states.without_premium, spotify=True),
    State("spotify-disconnected", spotify_states.disconnected, spotify=True),
    State("spotify-back-from-login", spotify_states.back_from_login, spotify=True),
    State("spotify-music", _page("Music", spotify_states.connected("Allow playing", "Allow saving")), spotify=True),
    State("spotify-data", _page("Your data", spotify_states.connected()), spotify=True),
    State("timelines-empty", timeline_states.empty, guest=False),
    State("timelines-guest", timeline_states.open_page),
    State("timelines-demo", timeline_states.demo, guest=False),
    State("timelines-nothing-found", timeline_states.nothing_found, guest=False),
    State("timelines-ticked", timeline_states.ticked, guest=False),
    State("timelines-filters", timeline_states.window(hooks.SESSIONS_FILTERS), guest=False),
    State("timelines-export", timeline_states.window(hooks.SESSIONS_EXPORT), guest=False),
    State("timelines-delete", timeline_states.window(hooks.SESSIONS_DELETE), guest=False),
    State("timelines-import", timeline_states.window(hooks.SESSIONS_IMPORT), guest=False),
    State("timelines-compare", timeline_states.compared, guest=False),
    State("timelines-compare-none", timeline_states.compared_none, guest=False),
    State("timelines-opened", timeline_states.opened, guest=False),
    State("timelines-gone", timeline_states.gone, guest=False),
    State("about", _page("How it works", _nothing)),
    State("model", _page("Model", _nothing)),
    State("data-guest", _page("Your data", _nothing)),
    State("data-heard", _page("Your data", _heard)),
    State("data-owner", _page("Your data", _happy), guest=False),
)


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
        (folder / "guests").mkdir()
        (folder / "owner").mkdir()
        (folder / "listeners").mkdir()
        with (
            stub_running(build_catalogue().tracks()) as stub,
            running(folder / "guests", EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]") as guests,
            running(folder / "owner", EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as owner,
            running(folder / "listeners", EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]", **stub.settings()) as listeners,
            _browsers(playwright, folder) as browser_for,
        ):
            for state in (state for state in STATES if options.only in state.name):
                for size in options.size or SIZES:
                    for theme in options.theme or ("light", "dark"):
                        server = listeners if state.spotify else guests if state.guest else owner
                        _shoot(browser_for(state.camera), server, state, size, theme == "dark", options.out)
                        print(f"{state.name} {size} {theme}", flush=True)


if __name__ == "__main__":
    main()
