"""What is done with studies and participants as a whole: looked ahead for, erased with a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from emrs_core.errors import TimelineError
from emrs_core.timeline.sessions import SessionSummary, Study
from emrs_core.timeline.store import KeptSessions, SessionQuery, check_code

SECONDS_PER_MINUTE: Final = 60


def plural(count: int, noun: str) -> str:
    """``1 session``, ``2 sessions``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class StudyOutlook:
    """A study's sessions, and which of them go when. ``next_at``: when the next one is over, None when none will be."""

    study: Study
    sessions: tuple[SessionSummary, ...]
    over: tuple[SessionSummary, ...]  # erased when the program starts next, or asks for it
    next_at: datetime | None

    @property
    def participants(self) -> tuple[str, ...]:
        """The codes in it."""
        return tuple(sorted({summary.info.participant for summary in self.sessions} - {""}))


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of one participant."""

    participant: str
    sessions: int
    samples: int
    length_s: float
    consents: int
    described: bool  # whether there was a record with conditions and tags

    @property
    def sentence(self) -> str:
        """What is gone."""
        minutes = plural(round(self.length_s / SECONDS_PER_MINUTE), "minute")
        parts = [f"{plural(self.sessions, 'session')} of {minutes} with {plural(self.samples, 'reading')}"]
        parts += [plural(self.consents, "agreement")] + (["the record"] if self.described else [])
        return f"Erased {self.participant}: {', '.join(parts)}."


def outlook(study: Study, summaries: Sequence[SessionSummary], now: datetime) -> StudyOutlook:
    """What the study holds among those sessions, and what its retention will do."""
    own = tuple(summary for summary in summaries if summary.info.study == study.name)
    ends = [(summary, study.keeps_until(summary.info.started_at)) for summary in own]
    over = tuple(summary for summary, end in ends if end is not None and end < now)
    coming = [end for _, end in ends if end is not None and end >= now]
    return StudyOutlook(study, own, over, min(coming, default=None))


def erase_participant(store: KeptSessions, code: str) -> Erasure:
    """Erase everything of that participant and look whether all of it is gone.

    Raises TimelineNotFound, StoreUnavailable when it has to be done again, and TimelineError when somebody recorded
    more under that code meanwhile.
    """
    query = SessionQuery(participant=check_code(code))
    found, consents = store.list(query), store.consents(code)
    described = code in [person.code for person in store.participants()]
    count = store.erase_all(code)
    if store.list(query) or store.consents(code):
        raise TimelineError(f"Something of the participant {code!r} was written while it was erased: erase again.")
    length_s = sum(summary.length_s for summary in found)
    return Erasure(code, count, sum(summary.samples for summary in found), length_s, len(consents), described)
