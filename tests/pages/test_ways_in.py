"""A mood told without the live camera: by hand, by a snapshot, by a photo."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from emrs_core.types import Emotion, MoodSource, QualityIssue
from emrs_core.ui import hooks, words
from tests.pages.harness import UNSURE, Dashboard


def picture_file() -> bytes:
    return cv2.imencode(".png", np.full((48, 64, 3), 90, np.uint8))[1].tobytes()


def test_by_hand_needs_no_consent_and_gives_songs_at_once(dashboard: Dashboard) -> None:
    dashboard.run()
    dashboard.app.segmented_control(key=hooks.WAY_IN).set_value("By hand")
    dashboard.run()
    dashboard.button(hooks.hand_button(Emotion.SAD)).click()
    dashboard.run()
    card, songs = dashboard.part("mood"), dashboard.part("songs")
    assert card is not None
    assert songs is not None
    assert (card["eyebrow"], card["name"]) == ("You chose", "Sad")
    assert songs["asked"] is True
    assert not dashboard.stream_calls


def test_the_sliders_choose_a_place(dashboard: Dashboard) -> None:
    dashboard.run()
    dashboard.app.segmented_control(key=hooks.WAY_IN).set_value("By hand")
    dashboard.run()
    dashboard.app.slider(key="hand-valence").set_value(0.6)
    dashboard.app.slider(key="hand-arousal").set_value(-0.4)
    next(button for button in dashboard.app.button if button.label == "Songs for this place").click()
    dashboard.run()
    songs = dashboard.session.songs()
    assert songs is not None
    assert (songs.target.valence, songs.target.arousal) == (0.6, -0.4)


def test_a_choice_outranks_the_camera_until_it_is_given_back(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.HAPPY)
    dashboard.app.segmented_control(key=hooks.WAY_IN).set_value("By hand")
    dashboard.run()
    dashboard.button(hooks.hand_button(Emotion.SAD)).click()
    dashboard.run().see(Emotion.HAPPY)
    card = dashboard.part("mood")
    assert card is not None
    assert card["name"] == "Sad"
    dashboard.button(hooks.FOLLOW_CAMERA).click()
    dashboard.run()
    card = dashboard.part("mood")
    assert card is not None
    assert card["name"] == "Happy"
    assert dashboard.session.source is MoodSource.CAMERA
    assert dashboard.app.segmented_control(key=hooks.WAY_IN).value == "Camera"


def test_a_snapshot_or_photo_needs_consent_too(dashboard: Dashboard) -> None:
    dashboard.run()
    for way in ("Snapshot", "Photo"):
        dashboard.app.segmented_control(key=hooks.WAY_IN).set_value(way)
        dashboard.run()
        assert dashboard.has_button(hooks.CONSENT_BUTTON)


def upload(dashboard: Dashboard, content: bytes, name: str = "me.png") -> Dashboard:
    dashboard.run().agree()
    dashboard.app.segmented_control(key=hooks.WAY_IN).set_value("Photo")
    dashboard.run()
    dashboard.app.file_uploader(key="photo-input").upload(name, content, "image/png")
    return dashboard.run()


def test_a_photo_with_a_face_gives_mood_and_songs(dashboard: Dashboard) -> None:
    dashboard.analyser.probabilities = (0.02, 0.02, 0.02, 0.88, 0.02, 0.02, 0.02)
    upload(dashboard, picture_file())
    card, songs = dashboard.part("mood"), dashboard.part("songs")
    assert card is not None
    assert songs is not None
    assert (card["eyebrow"], card["name"]) == ("From your photo", "Happy")
    assert songs["note"].startswith("Mood from your photo")
    first = dashboard.session.songs()
    dashboard.run()
    assert dashboard.session.songs() is first  # a redraw does not read the same picture again


def test_a_photo_without_a_face_says_so_and_changes_nothing(dashboard: Dashboard) -> None:
    upload(dashboard, picture_file())
    assert "No face was found" in dashboard.text()
    assert dashboard.part("songs") is None
    card = dashboard.part("mood")
    assert card is not None
    assert "Try another one" in card["advice"]


def test_a_photo_with_a_poor_face_gets_advice(dashboard: Dashboard) -> None:
    dashboard.analyser.probabilities = UNSURE
    dashboard.analyser.issues = (QualityIssue.TOO_DARK,)
    upload(dashboard, picture_file())
    assert words.ADVICE[QualityIssue.TOO_DARK] in dashboard.text()


@pytest.mark.parametrize("content", [b"", b"hello", picture_file()[:40]])
def test_a_broken_photo_is_one_clear_sentence(dashboard: Dashboard, content: bytes) -> None:
    upload(dashboard, content)
    assert "cannot be read as one" in dashboard.text()
