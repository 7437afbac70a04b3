"""The songs on the listener's own device stand in the visit, whatever page is open."""

from __future__ import annotations

import pytest

from emrs_core.music.spotify import failures
from emrs_core.music.spotify.scopes import Step
from emrs_core.segments import SegmentSource, SongSegment
from emrs_core.streaming import NowPlaying
from emrs_core.testing.music_service import service_track
from emrs_core.ui import frame, hooks
from emrs_core.ui.spotify import device_watch
from emrs_core.ui.spotify.following import FOLLOW_S
from tests.pages.harness import Dashboard
from tests.pages.spotify_world import ALL, KITCHEN, SpotifyWorld, press, with_list

LOOK = "now_playing"


@pytest.fixture
def playing(dashboard: Dashboard, world: SpotifyWorld) -> Dashboard:
    """A list plays on the listener's device, from the Music page."""
    world.connect(*ALL)
    press(with_list(dashboard).open("Music"), "spotify-play-list")
    return dashboard


def on_now(world: SpotifyWorld, number: int, place_s: float) -> None:
    world.service.playing = NowPlaying(service_track(number), True, int(place_s * 1000), KITCHEN)


def later(dashboard: Dashboard, seconds: float = FOLLOW_S) -> None:
    dashboard.clock.advance(seconds)
    dashboard.run()


def heard(dashboard: Dashboard) -> tuple[SongSegment, ...]:
    return dashboard.session.music.segments()


@pytest.mark.parametrize("page", ["Live", "How it works", "Your data"])
def test_songs_on_the_device_are_segments_beside_the_visits_own(
    playing: Dashboard, world: SpotifyWorld, page: str
) -> None:
    music = playing.session.music
    on_now(world, 1, 0)
    playing.open(page)
    later(playing)
    began_s = playing.clock.now_s()
    on_now(world, 2, 4)
    later(playing)
    own = music.songs()
    assert own is not None
    music.play(own.items[0].track.id)
    playing.clock.advance(5)
    music.stop_playing()
    of_the_list, on_device, here = heard(playing)
    assert of_the_list.track_id == own.items[0].track.id
    assert of_the_list.ended_s == began_s
    second_began_s = began_s + FOLLOW_S - 4
    assert on_device == SongSegment(service_track(1).id or "", began_s, second_began_s, SegmentSource.SPOTIFY, 0.0)
    assert here.track_id == own.items[0].track.id
    assert here.source is not SegmentSource.SPOTIFY


def test_they_go_with_the_connection_and_when_the_visit_is_forgotten(playing: Dashboard, world: SpotifyWorld) -> None:
    on_now(world, 1, 0)
    playing.open("Live")
    later(playing)
    on_now(world, 2, 0)
    later(playing)
    assert len(heard(playing)) == 2
    playing.clock.advance(3)
    playing.session.forget()
    forgotten_s = playing.clock.now_s()
    assert heard(playing) == ()
    on_now(world, 3, 0)
    later(playing)
    (second,) = heard(playing)  # it was on before too, which is forgotten
    assert second.track_id == service_track(2).id
    assert second.began_s == forgotten_s
    press(playing.open("Spotify"), hooks.SPOTIFY_DISCONNECT)
    assert heard(playing) == ()


def test_music_whose_answer_a_part_of_the_page_told_first_is_followed_too(
    dashboard: Dashboard, world: SpotifyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame, "heard_of_play", lambda visit: None)  # as between two runs of the page
    monkeypatch.setattr(device_watch, "heard_of_play", lambda visit: None)
    world.connect(*ALL)
    press(with_list(dashboard).open("Music"), "spotify-play-list")
    dashboard.open("Live")
    later(dashboard)
    assert LOOK in world.service.calls


def test_nobody_is_followed_who_played_nothing_from_here(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect(*ALL)
    on_now(world, 1, 0)
    with_list(dashboard)
    for _ in range(3):
        later(dashboard)
    assert LOOK not in world.service.calls


def test_a_list_that_no_device_took_is_not_followed(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect(*ALL)
    world.service.fail_with = failures.NoActiveDevice()
    press(with_list(dashboard).open("Music"), "spotify-play-list")
    dashboard.open("Live")
    later(dashboard)
    assert LOOK not in world.service.calls


def test_no_more_looks_after_disconnecting_or_once_playing_is_not_allowed(
    playing: Dashboard, world: SpotifyWorld
) -> None:
    playing.open("Live")
    later(playing)
    assert LOOK in world.service.calls
    assert world.connection is not None
    world.connection.steps.discard(Step.PLAYER)
    looks = world.service.calls.count(LOOK)
    for _ in range(2):
        later(playing)
    world.connection = None
    for _ in range(2):
        later(playing)
    assert world.service.calls.count(LOOK) == looks


def test_a_slow_or_failing_look_is_not_seen_on_any_page(playing: Dashboard, world: SpotifyWorld) -> None:
    world.executor.slow = True
    playing.open("How it works")
    later(playing)
    assert len(world.executor.waiting) == 1
    assert not playing.app.warning
    world.service.fail_with = failures.ServiceDown()
    world.executor.finish()
    later(playing)
    assert not playing.app.warning
    assert not playing.app.error


def test_the_spotify_page_looks_by_itself(playing: Dashboard, world: SpotifyWorld) -> None:
    playing.open("Live")
    later(playing)
    playing.open("Spotify")
    looks = world.service.calls.count(LOOK)
    playing.clock.advance(FOLLOW_S)
    playing.run()
    assert world.service.calls.count(LOOK) == looks + 1
