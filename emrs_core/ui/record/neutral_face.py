"""The neutral face that a participant showed in an earlier session, taken over when the session gets their code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from emrs_core.timeline.events import Withdrawn
from emrs_core.timeline.neutral_face import earlier_neutral_face
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import times
from emrs_core.ui.state import Visit


def take_over(visit: Visit, store: KeptSessions, participant: str) -> str:
    """The session is that participant's: their last neutral face counts until a new one is taken.

    One that was taken over from somebody else goes; one that was calibrated in this session stays. Returns what to
    tell, empty for nothing. Raises StoreUnavailable.
    """
    desk, keep = visit.record, visit.keep
    if desk.baseline is not None and desk.baseline_from is None:
        return ""
    if desk.baseline is not None:
        keep.add(Withdrawn(t_s=keep.now_s(), target_id=desk.baseline.id, at=datetime.now(UTC)))
        desk.baseline = desk.baseline_from = None
    began_at = keep.began_at
    found = earlier_neutral_face(store, participant, began_at, keep.source) if began_at else None
    if began_at is None or found is None:
        return ""
    keep.add(found)
    desk.baseline, desk.baseline_from = found, began_at + timedelta(seconds=found.t_s)
    return f"The neutral face of {times.brief(desk.baseline_from, st.context.timezone)} counts here too."


def neutral_face_sentence(visit: Visit) -> str:
    """Which neutral face this session has; empty without one."""
    desk = visit.record
    if desk.baseline is None:
        return ""
    if desk.baseline_from is None:
        return f"Neutral face: noted in this session, from {desk.baseline.looks} looks."
    return f"Neutral face: the one of {times.brief(desk.baseline_from, st.context.timezone)}, until you take a new one."
