"""The music of one visit: lists follow mood and wish, songs follow one another, opinions and the player are learned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emrs_core.affect import EMOTION_POINTS
from emrs_core.errors import StorageError, UsageError
from emrs_core.listening import PlayerState
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal
from emrs_core.music.last_seen import SEEN_S
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.queue import MoodChoice
from emrs_core.music.safety import AdviceKind
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.store import MemoryProfileStore
from emrs_core.music.visit import MusicVisit
from emrs_core.music.wish import Wish
from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.testing.clock import FakeClock
from emrs_core.types import AffectPoint, Emotion, MoodSource
from tests.unit.music_house import House

SAD = MoodChoice.of(EMOTION_POINTS[Emotion.SAD], MoodSource.HAND, Emotion.SAD)
HAPPY = MoodChoice.of(EMOTION_POINTS[Emotion.HAPPY], MoodSource.HAND, Emotion.HAPPY)
TO_CALM = Wish(Goal.GUIDE, NAMED_TARGETS["calm"], songs=6)


@pytest.fixture
def house() -> House:
    return House()


def test_the_wish_is_remembered_and_the_list_follows_it(house: House) -> None:
    assert house.music.set_wish(TO_CALM) is None, "no mood yet"
    songs = house.music.mood_is(SAD)
    assert songs is not None
    assert (len(songs.items), songs.target) == (6, NAMED_TARGETS["calm"])
    assert House(house.wishes.get()).music.wish == TO_CALM


def test_a_wish_that_is_wished_already_leaves_the_list_alone(house: House) -> None:
    songs = house.music.mood_is(SAD)
    assert house.music.set_wish(house.music.wish) is songs


def test_filters_that_leave_nothing_are_told_and_loosened(house: House) -> None:
    house.music.mood_is(SAD)
    assert house.music.set_wish(Wish(filters=Filters(decades=frozenset({1810})))) is None
    assert house.music.songs() is None
    problem = house.music.problem
    assert problem is not None
    assert problem.loosen == ("decades",)
    assert house.music.mood() == SAD, "the mood stays"
    assert house.music.loosen() is not None
    assert house.music.problem is None
    assert not house.music.wish.filters.decades


def test_songs_follow_one_another_and_other_songs_follow_the_last(house: House) -> None:
    house.music.set_wish(Wish(songs=3))
    house.music.mood_is(SAD)
    ids = house.ids()
    house.music.play(ids[0])
    for expected in ids[1:]:
        house.hears_out()
        assert house.on() == expected
    house.hears_out()
    assert house.on() == house.ids()[0]
    assert not set(house.ids()) & set(ids)
    assert house.learned() == [(FeedbackKind.PLAYED_THROUGH, track_id) for track_id in ids]


def test_refused_songs_are_passed_over(house: House) -> None:
    house.music.mood_is(SAD)
    ids = house.ids()
    house.music.play(ids[0])
    house.music.rate(ids[1], FeedbackKind.DISLIKE)
    house.music.rate(ids[2], FeedbackKind.WRONG_MOOD)
    house.music.next_song()
    assert house.on() == ids[3]


def test_only_the_players_word_makes_a_skip(house: House) -> None:
    house.music.mood_is(SAD)
    house.music.play(house.ids()[0])
    house.clock.advance(5)
    house.music.next_song()
    assert house.learned() == []
    skipped = house.on()
    assert not house.says(PlayerState.PLAYING, 5.0)
    house.music.next_song()
    assert house.learned() == [(FeedbackKind.SKIP, skipped)]


def test_a_path_is_planned_anew_from_the_mood_seen_after_each_song(house: House) -> None:
    house.music.set_wish(TO_CALM)
    house.music.mood_is(SAD)
    before = house.music.songs()
    assert before is not None
    house.music.play(before.items[0].track.id)
    assert house.music.songs() is before, "nothing changes while a song is on"
    house.hears_out(seen=EMOTION_POINTS[Emotion.HAPPY])
    after = house.music.songs()
    assert after is not None
    assert after.items[0] == before.items[0], "what is over stays where it was"
    assert after.items[1].waypoint != before.items[1].waypoint
    assert after.items[1].waypoint.valence > before.items[1].waypoint.valence
    assert after.behind == 1
    assert house.on() == after.items[1].track.id


def test_a_path_stays_as_planned_while_nobody_is_seen(house: House) -> None:
    house.music.set_wish(TO_CALM)
    house.music.mood_is(SAD)
    ids = house.ids()
    house.music.play(ids[0])
    house.hears_out()
    assert house.ids() == ids


def test_a_mood_seen_before_the_camera_went_off_is_not_that_after_the_song(house: House) -> None:
    house.music.set_wish(TO_CALM)
    house.music.mood_is(SAD)
    ids = house.ids()
    house.music.see(EMOTION_POINTS[Emotion.HAPPY])
    house.music.play(ids[0])
    house.clock.advance(SEEN_S + 1)
    house.hears_out()
    assert house.ids() == ids


def test_the_camera_does_not_tear_up_a_path_that_is_being_heard(house: House) -> None:
    house.music.set_wish(TO_CALM)
    house.music.mood_is(SAD)
    ids = house.ids()
    house.music.play(ids[0])
    house.music.mood_moved(HAPPY)
    assert house.ids() == ids
    house.music.stop_playing()
    house.music.mood_moved(HAPPY)
    assert house.ids() != ids


def test_an_opinion_is_replaced_taken_back_and_undone(house: House) -> None:
    house.music.mood_is(SAD)
    first, second = house.ids()[:2]
    house.music.rate(first, FeedbackKind.LIKE)
    house.music.rate(first, FeedbackKind.DISLIKE)
    assert house.learned() == [(FeedbackKind.DISLIKE, first)]
    house.music.rate(first, FeedbackKind.DISLIKE)
    assert house.learned() == []
    assert house.music.marks() == {}
    house.music.rate(second, FeedbackKind.LIKE)
    undone = house.music.undo()
    assert undone is not None
    assert undone.track_id == second
    assert undone.mood == SAD.point
    assert house.music.undo() is None
    with pytest.raises(UsageError, match="no song"):
        house.music.rate("x" * 22, FeedbackKind.LIKE)


def test_undo_is_not_offered_for_what_was_not_said_on_purpose(house: House) -> None:
    house.music.mood_is(SAD)
    house.music.rate(house.ids()[0], FeedbackKind.LIKE)
    assert house.music.last_opinion() is not None
    house.music.play(house.ids()[0])
    house.hears_out()
    assert house.music.last_opinion() is None


def test_a_falling_mood_pauses_the_music_and_offers_calm_once(house: House) -> None:
    house.music.mood_is(SAD)
    house.music.play(house.ids()[0])
    for valence in (0.3, 0.1, 0.0, -0.2):
        house.hears_out(seen=AffectPoint(valence, 0.0))
    advice = house.music.advice
    assert advice is not None
    assert (advice.kind, house.on()) == (AdviceKind.MOOD_FALLS, None)
    house.music.answer_advice(accept=True)
    assert (house.music.wish.goal, house.music.wish.target) == (Goal.GUIDE, NAMED_TARGETS["calm"])
    assert house.on() == house.ids()[0]
    assert house.music.advice is None


def test_a_declined_offer_changes_nothing_and_the_music_goes_on(house: House) -> None:
    house.music.mood_is(SAD)
    wish = house.music.wish
    house.music.play(house.ids()[0])
    for valence in (0.3, 0.1, 0.0, -0.2):
        house.hears_out(seen=AffectPoint(valence, 0.0))
    house.music.answer_advice(accept=False)
    assert house.music.wish == wish
    assert house.on() is not None


def test_long_sad_music_brings_one_offer_to_guide_and_plays_on() -> None:
    house = House(catalogue=CsvCatalogue.builtin())
    house.music.mood_is(SAD)
    house.music.play(house.ids()[0])
    heard = 0
    while house.music.advice is None:
        house.hears_out(seen=SAD.point)
        heard += 1
        assert heard < 15, "nearly an hour of songs for a sad mood, and no offer"
    assert (house.music.advice.kind, house.music.wish.goal) == (AdviceKind.LONG_SAD, Goal.STAY)
    assert house.on() is not None, "it plays on"
    house.music.answer_advice(accept=False)
    for _ in range(15):
        house.hears_out(seen=SAD.point)
    assert house.music.advice is None, "once"
    assert house.music.wish.goal is Goal.STAY


def test_songs_skipped_at_once_do_not_count_as_heard_for_the_offer(house: House) -> None:
    house.music.mood_is(SAD)
    house.music.play(house.ids()[0])
    for _ in range(10):
        house.music.next_song()
    assert house.music.advice is None


class BrokenStore(MemoryProfileStore):
    """A disk that is full."""

    def add(self, event: object) -> bool:
        raise StorageError("Could not write taste.sqlite: no space left.")


def test_what_cannot_be_kept_is_told_and_the_music_goes_on() -> None:
    house = House()
    profile = ListenerProfile(BrokenStore(), FakeCatalogue())
    house.music = MusicVisit(FakeCatalogue(), house.clock, 0, profile, house.wishes)
    house.music.mood_is(SAD)
    ids = house.ids()
    house.music.rate(ids[0], FeedbackKind.LIKE)
    assert house.music.storage_problem is not None
    assert "no space left" in house.music.storage_problem
    assert house.music.marks() == {}, "an opinion that was not kept is not shown as given"
    house.music.play(ids[0])
    house.hears_out()
    assert house.on() == ids[1]


def test_songs_of_the_last_visit_are_left_in_peace_on_the_next(house: House) -> None:
    house.music.mood_is(SAD)
    first = house.ids()
    for track_id in first:
        house.music.rate(track_id, FeedbackKind.PLAYED_THROUGH)
    again = MusicVisit(FakeCatalogue(), FakeClock(), 0, house.profile, house.wishes)
    songs = again.mood_is(SAD)
    assert songs is not None
    assert not {item.track.id for item in songs.items} & set(first)


def test_erasing_the_taste_forgets_marks_and_wishes_but_not_what_plays(house: House) -> None:
    house.music.set_wish(replace(TO_CALM, songs=4))
    house.music.mood_is(SAD)
    house.music.play(house.ids()[0])
    house.music.rate(house.ids()[0], FeedbackKind.LIKE)
    house.music.forget_taste()
    assert house.learned() == []
    assert house.music.marks() == {}
    assert house.music.wish == house.wishes.get() == Wish()
    assert house.on() == house.ids()[0]
