"""What a person wants, and how it is remembered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import UsageError
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal
from emrs_core.music.wish import Wish
from emrs_core.types import AffectPoint

coordinates = st.floats(-1.0, 1.0)
filters = st.builds(
    Filters,
    genres=st.frozensets(st.text(max_size=5)),
    decades=st.frozensets(st.integers(150, 210).map(lambda tens: 10 * tens)),
    tempo=st.none() | st.tuples(st.floats(0, 100), st.floats(100, 400)),
    explicit=st.booleans(),
    novelty=coordinates,
)
lengths = st.tuples(st.integers(1, 1000), st.none()) | st.tuples(st.none(), st.none() | st.floats(1, 600))


@given(st.sampled_from(Goal), st.none() | st.builds(AffectPoint, coordinates, coordinates), lengths, filters)
def test_a_wish_is_remembered_as_it_was(
    goal: Goal, target: AffectPoint | None, length: tuple[int | None, float | None], chosen: Filters
) -> None:
    wish = Wish(goal, target, *length, chosen)
    assert Wish.from_dict(json.loads(json.dumps(wish.to_dict()))) == wish


def test_by_default_the_mood_is_kept_for_twelve_songs() -> None:
    wish = Wish()
    assert (wish.goal, wish.target, wish.songs, wish.minutes) == (Goal.STAY, None, 12, None)
    assert wish.filters.in_use == ()
    assert Wish.from_dict({}) == wish


def test_minutes_alone_are_enough() -> None:
    assert Wish.from_dict({"minutes": 30}) == Wish(songs=None, minutes=30.0)


@pytest.mark.parametrize(
    "kept",
    [
        {"goal": "cheer"},
        {"target": [0.1]},
        {"target": [0.1, 4.0]},
        {"songs": "many"},
        {"songs": 0},
        {"songs": 5, "minutes": 20.0},
        {"minutes": 0.0},
        {"filters": {"tempo": [80.0]}},
        {"filters": {"decades": [1995]}},
        {"filters": 7},
    ],
)
def test_what_is_no_wish_is_refused(kept: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        Wish.from_dict(kept)
