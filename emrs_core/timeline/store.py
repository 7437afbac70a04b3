"""The seams of what is kept: sessions in ``TimelineStore``, the people in them in ``PeopleStore``.

Every store passes ``TimelineStoreContract`` and ``PeopleStoreContract`` of ``emrs_core.testing``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from emrs_core.errors import TimelineError, TimelineNotFound
from emrs_core.timeline.events import Event, Sample
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import Participant, SessionFacts, SessionInfo, SessionSummary, Study, Timeline


@dataclass(frozen=True, slots=True)
class SessionQuery:
    """Which sessions to list; None leaves that open. ``text`` is looked for in title, participant and study."""

    owner: str | None = None
    study: str | None = None
    participant: str | None = None
    condition: str | None = None
    tag: str | None = None
    text: str = ""
    since: datetime | None = None  # started at or after
    until: datetime | None = None  # started before
    synthetic: bool | None = None
    limit: int | None = None
    offset: int = 0

    def admits(self, info: SessionInfo) -> bool:
        """Whether that session belongs to the answer (``limit`` and ``offset`` apart)."""
        return (
            (self.owner is None or self.owner == info.owner)
            and (self.study is None or self.study == info.study)
            and (self.participant is None or self.participant == info.participant)
            and (self.condition is None or self.condition == info.condition)
            and (self.tag is None or self.tag in info.tags)
            and (self.synthetic is None or self.synthetic == info.synthetic)
            and (self.since is None or info.started_at >= self.since)
            and (self.until is None or info.started_at < self.until)
            and self.text.casefold() in f"{info.title}\n{info.participant}\n{info.study}".casefold()
        )


@dataclass(frozen=True, slots=True)
class Consent:
    """A participant's agreement to the wording ``version``, and when it was taken back."""

    participant: str
    version: str
    at: datetime  # aware
    withdrawn_at: datetime | None = None


def is_withdrawn(consents: Sequence[Consent]) -> bool:
    """Whether the latest of one participant's agreements was taken back; False when there is none."""
    return bool(consents) and max(consents, key=lambda consent: consent.at).withdrawn_at is not None


def check_code(participant: str) -> str:
    """The code itself. Raises TimelineError for an empty one: it stands for all sessions without a participant."""
    if not participant:
        raise TimelineError("A participant's code is needed here; none was given.")
    return participant


def check_change(name: str, changed: Study, names: Collection[str]) -> bool:
    """Whether ``changed`` gives the study ``name`` another name. Raises as ``PeopleStore.change_study`` does."""
    if name not in names:
        raise TimelineNotFound(f"There is no study called {name!r}.")
    moves = changed.checked().name != name
    if moves and changed.name in names:
        raise TimelineError(f"There is a study called {changed.name!r} already.")
    return moves


@dataclass(frozen=True, slots=True)
class ParticipantRecord:
    """Everything that is kept of one participant."""

    participant: Participant
    consents: tuple[Consent, ...]
    timelines: tuple[Timeline, ...]


class TimelineStore(Protocol):
    """Keeps sessions. Any thread.

    Every method MAY raise StoreUnavailable; nothing is half done then, and the same call may be made again.
    """

    def begin(self, info: SessionInfo) -> None:
        """Make room for a session. Doing it again for the same id changes nothing."""
        ...

    def append(self, session_id: str, samples: Sequence[Sample] | Samples, events: Sequence[Event] = ()) -> None:
        """Add samples and events, in any order; to an ended session too.

        A sample at a time that has one already, and an event whose id is there already, are the same ones again and
        change nothing. With nothing to add it says that a running session still runs. Raises TimelineNotFound,
        ConsentWithdrawn while it runs and its participant took the agreement back, and TimelineError for a time that is
        no number.
        """
        ...

    def end(self, session_id: str, ended_at: datetime) -> None:
        """The session is over. Ending it again changes nothing. Raises TimelineNotFound."""
        ...

    def describe(self, session_id: str, facts: SessionFacts) -> None:
        """Put those facts in the place of the session's own; of an ended session too. Raises TimelineNotFound."""
        ...

    def read(self, session_id: str) -> Timeline:
        """The whole session in order of time. Raises TimelineNotFound."""
        ...

    def reread(self, before: Timeline) -> Timeline:
        """The session of ``before``, as ``read`` gives it now; ``before`` itself when nothing was added or changed.

        Only what was added since is read, as long as time went forward. Raises TimelineNotFound.
        """
        ...

    def info(self, session_id: str) -> SessionInfo:
        """The session's own facts alone, which is quick. Raises TimelineNotFound."""
        ...

    def list(self, query: SessionQuery = ...) -> tuple[SessionSummary, ...]:
        """The sessions asked for, the newest first."""
        ...

    def delete(self, session_id: str) -> None:
        """Erase the session. Raises TimelineNotFound."""
        ...


class PeopleStore(Protocol):
    """Keeps participants, studies and consents beside their sessions. Any thread."""

    def put_study(self, study: Study) -> None:
        """Make the study, or change the one of that name. Raises TimelineError as ``Study.checked`` does."""
        ...

    def studies(self) -> tuple[Study, ...]: ...

    def change_study(self, name: str, changed: Study) -> int:
        """Put ``changed`` in the place of the study ``name``; called otherwise, its sessions move along, all at once.

        Returns how many moved. Raises TimelineNotFound, TimelineError when there is a study of the new name, and as
        ``Study.checked`` does.
        """
        ...

    def drop_study(self, name: str) -> None:
        """Take an empty study away. Raises TimelineNotFound, and TimelineError while sessions belong to it."""
        ...

    def put_participant(self, participant: Participant) -> None: ...
    def participants(self) -> tuple[Participant, ...]: ...

    def put_consent(self, consent: Consent) -> None: ...
    def consents(self, participant: str) -> tuple[Consent, ...]: ...

    def withdraw_consent(self, participant: str, at: datetime) -> None:
        """The participant takes back every agreement that still stands: nothing more of them is recorded.

        What was kept stays until it is erased. Doing it again changes nothing. Raises TimelineNotFound when there never
        was an agreement.
        """
        ...

    def export_all(self, participant: str) -> ParticipantRecord:
        """Everything kept of that participant. Raises TimelineNotFound."""
        ...

    def erase_all(self, participant: str) -> int:
        """Erase the participant, consents and sessions, without a trace in the store; returns how many sessions.

        Raises TimelineNotFound, and StoreUnavailable when traces may remain: call it again, or open the store anew.
        """
        ...

    def retire(self, now: datetime) -> tuple[str, ...]:
        """Erase each session that is older than its study keeps them, and finish what was erased only in part before.

        Returns the ids of those sessions.
        """
        ...


class KeptSessions(TimelineStore, PeopleStore, Protocol):
    """Sessions and the people in them, in one store."""
