"""The Live page in every state: before consent, waiting, each mood, each trouble."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emrs_core.errors import StorageError
from emrs_core.types import EMOTIONS, Emotion, LiveStats, MoodKind, MoodSource, QualityIssue
from emrs_core.ui import camera, hooks, words
from emrs_core.ui.songs_view import SHORT
from emrs_core.ui.watch import CONNECT_TIMEOUT_S
from tests.pages.harness import UNSURE, Dashboard


def test_before_consent_the_camera_is_off_and_the_panel_says_what_happens(dashboard: Dashboard) -> None:
    text = dashboard.run().text()
    assert not dashboard.stream_calls
    for needed in ("What is computed", "What is stored", "Who sees it", "not a feeling", "Article 50(3)", "diagnosis"):
        assert needed in text
    card = dashboard.part("mood")
    assert card is not None
    assert card["name"] == words.WELCOME


def test_agreeing_is_kept_and_switches_the_camera_on_for_good(dashboard: Dashboard) -> None:
    dashboard.run().agree()
    assert not dashboard.has_button(hooks.CONSENT_BUTTON)
    assert dashboard.stream_calls
    call = dashboard.stream_calls[-1]
    assert call["media_stream_constraints"]["audio"] is False
    assert call["rtc_configuration"] == {"iceServers": []}
    assert call["async_processing"] is False
    assert call["video_frame_callback"] == dashboard.feed.on_frame


def test_every_run_on_every_page_draws_the_streamer_after_consent(dashboard: Dashboard) -> None:
    dashboard.run().agree()
    before = len(dashboard.stream_calls)
    for page in ("Music", "How it works", "Your data", "Live"):
        dashboard.open(page)
    assert len(dashboard.stream_calls) == before + 4


def test_ready_asks_to_press_start(dashboard: Dashboard) -> None:
    card = dashboard.run().agree().part("mood")
    assert card is not None
    assert card["name"] == "Press Start"
    assert card["bars"] == []
    assert dashboard.part("notice") is not None


def test_waiting_looks_for_a_face(dashboard: Dashboard) -> None:
    card = dashboard.run().agree().press_start().part("mood")
    assert card is not None
    assert (card["name"], card["advice"]) == ("Waiting", "Looking for your face …")


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_an_emotion_is_named_with_bars_songs_and_curves(dashboard: Dashboard, emotion: Emotion) -> None:
    dashboard.run().agree().press_start().see(emotion)
    card, songs = dashboard.part("mood"), dashboard.part("songs")
    assert card is not None
    assert songs is not None
    assert card["name"] == words.EMOTION_NAMES[emotion]
    assert "sure" in card["advice"]
    assert [bar["name"] for bar in card["bars"] if bar["leading"]] == [words.EMOTION_NAMES[emotion]]
    assert "Overall lately" in card["slow"]
    assert len(songs["items"]) == SHORT  # the rest is on the Music page
    assert songs["heading"] == f"Songs for {words.MOODS[emotion]}"
    assert dashboard.parts("chart") == 2


def test_no_songs_and_a_reason_until_the_mood_has_settled(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.HAPPY, seconds=2)
    assert dashboard.part("songs") is None
    assert "as soon as your mood has settled" in dashboard.text()


def test_unsure_is_said_and_is_no_emotion(dashboard: Dashboard) -> None:
    card = dashboard.run().agree().press_start().see_reading(UNSURE).part("mood")
    assert card is not None
    assert card["name"] == "Not sure"
    assert not any(bar["leading"] for bar in card["bars"])


@pytest.mark.parametrize("issue", list(QualityIssue))
def test_a_poor_face_gets_advice_instead_of_a_guess(dashboard: Dashboard, issue: QualityIssue) -> None:
    card = dashboard.run().agree().press_start().see(Emotion.HAPPY, seconds=4, issues=(issue,)).part("mood")
    assert card is not None
    assert card["name"] == "Hard to see"
    assert words.ADVICE[issue] in card["advice"]


def test_nobody_there_is_a_state_and_fades_the_last_reading(dashboard: Dashboard) -> None:
    card = dashboard.run().agree().press_start().see(Emotion.SAD).see(None, seconds=3).part("mood")
    assert card is not None
    assert card["name"] == "No face"
    assert card["faded"] is True


def test_after_stop_the_last_reading_stays_and_says_so(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.SAD)
    dashboard.playing = False
    card = dashboard.run().part("mood")
    assert card is not None
    assert (card["eyebrow"], card["name"], card["faded"]) == ("Last seen", "Sad", True)


def test_the_status_line_has_rate_delay_and_drops(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start()
    dashboard.feed.stats = LiveStats(15.0, 14.6, 203.4, 120, 7)
    assert "14.6 analysed frames/s · delay 203 ms · dropped 7 of 120" in dashboard.run().text()


def test_a_connection_that_never_comes_names_the_relay(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_MODE="hosted", EMRS_ICE_SERVERS='[{"urls": "stun:stun.example.org"}]')
    dashboard.run().agree()
    dashboard.signalling = True
    dashboard.run()
    dashboard.clock.advance(CONNECT_TIMEOUT_S + 1)
    assert "no relay (TURN)" in dashboard.run().text()


def test_with_a_relay_the_network_is_named(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_ICE_SERVERS='[{"urls": "turn:turn.example.org", "username": "u", "credential": "c"}]')
    dashboard.run().agree()
    dashboard.signalling = True
    dashboard.run()
    dashboard.clock.advance(CONNECT_TIMEOUT_S + 1)
    text = dashboard.run().text()
    assert "pictures do not arrive" in text
    assert "no relay" not in text


def test_frames_that_cease_are_a_lost_connection(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start()
    dashboard.feed.stats = LiveStats(received=50)
    dashboard.run()
    dashboard.clock.advance(6)
    assert words.CONNECTION_LOST in dashboard.run().text()
    dashboard.feed.stats = replace(dashboard.feed.stats, received=51)
    assert words.CONNECTION_LOST not in dashboard.run().text()


def test_failing_frames_are_told(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start()
    dashboard.feed.stats = LiveStats(received=5, errors=2)
    assert words.FRAMES_FAIL in dashboard.run().text()


def test_a_page_that_browsers_keep_the_camera_from_says_so(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "secure_page", lambda url: False)
    text = dashboard.run().agree().text()
    assert words.CAMERA_INSECURE in text
    assert not dashboard.stream_calls


def test_a_damaged_agreement_keeps_the_camera_off_and_says_what_to_do(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Damaged:
        def get(self) -> None:
            raise StorageError("the agreement is damaged; delete it")

    monkeypatch.setattr("emrs_core.ui.state.consent_store", lambda settings, viewer: Damaged())
    assert "the agreement is damaged" in dashboard.run().text()
    assert not dashboard.stream_calls


def test_the_mode_is_said(dashboard: Dashboard) -> None:
    assert "On your own machine" in dashboard.run().text()


def test_a_guest_is_told_so(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_MODE="auto")  # this test's browser sends no Host header
    assert "Guest visit" in dashboard.run().text()


def test_every_state_of_a_mood_has_words() -> None:
    assert set(words.KIND_NAMES) | {MoodKind.EMOTION} == set(MoodKind)
    assert set(words.EMOTION_NAMES) == set(words.MOODS) == set(EMOTIONS)
    assert set(words.ADVICE) == set(QualityIssue)
    assert set(words.SOURCES) == set(MoodSource)
