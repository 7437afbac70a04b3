"""A participant's neutral face in later sessions: calibrated once, it counts until there is a new one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from emrs_core.timeline.events import Baseline, SettingsRecorded, new_id
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.statistics.baseline import baseline_of
from emrs_core.timeline.store import SessionQuery, TimelineStore

LOOKED_AT: Final = 10
"""Sessions of the participant, the newest first, among which a calibration is looked for: each is read whole."""
HEAD: Final = "live_head"
"""The setting that says which of the network's heads the readings come from."""


def earlier_neutral_face(
    store: TimelineStore, participant: str, began_at: datetime, source: SettingsRecorded | None
) -> Baseline | None:
    """The participant's latest calibration before ``began_at``, for a session that began then; None without one.

    Only what the same network read counts (``source``). The times keep their meaning: they are seconds since
    ``began_at``, and so lie before 0. Raises StoreUnavailable.
    """
    if not participant:
        return None
    for summary in store.list(SessionQuery(participant=participant, until=began_at, limit=LOOKED_AT)):
        timeline = store.read(summary.info.id)
        baseline = baseline_of(timeline)
        if baseline is not None and same_network(source_of(timeline), source):
            shift_s = (timeline.info.started_at - began_at).total_seconds()
            shift_s = min(shift_s, -baseline.until_s)  # a clock that was set back meanwhile puts it into no session
            return replace(baseline, id=new_id(), t_s=baseline.t_s + shift_s, until_s=baseline.until_s + shift_s)
    return None


def source_of(timeline: Timeline) -> SettingsRecorded | None:
    """What the session's readings come from; None where that was not recorded."""
    return next((event for event in timeline.events if isinstance(event, SettingsRecorded)), None)


def same_network(one: SettingsRecorded | None, other: SettingsRecorded | None) -> bool:
    """Whether two sessions were read by the same network and head, as far as that is known of both."""
    if one is None or other is None:
        return False
    heads = {dict(source.settings).get(HEAD) for source in (one, other)}
    return one.model_sha256 == other.model_sha256 and len(heads) == 1
