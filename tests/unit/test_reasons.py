"""Why a song is there, in words that a person would use."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.affect import EMOTION_POINTS
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.goals import Goal, plan
from emrs_core.music.ranking.terms import Term, Terms
from emrs_core.music.reasons import MOOD_WORDS, mood_words, reasons_for
from emrs_core.music.recommend import recommend
from emrs_core.testing.catalogues import make_track
from emrs_core.types import AffectPoint, Track

BUILTIN = CsvCatalogue.builtin()
JARGON = re.compile(r"valence|arousal|energy|score|waypoint|cluster|vector|\bplane\b|0\.\d", re.IGNORECASE)
MOODS = "|".join(sorted((re.escape(word) for row in MOOD_WORDS for word in row), key=len, reverse=True))


def reasons(tracks: list[Track], start: AffectPoint, goal: Goal = Goal.STAY) -> list[str]:
    points = [AffectPoint(2 * t.valence - 1, 2 * t.energy - 1) for t in tracks]
    return reasons_for(tracks, points, plan(start, goal, None, len(tracks)))


def frame(reason: str) -> str:
    """The sentence without what varies from song to song."""
    plain = re.sub(rf"\b({MOODS})\b", "MOOD", reason, flags=re.IGNORECASE)
    return re.sub(
        r"\d+s?|(a little|much) \w+ than now|like now|close to how you seem|right where you are|in step with you",
        "#",
        plain,
    )


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize("emotion", EMOTION_POINTS)
def test_reasons_of_a_list_are_varied_plain_lines(emotion: str, goal: Goal) -> None:
    lines = [item.reason for item in recommend(BUILTIN, EMOTION_POINTS[emotion], goal=goal, n=20)]
    assert len(set(lines)) == 20
    assert not [line for line in lines if JARGON.search(line) or "\n" in line or len(line) > 120]
    assert all(line[0].isupper() for line in lines if line[0].isalpha())
    assert max(Counter(map(frame, lines)).values()) <= 5


def test_a_song_like_the_mood_says_so() -> None:
    song = make_track(valence=0.4, energy=0.3, acousticness=0.9, year=1975)
    (line,) = reasons([song], AffectPoint(-0.25, -0.4))
    assert line == "Calm and a little sad, like now — acoustic, 1975"


@pytest.mark.parametrize(
    ("valence", "energy", "words"),
    [
        (0.9, 0.5, "much brighter than now"),
        (0.1, 0.5, "much sadder than now"),
        (0.5, 0.7, "a little livelier than now"),
        (0.5, 0.3, "a little calmer than now"),
    ],
)
def test_a_song_unlike_the_mood_says_how(valence: float, energy: float, words: str) -> None:
    (line,) = reasons([make_track(valence=valence, energy=energy)], AffectPoint(0.0, 0.0))
    assert words in line


def test_a_path_begins_and_arrives() -> None:
    lines = reasons([make_track(i, valence=0.5 + i / 20) for i in range(6)], AffectPoint(0.0, 0.0), Goal.GUIDE)
    assert lines[0].startswith("Begins like now: ")
    assert lines[-1].startswith("Arrives: calm is the aim")
    assert "towards calm" in " ".join(lines[1:-1])


def test_songs_that_are_alike_in_everything_still_differ_in_words() -> None:
    lines = reasons([make_track(0) for _ in range(30)], AffectPoint(0.0, 0.0))
    assert len(set(lines)) == 30


@pytest.mark.parametrize(
    ("term", "novelty", "words"),
    [
        (Term.TASTE, 0.0, "liked|your kind|enjoyed"),
        (Term.TRANSITION, 0.0, "the song before|smoothly"),
        (Term.VARIETY, 0.0, "change of sound|unlike|in between"),
        (Term.FRESHNESS, 0.0, "lately|fresh"),
        (Term.ARTIST, 0.0, "artist|somebody new"),
        (Term.KNOWN, -0.5, "well known|many know"),
        (Term.KNOWN, 0.5, "less known|few know"),
    ],
)
@pytest.mark.parametrize("goal", Goal)
def test_the_part_that_decided_is_named_beside_the_mood(goal: Goal, term: Term, novelty: float, words: str) -> None:
    songs = [make_track(i, valence=0.4 + i / 20, year=1975) for i in range(6)]
    points = [AffectPoint(2 * song.valence - 1, 0.0) for song in songs]
    decided = [Terms({Term.FIT: 0.01, term: 0.4})] * 6
    lines = reasons_for(songs, points, plan(AffectPoint(0.0, 0.0), goal, None, 6), decided, novelty)
    assert len(set(lines)) == 6
    for line, point in zip(lines, points, strict=True):
        assert re.search(words, line, re.IGNORECASE), line
        assert mood_words(point) in line.casefold()
        assert not JARGON.search(line)


@pytest.mark.parametrize(
    ("advantages", "winner"),
    [
        ({}, Term.FIT),
        ({Term.FIT: -0.1, Term.TASTE: -0.2}, Term.FIT),
        ({Term.FIT: 0.1, Term.TASTE: 0.11}, Term.FIT),  # too near to call
        ({Term.FIT: 0.1, Term.TASTE: 0.2, Term.VARIETY: 0.3}, Term.VARIETY),
        ({Term.FIT: -0.3, Term.TRANSITION: 0.01}, Term.FIT),
    ],
)
def test_the_mood_is_the_reason_unless_another_part_clearly_is(advantages: dict[Term, float], winner: Term) -> None:
    assert Terms(advantages).winner is winner


def test_the_rest_of_a_list_does_not_begin_again() -> None:
    songs = [make_track(i, valence=0.5 + i / 20) for i in range(6)]
    points = [AffectPoint(2 * song.valence - 1, 0.0) for song in songs]
    route = plan(AffectPoint(0.0, 0.0), Goal.GUIDE, None, 6)
    assert reasons_for(songs[2:], points[2:], route, heard=2)[1:] == reasons_for(songs, points, route)[3:]


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize("term", [Term.FIT, Term.TASTE])
def test_what_is_not_known_of_a_song_is_not_said(goal: Goal, term: Term) -> None:
    songs = [
        make_track(i, artist="abcdefghijkl"[i], genre="", year=0, tempo=0.0, valence=0.4 + i / 40) for i in range(12)
    ]
    points = [AffectPoint(2 * song.valence - 1, 0.0) for song in songs]
    lines = reasons_for(songs, points, plan(AffectPoint(0.0, 0.0), goal, None, 12), [Terms({term: 0.5})] * 12)
    assert len(set(lines)) == 12
    assert not [line for line in lines if re.search(r"\b0s?\b|,\s*(,|$)|—\s*($|,)|  |from $|: ?$|^[ ,:—]", line)]


@settings(max_examples=50)
@given(st.floats(-1, 1), st.floats(-1, 1))
def test_every_place_has_words(valence: float, arousal: float) -> None:
    assert mood_words(AffectPoint(valence, arousal)) in {word for row in MOOD_WORDS for word in row}
