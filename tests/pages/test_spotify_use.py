"""What a connected listener does on the Spotify page: search, devices, playlist, own songs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from emrs_core.music.spotify import failures
from emrs_core.music.spotify.scopes import Step
from emrs_core.streaming import NowPlaying
from emrs_core.testing.music_service import service_track
from emrs_core.types import EMOTIONS
from emrs_core.ui import hooks
from emrs_core.ui.spotify import words
from emrs_core.ui.spotify.following import FOLLOW_S
from tests.pages.harness import Dashboard
from tests.pages.spotify_world import ALL, KITCHEN, PHONE, SpotifyWorld, messages, press, search, warnings, with_list

# -- search -----------------------------------------------------------------------------------------------------------


def test_a_song_is_found_played_queued_and_liked(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect(*ALL)
    dashboard.run().open("Spotify")
    assert "Song 42" in search(dashboard, "Song 42").text()
    found = service_track(42).id
    press(dashboard, "spotify-play-0")
    assert world.service.playing is not None
    assert world.service.playing.track == service_track(42)
    press(dashboard, "spotify-queue-0")
    assert world.service.queued == [found]
    press(dashboard, "spotify-like-0")
    assert world.service.liked == [found]
    assert any("Liked" in message for message in messages(dashboard))


def test_what_is_not_allowed_yet_is_offered_but_not_pressed(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect()
    dashboard.run().open("Spotify")
    search(dashboard, "Song 42")
    assert all(dashboard.button(f"spotify-{name}-0").disabled for name in ("play", "queue", "like"))


def test_nothing_found_and_nothing_typed_are_sentences(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect()
    dashboard.run().open("Spotify")
    assert words.NO_RESULT in search(dashboard, "no such song").text()
    assert any("Type a title" in text for text in warnings(search(dashboard, "")))


def test_names_from_spotify_are_shown_unchanged_and_cannot_be_markup(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.service._songs["x"] = replace(service_track(7), title="<script>alert(1)</script>", artists=("A & B",))
    world.connect()
    dashboard.run().open("Spotify")
    text = search(dashboard, "script").text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "A &amp; B" in text
    assert "<script>alert" not in text


# -- devices ----------------------------------------------------------------------------------------------------------


def test_the_list_plays_on_the_device_chosen(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect(Step.PLAYER)
    with_list(dashboard).open("Spotify")
    (chooser,) = dashboard.app.selectbox
    assert chooser.value == KITCHEN.id  # it plays now
    chooser.select(PHONE.id)
    dashboard.run()
    press(dashboard, "spotify-play")
    songs = dashboard.session.music.songs()
    assert songs is not None
    ids = [item.track.id for item in songs.items]
    assert world.service.playing is not None
    assert world.service.playing.device == PHONE
    assert world.service.queued == ids[1:]
    assert any("Playing" in message for message in messages(dashboard))


def test_what_plays_is_shown_and_can_be_paused_and_skipped(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect(Step.PLAYER)
    world.service.playing = NowPlaying(service_track(8), True, 1000, KITCHEN)
    world.service.queued = [service_track(9).id or ""]
    text = dashboard.run().open("Spotify").text()
    assert "Playing on Kitchen" in text
    assert "Song 8" in text
    press(dashboard, "spotify-pause")
    assert world.service.playing.playing is False
    press(dashboard, "spotify-next")
    assert "Song 9" in dashboard.run().text()  # without being asked to look


def test_what_plays_is_asked_for_now_and_then_and_not_of_a_service_that_refused(
    dashboard: Dashboard, world: SpotifyWorld
) -> None:
    world.connect(Step.PLAYER)
    dashboard.run().open("Spotify")
    for _ in range(3):
        dashboard.run()
    assert world.service.calls.count("now_playing") == 1
    dashboard.clock.advance(FOLLOW_S)
    world.service.fail_with = failures.RateLimited(60.0)
    dashboard.run()
    assert world.service.calls.count("now_playing") == 2
    dashboard.run()
    dashboard.clock.advance(FOLLOW_S)
    dashboard.run()
    assert world.service.calls.count("now_playing") == 2


def test_without_a_device_or_a_list_the_page_says_what_to_do(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.service._devices = ()
    world.connect(*ALL)
    text = dashboard.run().open("Spotify").text()
    assert words.NO_DEVICE in text
    assert words.NO_LIST in text
    assert dashboard.button("spotify-play").disabled


# -- playlist ---------------------------------------------------------------------------------------------------------


def test_a_list_is_kept_once_in_order_under_a_name_without_an_emotion(
    dashboard: Dashboard, world: SpotifyWorld
) -> None:
    world.connect(Step.PLAYLIST)
    with_list(dashboard).open("Spotify")
    press(dashboard, "spotify-save")
    press(dashboard, "spotify-save")
    songs = dashboard.session.music.songs()
    assert songs is not None
    ((name, ids),) = world.service.playlists.values()
    assert ids == tuple(item.track.id for item in songs.items)
    assert not any(str(emotion) in name.lower() for emotion in EMOTIONS)
    assert "Nothing was made twice" in str(dashboard.app.success[0].value)
    assert "https://open.spotify.com/playlist/playlist1" in str(dashboard.app.success[0].value)


def test_the_name_is_the_listeners_to_choose(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect(Step.PLAYLIST)
    with_list(dashboard).open("Spotify")
    dashboard.app.text_input(key="spotify-playlist-name").set_value("For the train")
    press(dashboard, "spotify-save")
    ((name, _),) = world.service.playlists.values()
    assert name == "For the train"
    dashboard.app.text_input(key="spotify-playlist-name").set_value("  ")
    assert any("needs a name" in text for text in warnings(press(dashboard, "spotify-save")))


def test_what_was_said_of_one_list_is_not_said_of_the_next(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect(Step.PLAYLIST)
    with_list(dashboard).open("Spotify")
    assert press(dashboard, "spotify-save").app.success
    dashboard.session.music.other_songs()
    assert not dashboard.run().app.success
    press(dashboard, "spotify-save")
    assert len(world.service.playlists) == 2


def test_no_proposed_name_has_an_emotion_in_it() -> None:
    for month in range(1, 13):
        name = words.playlist_name(datetime(2026, month, 3))
        assert not any(str(emotion) in name.lower() for emotion in EMOTIONS)


# -- the listener's own songs -----------------------------------------------------------------------------------------


def test_own_songs_take_part_only_when_wanted(dashboard: Dashboard, world: SpotifyWorld) -> None:
    connection = world.connect()
    dashboard.run().open("Spotify")
    assert "saved" not in world.service.calls
    assert "top" not in world.service.calls
    dashboard.app.toggle(key="spotify-taste-on").set_value(True)
    text = dashboard.run().text()
    assert connection.familiar is not None
    assert len(connection.familiar.matched) == 2
    assert "2 songs" in text.lower()
    assert "Only at Spotify" in text
    assert "not in this catalogue" in text
    dashboard.app.toggle(key="spotify-taste-on").set_value(False)
    dashboard.run()
    assert connection.familiar is None
    assert "Only at Spotify" not in dashboard.text()


def test_own_songs_come_up_more_readily_and_no_more_after_disconnecting(
    dashboard: Dashboard, world: SpotifyWorld
) -> None:
    def listed() -> set[str]:
        songs = dashboard.session.music.other_songs()
        assert songs is not None
        return {item.track.id for item in songs.items}

    own = [service_track(number) for number in (45, 54, 56, 65)]  # a plane unit and less from the mood chosen
    world.service._top = tuple(own)
    world.connect()
    with_list(dashboard).open("Spotify")
    dashboard.app.toggle(key="spotify-taste-on").set_value(True)
    dashboard.run()
    songs = dashboard.session.music.songs()
    assert songs is not None
    with_own = {item.track.id for item in songs.items}
    press(dashboard, hooks.SPOTIFY_DISCONNECT)
    asked_for = {song.id for song in own}
    assert len(with_own & asked_for) >= 3
    assert len(listed() & asked_for) < len(with_own & asked_for)


def test_songs_that_spotify_does_not_have_are_named_and_left_out(dashboard: Dashboard, world: SpotifyWorld) -> None:
    connection = world.connect(*ALL)
    with_list(dashboard).open("Spotify")
    songs = dashboard.session.music.songs()
    assert songs is not None
    first, *others = [item.track for item in songs.items]
    connection.unknown.add(first.title)
    press(dashboard, "spotify-save")
    ((_, ids),) = world.service.playlists.values()
    assert ids == tuple(track.id for track in others)
    assert f"“{first.title}”" in str(dashboard.app.success[0].value)
    connection.unknown.update(track.title for track in others)
    assert any("none of these songs" in text for text in warnings(press(dashboard, "spotify-play")))
