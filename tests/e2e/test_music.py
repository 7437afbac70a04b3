"""The Music page in a browser: a path, opinions, the player that goes on by itself, the target by keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from emrs_core.cli.recommend import recommend
from emrs_core.types import Emotion
from emrs_core.ui import hooks
from tests.e2e.live_page import LivePage
from tests.e2e.music_page import FAST, drag, guide, plane
from tests.e2e.server import Server, running

Visit = Callable[..., LivePage]
PHONE = (390, 844)


def test_a_path_leads_from_sad_to_calm_with_a_dot_for_each_song(music: Callable[..., LivePage]) -> None:
    live = music()
    expect(plane(live, ".emrs-plane-path")).to_have_count(0)
    guide(live)
    expect(live.songs).to_contain_text("From a sad mood towards calm")
    expect(plane(live, ".emrs-plane-path")).to_have_count(1)
    expect(plane(live, ".emrs-plane-song")).to_have_count(len(live.track_ids()))
    expect(plane(live, ".emrs-plane-target")).to_be_visible()


def test_a_new_listeners_path_is_that_of_the_command_line(music: Callable[..., LivePage]) -> None:
    live = music()
    guide(live)
    line = "--emotion sad --goal guide --target calm --seed 0 --json"  # the dashboard's seed
    told = json.loads(CliRunner().invoke(recommend, line.split()).stdout)["items"]
    assert live.track_ids() == [song["id"] for song in told]
    assert live.songs.locator(".emrs-song-reason").all_text_contents() == [song["reason"] for song in told]


def test_everything_can_be_done_by_keyboard(music: Callable[..., LivePage]) -> None:
    live = music()
    press = live.page.keyboard.press
    live.part(hooks.GOAL).get_by_role("radio").first.focus()
    press("ArrowRight")
    press("Enter")
    expect(live.songs).to_contain_text("From a sad mood towards calm", timeout=20_000)
    ids = live.track_ids()
    live.song(ids[0]).locator(".emrs-song-play").focus()
    press("Enter")
    live.expect_on(ids[0])
    for _ in range(2):  # on from the play button: like, dislike
        press("Tab")
    press("Space")
    expect(live.song(ids[0]).locator(".emrs-song-dislike")).to_have_attribute("aria-pressed", "true", timeout=20_000)
    live.songs.locator(".emrs-songs-undo").focus()
    press("Enter")
    expect(live.song(ids[0]).locator(".emrs-song-dislike")).to_have_attribute("aria-pressed", "false", timeout=20_000)
    live.part(hooks.NEXT_SONG).get_by_role("button").focus()
    press("Enter")
    live.expect_on(ids[1])


def test_what_the_player_told_of_a_song_is_known_and_where_from(music: Callable[..., LivePage]) -> None:
    live = music()
    ids = live.track_ids()
    live.play(0)
    live.page.wait_for_function("window.emrsStandIn?.played.length === 1")
    live.page.wait_for_timeout(1_500)  # the player tells that it plays
    live.page.evaluate("window.emrsStandIn.hold()")  # paused by hand, in the player itself
    live.page.wait_for_timeout(1_500)
    live.part(hooks.NEXT_SONG).get_by_role("button").click()
    live.expect_on(ids[1])
    live.part(hooks.STOP_PLAYING).get_by_role("button").click()
    live.go_to("Your data")
    rows = live.part(hooks.HEARD).locator("li")
    expect(rows).to_have_count(2, timeout=30_000)
    expect(rows.filter(has_text="skipped")).to_contain_text("known from the player")


def test_a_thumb_is_kept_shown_and_taken_back(music: Callable[..., LivePage]) -> None:
    live = music()
    ids = live.track_ids()
    thumb = live.song(ids[0]).locator(".emrs-song-like")
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true", timeout=20_000)
    undo = live.songs.locator(".emrs-songs-undo")
    expect(undo).to_contain_text("Undo: liked")
    undo.click()
    expect(thumb).to_have_attribute("aria-pressed", "false", timeout=20_000)
    live.song(ids[1]).locator(".emrs-song-dislike").click()
    expect(undo).to_contain_text("disliked", timeout=20_000)
    assert live.track_ids() == ids, "nobody's list changes because they say what they think of it"
    live.go_to("Your taste")
    expect(live.part(hooks.TASTE_FACTS)).to_contain_text("From 1 × disliked", timeout=30_000)


def test_the_next_song_begins_at_the_end_of_one_and_is_counted(music: Callable[..., LivePage]) -> None:
    live = music()
    ids = live.track_ids()
    live.play(0)
    live.page.wait_for_function("window.emrsStandIn?.played.length === 1")
    live.page.evaluate(f"window.emrsStandIn.speed = {FAST}")
    live.page.wait_for_function("window.emrsStandIn.played.length >= 2", timeout=30_000)
    live.page.evaluate("window.emrsStandIn.speed = 1")
    played = live.page.evaluate("window.emrsStandIn.played")
    assert played[:2] == [f"spotify:track:{track_id}" for track_id in ids[:2]]
    live.go_to("Your taste")
    expect(live.part(hooks.TASTE_FACTS)).to_contain_text("heard to the end", timeout=30_000)
    assert live.page.evaluate("window.emrsStandIn.played") == played, "the music went on while pages changed"


def test_going_on_early_counts_as_a_skip(music: Callable[..., LivePage]) -> None:
    live = music()
    ids = live.track_ids()
    live.play(0)
    live.page.wait_for_function("window.emrsStandIn?.played.length === 1")
    live.expect_whole()  # the server has heard that it plays
    live.part(hooks.NEXT_SONG).get_by_role("button").click()
    live.expect_on(ids[1])
    live.go_to("Your taste")
    expect(live.part(hooks.TASTE_FACTS)).to_contain_text("From 1 × skipped", timeout=30_000)


def test_the_target_moves_by_keyboard_and_keeps_the_focus(music: Callable[..., LivePage]) -> None:
    live = music()
    guide(live)
    handle = plane(live, ".emrs-plane-target")
    handle.focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowRight"):
        before, said = live.track_ids(), handle.get_attribute("aria-valuetext")
        live.page.keyboard.press(key)
        assert handle.get_attribute("aria-valuetext") != said
        live.until(lambda before=before: live.track_ids() != before, 20_000, "another list")
    assert handle.evaluate("e => e === document.activeElement"), "the handle keeps the focus"


def test_mood_and_target_are_dragged_each_by_its_own_handle(music: Callable[..., LivePage]) -> None:
    live = music()
    guide(live)
    mood, target = plane(live, ".emrs-plane-mood"), plane(live, ".emrs-plane-target")
    before, aim = live.track_ids(), target.get_attribute("aria-valuetext")
    drag(live, mood, (40, -120))
    live.until(lambda: live.track_ids() != before, 20_000, "songs for the mood that was dragged")
    assert target.get_attribute("aria-valuetext") == aim
    expect(live.songs).to_contain_text("towards calm")
    expect(live.songs).not_to_contain_text("From a sad mood")


def test_filters_that_leave_nothing_say_which_to_loosen(music: Callable[..., LivePage]) -> None:
    live = music()
    live.part(hooks.FILTERS).get_by_role("button").click()
    live.page.get_by_test_id("stPopoverBody").get_by_text("1950s").click()
    live.page.get_by_test_id("stPopoverBody").get_by_role("combobox").click()
    live.page.get_by_role("option", name="electronic").or_(live.page.get_by_role("option", name="edm")).first.click()
    expect(live.songs).to_contain_text("No song is left", timeout=20_000)
    live.page.keyboard.press("Escape")
    live.page.keyboard.press("Escape")
    live.part(hooks.LOOSEN).get_by_role("button").click()
    live.expect_songs()


def test_without_the_players_script_the_plain_embed_says_what_it_cannot_know(
    visit: Visit, house: Server, player_script: str
) -> None:
    live = visit(url=f"{house.url}/music")
    live.page.context.route(player_script, lambda route: route.abort())
    live.part(hooks.hand_button(Emotion.HAPPY)).get_by_role("button").click(timeout=30_000)
    live.expect_songs()
    empty = live.part(hooks.PLAYER).bounding_box()
    track_id = live.play(0)
    frame = live.part(hooks.PLAYER).locator("iframe")
    expect(frame).to_have_attribute("src", f"https://open.spotify.com/embed/track/{track_id}", timeout=20_000)
    expect(live.part(hooks.PLAYER).locator(".emrs-player-note")).to_contain_text("player", timeout=20_000)
    assert live.part(hooks.PLAYER).bounding_box() == empty, "there was room for its words"


def test_two_tabs_of_the_owner_lose_nothing(
    visit: Visit, tmp_path_factory: pytest.TempPathFactory, player_script: str
) -> None:
    home: Path = tmp_path_factory.mktemp("owner")
    settings = {"EMRS_MODE": "local", "EMRS_ICE_SERVERS": "[]", "EMRS_SPOTIFY_EMBED_API_URL": player_script}
    with running(home, **settings) as server:
        tabs = [visit(url=f"{server.url}/music") for _ in range(2)]
        for tab in tabs:
            tab.part(hooks.hand_button(Emotion.HAPPY)).get_by_role("button").click(timeout=30_000)
            tab.expect_songs()
        for place, tab in enumerate(tabs):
            tab.songs.locator(".emrs-song-like").nth(place).click()
        for tab in tabs:
            expect(tab.songs.locator(".emrs-songs-undo")).to_contain_text("liked", timeout=20_000)
        tabs[0].go_to("Your taste")
        expect(tabs[0].part(hooks.TASTE_FACTS)).to_contain_text("From 2 × liked", timeout=30_000)
        assert (server.data_dir / "taste.sqlite").exists()


def test_on_a_phone_nothing_is_cut_off_and_a_tap_sets_the_target(music: Callable[..., LivePage]) -> None:
    live = music(size=PHONE)
    guide(live)
    width = live.page.evaluate("document.scrollingElement.scrollWidth")
    assert width <= PHONE[0]
    before = live.track_ids()
    plane(live, "svg").click(position={"x": 250, "y": 60})
    live.until(lambda: live.track_ids() != before, 20_000, "songs for the new target")
    expect(live.part(hooks.AIM)).to_contain_text("My own point")
