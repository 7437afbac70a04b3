"""A store with sessions of two people, and how it looks to each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline.access import AccessibleSessions, Viewer
from emrs_core.timeline.events import Marker, ReportMoment, SelfReport
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.sessions import Participant, SessionInfo, Study
from emrs_core.timeline.store import Consent

ME, OTHER = Viewer.person("https://id.example.org", "me"), Viewer.person("https://id.example.org", "other")
REVIEWER = Viewer.person("https://id.example.org", "reviewer", reviewer=True)
STUDY = Study("S1", retention_days=30)


@dataclass(frozen=True)
class World:
    """A store with sessions of two people, ``INFOS``: each has one in a study and one outside, under one code."""

    store: MemoryTimelineStore

    def seen_by(self, viewer: Viewer) -> AccessibleSessions:
        return AccessibleSessions(self.store, viewer)


INFOS = {
    "mine": make_info(0, id="mine", owner=ME.owner_id, participant="P1"),
    "my_study": make_info(1, id="my_study", owner=ME.owner_id, participant="P1", study="S1"),
    "theirs": make_info(2, id="theirs", owner=OTHER.owner_id, participant="P2", title="secret"),
    "their_study": make_info(3, id="their_study", owner=OTHER.owner_id, participant="P2", study="S1"),
}


def make_world(leave_out: Callable[[SessionInfo], bool] = lambda info: False) -> World:
    store = MemoryTimelineStore()
    store.put_study(STUDY)
    for info in INFOS.values():
        if leave_out(info):
            continue
        store.begin(info)
        store.append(info.id, make_samples(4), [Marker(t_s=1.0, label="theirs", id=f"marker-{info.id}")])
        store.append(info.id, (), [report(info.id)])
        store.put_participant(Participant(info.participant, conditions=("calm",)))
        store.put_consent(Consent(info.participant, "v1", NOON))
    return World(store)


def report(session_id: str) -> SelfReport:
    return SelfReport(t_s=0.5, id=f"report-{session_id}", moment=ReportMoment.BEFORE, valence=5, arousal=5)
