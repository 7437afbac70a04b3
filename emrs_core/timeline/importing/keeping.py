"""Putting a session that was read from a file into a store."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from emrs_core.errors import EmrsError, TimelineError, TimelineNotFound
from emrs_core.timeline.sessions import SessionInfo, SessionState, Timeline
from emrs_core.timeline.store import TimelineStore


def keep_imported(store: TimelineStore, timeline: Timeline, owner: str) -> SessionInfo:
    """Put a session read from a file into the store as ``owner``'s; one that still ran counts as interrupted.

    Raises TimelineError when that session is there already, StoreUnavailable. A session that an earlier import only
    began is finished.
    """
    state = SessionState.INTERRUPTED if timeline.info.state is SessionState.RUNNING else timeline.info.state
    info = replace(timeline.info, owner=owner, state=state)
    with suppress(TimelineNotFound):
        there = store.read(info.id)
        if len(there.samples) or there.events or there.info.owner != owner:
            raise TimelineError(f"the session {info.id} is there already; delete it first to import it anew.")
    store.begin(info)
    try:
        store.append(info.id, timeline.samples, timeline.events)
    except EmrsError:
        with suppress(EmrsError):  # the first error is the one to tell
            store.delete(info.id)
        raise
    return info
