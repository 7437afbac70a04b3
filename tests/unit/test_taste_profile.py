"""What a profile keeps of a person: opinions, the mood's offset, the reading of their face."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.errors import StorageError, UsageError
from emrs_core.music.taste.correction import prior_factors
from emrs_core.music.taste.events import ReadingAnswered, body_of, event_from, kind_of
from emrs_core.music.taste.feedback import Feedback, FeedbackKind
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.store import MemoryProfileStore
from emrs_core.testing.catalogues import FakeCatalogue, make_track, numbered_id
from emrs_core.testing.profiles import BEGIN, make_feedback, one_of_each_kind
from emrs_core.types import EMOTIONS, AffectPoint, Emotion

CATALOGUE = FakeCatalogue(make_track(number, genre=("rock", "pop")[number % 2]) for number in range(40))
LIKE, DISLIKE = FeedbackKind.LIKE, FeedbackKind.DISLIKE
SAD_READING = (0.05, 0.02, 0.03, 0.05, 0.60, 0.05, 0.20)


def profile_with(feedback: Sequence[Feedback] = ()) -> ListenerProfile:
    profile = ListenerProfile(MemoryProfileStore(), CATALOGUE)
    for one in feedback:
        profile.add(one)
    return profile


def rock_lover() -> list[Feedback]:
    return [make_feedback(number, DISLIKE if number % 2 else LIKE) for number in range(40)]


def rewards(profile: ListenerProfile) -> np.ndarray | None:
    return profile.preference().rewards(CATALOGUE.features, AffectPoint(0.0, 0.0), np.random.default_rng(0))


def answers(*trues: Emotion, read: tuple[float, ...] = SAD_READING) -> list[ReadingAnswered]:
    return [ReadingAnswered(str(uuid.UUID(int=i)), BEGIN, read, true) for i, true in enumerate(trues)]


def test_undo_restores_exactly_what_was_before() -> None:
    profile = profile_with(rock_lover())
    before, exported = rewards(profile), profile.export()
    mistake = make_feedback(3, FeedbackKind.SKIP)
    profile.add(mistake)
    assert not np.array_equal(rewards(profile), before)
    assert profile.undo() == mistake
    np.testing.assert_array_equal(rewards(profile), before)
    assert profile.export() == exported


def test_undoing_everything_leads_back_to_plain_and_then_there_is_nothing() -> None:
    feedback = rock_lover()[:3]
    profile = profile_with(feedback)
    assert [profile.undo() for _ in range(3)] == feedback[::-1]
    assert rewards(profile) is None
    assert profile.undo() is None


def test_the_same_opinion_added_again_counts_once() -> None:
    once, twice = profile_with(rock_lover()), profile_with([*rock_lover(), *rock_lover()])
    assert once.export() == twice.export()


def test_the_preference_is_kept_until_something_is_learned() -> None:
    profile = profile_with(rock_lover())
    first = profile.preference()
    assert profile.preference() is first
    profile.add(make_feedback(1, FeedbackKind.SKIP))
    assert profile.preference() is not first


def test_the_summary_tells_what_stands_out() -> None:
    summary = profile_with([*rock_lover(), make_feedback(99)]).summary()
    assert (summary.opinions, summary.gone, summary.since) == ({LIKE: 21, DISLIKE: 20}, 1, BEGIN)
    assert summary.conviction > 0.95
    rock, pop = (next(fact for fact in summary.facts if fact.name == name) for name in ("rock", "pop"))
    assert rock.sentence == "You like rock more than other songs"
    assert pop.sentence == "You like pop less than other songs"
    assert (rock.about, rock.opinions) == ("genre", 20)
    assert rock.effect > 0 > pop.effect
    assert all(0.8 <= fact.sure <= 1.0 for fact in summary.facts)
    assert not summary.empty


def test_a_new_profile_has_learned_nothing() -> None:
    summary = profile_with().summary()
    assert summary.empty
    assert (summary.facts, summary.conviction, summary.since) == ((), 0.0, None)
    assert set(summary.reading.values()) == {1.0}


def test_the_offset_is_a_shrunk_mean_and_can_be_reset() -> None:
    profile = profile_with()
    point = AffectPoint(0.5, 0.0)
    assert profile.offset.apply(point) == point
    for _ in range(3):
        profile.offset.learn(face=AffectPoint(0.2, 0.2), person=AffectPoint(-0.2, 0.4))
    value = profile.offset.value
    assert (value.valence, value.arousal, value.count) == (pytest.approx(-0.2), pytest.approx(0.1), 3)
    moved = profile.offset.apply(point)
    assert (moved.valence, moved.arousal) == (pytest.approx(0.3), pytest.approx(0.1))
    profile.add(make_feedback())
    profile.offset.reset()
    assert profile.offset.apply(point) == point
    assert len(profile.feedback()) == 1


def test_the_offset_never_leaves_the_plane() -> None:
    profile = profile_with()
    for _ in range(50):
        profile.offset.learn(face=AffectPoint(-1.0, 0.0), person=AffectPoint(1.0, 0.0))
    assert profile.offset.apply(AffectPoint(0.9, -1.0)) == AffectPoint(1.0, -1.0)


def test_answers_move_the_reading_towards_what_was_true_and_undo_takes_them_back() -> None:
    profile = profile_with()
    assert profile.correction.apply(SAD_READING) == SAD_READING
    states = [profile.correction.apply(SAD_READING)]
    for _ in range(6):
        profile.correction.learn(SAD_READING, Emotion.NEUTRAL)
        states.append(profile.correction.apply(SAD_READING))
    neutral = [state[EMOTIONS.index(Emotion.NEUTRAL)] for state in states]
    assert neutral == sorted(neutral)
    assert neutral[1] < 0.35  # one answer moves little
    assert neutral[-1] > states[-1][EMOTIONS.index(Emotion.SAD)]
    assert all(sum(state) == pytest.approx(1.0) for state in states)
    assert profile.correction.answers == 6
    assert profile.correction.factors[Emotion.NEUTRAL] > 1 > profile.correction.factors[Emotion.SAD]
    assert profile.correction.undo() is Emotion.NEUTRAL
    assert profile.correction.apply(SAD_READING) == states[-2]
    profile.correction.reset()
    assert profile.correction.apply(SAD_READING) == SAD_READING
    assert profile.correction.undo() is None


def test_answers_that_agree_with_the_reading_leave_it_nearly_as_it_is() -> None:
    rng = np.random.default_rng(2)
    agreeing = []
    for number in range(400):
        read = rng.dirichlet(np.full(7, 0.7))
        true = EMOTIONS[rng.choice(7, p=read)]
        agreeing.append(ReadingAnswered(str(uuid.UUID(int=number)), BEGIN, tuple(read), true))
    np.testing.assert_allclose(prior_factors(agreeing), 1.0, atol=0.35)


def test_factors_find_the_shift_of_the_priors() -> None:
    rng = np.random.default_rng(4)
    shift = np.array([1.0, 1.0, 1.0, 1.0, 0.3, 1.0, 3.0])
    shifted = []
    for number in range(2000):
        read = rng.dirichlet(np.full(7, 0.7))
        actual = read * shift / (read * shift).sum()
        true = EMOTIONS[rng.choice(7, p=actual)]
        shifted.append(ReadingAnswered(str(uuid.UUID(int=number)), BEGIN, tuple(read), true))
    expected = shift / np.exp(np.log(shift).mean())
    np.testing.assert_allclose(prior_factors(shifted), expected, rtol=0.25)


@settings(max_examples=50)
@given(st.lists(st.sampled_from(EMOTIONS), max_size=40), st.floats(0.0, 0.999))
def test_factors_are_positive_and_balanced_whatever_is_answered(trues: list[Emotion], certain: float) -> None:
    rest = (1.0 - certain) / 6
    factors = prior_factors(answers(*trues, read=(certain, *[rest] * 6)))
    assert np.isfinite(factors).all()
    assert (factors > 0).all()
    assert np.log(factors).mean() == pytest.approx(0.0, abs=1e-9)


def test_the_export_is_everything_as_json_and_erasing_leaves_nothing() -> None:
    profile = profile_with([make_feedback(2, DISLIKE)])
    profile.offset.learn(AffectPoint(0.1, 0.2), AffectPoint(0.3, 0.4))
    profile.correction.learn(SAD_READING, Emotion.HAPPY)
    exported = json.loads(profile.export())
    assert exported["form"] == 1
    assert [event["kind"] for event in exported["events"]] == ["feedback", "mood_dragged", "reading_answered"]
    disliked = exported["events"][0]
    assert (disliked["feedback"], disliked["track_id"], disliked["mood"]) == ("dislike", numbered_id(2), [0.2, -0.1])
    profile.erase()
    assert json.loads(profile.export())["events"] == []
    assert profile.summary().empty
    assert profile.correction.apply(SAD_READING) == SAD_READING


@pytest.mark.parametrize("event", one_of_each_kind(), ids=kind_of)
def test_every_event_comes_back_as_it_was_written(event: object) -> None:
    written = json.dumps(body_of(event))  # type: ignore[arg-type]
    assert event_from(event.id, kind_of(event), event.at.isoformat(), written) == event  # type: ignore[attr-defined,arg-type]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("feedback", "{}"),
        ("feedback", '{"feedback": "adored", "track_id": "x", "mood": null}'),
        ("feedback", '{"feedback": "like", "track_id": "x", "mood": [3, 0]}'),
        ("mood_dragged", '{"face": [0, 0]}'),
        ("reading_answered", '{"read": [1], "true": "sad"}'),
        ("dream", "{}"),
    ],
)
def test_a_damaged_event_is_named(kind: str, body: str) -> None:
    with pytest.raises(StorageError, match=r"the entry '0{8}-"):
        event_from(str(uuid.UUID(int=0)), kind, BEGIN.isoformat(), body)


@pytest.mark.parametrize(
    "facts", [{"id": "1"}, {"at": datetime(2026, 1, 1)}, {"track_id": ""}, {"track_id": "x" * 201}]
)
def test_feedback_that_cannot_be_is_refused(facts: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        make_feedback(**facts)  # type: ignore[arg-type]


def test_two_tabs_giving_and_taking_back_opinions_at_once_lose_nothing() -> None:
    store = MemoryProfileStore()
    tabs = [ListenerProfile(store, CATALOGUE) for _ in range(2)]
    given = [make_feedback(number) for number in range(80)]

    def visit(place: int) -> int:
        taken_back = 0
        for number, one in enumerate(given[place::4]):
            tabs[place % 2].add(one)
            tabs[place % 2].preference()
            if number % 5 == 4:
                taken_back += tabs[place % 2].undo() is not None
        return taken_back

    with ThreadPoolExecutor(4) as pool:
        taken_back = sum(pool.map(visit, range(4)))
    assert taken_back == 16
    assert len(tabs[0].feedback()) == len(given) - taken_back
    assert set(tabs[0].feedback()) == set(tabs[1].feedback()) <= set(given)
