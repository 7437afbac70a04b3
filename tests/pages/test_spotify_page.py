"""The Spotify page in every state, and what a connected listener finds on other pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from emrs_core.errors import EmrsError, StorageError
from emrs_core.music.spotify import failures
from emrs_core.music.spotify.outcomes import SENTENCES, Outcome
from emrs_core.music.spotify.scopes import Step
from emrs_core.settings import Mode
from emrs_core.streaming import NowPlaying
from emrs_core.testing.music_service import service_track
from emrs_core.types import EMOTIONS, Emotion
from emrs_core.ui import hooks, parking
from emrs_core.ui.spotify import browser, setup, words
from emrs_core.ui.spotify.badge import SHOWN_S
from emrs_core.ui.spotify.devices import FOLLOW_S
from emrs_core.ui.spotify.way_in import login_address
from tests.pages.harness import Dashboard
from tests.pages.spotify_world import KITCHEN, PHONE, SpotifyWorld

ALL = (Step.PLAYER, Step.PLAYLIST, Step.LIKE)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> SpotifyWorld:
    """A dashboard with a Client ID, and nobody connected."""
    return SpotifyWorld(monkeypatch)


def with_list(dashboard: Dashboard) -> Dashboard:
    dashboard.run()
    dashboard.session.choose_mood(dashboard.catalogue_point())
    return dashboard


def press(dashboard: Dashboard, key: str) -> Dashboard:
    dashboard.button(key).click()
    return dashboard.run()


def messages(dashboard: Dashboard) -> list[str]:
    return [str(toast.value) for toast in dashboard.app.toast]


def warnings(dashboard: Dashboard) -> list[str]:
    return [str(warning.value) for warning in dashboard.app.warning]


# -- before there is a Client ID -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(Mode)[1:])
def test_without_a_client_id_the_page_walks_through_getting_one(
    dashboard: Dashboard, world: SpotifyWorld, mode: Mode
) -> None:
    world.configured = False
    dashboard.environment(EMRS_MODE=str(mode))
    text = dashboard.run().open("Spotify").text()
    for needed in (
        "Create app",
        "Give it this address",
        "Client ID",
        "Premium",
        "five",
        "User management",
        setup.INTRO[mode],
    ):
        assert needed in text
    assert "spotify/login" not in text  # no dead button
    code = [element.value for element in dashboard.app.code]
    assert any(setup.SETTING in value for value in code)


def test_the_setup_shows_the_exact_address_to_paste(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    setup_of = setup.Address("http://127.0.0.1:8501/spotify/callback", "http://127.0.0.1:8501/spotify")
    monkeypatch.setattr("emrs_core.ui.spotify_page.address_of", lambda url: setup_of)
    text = dashboard.run().open("Spotify").text()
    assert setup_of.redirect_uri in [element.value for element in dashboard.app.code]
    assert "refuses the name `localhost`" in text
    monkeypatch.setattr("emrs_core.ui.spotify_page.address_of", lambda url: setup.Address(None))
    dashboard.run()
    assert setup.INSECURE in warnings(dashboard)


# -- connect ---------------------------------------------------------------------------------------------------------


def test_connecting_is_a_plain_link_that_asks_for_little(dashboard: Dashboard, world: SpotifyWorld) -> None:
    text = dashboard.run().open("Spotify").text()
    ticket = dashboard.app.session_state["emrs-visit"].spotify.ticket
    address = login_address(ticket, Step.LISTEN)
    assert f'href="{address.replace("&", "&amp;")}"' in text
    assert "resume=" in address
    assert "connect" in text.lower()
    assert hooks.SPOTIFY_DISCONNECT not in [button.key for button in dashboard.app.button]


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in (Outcome.CONNECTED, Outcome.DISCONNECTED)])
def test_how_a_login_ended_is_said_for_a_while(dashboard: Dashboard, world: SpotifyWorld, outcome: Outcome) -> None:
    world.outcome = outcome
    dashboard.run().open("Spotify")
    assert SENTENCES[outcome] in warnings(dashboard)
    assert SENTENCES[outcome] in warnings(dashboard.run())
    dashboard.clock.advance(SHOWN_S + 1)
    assert SENTENCES[outcome] not in warnings(dashboard.run())


def test_a_login_that_worked_is_said_in_passing(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect()
    world.outcome = Outcome.CONNECTED
    assert SENTENCES[Outcome.CONNECTED] in messages(dashboard.run())


def test_an_unknown_word_in_the_address_is_nothing(dashboard: Dashboard) -> None:
    dashboard.app.query_params["connect"] = "<b>hello</b>"
    dashboard.run()
    assert "hello" not in dashboard.text()
    assert "connect" not in dashboard.app.query_params


# -- who is connected ------------------------------------------------------------------------------------------------


def test_who_is_connected_stands_on_every_page(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect()
    dashboard.run()
    for page in ("Live", "Spotify", "Your data"):
        assert "Spotify: Ada &lt;Lovelace&gt;" in dashboard.open(page).text()
    world.connection = None
    assert "Spotify: Ada" not in dashboard.run().text()


def test_each_permission_has_its_reason_and_its_own_way_in(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect()
    text = with_list(dashboard).open("Spotify").text()
    for step in Step:
        assert words.PERMISSIONS[step].reason in text
        assert (f"step={step}&amp;" in text) == (step is not Step.LISTEN)
    world.connect(*ALL)
    assert "spotify/login" not in dashboard.run().text()


def test_disconnecting_says_what_was_erased_and_lets_the_browser_drop_its_cookie(
    dashboard: Dashboard, world: SpotifyWorld
) -> None:
    world.connect(*ALL)
    with_list(dashboard).open("Spotify")
    text = press(dashboard, hooks.SPOTIFY_DISCONNECT).text()
    assert world.disconnected == 1
    assert [str(message.value) for message in dashboard.app.success] == [words.DISCONNECTED]
    assert dashboard.parts("farewell") == 1
    assert "emrs-connect" in text
    assert "Ada" not in text
    assert not dashboard.app.session_state["emrs-visit"].spotify.calls.asked("devices")


def test_a_connection_that_cannot_be_read_is_said_and_leaves_the_other_pages_alone(
    dashboard: Dashboard, world: SpotifyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise StorageError("The kept connection is damaged. Connect again.")

    monkeypatch.setattr(browser, "connected", damaged)
    assert "damaged" in dashboard.run().open("Spotify").text()
    assert "damaged" not in dashboard.open("Live").text()


# -- search ----------------------------------------------------------------------------------------------------------


def search(dashboard: Dashboard, title: str, artist: str = "") -> Dashboard:
    dashboard.app.text_input(key="spotify-title").set_value(title)
    dashboard.app.text_input(key="spotify-artist").set_value(artist)
    next(button for button in dashboard.app.button if button.label == "Search").click()
    return dashboard.run()


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


# -- devices ---------------------------------------------------------------------------------------------------------


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


# -- playlist --------------------------------------------------------------------------------------------------------


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


# -- the listener's own songs ----------------------------------------------------------------------------------------


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
    assert with_own >= {song.id for song in own}
    assert not listed() & {song.id for song in own}


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


# -- failures --------------------------------------------------------------------------------------------------------

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


# -- other pages -----------------------------------------------------------------------------------------------------


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


# -- back from a login -----------------------------------------------------------------------------------------------


def test_the_visit_is_there_again_after_a_login(dashboard: Dashboard, world: SpotifyWorld) -> None:
    parking.visits.cache_clear()
    dashboard.environment(EMRS_MODE="hosted")
    dashboard.run().agree().press_start().see(Emotion.HAPPY).open("Spotify")
    left = dashboard.app.session_state["emrs-visit"]
    session, agreed, songs = left.session, left.consent.get(), left.session.music.songs()
    world.ticket = left.spotify.ticket
    parking.visits().hold(world.ticket)  # as the route of the link does
    world.connect()

    dashboard.come_back()
    visit = dashboard.app.session_state["emrs-visit"]
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
