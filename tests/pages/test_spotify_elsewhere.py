"""Spotify on other pages, failures in their places, and the visit after a login."""

from __future__ import annotations

import pytest

from emrs_core.errors import EmrsError
from emrs_core.music.spotify import failures
from emrs_core.music.spotify.scopes import Step
from emrs_core.settings import Mode
from emrs_core.types import Emotion
from emrs_core.ui import hooks, parking
from emrs_core.ui.spotify import words
from tests.pages.harness import Dashboard
from tests.pages.spotify_world import ALL, SpotifyWorld, messages, press, search, warnings, with_list

# -- failures ---------------------------------------------------------------------------------------------------------


FAILURES = (
    failures.ConnectionEnded(),
    failures.ConsentTooOld(),
    failures.NotAllowListed(),
    failures.OwnerWithoutPremium(),
    failures.ListenerWithoutPremium(),
    failures.NoActiveDevice(),
    failures.RateLimited(90.0),
    failures.QuotaExceeded(3600.0),
    failures.ServiceDown(),
    failures.TooSlow(),
    failures.BrokenAnswer(),
    failures.Unreachable(),
)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_every_failure_is_a_sentence_in_its_place_and_the_page_stands(
    dashboard: Dashboard, world: SpotifyWorld, failure: EmrsError
) -> None:
    world.connect(*ALL)
    world.service.fail_with = failure  # type: ignore[assignment]
    with_list(dashboard).open("Spotify")
    for key in ("spotify-save", "spotify-play", "spotify-pause", "spotify-next"):
        assert str(failure) in warnings(press(dashboard, key))
    assert str(failure) in warnings(search(dashboard, "love"))
    dashboard.app.toggle(key="spotify-taste-on").set_value(True)
    assert str(failure) in warnings(dashboard.run())
    assert "failed" not in dashboard.text().replace(str(failure), "")
    assert dashboard.has_button(hooks.SPOTIFY_DISCONNECT)
    assert ("spotify/login" in dashboard.text()) == isinstance(failure, failures.NotConnected)


def test_a_slow_answer_holds_nothing_up_and_a_second_press_asks_nothing_twice(
    dashboard: Dashboard, world: SpotifyWorld
) -> None:
    world.connect(Step.PLAYLIST)
    with_list(dashboard).open("Spotify")
    world.executor.slow = True
    text = press(dashboard, "spotify-save").text()
    assert words.ASKING in text
    press(dashboard, "spotify-save")
    assert not world.service.playlists
    assert len(world.executor.waiting) == 1
    world.executor.finish()
    assert "Saved as" in str(dashboard.run().app.success[0].value)
    assert len(world.service.playlists) == 1


# -- other pages ------------------------------------------------------------------------------------------------------


def test_the_music_page_offers_nothing_of_spotify_without_a_client_id_or_a_list(
    dashboard: Dashboard, world: SpotifyWorld
) -> None:
    assert "spotify/login" not in dashboard.run().open("Music").text()
    world.configured = False
    assert "spotify/login" not in with_list(dashboard).open("Music").text()
    world.configured = True
    assert "next=%2Fmusic" in dashboard.run().text()


def test_from_the_music_page_a_list_is_kept_and_played_and_a_song_liked(
    dashboard: Dashboard, world: SpotifyWorld
) -> None:
    world.connect(*ALL)
    with_list(dashboard).open("Music")
    press(dashboard, "spotify-save")
    assert len(world.service.playlists) == 1
    press(dashboard, "spotify-play-list")
    assert world.service.playing is not None
    songs = dashboard.session.music.songs()
    assert songs is not None
    track = dashboard.session.music.play(songs.items[1].track.id)
    dashboard.run()
    press(dashboard, "spotify-like-playing")
    assert world.service.liked == [track.id]


def test_your_data_says_what_is_kept_of_an_account(dashboard: Dashboard, world: SpotifyWorld) -> None:
    assert "is not connected, and nothing of one is kept" in dashboard.run().open("Your data").text()
    world.connect()
    text = dashboard.run().text()
    assert "the keys to the account, your name\nthere" in text
    assert "never\nlearns your mood" in text
    world.keeps = True
    assert "sealed in a file" in dashboard.run().text()
    world.configured = False
    assert "Your Spotify account" not in dashboard.run().text()


# -- back from a login ------------------------------------------------------------------------------------------------


def test_the_visit_is_there_again_after_a_login(dashboard: Dashboard, world: SpotifyWorld) -> None:
    parking.visits.cache_clear()
    dashboard.environment(EMRS_MODE="hosted")
    dashboard.run().agree().press_start().see(Emotion.HAPPY).open("Spotify")
    left = dashboard.app.session_state["emrs-visit"]
    session, agreed, songs = left.session, left.consent.get(), left.session.music.songs()
    world.ticket = left.spotify.ticket
    assert songs is not None
    song = session.music.play(songs.items[0].track.id)
    dashboard.clock.advance(20)
    parking.visits().hold(world.ticket)  # as the route of the link does
    dashboard.clock.advance(100)
    world.connect()

    dashboard.come_back()
    visit = dashboard.app.session_state["emrs-visit"]
    (before, now) = visit.session.music.segments()
    assert (before.track_id, before.ended_s - before.began_s) == (song.id, pytest.approx(20)), "not while logging in"
    assert (now.track_id, now.began_s - before.ended_s) == (song.id, pytest.approx(100))
    assert visit is not left
    assert visit.session is session
    assert visit.consent.get() == agreed is not None
    assert visit.session.music.songs() == songs is not None
    assert visit.session.mood().label is Emotion.HAPPY
    assert dashboard.stream_calls  # the camera's button is there without another agreement
    assert words.CAMERA_WAITS in messages(dashboard)
    assert left.session is not session  # the page that was left knows nothing any more
    assert left.consent.get() is None
    assert dashboard.feed.closed


def test_nobody_comes_back_with_a_used_or_foreign_ticket(dashboard: Dashboard, world: SpotifyWorld) -> None:
    parking.visits.cache_clear()
    dashboard.environment(EMRS_MODE="hosted")
    dashboard.run().agree().open("Spotify")
    left = dashboard.app.session_state["emrs-visit"]
    for ticket in (None, "made-up-by-somebody"):
        world.ticket = ticket
        dashboard.come_back()
        assert dashboard.app.session_state["emrs-visit"].consent.get() is None
    assert left.consent.get() is not None


def test_a_guests_visit_does_not_become_the_owners(dashboard: Dashboard, world: SpotifyWorld) -> None:
    parking.visits.cache_clear()
    dashboard.environment(EMRS_MODE="hosted")
    dashboard.run().agree().open("Spotify")
    world.ticket = dashboard.app.session_state["emrs-visit"].spotify.ticket
    dashboard.environment(EMRS_MODE="local")
    dashboard.come_back()
    visit = dashboard.app.session_state["emrs-visit"]
    assert visit.mode is Mode.LOCAL
    assert visit.consent.get() is None
