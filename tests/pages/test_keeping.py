"""The session of a visit is kept from the agreement on, and only as long as the person wants it."""

from __future__ import annotations

from emrs_core.listening import PlayerReport, PlayerState
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.timeline.events import (
    ConsentGiven,
    Event,
    SettingsRecorded,
    SongEnded,
    SongRated,
    SongsShown,
    SongStarted,
)
from emrs_core.timeline.sessions import SessionState, Timeline
from emrs_core.types import Emotion
from emrs_core.ui import state
from emrs_core.ui.lifetime import retire
from tests.pages.harness import Dashboard
from tests.waiting import wait_until


def events_of(timeline: Timeline | None, kind: type[Event]) -> list[Event]:
    assert timeline is not None
    return [event for event in timeline.events if isinstance(event, kind)]


def watch(dashboard: Dashboard) -> Dashboard:
    return dashboard.run().agree().press_start().see(Emotion.HAPPY, seconds=20)


def test_nothing_is_kept_before_the_agreement(dashboard: Dashboard) -> None:
    dashboard.run().visit().session.choose_mood(dashboard.catalogue_point())
    dashboard.run()
    assert dashboard.kept() is None


def test_what_the_camera_says_is_kept(dashboard: Dashboard) -> None:
    timeline = watch(dashboard).kept()
    assert timeline is not None
    assert timeline.info.state is SessionState.RUNNING
    assert 150 <= len(timeline.samples) <= 201  # twenty seconds at ten a second
    assert [event.version for event in timeline.events if isinstance(event, ConsentGiven)]
    assert [len(event.model_sha256) for event in timeline.events if isinstance(event, SettingsRecorded)] == [64]
    assert events_of(timeline, SongsShown)


def test_songs_are_kept_from_their_click_to_their_end(dashboard: Dashboard) -> None:
    music = watch(dashboard).session.music
    songs = music.songs()
    assert songs is not None
    first, second = (item.track for item in songs.items[:2])
    music.play(first.id)
    playing = music.playing()
    assert playing is not None
    music.player_said(PlayerReport(playing.turn, PlayerState.PLAYING, 12.0, 200.0))
    dashboard.clock.advance(12)
    music.play(second.id)
    music.rate(second.id, FeedbackKind.LIKE)
    music.rate(second.id, FeedbackKind.LIKE)  # takes it back
    timeline = dashboard.kept()
    started = [event.track_id for event in timeline.events if isinstance(event, SongStarted)] if timeline else []
    assert started == [first.id, second.id]
    (ended,) = [event for event in events_of(timeline, SongEnded) if isinstance(event, SongEnded)]
    assert (ended.track_id, ended.source, ended.skipped) == (first.id, "player", True)
    assert ended.t_s - ended.began_s == 12
    rated = [event.verdict for event in events_of(timeline, SongRated) if isinstance(event, SongRated)]
    assert rated == ["like", ""]


def test_a_session_that_is_not_to_be_kept_leaves_nothing(dashboard: Dashboard) -> None:
    watch(dashboard)
    assert dashboard.kept() is not None
    dashboard.open("Your data").button("keep-session-not").click()
    dashboard.run()
    assert "not kept" in dashboard.text()
    wait_until(lambda: not state.sessions(dashboard.visit()).list())
    dashboard.see(Emotion.SAD, seconds=5)
    assert dashboard.kept() is None


def test_keeping_can_be_taken_up_again(dashboard: Dashboard) -> None:
    watch(dashboard).open("Your data").button("keep-session-not").click()
    dashboard.run().button("keep-session").click()
    dashboard.run().see(Emotion.SAD, seconds=5)
    timeline = dashboard.kept()
    assert timeline is not None
    assert len(timeline.samples) <= 51  # nothing of what was seen before


def test_erasing_the_visit_erases_what_was_kept_of_it(dashboard: Dashboard) -> None:
    watch(dashboard)
    before = dashboard.kept()
    assert before is not None
    dashboard.open("Your data").button("erase").click()
    dashboard.run().see(Emotion.SAD, seconds=5)
    wait_until(lambda: before.info.id not in [kept.info.id for kept in state.sessions(dashboard.visit()).list()])
    after = dashboard.kept()
    assert after is not None
    assert len(after.samples) <= 51


def test_a_guests_session_lives_in_the_visit_alone(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_MODE="hosted")
    timeline = watch(dashboard).kept()
    assert timeline is not None
    assert len(timeline.samples) >= 150
    assert [kept.info for kept in dashboard.visit().memory.list()] == [timeline.info]
    assert not list(dashboard.data_dir.glob("sessions.db*"))


def test_a_database_that_cannot_be_opened_is_told_and_the_visit_goes_on(dashboard: Dashboard) -> None:
    (dashboard.data_dir / "sessions.db").mkdir()
    watch(dashboard)
    wait_until(lambda: dashboard.visit().keep.status.problem is not None)  # type: ignore[union-attr]
    dashboard.open("Your data")
    assert "cannot be written at the moment" in dashboard.text()
    assert dashboard.session.songs() is not None


def test_the_session_ends_with_the_visit(dashboard: Dashboard) -> None:
    timeline = watch(dashboard).kept()
    assert timeline is not None
    dashboard.close()
    assert state.sessions(dashboard.visit()).read(timeline.info.id).info.state is SessionState.ENDED


def test_where_nothing_was_ever_kept_no_database_is_made(dashboard: Dashboard) -> None:
    dashboard.run()
    retire()
    assert not list(dashboard.data_dir.glob("sessions.db*"))
