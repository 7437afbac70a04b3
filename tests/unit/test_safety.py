"""The rules that keep sad music from doing harm, and from being taken away."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.affect import EMOTION_POINTS
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal, plan
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.safety import ADVICE, AdviceKind, SafetyAdvice, SafetyWatch
from emrs_core.music.wish import Wish
from emrs_core.types import AffectPoint, Emotion

SAD_SONG, BRIGHT_SONG = AffectPoint(-0.6, -0.4), AffectPoint(0.2, 0.0)
EVEN = AffectPoint(0.0, 0.0)


def low(valence: float) -> AffectPoint:
    return AffectPoint(valence, 0.0)


def hear(watch: SafetyWatch, songs: str, minutes: float = 3.5, goal: Goal = Goal.STAY) -> list[SafetyAdvice | None]:
    """Songs as letters: s for a sad one, b for a brighter one; the mood stays even."""
    return [watch.heard(SAD_SONG if song == "s" else BRIGHT_SONG, EVEN, minutes, goal) for song in songs]


def kinds(advice: list[SafetyAdvice | None]) -> list[AdviceKind | None]:
    return [None if one is None else one.kind for one in advice]


def test_a_mood_that_falls_over_three_songs_pauses_and_offers_calm() -> None:
    watch = SafetyWatch(low(0.0))
    moods = [low(-0.06), low(-0.12), low(-0.18)]
    first, second, third = (watch.heard(BRIGHT_SONG, mood, 3.0) for mood in moods)
    assert first is second is None
    assert third is not None
    assert (third.kind, third.pause, third.target) == (AdviceKind.MOOD_FALLS, True, NAMED_TARGETS["calm"])


@pytest.mark.parametrize("fall", [0.0, 0.1, 0.149])
def test_a_smaller_fall_is_nothing(fall: float) -> None:
    watch = SafetyWatch(low(0.0))
    assert [watch.heard(BRIGHT_SONG, low(-fall * n / 3), 3.0) for n in (1, 2, 3)] == [None] * 3


def test_one_odd_look_is_nothing() -> None:
    watch = SafetyWatch(low(0.0))
    moods = (0.0, -0.6, 0.0, 0.0, 0.0)
    assert [watch.heard(BRIGHT_SONG, low(valence), 3.0) for valence in moods] == [None] * 5


def test_after_a_pause_the_count_begins_anew() -> None:
    watch = SafetyWatch(low(0.2))
    advice = [watch.heard(BRIGHT_SONG, low(v), 3.0) for v in (0.1, 0.0, -0.1, -0.15, -0.2, -0.2)]
    assert kinds(advice) == [None, None, AdviceKind.MOOD_FALLS, None, None, None]
    assert watch.heard(BRIGHT_SONG, low(-0.4), 3.0) is not None


def test_moods_that_were_not_seen_count_as_nothing() -> None:
    watch = SafetyWatch()
    assert [watch.heard(BRIGHT_SONG, mood, 3.0) for mood in (low(0.5), None, None, None, low(-0.5))] == [None] * 5


@pytest.mark.parametrize(("songs", "minutes"), [("ssbssbs", 3.5), ("sbsbsbsbs", 3.5), ("ssbs", 7.0)])
def test_long_sad_music_brings_one_offer_at_its_last_song(songs: str, minutes: float) -> None:
    advice = hear(SafetyWatch(EVEN), songs, minutes)
    assert kinds(advice) == [None] * (len(songs) - 1) + [AdviceKind.LONG_SAD]
    assert advice[-1] is not None
    assert not advice[-1].pause


@pytest.mark.parametrize(
    ("songs", "minutes"), [("ssbs", 3.5), ("ssbbbssbbbssbbbss", 3.5), ("b" * 30, 5.0), ("s" * 30, 0.4)]
)
def test_what_is_not_long_or_not_sad_or_was_skipped_brings_none(songs: str, minutes: float) -> None:
    assert not any(hear(SafetyWatch(EVEN), songs, minutes))


@given(st.text("sb", max_size=60), st.sampled_from([Goal.STAY, Goal.CONTRAST]))
def test_the_offer_comes_once_a_visit(songs: str, goal: Goal) -> None:
    assert len([one for one in hear(SafetyWatch(EVEN), songs, goal=goal) if one is not None]) <= 1


@given(st.text("sb", max_size=40))
def test_nobody_who_is_guided_is_offered_guiding(songs: str) -> None:
    assert not any(hear(SafetyWatch(EVEN), songs, goal=Goal.GUIDE))


def test_an_offer_changes_nothing_until_it_is_accepted() -> None:
    wish = Wish(songs=9, filters=Filters(explicit=False))
    advice = ADVICE[AdviceKind.LONG_SAD]
    assert advice.accepted(wish) == Wish(Goal.GUIDE, NAMED_TARGETS["calm"], 9, None, Filters(explicit=False))
    assert wish.goal is Goal.STAY


def test_a_sad_listener_who_stays_is_not_sent_to_happy_songs() -> None:
    sad = EMOTION_POINTS[Emotion.SAD]
    target = plan(sad, Goal.STAY).target
    assert target == AffectPoint(-0.4, sad.arousal)  # as near as the lowest target allows


@pytest.mark.parametrize("advice", ADVICE.values(), ids=str)
def test_no_words_of_diagnosis(advice: SafetyAdvice) -> None:
    clinical = r"depress|disorder|diagnos|symptom|patient|therap|mental|illness|suffer|anxi|treat|must|should"
    assert not re.search(clinical, advice.text, re.IGNORECASE)
