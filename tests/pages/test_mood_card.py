"""What the mood card says in words and numbers."""

from __future__ import annotations

from emrs_core.types import Emotion
from tests.pages.harness import UNSURE, Dashboard


def test_each_bar_has_its_share_in_words(dashboard: Dashboard) -> None:
    card = dashboard.run().agree().press_start().see_reading(UNSURE).part("mood")
    assert card is not None
    assert [bar["text"] for bar in card["bars"]] == ["20 %", "10 %", "10 %", "20 %", "10 %", "10 %", "20 %"]


def test_no_bar_claims_certainty(dashboard: Dashboard) -> None:
    card = dashboard.run().agree().press_start().see_reading((0, 0, 0, 1, 0, 0, 0)).part("mood")
    assert card is not None
    assert [bar["text"] for bar in card["bars"]] == ["0 %", "0 %", "0 %", ">99 %", "0 %", "0 %", "0 %"]
    assert "over 99 %" in card["advice"]


def test_the_card_does_not_call_music_awaited_that_is_there(dashboard: Dashboard) -> None:
    card = dashboard.run().agree().press_start().see(Emotion.HAPPY, seconds=2).part("mood")
    assert card is not None
    assert "The music waits" in card["slow"]
    dashboard.analyser.probabilities = None
    dashboard.see(None, seconds=9)  # somebody came, looked away, and came back: the songs need not wait twice
    card, songs = dashboard.see(Emotion.HAPPY, seconds=1).part("mood"), dashboard.part("songs")
    assert card is not None
    assert songs is not None
    assert card["slow"] == ""
