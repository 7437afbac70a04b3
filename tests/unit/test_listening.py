"""Segments run from click to click; only the player's word makes a skip or a play-through of one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.listening import SKIP_S, Listening, PlayerReport, PlayerState
from emrs_core.segments import SegmentSource
from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.types import Track

FIRST, SECOND = FakeCatalogue().tracks()[:2]
LENGTH_S = FIRST.duration_ms / 1000


def said(listening: Listening, state: PlayerState, position_s: float, duration_s: float = LENGTH_S) -> PlayerReport:
    return PlayerReport(listening.turn, state, position_s, duration_s)


@pytest.fixture
def listening() -> Listening:
    opened = Listening()
    assert opened.open(FIRST, 10.0) is None
    return opened


def test_without_the_players_word_a_segment_runs_from_click_to_click_and_judges_nothing(listening: Listening) -> None:
    segment = listening.open(SECOND, 15.0)
    assert segment is not None
    assert (segment.track_id, segment.began_s, segment.ended_s) == (FIRST.id, 10.0, 15.0)
    assert segment.source is SegmentSource.CLICK
    assert segment.heard_s is None
    assert not segment.skipped
    assert not segment.played_through


def test_a_song_is_never_on_for_longer_than_it_lasts(listening: Listening) -> None:
    segment = listening.stop(10.0 + LENGTH_S + 3600)
    assert segment is not None
    assert segment.ended_s == pytest.approx(10.0 + LENGTH_S)
    assert segment.source is SegmentSource.DURATION
    assert not segment.played_through, "nobody said that it sounded"


@pytest.mark.parametrize(("position_s", "skipped"), [(SKIP_S - 1, True), (SKIP_S, False)])
def test_going_on_early_is_a_skip_once_the_player_speaks(
    listening: Listening, position_s: float, skipped: bool
) -> None:
    listening.hear(said(listening, PlayerState.PLAYING, position_s), 60.0)
    segment = listening.open(SECOND, 61.0)
    assert segment is not None
    assert (segment.source, segment.heard_s, segment.skipped) == (SegmentSource.PLAYER, position_s, skipped)


def test_stopping_early_is_no_skip(listening: Listening) -> None:
    listening.hear(said(listening, PlayerState.PLAYING, 4.0), 14.0)
    segment = listening.stop(15.0)
    assert segment is not None
    assert not segment.skipped


def test_the_end_that_the_player_tells_is_a_play_through(listening: Listening) -> None:
    listening.hear(said(listening, PlayerState.PLAYING, LENGTH_S - 2), 10.0 + LENGTH_S - 2)
    segment = listening.hear(said(listening, PlayerState.ENDED, 0.0), 10.0 + LENGTH_S)
    assert segment is not None
    assert segment.played_through
    assert segment.heard_s == LENGTH_S
    assert listening.now is None
    assert listening.segments() == (segment,)


def test_a_sample_that_ends_is_no_play_through(listening: Listening) -> None:
    segment = listening.hear(said(listening, PlayerState.ENDED, 29.7, duration_s=29.7), 40.0)
    assert segment is not None
    assert (segment.heard_s, segment.skipped, segment.played_through) == (29.7, False, False)


def test_the_end_of_the_visit_ends_the_song_that_is_on(listening: Listening) -> None:
    (segment,) = listening.until(25.0)
    assert (segment.track_id, segment.ended_s, segment.source) == (FIRST.id, 25.0, SegmentSource.CLICK)
    listening.hear(said(listening, PlayerState.PLAYING, 4.0), 14.0)
    (segment,) = listening.until(25.0)
    assert (segment.source, segment.heard_s, segment.skipped) == (SegmentSource.PLAYER, 4.0, False)
    assert listening.now is not None, "asking ends nothing"
    assert listening.stop(30.0) is not None
    assert len(listening.until(60.0)) == 1


def test_a_page_that_was_left_ends_its_song_then_and_opens_it_anew(listening: Listening) -> None:
    listening.leave(20.0)
    listening.come_back(90.0)
    (segment,) = listening.segments()
    assert (segment.track_id, segment.ended_s, segment.skipped) == (FIRST.id, 20.0, False)
    assert listening.now is not None
    assert (listening.now.track, listening.now.began_s, listening.now.turn) == (FIRST, 90.0, 2)


def test_a_player_that_goes_on_speaking_was_not_left(listening: Listening) -> None:
    listening.leave(20.0)
    listening.hear(said(listening, PlayerState.PLAYING, 14.0), 24.0)
    listening.come_back(90.0)
    assert listening.segments() == ()
    assert listening.now is not None
    assert listening.now.began_s == 10.0


def test_a_late_word_about_the_song_before_changes_nothing(listening: Listening) -> None:
    late = said(listening, PlayerState.ENDED, LENGTH_S)
    listening.open(SECOND, 15.0)
    assert listening.hear(late, 16.0) is None
    assert listening.now is not None
    assert (listening.now.track, listening.now.report) == (SECOND, None)


def test_the_same_song_opened_again_is_another_segment(listening: Listening) -> None:
    first_turn = listening.turn
    listening.open(FIRST, 12.0)
    assert listening.turn == first_turn + 1
    assert len(listening.segments()) == 1


@given(st.lists(st.tuples(st.sampled_from([FIRST, SECOND, None]), st.floats(0, 500)), max_size=12))
def test_segments_never_overlap_and_never_run_backwards(clicks: list[tuple[Track | None, float]]) -> None:
    listening, now_s = Listening(), 0.0
    for track, pause_s in clicks:
        now_s += pause_s
        if track is None:
            listening.stop(now_s)
        else:
            listening.open(track, now_s)
    listening.stop(now_s)
    segments = listening.segments()
    assert all(segment.began_s <= segment.ended_s for segment in segments)
    assert all(one.ended_s <= other.began_s for one, other in pairwise(segments))
