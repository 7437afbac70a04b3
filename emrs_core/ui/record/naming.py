"""Puts a session into its study and under its participant's code: who agreed is on record before anything is named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from emrs_core.errors import UsageError
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.sessions import Participant, SessionFacts, Study
from emrs_core.timeline.store import Consent, KeptSessions, is_withdrawn

MAX_LENGTH = 120
"""Characters of a code, a study, a condition, a tag or a title: what a list can show."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Somebody says that the participant agreed to the wording ``version``."""

    version: str


def facts_from(study: str, participant: str, condition: str, tags: str, title: str) -> SessionFacts:
    """The facts as typed; tags are parted by commas. Raises UsageError for one that is too long."""
    words = tuple(dict.fromkeys(tag.strip() for tag in tags.split(",") if tag.strip()))
    return checked_facts(SessionFacts(study.strip(), participant.strip(), condition.strip(), words, title.strip()))


def checked_facts(facts: SessionFacts) -> SessionFacts:
    """The facts themselves. Raises UsageError for one that is too long."""
    for name, value in (
        ("study", facts.study),
        ("participant code", facts.participant),
        ("condition", facts.condition),
        ("title", facts.title),
        *(("tag", tag) for tag in facts.tags),
    ):
        if len(value) > MAX_LENGTH:
            raise UsageError(f"The {name} may have {MAX_LENGTH} characters, this one has {len(value)}. Shorten it.")
    return facts


def name_session(
    keep: SessionKeeper, store: KeptSessions, facts: SessionFacts, agreed: Agreed | None, now: datetime
) -> None:
    """Give the session those facts; study and participant are made when they are new.

    Raises UsageError when a participant is named of whom no agreement stands and none is given now, AccessDenied when
    a study or code is not for whoever asks, and StoreUnavailable; nothing is named then.
    """
    code = facts.participant
    consents = store.consents(code) if code else ()
    if code and agreed is None and (not consents or is_withdrawn(consents)):
        raise UsageError(
            f"No agreement of {code} stands. Ask them first; then tick that they agreed, with the version of the "
            "wording they read."
        )
    if facts.study and facts.study not in [study.name for study in store.studies()]:
        store.put_study(Study(facts.study))
    if code:
        if code not in [person.code for person in store.participants()]:
            store.put_participant(Participant(code))
        if agreed is not None:
            store.put_consent(Consent(code, agreed.version, now))
    keep.describe(facts)


def asks_phq2(store: KeptSessions, study: str) -> bool:
    """Whether that study asks the two questions. Raises StoreUnavailable."""
    return any(one.phq2 for one in store.studies() if one.name == study)
