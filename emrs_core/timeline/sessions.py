"""Kept sessions, the people in them, and studies: what a list of sessions shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from emrs_core.errors import TimelineError
from emrs_core.timeline.events import Event
from emrs_core.timeline.samples import Samples

RETENTION_DAYS = (1, 36_500)
"""Fewest and most days that a study may keep its sessions."""


class SessionState(StrEnum):
    """How a session stands."""

    RUNNING = "running"
    ENDED = "ended"
    INTERRUPTED = "interrupted"  # it ended without saying so: a crash, a lost machine


@dataclass(frozen=True, slots=True)
class Participant:
    """A person under a code that says nothing of who they are."""

    code: str
    conditions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """Sessions that belong together. ``retention_days``: None keeps them until somebody erases them."""

    name: str
    retention_days: int | None = None
    phq2: bool = False

    def checked(self) -> Study:
        """The study itself. Raises TimelineError for an empty name, or a number of days beyond RETENTION_DAYS."""
        fewest, most = RETENTION_DAYS
        if not self.name.strip():
            raise TimelineError("A study needs a name.")
        if self.retention_days is not None and not fewest <= self.retention_days <= most:
            raise TimelineError(f"A study keeps its sessions {fewest} to {most:,} days, not {self.retention_days:,}.")
        return self

    def keeps_until(self, started_at: datetime) -> datetime | None:
        """When a session that began then is to be erased; None: never by itself."""
        return None if self.retention_days is None else started_at + timedelta(days=self.retention_days)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What people say of a session, at any time: the part of ``SessionInfo`` that may change."""

    study: str = ""
    participant: str = ""
    condition: str = ""
    tags: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session's own facts. ``owner`` is who may see it: ``local`` on one's own machine, else a signed-in subject."""

    id: str
    owner: str
    started_at: datetime  # aware
    state: SessionState = SessionState.RUNNING
    ended_at: datetime | None = None
    study: str = ""
    participant: str = ""
    condition: str = ""
    tags: tuple[str, ...] = ()
    title: str = ""
    synthetic: bool = False  # made by ``demo-data``; said on every view and in every export

    @property
    def facts(self) -> SessionFacts:
        return SessionFacts(self.study, self.participant, self.condition, self.tags, self.title)

    def described(self, facts: SessionFacts) -> SessionInfo:
        """The same session with those facts in place of its own."""
        return replace(
            self,
            study=facts.study,
            participant=facts.participant,
            condition=facts.condition,
            tags=facts.tags,
            title=facts.title,
        )


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """One row of the list. ``sparkline`` is valence in [-1, 1] at evenly spread moments, None in gaps."""

    info: SessionInfo
    length_s: float
    valid_face_share: float  # of the samples, in [0, 1]
    songs: int
    samples: int
    sparkline: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """One whole session as read back: samples and events in order of time.

    ``events`` is the whole history; ``timeline.review.current`` says what holds after amendments and withdrawals.
    """

    info: SessionInfo
    samples: Samples = field(default_factory=lambda: Samples.of(()), repr=False)
    events: tuple[Event, ...] = field(default=(), repr=False)
