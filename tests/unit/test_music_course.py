"""One song after the other: rules that hold from list to list, and lists that come by themselves."""

from __future__ import annotations

from dataclasses import replace

from emrs_core.affect import EMOTION_POINTS
from emrs_core.music.goals import Goal
from emrs_core.music.plane import NAMED_TARGETS, track_point
from emrs_core.music.queue import MoodChoice
from emrs_core.music.ranking.selection import LOW_VALENCE, is_low
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.music.wish import Wish
from emrs_core.testing.catalogues import FakeCatalogue, make_track
from emrs_core.types import Emotion, MoodSource
from tests.unit.music_house import House

SAD = MoodChoice.of(EMOTION_POINTS[Emotion.SAD], MoodSource.HAND, Emotion.SAD)
SOMBRE = FakeCatalogue(
    [make_track(i, valence=0.3, energy=0.3) for i in range(40)]
    + [make_track(100 + i, valence=0.5, energy=0.3) for i in range(40)]
)


def heard_valences(house: House, songs: int) -> list[float]:
    """The places of that many songs as they follow one another by themselves."""
    house.music.play(house.ids()[0])
    heard = []
    for _ in range(songs):
        playing = house.music.playing()
        assert playing is not None
        heard.append(track_point(playing.track).valence)
        house.hears_out()
        house.music.answer_advice(accept=False)
    return heard


def test_no_third_sad_song_in_a_row_comes_with_the_next_list() -> None:
    house = House(Wish(songs=2), SOMBRE)
    songs = house.music.mood_is(SAD)
    assert songs is not None
    assert all(is_low(item.point) for item in songs.items)
    valences = heard_valences(house, 9)
    assert not any(max(valences[i : i + 3]) <= LOW_VALENCE for i in range(7)), valences


def test_no_third_sad_song_in_a_row_comes_when_the_bright_one_between_is_refused() -> None:
    house = House(Wish(songs=6), SOMBRE)
    songs = house.music.mood_is(SAD)
    assert songs is not None
    assert [is_low(item.point) for item in songs.items] == [True, True, False, True, True, False]
    house.music.rate(songs.items[2].track.id, FeedbackKind.DISLIKE)
    heard_valences(house, 2)
    assert house.on() == songs.items[5].track.id


def test_where_there_are_only_sad_songs_they_go_on() -> None:
    house = House(catalogue=FakeCatalogue([make_track(i, valence=0.2, energy=0.3) for i in range(40)]))
    house.music.mood_is(SAD)
    assert len(heard_valences(house, 5)) == 5
    assert house.on() is not None


def test_a_list_says_whether_the_person_asked_for_it() -> None:
    house, to_calm = House(), Wish(Goal.GUIDE, NAMED_TARGETS["calm"], songs=3)

    def asked() -> bool:
        songs = house.music.songs()
        assert songs is not None
        return songs.asked

    house.music.set_wish(to_calm)
    house.music.mood_moved(SAD)
    assert not asked()
    house.music.other_songs()
    assert asked()
    house.music.play(house.ids()[0])
    house.hears_out(seen=EMOTION_POINTS[Emotion.HAPPY])
    assert not asked(), "the path was laid anew by itself"
    house.music.set_wish(replace(to_calm, songs=1))
    assert asked()
    house.music.next_song()
    house.hears_out()
    assert not asked(), "another list follows the one that is over"
