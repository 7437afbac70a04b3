"""What I learned about your taste: nothing, facts, corrections, opinions; taken back, taken along, erased."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emrs_core.errors import StorageError
from emrs_core.music.taste.facts import TasteFact
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.session import SAME_ANSWER_S
from emrs_core.types import AffectPoint, Emotion
from emrs_core.ui import hooks, taste_page
from tests.pages.harness import Dashboard


def rated(dashboard: Dashboard, count: int = 6) -> list[str]:
    """The listener likes the first songs of a list; returns their ids."""
    songs = dashboard.session.choose_mood(dashboard.catalogue_point())
    assert songs is not None
    ids = [item.track.id for item in songs.items[:count]]
    for track_id in ids:
        dashboard.session.music.rate(track_id, FeedbackKind.LIKE)
    return ids


def test_before_anything_was_said_it_says_how_it_begins(dashboard: Dashboard) -> None:
    text = dashboard.run().open("Your taste").text()
    assert "Nothing yet" in text
    assert not dashboard.has_button(hooks.UNDO_OPINION)
    assert not dashboard.has_button(hooks.RESET_OFFSET)


def test_opinions_are_listed_counted_and_undone_one_by_one(dashboard: Dashboard) -> None:
    dashboard.run()
    rated(dashboard, 3)
    text = dashboard.open("Your taste").text()
    assert "3 × liked" in text
    assert text.count('class="emrs-row-title"') == 3
    dashboard.button(hooks.UNDO_OPINION).click()
    assert "2 × liked" in dashboard.run().text()
    assert len(dashboard.session.profile.feedback()) == 2


def test_a_fact_is_a_sentence_a_bar_and_what_it_rests_on() -> None:
    facts = (TasteFact("genre", "rock & <roll>", 0.4, 0.95, 7), TasteFact("artist", "Anon", -0.9, 0.8, 1))
    html = taste_page.facts_html(facts)
    assert "You like rock &amp; &lt;roll&gt; more than other songs." in html
    assert "95 % sure, from 7 opinions" in html
    assert "left: 50%; width: 20.0%" in html
    assert "left: 5.0%; width: 45.0%" in html
    assert "80 % sure, from 1 opinion<" in html


def test_the_mood_beside_the_face_is_told_and_reset(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.SAD, seconds=20)
    for _ in range(3):
        dashboard.session.feel(AffectPoint(0.4, 0.4))
        dashboard.see(Emotion.SAD, seconds=SAME_ANSWER_S + 1)
    text = dashboard.open("Your taste").text()
    assert "**more pleasant and more energetic** than your face looks" in text
    assert "3 times" in text
    dashboard.button(hooks.RESET_OFFSET).click()
    assert "Drag the dot" in dashboard.run().text()
    assert dashboard.session.profile.offset.value.count == 0


def test_answers_about_the_reading_are_told_undone_and_reset(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.SAD)
    for _ in range(8):
        dashboard.session.correct_reading(Emotion.NEUTRAL)
    text = dashboard.open("Your taste").text()
    assert "From 8 answers: your face is read as" in text
    assert "**neutral** more readily" in text
    dashboard.button(hooks.UNDO_READING).click()
    assert "From 7 answers" in dashboard.run().text()
    dashboard.button(hooks.RESET_READING).click()
    assert "Was that right?" in dashboard.run().text()


def test_the_live_page_asks_whether_it_was_right(dashboard: Dashboard) -> None:
    dashboard.run().agree().press_start().see(Emotion.SAD)
    dashboard.button(hooks.answer_button(Emotion.NEUTRAL)).click()
    dashboard.run()
    assert dashboard.session.profile.correction.answers == 1
    dashboard.playing = False
    assert not dashboard.run().has_button(hooks.answer_button(Emotion.NEUTRAL))


def test_all_of_it_can_be_taken_along_and_erased(dashboard: Dashboard) -> None:
    dashboard.run()
    ids = rated(dashboard, 2)
    exported = json.loads(dashboard.session.profile.export())
    assert [event["track_id"] for event in exported["events"]] == ids
    dashboard.open("Your taste").button(hooks.ERASE_TASTE).click()
    assert "Nothing yet" in dashboard.run().text()
    assert dashboard.session.music.marks() == {}


def test_your_data_erases_the_taste_too(dashboard: Dashboard, tmp_path: Path) -> None:
    dashboard.run()
    rated(dashboard, 2)
    text = dashboard.open("Your data").text()
    assert str(tmp_path / "taste.sqlite") in text
    dashboard.button(hooks.ERASE_TASTE).click()
    dashboard.run()
    assert dashboard.session.profile.feedback() == ()


def test_a_store_that_cannot_be_read_is_a_sentence_and_the_rest_stays(
    dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> object:
        raise StorageError("What was learned (taste.sqlite) is damaged.")

    monkeypatch.setattr(dashboard.session.profile, "summary", broken)
    text = dashboard.run().open("Your taste").text()
    assert "is damaged" in text
    assert dashboard.has_button(hooks.ERASE_TASTE)
