"""Looks at the device become segments that follow each other, whatever is seen."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from emrs_core.music.spotify.playing import LONGEST_GAP_S, PlayingFollower
from emrs_core.streaming import NowPlaying, ServiceTrack
from emrs_core.testing.catalogues import numbered_id
from emrs_core.testing.music_service import service_track


def at(number: int, position_s: float, playing: bool = True) -> NowPlaying:
    return NowPlaying(service_track(number), playing, int(position_s * 1000))


def test_the_next_song_ends_the_one_before_where_it_began_itself() -> None:
    follower = PlayingFollower()
    assert follower.see(at(1, 5), 105) is None
    assert follower.see(at(1, 13), 113) is None
    ended = follower.see(at(2, 3), 121)
    assert ended is not None
    assert (ended.track_id, ended.began_s, ended.ended_s, ended.heard_s) == (numbered_id(1), 100, 118, 13)
    assert ended.source == "spotify"
    assert follower.segments() == (ended,)


def test_a_song_that_began_before_the_visit_begins_with_it() -> None:
    follower = PlayingFollower()
    follower.see(at(1, 90), 10)
    ended = follower.see(None, 18)
    assert ended is not None
    assert (ended.began_s, ended.ended_s) == (0, 10)


def test_a_pause_ends_nothing_and_a_start_over_does() -> None:
    follower = PlayingFollower()
    follower.see(at(1, 8), 8)
    assert follower.see(at(1, 8, playing=False), 16) is None
    assert follower.see(at(1, 10), 24) is None
    assert follower.see(at(1, 2), 32) is not None


def test_an_episode_or_a_file_of_ones_own_is_no_song_of_the_catalogue() -> None:
    follower = PlayingFollower()
    follower.see(at(1, 8), 8)
    assert follower.see(NowPlaying(None, True), 16) is not None
    assert follower.see(NowPlaying(ServiceTrack(None, "Demo", ()), True), 24) is None


def test_a_recording_under_another_id_is_the_song_asked_for() -> None:
    follower = PlayingFollower()
    follower.see(NowPlaying(service_track(9, aliases=(numbered_id(1),)), True, 8000), 8)
    assert follower.see(at(1, 16), 16) is None
    assert follower.see(NowPlaying(service_track(9, aliases=(numbered_id(1),)), True, 24_000), 24) is None
    ended = follower.see(None, 32)
    assert ended is not None
    assert (ended.track_id, ended.ended_s) == (numbered_id(1), 24)


def test_a_long_time_without_a_look_counts_for_no_song() -> None:
    follower = PlayingFollower()
    follower.see(at(1, 8), 8)
    ended = follower.see(at(1, 150), 8 + LONGEST_GAP_S + 90)
    assert ended is not None
    assert ended.ended_s == 8


def test_forgetting_leaves_nothing() -> None:
    follower = PlayingFollower()
    follower.see(at(1, 8), 8)
    follower.see(at(2, 0), 16)
    follower.forget()
    assert follower.segments() == ()
    assert follower.see(None, 24) is None


LOOKS = st.lists(
    st.tuples(st.floats(0, 100), st.none() | st.tuples(st.integers(0, 2), st.floats(0, 400), st.booleans())),
    max_size=30,
)


@given(LOOKS)
def test_segments_never_overlap_and_never_run_backwards(
    looks: list[tuple[float, tuple[int, float, bool] | None]],
) -> None:
    follower, now_s = PlayingFollower(), 0.0
    for later_s, seen in looks:
        now_s += later_s
        follower.see(at(*seen) if seen else None, now_s)
    follower.see(None, now_s)
    segments = follower.segments()
    for segment in segments:
        assert 0 <= segment.began_s < segment.ended_s <= now_s
    for first, second in pairwise(segments):
        assert first.ended_s <= second.began_s
