"""The list changes rarely: when the mood has really moved, and never without one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.affect import nearest_emotion
from emrs_core.music.refresh import RefreshParameters, SongListPolicy
from emrs_core.types import AffectPoint, Emotion, MoodKind, MoodState, SlowMood

STEP_S = 0.5
P = RefreshParameters()
HAPPY, SAD = AffectPoint(0.8, 0.3), AffectPoint(-0.7, -0.4)


def seen(t_s: float, point: AffectPoint, ready: bool = True) -> MoodState:
    label = nearest_emotion(point)
    return MoodState(t_s, MoodKind.EMOTION, label, 0.9, None, point, SlowMood(point, label, 0.1, ready))


def unseen(t_s: float, kind: MoodKind, point: AffectPoint) -> MoodState:
    return MoodState(t_s, kind, point=point, slow=SlowMood(point, Emotion.HAPPY, 0.1, ready=True))


def changes(policy: SongListPolicy, moods: list[MoodState]) -> list[tuple[float, AffectPoint]]:
    answers = [(mood.t_s, policy.observe(mood)) for mood in moods]
    return [(t_s, target) for t_s, target in answers if target is not None]


def stretch(begin_s: float, end_s: float, point: AffectPoint) -> list[MoodState]:
    return [seen(begin_s + i * STEP_S, point) for i in range(int((end_s - begin_s) / STEP_S))]


def test_the_first_list_comes_when_the_slow_mood_is_ready() -> None:
    moods = [seen(t / 2, HAPPY, ready=t >= 6) for t in range(20)]
    assert changes(SongListPolicy(), moods) == [(3.0, HAPPY)]


def test_a_mood_that_is_not_ready_will_do_after_a_while() -> None:
    moods = [seen(100 + t / 2, HAPPY, ready=False) for t in range(60)]
    ((t_s, target),) = changes(SongListPolicy(), moods)
    assert target == HAPPY
    assert t_s == 100 + P.patience_s
    assert P.patience_s < 12.0


def test_without_a_slow_mood_the_smoothed_one_will_do() -> None:
    moods = [MoodState(t / 2, MoodKind.EMOTION, Emotion.SAD, 0.9, None, SAD) for t in range(60)]
    assert changes(SongListPolicy(), moods) == [(P.patience_s, SAD)]


def test_songs_come_with_the_first_credible_mood_after_a_long_absence() -> None:
    moods = [unseen(t / 2, MoodKind.NO_FACE, HAPPY) for t in range(60)] + [seen(30.0, SAD, ready=False)]
    assert changes(SongListPolicy(), moods) == [(30.0, SAD)]


def test_a_real_change_renews_the_list_after_its_dwell() -> None:
    moods = stretch(0, 40, HAPPY) + stretch(40, 80, SAD)
    assert changes(SongListPolicy(), moods) == [(0.0, HAPPY), (40.0 + P.dwell_s, SAD)]


def test_an_early_change_waits_for_the_gap() -> None:
    moods = stretch(0, 5, HAPPY) + stretch(5, 60, SAD)
    assert changes(SongListPolicy(), moods) == [(0.0, HAPPY), (P.gap_s, SAD)]


def test_a_short_excursion_changes_nothing() -> None:
    moods = stretch(0, 40, HAPPY) + stretch(40, 40 + P.dwell_s - 1, SAD) + stretch(50, 90, HAPPY)
    assert changes(SongListPolicy(), moods) == [(0.0, HAPPY)]


def test_a_small_move_changes_nothing() -> None:
    moods = stretch(0, 40, HAPPY) + stretch(40, 200, AffectPoint(HAPPY.valence - 0.2, HAPPY.arousal))
    assert changes(SongListPolicy(), moods) == [(0.0, HAPPY)]


def test_a_mood_on_the_move_is_waited_for() -> None:
    drift = [seen(40 + t, AffectPoint(0.8 - 0.09 * min(t, 16), 0.3)) for t in range(60)]
    (_, (t_s, target)) = changes(SongListPolicy(), stretch(0, 40, HAPPY) + drift)
    assert t_s >= 40 + P.dwell_s
    assert target.distance_to(HAPPY) > P.distance


def test_an_absence_starts_the_dwell_anew() -> None:
    away = [unseen(44.0, MoodKind.UNSURE, SAD)]
    moods = stretch(0, 40, HAPPY) + stretch(40, 44, SAD) + away + stretch(44.5, 80, SAD)
    assert changes(SongListPolicy(), moods)[1] == (44.5 + P.dwell_s, SAD)


def test_a_list_that_is_there_already_stays_for_the_same_mood() -> None:
    policy = SongListPolicy(shown=HAPPY)
    assert changes(policy, stretch(0, 100, HAPPY)) == []
    assert changes(policy, stretch(100, 140, SAD)) == [(100.0 + P.dwell_s, SAD)]


kinds = st.sampled_from(MoodKind)
places = st.builds(AffectPoint, st.floats(-1, 1), st.floats(-1, 1))


@st.composite
def visits(draw: st.DrawFn) -> list[MoodState]:
    moods: list[MoodState] = []
    t_s = draw(st.floats(0, 1000))
    for kind, point, ready, length in draw(
        st.lists(st.tuples(kinds, places, st.booleans(), st.integers(1, 60)), max_size=12)
    ):
        for _ in range(length):
            moods.append(seen(t_s, point, ready) if kind is MoodKind.EMOTION else unseen(t_s, kind, point))
            t_s += STEP_S
    return moods


@settings(max_examples=150)
@given(visits())
def test_in_any_visit_changes_are_rare_large_and_seen(moods: list[MoodState]) -> None:
    made = changes(SongListPolicy(), moods)
    kind_at = {mood.t_s: mood.kind for mood in moods}
    assert all(kind_at[t_s] is MoodKind.EMOTION for t_s, _ in made)
    for (before_s, before), (after_s, after) in pairwise(made):
        assert after_s - before_s >= P.gap_s
        assert after.distance_to(before) > P.distance


@settings(max_examples=100)
@given(places, st.lists(st.booleans(), min_size=40, max_size=40))
def test_a_steady_mood_has_one_list_within_the_patience(point: AffectPoint, ready: list[bool]) -> None:
    made = changes(SongListPolicy(), [seen(i * STEP_S, point, r) for i, r in enumerate(ready)])
    assert len(made) == 1
    assert made[0][0] <= P.patience_s
