"""The Music page: what the person wants, the plane with the way on it, the queue, the player's word, gentle offers."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from emrs_core.affect import EMOTION_POINTS
from emrs_core.cli.recommend import recommend
from emrs_core.errors import UsageError
from emrs_core.listening import PlayerReport, PlayerState
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.music.wish import Wish
from emrs_core.session import ListenerSession
from emrs_core.testing.clock import FakeClock
from emrs_core.types import AffectPoint, Emotion, Track
from emrs_core.ui import hooks, plane_view, player, songs_view, words
from tests.pages.harness import Dashboard, ScriptedAnalyser


def sad(dashboard: Dashboard) -> Dashboard:
    dashboard.run().open("Music")
    dashboard.button(hooks.hand_button(Emotion.SAD)).click()
    return dashboard.run()


def test_before_a_mood_one_can_tap_a_place_or_choose_a_word(dashboard: Dashboard) -> None:
    text = dashboard.run().open("Music").text()
    plane = dashboard.part("plane")
    assert "How do you feel?" in text
    assert plane is not None
    assert (plane["mood"], plane["target"], plane["songs"], plane["path"]) == (None, None, [], [])
    assert len(plane["emotions"]) == 7


def test_guide_draws_a_path_with_a_dot_for_each_song(dashboard: Dashboard) -> None:
    sad(dashboard)
    dashboard.app.segmented_control(key=hooks.GOAL).set_value(Goal.GUIDE)
    plane, songs = dashboard.run().part("plane"), dashboard.part("songs")
    assert plane is not None
    assert songs is not None
    assert plane["target"] == {"v": NAMED_TARGETS["calm"].valence, "a": NAMED_TARGETS["calm"].arousal}
    assert len(plane["path"]) == len(songs["items"]) + 1  # from where one is
    assert len(plane["songs"]) == len(songs["items"])
    assert songs["heading"] == "From a sad mood towards calm"
    assert songs["way"] is True


def test_the_path_is_laid_anew_after_a_song_from_the_mood_then_seen(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.SAD, seconds=30)
    dashboard.open("Music").app.segmented_control(key=hooks.GOAL).set_value(Goal.GUIDE)
    music, before = dashboard.run().session.music, dashboard.part("plane")
    songs = music.songs()
    assert before is not None
    assert songs is not None
    music.play(songs.items[0].track.id)
    dashboard.see(Emotion.NEUTRAL, seconds=60)
    during, playing = dashboard.run().part("plane"), music.playing()
    assert during is not None
    assert during["path"] == before["path"], "not within a song"
    assert playing is not None
    music.player_said(PlayerReport(playing.turn, PlayerState.ENDED, 200.0, 200.0))
    after, listed = dashboard.run().part("plane"), dashboard.part("songs")
    assert after is not None
    assert listed is not None
    assert after["path"][:2] == before["path"][:2], "what was heard stays"
    assert after["path"][2][0] > before["path"][2][0], "half-way to the mood then seen"
    assert [dot["state"] for dot in after["songs"][:2]] == ["heard", "on"]
    assert not listed["asked"], "it waits while somebody points at the list"


def test_an_aim_by_name_and_a_length_change_the_list(dashboard: Dashboard) -> None:
    sad(dashboard)
    dashboard.app.segmented_control(key=hooks.GOAL).set_value(Goal.CONTRAST)
    assert dashboard.run().session.music.wish.goal is Goal.CONTRAST
    dashboard.app.pills(key=hooks.AIM).set_value("energy")
    assert dashboard.run().session.music.wish.target == NAMED_TARGETS["energy"]
    songs = dashboard.part("songs")
    assert songs is not None
    assert songs["heading"] == "A change from a sad mood"
    assert songs["way"] is False


def test_filters_are_taken_counted_and_cleared(dashboard: Dashboard) -> None:
    sad(dashboard)
    dashboard.app.multiselect(key="filter-genres").set_value(["rock"])
    dashboard.app.slider(key="filter-tempo").set_value((60, 220))
    filters = dashboard.run().session.music.wish.filters
    assert filters.genres == frozenset({"rock"})
    assert filters.tempo == (60.0, 400.0)
    songs = dashboard.session.songs()
    assert songs is not None
    assert {item.track.genre for item in songs.items} == {"rock"}
    dashboard.button(hooks.CLEAR_FILTERS).click()
    assert dashboard.run().session.music.wish.filters == Filters()


def test_filters_that_leave_nothing_name_the_one_to_loosen(dashboard: Dashboard) -> None:
    sad(dashboard)
    dashboard.session.music.set_wish(Wish(filters=Filters(genres=frozenset({"polka"}))))
    text = dashboard.run().text()
    assert "No song is left with these filters: genre polka." in text
    assert dashboard.part("songs") is None
    dashboard.button(hooks.LOOSEN).click()
    assert dashboard.run().part("songs") is not None


def test_the_controls_keep_what_was_wished_while_other_pages_are_looked_at(dashboard: Dashboard) -> None:
    sad(dashboard)
    dashboard.session.music.set_wish(Wish(Goal.GUIDE, AffectPoint(0.1, 0.6), songs=7))
    dashboard.open("Live").open("Music")
    assert dashboard.app.segmented_control(key=hooks.GOAL).value is Goal.GUIDE
    assert dashboard.app.selectbox(key=hooks.LIST_SIZE).value.songs == 7
    assert dashboard.app.pills(key=hooks.AIM).value == "own"


def test_a_dragged_target_guides_and_a_dragged_mood_is_ones_own_word(dashboard: Dashboard) -> None:
    dashboard.run()
    plane_view.feel(dashboard.session, AffectPoint(-0.5, -0.2))
    assert dashboard.session.mood_point() == AffectPoint(-0.5, -0.2)
    plane_view.aim(dashboard.session, AffectPoint(0.3, 0.3))
    songs = dashboard.session.songs()
    assert songs is not None
    assert (songs.wish.goal, songs.target) == (Goal.GUIDE, AffectPoint(0.3, 0.3))
    assert plane_view.read_point({"valence": 0.5, "arousal": -1}) == AffectPoint(0.5, -1.0)
    assert plane_view.read_point(None) is None
    with pytest.raises(UsageError):
        plane_view.read_point({"valence": 3, "arousal": 0})


def test_opinions_are_marked_and_can_be_taken_back(dashboard: Dashboard) -> None:
    sad(dashboard)
    music = dashboard.session.music
    songs = dashboard.session.songs()
    assert songs is not None
    track = songs.items[1].track
    songs_view.rate(music, {"id": track.id, "kind": "like"})
    songs_view.rate(music, None)
    drawn = dashboard.run().part("songs")
    assert drawn is not None
    assert drawn["marks"] == {track.id: "like"}
    assert drawn["undo"] == f"liked “{track.title}”"
    songs_view.take_back(music)
    drawn = dashboard.run().part("songs")
    assert drawn is not None
    assert (drawn["marks"], drawn["undo"]) == ({}, None)


def test_a_year_that_is_not_known_is_not_shown() -> None:
    track = CsvCatalogue.builtin().tracks()[0]
    assert songs_view.by(track) == f"{track.artist} · {track.year}"
    assert songs_view.by(replace(track, year=0)) == track.artist


def test_every_opinion_has_words() -> None:
    assert set(words.OPINIONS) == set(FeedbackKind)
    assert set(words.GOALS) == set(Goal)
    assert set(words.AIMS) <= set(NAMED_TARGETS)


def test_the_live_page_shows_what_comes_next(dashboard: Dashboard) -> None:
    sad(dashboard)
    songs = dashboard.session.songs()
    assert songs is not None
    dashboard.open("Live")
    for place, first in ((0, 1), (5, 1), (6, 7), (11, 7)):
        dashboard.session.music.play(songs.items[place].track.id)
        short = dashboard.run().part("songs")
        assert short is not None
        assert [song["n"] for song in short["items"]] == list(range(first, first + 6)), "it turns like a page"
    dashboard.session.music.set_wish(Wish(songs=8))
    shown = dashboard.session.songs()
    assert shown is not None
    dashboard.session.music.play(shown.items[7].track.id)
    short = dashboard.run().part("songs")
    assert short is not None
    assert [song["n"] for song in short["items"]] == [3, 4, 5, 6, 7, 8], "never a stump"


def test_what_could_not_be_kept_is_said(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard.session.music._keeping, "problem", "Could not write wish.json: no space left.")
    assert "no space left" in dashboard.run().open("Music").text()


# -- the player's word -----------------------------------------------------------------------------------------------


def test_a_report_is_read_or_refused() -> None:
    value = {"turn": 3, "state": "paused", "position_s": 12.5, "duration_s": 200}
    assert player.read_report(value) == PlayerReport(3, PlayerState.PAUSED, 12.5, 200.0)
    assert player.read_report(None) is None
    for broken in ({"turn": 3}, {**value, "state": "flying"}, {**value, "position_s": None}, "playing"):
        with pytest.raises(UsageError, match="from the player"):
            player.read_report(broken)


def test_next_goes_to_the_next_song_of_the_list(dashboard: Dashboard) -> None:
    sad(dashboard)
    songs = dashboard.session.songs()
    assert songs is not None
    dashboard.session.music.play(songs.items[0].track.id)
    dashboard.run().button(hooks.NEXT_SONG).click()
    drawn = dashboard.run().part("player")
    assert drawn is not None
    assert drawn["uri"] == f"spotify:track:{songs.items[1].track.id}"
    assert drawn["turn"] == 2


def test_a_song_without_an_id_at_spotify_says_so(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(player, "can_embed", lambda track_id: False)
    sad(dashboard)
    songs = dashboard.session.songs()
    assert songs is not None
    dashboard.session.music.play(songs.items[0].track.id)
    assert "id of this song is not known" in dashboard.run().text()
    assert dashboard.part("player") is None
    assert dashboard.has_button(hooks.NEXT_SONG)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_offer_is_made_in_the_dock_and_answered(dashboard: Dashboard, answer: str) -> None:
    sad(dashboard)
    music = dashboard.session.music
    songs = dashboard.session.songs()
    assert songs is not None
    music.play(songs.items[0].track.id)
    for valence in (0.3, 0.1, 0.0, -0.2):
        music.see(AffectPoint(valence, 0.0))
        playing = music.playing()
        assert playing is not None
        music.player_said(PlayerReport(playing.turn, PlayerState.ENDED, 200.0, 200.0))
    assert "Shall it go on towards calm?" in dashboard.run().text()
    dashboard.button(f"{hooks.ADVICE}-{answer}").click()
    assert "Shall it go on" not in dashboard.run().text()
    assert (music.wish.goal is Goal.GUIDE) == (answer == "yes")
    assert music.playing() is not None


# -- the same songs as on the command line ---------------------------------------------------------------------------


def test_a_new_listeners_list_is_that_of_the_command_line_with_the_same_seed() -> None:
    session = ListenerSession(ScriptedAnalyser(), CsvCatalogue.builtin(), FakeClock(), seed=1)
    session.music.set_wish(Wish(Goal.GUIDE, NAMED_TARGETS["calm"], songs=8))
    songs = session.choose_mood(EMOTION_POINTS[Emotion.SAD], Emotion.SAD)
    assert songs is not None
    shown = songs_view.song_data(songs, session.music)["items"]
    line = "--emotion sad --goal guide --target calm -n 8 --seed 1 --json"
    told = json.loads(CliRunner().invoke(recommend, line.split()).stdout)["items"]
    assert [(song["id"], song["reason"]) for song in shown] == [(song["id"], song["reason"]) for song in told]
    assert len(shown) == 8


def test_a_wish_before_or_after_the_mood_gives_the_same_list() -> None:
    def listed(first_the_wish: bool) -> list[Track]:
        session = ListenerSession(ScriptedAnalyser(), CsvCatalogue.builtin(), FakeClock(), seed=1)
        steps = [
            lambda: session.music.set_wish(Wish(Goal.GUIDE, songs=8)),
            lambda: session.choose_mood(EMOTION_POINTS[Emotion.SAD]),
        ]
        for step in steps if first_the_wish else reversed(steps):
            step()
        songs = session.songs()
        assert songs is not None
        return [item.track for item in songs.items]

    assert listed(True) == listed(False)
