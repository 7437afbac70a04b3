"""Spotify from end to end, at the stand-in: connect, save, play, disconnect; and every way to come back wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from emrs_core.bootstrap import build_catalogue
from emrs_core.testing.spotify.faults import FaultKind
from emrs_core.testing.spotify.schema import Schema
from emrs_core.testing.spotify.server import StubServer
from emrs_core.testing.spotify.server import running as stub_running
from emrs_core.types import Emotion
from emrs_core.ui import hooks
from emrs_core.ui.spotify import words
from tests.conftest import shared_folder
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server, running
from tests.e2e.spotify_visit import WAIT_MS, SpotifyVisit, address, has_no_mood

Visit = Callable[..., LivePage]
Come = Callable[..., SpotifyVisit]


@pytest.fixture(scope="module")
def stub() -> Iterator[StubServer]:
    """Holds every call against Spotify's description where that lies beside the checkout."""
    shared = shared_folder()
    schema = Schema(shared / "spotify" / "openapi.yml") if shared else None
    with stub_running(build_catalogue().tracks(), schema=schema) as server:
        yield server
        assert server.state()["own_errors"] == []


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory, stub: StubServer) -> Iterator[Server]:
    """A dashboard for guests, with the stand-in for its Spotify."""
    home = tmp_path_factory.mktemp("spotify")
    with running(home, EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]", **stub.settings()) as server:
        yield server


@pytest.fixture
def come(visit: Visit, dashboard: Server, stub: StubServer) -> Iterator[Come]:
    """Somebody new; at the end nothing was sent that Spotify refuses, and no secret stands in the log."""
    mistakes = len(stub.state()["refused"])
    stub.heal()

    def open_page(clip: str = "astronaut", **options: object) -> SpotifyVisit:
        return SpotifyVisit(visit(clip, url=address(dashboard), **options), stub)

    yield open_page
    assert stub.state()["refused"][mistakes:] == []
    log = dashboard.log()
    assert not [secret for secret in stub.stub.world.secrets if secret in log]
    assert "Traceback" not in log


def test_from_consent_to_farewell(come: Come, stub: StubServer, dashboard: Server) -> None:
    ada = come()
    live = ada.live
    live.agree()
    live.start()
    live.expect_mood("Happy")
    live.expect_songs()
    live.go_to("Music")
    connects_and_is_back(ada, dashboard)
    live.start()  # the camera is on again with one click
    live.go_to("Live")
    live.expect_mood("Happy")
    live.go_to("Music")
    keeps_the_list(ada, dashboard)
    plays_the_list_on_a_device(ada, stub)
    ada.assert_no_secret_in_the_browser()
    live.go_to("How it works")  # whatever page is open, it is known what plays there
    looks = ada.looks_at_the_device()
    live.until(lambda: ada.looks_at_the_device() > looks + 1, WAIT_MS, "two looks at the device")
    disconnects_and_leaves_nothing(ada, stub, dashboard)


def connects_and_is_back(ada: SpotifyVisit, dashboard: Server) -> None:
    """On the same page with the same list, agreement and mood."""
    live, actions = ada.live, ada.live.part(hooks.SPOTIFY_ACTIONS)
    expect(actions).to_be_visible(timeout=WAIT_MS)  # now the whole list stands there, and not its first songs
    songs = live.expect_songs()
    ada.follow(actions.get_by_role("link", name="Connect Spotify"))
    ada.agree_as("Ada")
    expect(ada.page).to_have_url(f"{address(dashboard)}/music", timeout=WAIT_MS)
    ada.expect_connected("Ada")
    assert live.expect_songs() == songs
    assert live.part(hooks.CONSENT).count() == 0


def keeps_the_list(ada: SpotifyVisit, dashboard: Server) -> None:
    """The permission for that is asked for now; pressed twice, one playlist is made."""
    page, actions = ada.page, ada.live.part(hooks.SPOTIFY_ACTIONS)
    held_before = len(ada.playlists())
    actions.get_by_role("button", name="Save as playlist").click(timeout=WAIT_MS)
    ada.follow(page.get_by_role("link", name="Allow saving playlists"))
    ada.agree_as("Ada")
    expect(page).to_have_url(f"{address(dashboard)}/music", timeout=WAIT_MS)
    songs = ada.live.expect_songs()
    actions.get_by_role("button", name="Save as playlist").click(timeout=WAIT_MS)
    save = page.get_by_role("button", name=f"Save {len(songs)} songs as a playlist")
    save.click(timeout=WAIT_MS)
    expect(page.get_by_text("Saved as")).to_be_visible(timeout=WAIT_MS)
    ((name, kept),) = ada.playlists()[held_before:]
    assert kept == songs
    assert has_no_mood(name)
    save.click()
    expect(page.get_by_text("Nothing was made twice")).to_be_visible(timeout=WAIT_MS)
    assert len(ada.playlists()) == held_before + 1
    page.keyboard.press("Escape")


def plays_the_list_on_a_device(ada: SpotifyVisit, stub: StubServer) -> None:
    live, actions = ada.live, ada.live.part(hooks.SPOTIFY_ACTIONS)
    actions.get_by_role("button", name="Play on my device").click()
    ada.follow(ada.page.get_by_role("link", name="Allow playing on my devices"))
    ada.agree_as("Ada")
    songs = live.expect_songs()
    actions.get_by_role("button", name="Play on my device").click(timeout=WAIT_MS)
    live.until(lambda: stub.state()["playing"]["ada"] is not None, WAIT_MS, "music on the device")
    playing = stub.state()["playing"]["ada"]
    assert [song["uri"].rpartition(":")[2] for song in (playing, *playing["ahead"])] == songs


def disconnects_and_leaves_nothing(ada: SpotifyVisit, stub: StubServer, dashboard: Server) -> None:
    """Neither on the server nor in the browser."""
    ada.live.go_to("Spotify")
    assert ada.cookie is not None
    ada.page.get_by_role("button", name="Disconnect").click(timeout=WAIT_MS)
    ada.expect_notice("Disconnected")
    ada.expect_not_connected()
    ada.live.until(lambda: ada.cookie is None, WAIT_MS, "the cookie gone")
    calls = len(stub.state()["calls"])
    ada.page.reload()
    ada.expect_not_connected()
    assert len(stub.state()["calls"]) == calls  # and Spotify is asked nothing more
    ada.assert_no_secret_in_the_browser()
    assert not [path for path in dashboard.data_dir.rglob("*") if path.is_file()]


def test_a_mood_by_hand_is_there_again(come: Come) -> None:
    ada = come("room")
    ada.live.choose_by_hand(Emotion.SAD)
    ada.live.expect_mood("Sad")
    songs = ada.live.expect_songs()
    ada.connect()
    ada.live.go_to("Live")
    ada.live.expect_mood("Sad")
    assert ada.live.expect_songs() == songs


def test_declining_leaves_everything_as_it_was(come: Come) -> None:
    ada = come("room")
    ada.live.go_to("Spotify")
    ada.follow(ada.live.part(hooks.SPOTIFY_CONNECT).get_by_role("link", name="Connect Spotify"))
    ada.decline()
    ada.expect_notice("did not allow it")
    ada.expect_not_connected()


def test_somebody_who_is_not_on_the_list_is_told_what_to_do(come: Come) -> None:
    cleo = come("room")
    cleo.live.go_to("Spotify")
    cleo.follow(cleo.live.part(hooks.SPOTIFY_CONNECT).get_by_role("link", name="Connect Spotify"))
    cleo.agree_as("Cleo")
    cleo.expect_notice("not on the app's list")
    cleo.expect_not_connected()


def test_a_wrong_state_and_a_replayed_code_connect_nobody(come: Come, dashboard: Server) -> None:
    ada = come("room")
    came_back: list[str] = []
    ada.page.on(
        "request", lambda request: came_back.append(request.url) if "/spotify/callback" in request.url else None
    )
    ada.connect()
    (callback,) = came_back
    code = callback.split("code=")[1].split("&")[0]

    ada.page.goto(callback)  # the very address again, from wherever somebody found it
    ada.expect_notice("used already")
    ada.expect_connected("Ada")  # the connection that stands is not harmed

    stranger = come("room")
    stranger.page.goto(f"{address(dashboard)}/spotify/callback?code={code}&state={'x' * 43}")
    stranger.expect_notice("another browser")
    stranger.expect_not_connected()
    stranger.assert_no_secret_in_the_browser()


def test_a_login_that_ends_in_another_browser_connects_neither(come: Come) -> None:
    ada, other = come("room"), come("room")
    ada.live.go_to("Spotify")
    ada.follow(ada.live.part(hooks.SPOTIFY_CONNECT).get_by_role("link", name="Connect Spotify"))
    other.page.goto(ada.page.url)  # the consent page sent to somebody else
    other.agree_as("Ben")
    other.expect_notice("another browser")
    other.expect_not_connected()
    ada.page.go_back()
    ada.expect_not_connected()


def test_two_visitors_see_only_their_own(come: Come, stub: StubServer) -> None:
    ada, ben = come("room"), come("room")
    ada.connect("Ada")
    ben.connect("Ben")
    assert ada.cookie != ben.cookie
    for person, name, other in ((ada, "Ada", "Ben"), (ben, "Ben", "Ada")):
        person.page.reload()
        person.expect_connected(name)
        expect(person.live.part(hooks.SPOTIFY_BADGE)).not_to_contain_text(other)
    ben.page.get_by_role("button", name="Disconnect").click(timeout=WAIT_MS)
    ben.expect_notice("Disconnected")
    ada.page.reload()
    ada.expect_connected("Ada")


def test_a_tab_closed_half_way_leaves_no_connection(come: Come, dashboard: Server) -> None:
    ada = come("room")
    context = ada.page.context
    ada.live.go_to("Spotify")
    ada.follow(ada.live.part(hooks.SPOTIFY_CONNECT).get_by_role("link", name="Connect Spotify"))
    fresh = context.new_page()
    ada.page.close()
    again = SpotifyVisit(LivePage(fresh, address(dashboard)), ada.stub)
    again.expect_not_connected()
    again.connect()  # and the next attempt works
    again.live.leave()


def test_two_redraws_at_once_renew_the_token_once(come: Come, stub: StubServer) -> None:
    ada = come("room")
    ada.connect()
    for name in ("Allow playing on my devices",):
        ada.follow(ada.page.get_by_role("link", name=name).first)
        ada.agree_as("Ada")
        ada.expect_connected("Ada")
    ada.expect_device("Ada's laptop", ada.page)
    tabs = [ada.page.context.new_page() for _ in range(2)]
    refreshes = stub.state()["users"][0]["refreshes"]
    stub.fail(FaultKind.EXPIRED)
    stub.fail(FaultKind.SLOW, path="/api/token", hang_s=1.0)
    for tab in tabs:
        tab.goto(ada.page.url, wait_until="commit")
    for tab in tabs:
        ada.expect_device("Ada's laptop", tab)
    assert stub.state()["users"][0]["refreshes"] == refreshes + 1


def test_spotify_that_does_not_answer_holds_no_page_up(come: Come, stub: StubServer) -> None:
    ada = come("room")
    ada.connect()
    stub.fail(FaultKind.TIMEOUT, path="/v1/search")
    search = ada.live.part(hooks.SPOTIFY_SEARCH)
    search.get_by_label("Title").fill("love")
    search.get_by_role("button", name="Search").click()
    expect(search).to_contain_text(words.ASKING, timeout=WAIT_MS)
    ada.live.go_to("How it works")  # the page is not held up
    expect(ada.page.get_by_role("heading", name="How it works").first).to_be_visible(timeout=WAIT_MS)
    ada.live.go_to("Spotify")
    expect(search).to_contain_text("took too long", timeout=WAIT_MS)


def test_consent_that_was_taken_back_is_said_and_cured(come: Come, stub: StubServer) -> None:
    ada = come("room")
    ada.connect()
    stub.fail(FaultKind.REVOKED)
    search = ada.live.part(hooks.SPOTIFY_SEARCH)
    search.get_by_label("Title").fill("love")
    search.get_by_role("button", name="Search").click()
    expect(ada.page.get_by_role("link", name="Connect Spotify").first).to_be_visible(timeout=WAIT_MS)
    ada.follow(ada.page.get_by_role("link", name="Connect Spotify").first)
    ada.agree_as("Ada")
    ada.expect_connected("Ada")
