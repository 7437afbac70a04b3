"""Putting the demo data into a store, and taking all of it out again."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from emrs_core.errors import TimelineNotFound
from emrs_core.timeline.demo.sessions import PARTICIPANTS, PLAN, demo_sessions
from emrs_core.timeline.store import Consent, PeopleStore, SessionQuery, TimelineStore
from emrs_core.types import Track

DEMO_IDS = frozenset(f"demo-{number + 1}" for number in range(len(PLAN)))


class SessionsAndPeople(TimelineStore, PeopleStore, Protocol):
    """Both stores in one, as all of ours are."""


def add_demo(store: SessionsAndPeople, tracks: Sequence[Track], now: datetime, owner: str = "local") -> int:
    """Put the demo sessions into the store for ``owner``; doing it again changes nothing. Returns how many there are.

    Raises StoreUnavailable; calling it again then goes on.
    """
    for person in PARTICIPANTS:
        store.put_participant(person)
        store.put_consent(Consent(person.code, "synthetic", now.replace(microsecond=0)))
    for timeline in demo_sessions(tracks, now):
        info = replace(timeline.info, owner=owner)
        store.begin(info)
        store.append(info.id, timeline.samples, timeline.events)
    return len(PLAN)


def remove_demo(store: SessionsAndPeople, owner: str | None = None) -> int:
    """Take the demo sessions (of that owner; None: of all) and, when no session of theirs is left, participants out.

    Returns how many sessions went. A session that a person recorded under a demo participant's code stays.
    """
    found = [s.info for s in store.list(SessionQuery(owner=owner, synthetic=True)) if s.info.id in DEMO_IDS]
    for info in found:
        store.delete(info.id)
    for person in PARTICIPANTS:
        if not store.list(SessionQuery(participant=person.code, limit=1)):
            with suppress(TimelineNotFound):
                store.erase_all(person.code)
    return len(found)
