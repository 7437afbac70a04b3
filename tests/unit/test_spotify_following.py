"""When the listener's device is looked at: asked beside the page, at most every few seconds, and not for ever."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from emrs_core.music.spotify.failures import RateLimited
from emrs_core.streaming import NowPlaying
from emrs_core.testing.music_service import service_track
from emrs_core.ui.spotify.following import FOLLOW_S, GIVE_UP_S, REST_S, Following, Look

ON = NowPlaying(service_track(1), True, 0)


class Later:
    """An executor that answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[Future[NowPlaying | None]] = []

    def submit(self, look: Look) -> Future[NowPlaying | None]:
        self.asked.append(Future())
        return self.asked[-1]


@pytest.fixture
def later() -> Later:
    return Later()


def step(following: Following, later: Later, now_s: float) -> None:
    following.step(lambda: None, now_s, later)  # type: ignore[arg-type]


def test_nothing_is_asked_before_something_was_played(later: Later) -> None:
    following = Following()
    step(following, later, 100)
    assert later.asked == []
    following.begin(100)
    step(following, later, 100)
    assert len(later.asked) == 1


def test_one_look_at_a_time_and_not_more_often_than_agreed(later: Later) -> None:
    following = Following()
    following.begin(0)
    for now_s in (0, 1, FOLLOW_S, FOLLOW_S * 2):  # the answer takes its time
        step(following, later, now_s)
    assert len(later.asked) == 1
    later.asked[0].set_result(ON)
    step(following, later, FOLLOW_S * 2 + 1)
    step(following, later, FOLLOW_S * 2 + 2)
    assert len(later.asked) == 2


def test_a_service_that_refuses_is_left_alone_for_a_while(later: Later) -> None:
    following = Following()
    following.begin(0)
    step(following, later, 0)
    later.asked[0].set_exception(RateLimited(30.0))
    step(following, later, FOLLOW_S)
    step(following, later, FOLLOW_S + REST_S - 1)
    assert len(later.asked) == 1
    step(following, later, FOLLOW_S + REST_S)
    assert len(later.asked) == 2


def test_an_error_of_our_own_is_raised_once(later: Later) -> None:
    following = Following()
    following.begin(0)
    step(following, later, 0)
    later.asked[0].set_exception(KeyError("x"))
    with pytest.raises(KeyError):
        step(following, later, FOLLOW_S)
    step(following, later, FOLLOW_S)
    assert len(later.asked) == 2


def test_it_ends_when_nothing_has_been_on_for_long_and_begins_again(later: Later) -> None:
    following = Following()
    following.begin(0)
    now_s = 0.0
    for answer in (ON, None, None):
        step(following, later, now_s)
        later.asked[-1].set_result(answer)
        now_s += GIVE_UP_S * 0.6
    step(following, later, now_s)
    assert not following.wanted
    assert len(later.asked) == 3
    following.begin(now_s)
    step(following, later, now_s)
    assert len(later.asked) == 4


def test_what_was_under_way_when_it_stopped_comes_to_nothing(later: Later) -> None:
    following = Following()
    following.begin(0)
    step(following, later, 0)
    following.stop()
    later.asked[0].set_exception(KeyError("x"))
    step(following, later, FOLLOW_S)
    assert len(later.asked) == 1
