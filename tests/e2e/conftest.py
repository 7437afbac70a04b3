"""One dashboard in each mode, one browser for each clip, and a fresh visitor for each test.

The fixtures end with this package, not with the session: Playwright's event loop must be gone before other tests run
their own. These tests come last all the same, since the others tell sooner what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from emrs_core.types import Emotion
from emrs_core.ui import hooks
from tests.conftest import skip_or_fail
from tests.e2e import browser as browsers
from tests.e2e import clips, faces, server, spotify_standin
from tests.e2e.live_page import PAGE_TIMEOUT_MS, LivePage
from tests.e2e.second_tries import pytest_terminal_summary as pytest_terminal_summary

TEST_TIMEOUT_S = 240
CHANGE_TURNS = (6, 20)
"""Turns of two seconds that each of two faces stays. The first list of songs comes with the first face; the next one
may come half a minute after it, while the second face is still there."""

Clip = Callable[[str], Path]
Visit = Callable[..., LivePage]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is an end-to-end test, with time for a slow machine, and runs after all others.

    One that fails is tried once more, and the end of the run names it (``second_tries``): a doubtful one is a fault.
    """
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(TEST_TIMEOUT_S))
            item.add_marker(pytest.mark.flaky(reruns=1))  # two browsers, a camera and a server on two cores
    items.sort(key=lambda item: here in item.path.parents)


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PAGE_TIMEOUT_MS)  # as long as a click waits
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def clip(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Clip:
    """Makes a camera clip by name, once."""
    folder = tmp_path_factory.mktemp("clips")

    def make(name: str) -> Path:
        path = folder / f"{name}.mjpeg"
        return path if path.exists() else clips.write_clip(path, *_scenes(name, request))

    return make


def _scenes(name: str, request: pytest.FixtureRequest) -> list[tuple[clips.Image, int]]:
    public = {"astronaut": clips.astronaut, "room": clips.empty_room, "dark": lambda: clips.darkened(clips.astronaut())}
    if name in public:
        return [(public[name](), 1)]
    shared = request.getfixturevalue("shared_dir")
    names = name.split("-then-")
    pictures = [clips.portrait(faces.shared_face(shared, emotion)) for emotion in names]
    return list(zip(pictures, CHANGE_TURNS if len(names) > 1 else (1,), strict=True))


@pytest.fixture(scope="package")
def browser_with(playwright: Playwright, clip: Clip) -> Iterator[Callable[[str], Browser]]:
    """A browser whose camera shows that clip; one for each clip."""
    if browsers.executable() is None:
        skip_or_fail("needs Chromium or Chrome on the PATH (Debian: apt-get install chromium)")
    launched: dict[str, Browser] = {}

    def get(name: str) -> Browser:
        if name not in launched:
            launched[name] = browsers.launch(playwright, clip(name))
        return launched[name]

    yield get
    for browser in launched.values():
        browser.close()


@pytest.fixture(scope="package")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """A dashboard where everybody is a guest."""
    home = tmp_path_factory.mktemp("hosted")
    with server.running(home, EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]") as running:
        yield running


@pytest.fixture(scope="package")
def auto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[server.Server]:
    """A dashboard that tells owner from guest by the name they call it."""
    with server.running(tmp_path_factory.mktemp("auto"), EMRS_ICE_SERVERS="[]") as running:
        yield running


@pytest.fixture
def visit(browser_with: Callable[[str], Browser], hosted: server.Server) -> Iterator[Visit]:
    """Opens the Live page as somebody new; at the end stops the camera and leaves."""
    visits: list[LivePage] = []

    def open_page(clip_name: str = "astronaut", *, url: str | None = None, **options: object) -> LivePage:
        context = browsers.visitor(browser_with(clip_name), **options)  # type: ignore[arg-type]
        visits.append(LivePage(context.new_page(), url or hosted.url))
        return visits[-1]

    yield open_page
    for live in visits:
        live.leave()


@pytest.fixture(scope="package")
def player_script() -> Iterator[str]:
    with spotify_standin.serving() as address:
        yield address


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory, player_script: str) -> Iterator[server.Server]:
    """A dashboard for guests, whose player is the stand-in."""
    home = tmp_path_factory.mktemp("music")
    settings = {"EMRS_MODE": "hosted", "EMRS_ICE_SERVERS": "[]", "EMRS_SPOTIFY_EMBED_API_URL": player_script}
    with server.running(home, **settings) as running:
        yield running


@pytest.fixture
def music(visit: Visit, house: server.Server) -> Callable[..., LivePage]:
    """Somebody sad on the Music page."""

    def open_page(**options: object) -> LivePage:
        live = visit(url=f"{house.url}/music", **options)
        live.part(hooks.hand_button(Emotion.SAD)).get_by_role("button").click(timeout=30_000)
        live.expect_songs()
        return live

    return open_page
