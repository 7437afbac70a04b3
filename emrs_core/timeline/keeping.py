"""Whether a visit is kept: from the agreement on, until it ends or the person says not to."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from emrs_core.consent import ConsentRecord
from emrs_core.protocols import Clock
from emrs_core.segments import SongSegment
from emrs_core.timeline.events import (
    ConsentGiven,
    Event,
    SettingsRecorded,
    SongEnded,
    SongRated,
    SongsShown,
    SongStarted,
    new_id,
)
from emrs_core.timeline.observing import Observer
from emrs_core.timeline.recorder import RecorderStatus, SessionRecorder
from emrs_core.timeline.sessions import SessionFacts, SessionInfo
from emrs_core.timeline.store import TimelineStore
from emrs_core.types import AffectPoint, FrameAnalysis, MoodState, Track


class SessionKeeper:
    """A ``SessionListener`` that records a visit while there is an agreement. Every method from any thread.

    ``clock`` is the visit's; ``owner`` is who may see the sessions; ``facts`` say what the readings come from.
    """

    def __init__(
        self, open_store: Callable[[], TimelineStore], clock: Clock, owner: str, facts: SettingsRecorded | None = None
    ) -> None:
        self._open_store = open_store
        self._clock = clock
        self._owner = owner
        self._facts = facts
        self._lock = threading.RLock()
        self._recorder: SessionRecorder | None = None
        self._last: SessionRecorder | None = None  # the one whose status is told after its end
        self._observer = Observer(0.0)
        self._start_s = 0.0
        self._declined = False
        self._described = SessionFacts()

    # -- what the person decides ---------------------------------------------------------------------------------

    def begin(self, consent: ConsentRecord) -> None:
        """Keep the visit from now on. Nothing when it is being kept already, or ``decline`` was called."""
        with self._lock:
            if self._recording() is not None or self._declined:
                return
            self._start_s = self._clock.now_s()
            self._observer = Observer(self._start_s)
            info = SessionInfo(new_id(), self._owner, datetime.now(UTC)).described(self._described)
            opening: tuple[Event, ...] = (ConsentGiven(t_s=0.0, version=consent.version, at=consent.given_at),)
            if self._facts is not None:
                opening += (replace(self._facts, id=new_id()),)  # an event belongs to one session
            self._recorder = self._last = SessionRecorder(self._open_store, info, opening)

    def describe(self, facts: SessionFacts) -> None:
        """What this session is, and those that begin later are, until the next call."""
        with self._lock:
            self._described = facts
            recorder = self._recording()
            if recorder is not None:
                recorder.describe(facts)

    def decline(self) -> None:
        """Do not keep this session: what was written is erased, and nothing more is kept until ``accept``."""
        with self._lock:
            self._declined = True
            self.forgot()

    def accept(self) -> None:
        """Take ``decline`` back; the next ``begin`` begins a new session."""
        with self._lock:
            self._declined = False

    def end(self) -> None:
        """The session is over. A later ``begin`` begins another one."""
        with self._lock:
            recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.end()

    def close(self, timeout_s: float = 2.0) -> None:
        """End the session and wait until it is written. Safe to call twice; cannot hang."""
        self.end()
        if self._last is not None:
            self._last.close(timeout_s)

    @property
    def declined(self) -> bool:
        with self._lock:
            self._recording()
            return self._declined

    @property
    def session_id(self) -> str | None:
        """The id of the session that is being kept."""
        with self._lock:
            recorder = self._recording()
            return recorder.info.id if recorder else None

    @property
    def facts(self) -> SessionFacts:
        with self._lock:
            return self._described

    @property
    def began_at(self) -> datetime | None:
        """When the session that is being kept began."""
        with self._lock:
            recorder = self._recording()
            return recorder.info.started_at if recorder else None

    @property
    def source(self) -> SettingsRecorded | None:
        """What the readings come from."""
        return self._facts

    @property
    def status(self) -> RecorderStatus | None:
        """How the recording stands, or ended; None before the first."""
        with self._lock:
            return self._last.status if self._last else None

    def now_s(self) -> float:
        """Seconds of the session being kept: the time of an event that happens now."""
        with self._lock:
            return max(0.0, self._clock.now_s() - self._start_s)

    def at(self, visit_s: float) -> float:
        """The visit's seconds as the session's; what began before the session did began with it."""
        with self._lock:
            return max(0.0, visit_s - self._start_s)

    def add(self, *events: Event) -> None:
        """Keep what the person marks, notes or reports. Nothing while no session is kept."""
        with self._lock:
            recorder = self._recording()
            if recorder is not None:
                recorder.add(None, *events)

    # -- what the visit tells ------------------------------------------------------------------------------------

    def observed(self, analysis: FrameAnalysis, mood: MoodState) -> None:
        with self._lock:
            recorder = self._recording()
            if recorder is not None:
                sample, events = self._observer.see(analysis, mood)
                recorder.add(sample, *events)

    def songs_shown(self, t_s: float, track_ids: tuple[str, ...], target: AffectPoint, origin: str, goal: str) -> None:
        self.add(SongsShown(t_s=self.at(t_s), track_ids=track_ids, target=target, origin=origin, goal=goal))

    def song_started(self, t_s: float, track: Track) -> None:
        self.add(SongStarted(t_s=self.at(t_s), track_id=track.id, title=track.title, artist=track.artist))

    def song_ended(self, segment: SongSegment) -> None:
        self.add(
            SongEnded(
                t_s=self.at(segment.ended_s),
                track_id=segment.track_id,
                began_s=self.at(segment.began_s),
                source=str(segment.source),
                heard_s=segment.heard_s,
                skipped=segment.skipped,
                played_through=segment.played_through,
            )
        )

    def song_rated(self, t_s: float, track_id: str, verdict: str) -> None:
        self.add(SongRated(t_s=self.at(t_s), track_id=track_id, verdict=verdict))

    def forgot(self) -> None:
        with self._lock:
            recorder, self._recorder = self._recorder, None
        if recorder is not None:
            recorder.discard()

    def _recording(self) -> SessionRecorder | None:
        """The recorder that may go on. One whose session was erased elsewhere, or whose participant took the agreement
        back, is let go of: nothing more is kept until ``accept``. Under the lock."""
        if self._recorder is not None and self._recorder.status.stopped:
            self._recorder, self._declined = None, True
        return self._recorder
