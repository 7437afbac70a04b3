"""How a wish changes when one control is moved, and how it is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from emrs_core.affect import EMOTION_POINTS
from emrs_core.errors import StorageError
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.wish import DEFAULT_SONGS, Wish
from emrs_core.music.wish_store import FileWishStore
from emrs_core.types import AffectPoint, Emotion
from emrs_core.ui import wishes
from emrs_core.ui.wishes import Length

SAD = EMOTION_POINTS[Emotion.SAD]
ANYWHERE = AffectPoint(0.3, 0.2)


def test_a_path_is_as_long_as_it_needs_to_be_until_a_length_is_named() -> None:
    path = wishes.with_goal(Wish(), Goal.GUIDE)
    assert wishes.length_of(path) == Length()
    assert wishes.with_goal(path, Goal.STAY).songs == DEFAULT_SONGS
    eight = wishes.with_length(path, Length(songs=8))
    assert wishes.with_goal(eight, Goal.GUIDE).songs == 8
    hour = wishes.with_length(Wish(), Length(minutes=60))
    assert wishes.length_of(wishes.with_goal(hour, Goal.GUIDE)) == Length(minutes=60)


def test_every_length_has_words_and_an_unusual_one_is_offered_too() -> None:
    assert [length.words for length in wishes.lengths_for(Wish(songs=7))][-1] == "7 songs"
    assert Length().words in [length.words for length in wishes.lengths_for(Wish(Goal.GUIDE, songs=None))]
    assert len({length.words for length in wishes.LENGTHS}) == len(wishes.LENGTHS)


def test_whoever_names_a_place_while_the_music_stays_wants_to_be_guided_there() -> None:
    wish = wishes.with_target(Wish(), ANYWHERE)
    assert (wish.goal, wish.target) == (Goal.GUIDE, ANYWHERE)
    assert wishes.with_target(Wish(Goal.CONTRAST), ANYWHERE).goal is Goal.CONTRAST
    assert wishes.with_goal(wish, Goal.STAY).target is None


@pytest.mark.parametrize("name", ["calm", "happy", "energy", "focus"])
def test_a_named_aim_is_chosen_and_recognised(name: str) -> None:
    wish = wishes.with_aim(Wish(Goal.GUIDE), name, SAD)
    assert wish.target == NAMED_TARGETS[name]
    assert wishes.aim_name(wish) == name


def test_an_own_aim_begins_half_way_and_stays_where_it_is_put() -> None:
    wish = wishes.with_aim(Wish(Goal.GUIDE), wishes.OWN, SAD)
    assert wishes.aim_name(wish) == wishes.OWN
    assert wish.target is not None
    assert SAD.distance_to(wish.target) == pytest.approx(wish.target.distance_to(NAMED_TARGETS["calm"]))
    assert wishes.with_aim(wish, wishes.OWN, SAD) == wish


def test_contrast_goes_to_the_opposite_unless_told_otherwise() -> None:
    wish = Wish(Goal.CONTRAST)
    assert wishes.aim_name(wish) == wishes.OPPOSITE
    assert wishes.target_of(wish, SAD) == AffectPoint(-SAD.valence, -SAD.arousal)
    assert wishes.target_of(wish, None) is None
    assert wishes.with_aim(wishes.with_target(wish, ANYWHERE), wishes.OPPOSITE, SAD).target is None


def test_the_aim_is_known_before_the_mood_where_it_can_be() -> None:
    assert wishes.target_of(Wish(Goal.GUIDE), None) == NAMED_TARGETS["calm"]
    assert wishes.target_of(Wish(), SAD) is None


def test_a_wish_is_kept_in_a_file_and_found_again(tmp_path: Path) -> None:
    store = FileWishStore(tmp_path / "wish.json")
    assert store.get() == Wish()
    wish = Wish(Goal.GUIDE, ANYWHERE, None, 30.0, Filters(frozenset({"rock"}), frozenset({1990}), (80.0, 120.0)))
    store.put(wish)
    assert FileWishStore(tmp_path / "wish.json").get() == wish
    store.erase()
    store.erase()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"{", b"[1]", b'{"goal": "fly"}', b'{"songs": "many"}', b"\xff\xfe"])
def test_a_damaged_file_is_an_error_and_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "wish.json"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"wish\.json"):
        FileWishStore(path).get()
    assert path.read_bytes() == content
