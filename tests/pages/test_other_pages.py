"""Music, How it works, Your data, and what all pages share: navigation, player, wall."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from emrs_core.consent import CONSENT_VERSION
from emrs_core.listening import PlayerReport, PlayerState
from emrs_core.music.wish import DEFAULT_SONGS
from emrs_core.segments import SegmentSource
from emrs_core.types import Emotion
from emrs_core.ui import about_page, heard_view, hooks, music_page, navigation, privacy_page, wall
from emrs_core.ui.wishes import Length
from tests.pages.harness import PAGES, Dashboard


@pytest.mark.parametrize("page", PAGES)
def test_every_page_draws_for_a_newcomer(dashboard: Dashboard, page: str) -> None:
    dashboard.run().open(page)
    assert "failed" not in dashboard.text()


def test_the_pages_are_ours_alone() -> None:
    """A folder called pages beside the entry script would be taken for Streamlit's older way of making pages."""
    assert not (navigation.ROOT / "emrs_core" / "ui" / "pages").exists()
    assert {path.stem for path in (navigation.ROOT / "pages").glob("*.py")} == set(PAGES.values())


# -- Music -----------------------------------------------------------------------------------------------------------


def test_music_shows_the_list_in_full_and_the_songs_on_the_plane(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.HAPPY).open("Music")
    songs = dashboard.part("songs")
    assert songs is not None
    assert len(songs["items"]) == DEFAULT_SONGS
    assert {"n", "title", "artist", "by", "reason", "url"} <= set(songs["items"][0])
    plane = dashboard.part("plane")
    assert plane is not None
    assert [dot["n"] for dot in plane["songs"]] == [song["n"] for song in songs["items"]]


def test_the_list_can_be_longer_or_shorter(dashboard: Dashboard) -> None:
    dashboard.run().open("Music")
    dashboard.button(hooks.hand_button(Emotion.HAPPY)).click()
    dashboard.run()
    for size in (5, 20):
        dashboard.app.selectbox(key=hooks.LIST_SIZE).set_value(Length(songs=size))
        dashboard.run()
        songs = dashboard.part("songs")
        assert songs is not None
        assert len(songs["items"]) == size


def test_other_songs_for_the_same_mood_are_one_click_away(dashboard: Dashboard) -> None:
    dashboard.run().open("Music")
    dashboard.button(hooks.hand_button(Emotion.HAPPY)).click()
    before = dashboard.run().part("songs")
    dashboard.button(hooks.OTHER_SONGS).click()
    after = dashboard.run().part("songs")
    assert before is not None
    assert after is not None
    assert after["heading"] == before["heading"]
    assert not {song["id"] for song in before["items"]} & {song["id"] for song in after["items"]}


def test_before_a_mood_music_says_how_to_get_songs(dashboard: Dashboard) -> None:
    assert "once there is a mood" in dashboard.run().open("Music").text()


# -- player ----------------------------------------------------------------------------------------------------------


def test_nothing_plays_at_first(dashboard: Dashboard) -> None:
    assert dashboard.run().part("player") is None


def test_a_song_plays_on_every_page_until_stopped(dashboard: Dashboard) -> None:
    dashboard.run()
    track = dashboard.session.choose_mood(dashboard.catalogue_point()).items[0].track
    dashboard.session.music.play(track.id)
    for page in PAGES:
        player = dashboard.open(page).part("player")
        assert player is not None
        assert player["uri"] == f"spotify:track:{track.id}"
        assert player["embed"] == f"https://open.spotify.com/embed/track/{track.id}"
    dashboard.button(hooks.STOP_PLAYING).click()
    assert dashboard.run().part("player") is None
    assert dashboard.session.music.playing() is None


def test_the_list_marks_what_plays(dashboard: Dashboard) -> None:
    dashboard.run()
    track = dashboard.session.choose_mood(dashboard.catalogue_point()).items[2].track
    dashboard.session.music.play(track.id)
    songs = dashboard.run().part("songs")
    assert songs is not None
    assert songs["playing"] == track.id


# -- How it works ----------------------------------------------------------------------------------------------------


def test_about_has_five_steps_and_the_limits(dashboard: Dashboard) -> None:
    text = dashboard.run().open("How it works").text()
    for title, _ in about_page.STEPS:
        assert title in text
    assert len(about_page.STEPS) == 5
    assert "not a feeling" in text
    assert not dashboard.app.metric  # the network's figures have a page of their own


# -- Your data -------------------------------------------------------------------------------------------------------


def test_your_data_says_where_the_agreement_is_and_when_it_was_given(dashboard: Dashboard, tmp_path: Path) -> None:
    text = dashboard.run().agree().open("Your data").text()
    assert str(tmp_path / "consent.json") in text
    assert f"version **{CONSENT_VERSION}**" in text
    assert json.loads((tmp_path / "consent.json").read_text())["version"] == CONSENT_VERSION


def test_a_guest_leaves_nothing_on_disk(dashboard: Dashboard, tmp_path: Path) -> None:
    dashboard.environment(EMRS_MODE="hosted")
    text = dashboard.run().agree().press_start().see(Emotion.SAD).open("Your data").text()
    assert "this server's memory" in text
    assert not list(tmp_path.iterdir())


def test_withdrawing_switches_the_camera_off_and_forgets(dashboard: Dashboard, tmp_path: Path) -> None:
    dashboard.run().agree().press_start().see(Emotion.SAD).open("Your data")
    drawn = len(dashboard.stream_calls)
    dashboard.button(hooks.WITHDRAW).click()
    dashboard.run()
    assert dashboard.feed.closed
    assert not (tmp_path / "consent.json").exists()
    assert dashboard.session.history() == ()
    assert "You have not agreed" in dashboard.text()
    dashboard.open("Live")
    assert dashboard.has_button(hooks.CONSENT_BUTTON)
    assert len(dashboard.stream_calls) <= drawn + 1  # the run that noticed the click had drawn it already


def test_a_damaged_agreement_can_be_withdrawn(dashboard: Dashboard, tmp_path: Path) -> None:
    (tmp_path / "consent.json").write_text("{broken")
    assert "but it is damaged" in dashboard.run().open("Your data").text()
    dashboard.button(hooks.WITHDRAW).click()
    assert "but it is damaged" not in dashboard.run().text()
    assert not (tmp_path / "consent.json").exists()


def test_erasing_empties_the_visit(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.SAD).open("Your data")
    assert "holds **0 readings**" not in dashboard.text()
    dashboard.button(hooks.ERASE).click()
    assert "holds **0 readings**" in dashboard.run().text()
    assert dashboard.session.songs() is None


def test_your_data_shows_the_songs_that_were_on_and_where_that_is_known_from(dashboard: Dashboard) -> None:
    assert "None yet." in dashboard.run().open("Your data").text()
    music = dashboard.session.music
    first, second, third = dashboard.catalogue.tracks()[:3]
    for track, heard_s in ((first, None), (second, 4.0), (third, None)):
        music.play(track.id)
        dashboard.clock.advance(75)
        playing = music.playing()
        assert playing is not None
        if heard_s is not None:
            music.player_said(PlayerReport(playing.turn, PlayerState.PLAYING, heard_s, 200.0))
    dashboard.run()
    titles, facts = (
        re.findall(rf'<span class="emrs-row-{part}">(.*?)</span>', dashboard.text()) for part in ("title", "facts")
    )
    assert titles == [third.title, second.title, first.title]
    assert [fact.split(" · ")[0] for fact in facts] == ["on now", "skipped", "1:15 min"]
    assert all("1:15 min" in fact for fact in facts)
    sources = [fact.split(" · ")[-1] for fact in facts]
    assert sources == ["known from your click", "known from the player", "known from your click"]
    content = json.loads(privacy_page.export_json(dashboard.app.session_state["emrs-visit"]))
    assert [song["track_id"] for song in content["songs"]] == [first.id, second.id, third.id], "the one that is on too"
    dashboard.button(hooks.ERASE).click()
    assert "None yet." in dashboard.run().text()


def test_every_source_of_a_segment_has_words() -> None:
    assert set(heard_view.SOURCES) == set(SegmentSource)


def test_the_export_holds_agreement_and_every_reading(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.SAD, seconds=5)
    song = dashboard.catalogue.tracks()[0]
    dashboard.session.music.play(song.id)
    dashboard.clock.advance(7)
    dashboard.session.music.stop_playing()
    content = json.loads(privacy_page.export_json(dashboard.app.session_state["emrs-visit"]))
    assert content["mode"] == "local"
    assert content["consent"]["version"] == CONSENT_VERSION
    assert len(content["readings"]) == len(dashboard.session.history(max_points=10_000))
    assert content["readings"][-1]["mood"] == "sad"
    (on,) = content["songs"]
    assert (on["track_id"], on["source"], on["skipped"]) == (song.id, "click", False)
    assert on["ended_s"] - on["began_s"] == pytest.approx(7)
    assert set(content["readings"][-1]["raw"]) == {str(emotion) for emotion in Emotion}


# -- the wall --------------------------------------------------------------------------------------------------------


def test_an_unexpected_error_is_one_calm_sentence_and_one_line_in_the_log(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(visit: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(wall, "_logged", set())
    monkeypatch.setattr(music_page, "draw_songs", broken)
    text = dashboard.run().open("Music").text()
    assert "This part of the page failed" in text
    assert "secret detail" not in text
    assert "How do you feel?" in text  # the rest is there
    dashboard.run()
    assert sum("drawing songs failed" in record.message for record in caplog.records) == 1


def test_a_setting_that_cannot_be_used_is_named(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_MODE="both")
    assert "EMRS_MODE must be auto, local or hosted" in dashboard.run().text()
