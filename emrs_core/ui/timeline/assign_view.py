"""Putting sessions into a study, under a participant's code, into a condition, afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import streamlit as st

from emrs_core.timeline.people import plural
from emrs_core.timeline.sessions import SessionFacts, SessionInfo, SessionSummary
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.people.acting import act, window

AS_IS: Final = "As it is"
NONE: Final = "None"
OTHERS: Final = "Some of these sessions are other people's. Only they can say whose they are and what they belong to."


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is to be put into sessions; None leaves what each has."""

    study: str | None = None
    participant: str | None = None
    condition: str | None = None
    tags: tuple[str, ...] = ()  # added to what there is

    def applied(self, facts: SessionFacts) -> SessionFacts:
        """The facts with this in their place."""
        return replace(
            facts,
            study=facts.study if self.study is None else self.study,
            participant=facts.participant if self.participant is None else self.participant,
            condition=facts.condition if self.condition is None else self.condition,
            tags=tuple(dict.fromkeys((*facts.tags, *self.tags))),
        )


def assign(visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo], assignment: Assignment) -> str:
    """Put it into each; the one that this visit records hears of it where it is recorded. Raises a TimelineError."""
    for info in infos:
        facts = assignment.applied(info.facts)
        if info.id == visit.keep.session_id:
            visit.keep.describe(facts)
        else:
            store.describe(info.id, facts)
    return f"Assigned: {plural(len(infos), 'session')}."


def draw_assign(
    visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo], summaries: Sequence[SessionSummary]
) -> None:
    """A small window; what stands in ``summaries`` is offered. Script thread."""
    with window(visit, "Assign", hooks.SESSIONS_ASSIGN, ":material/label:"):
        if not all(visit.viewer.owns(info) for info in infos):
            st.markdown(OTHERS)
            return
        people = store.participants()
        listed = [summary.info for summary in summaries]
        with st.form("assign-form", border=False, clear_on_submit=True):
            studies = [one.name for one in store.studies()] + [info.study for info in listed]
            study = _one_of("Study", studies, hooks.ASSIGN_STUDY)
            codes = [person.code for person in people] + [info.participant for info in listed]
            participant = _one_of("Participant", codes, hooks.ASSIGN_PARTICIPANT)
            known = [name for person in people for name in person.conditions] + [info.condition for info in listed]
            condition = _one_of("Condition", known, hooks.ASSIGN_CONDITION, new=True)
            tags = st.multiselect(
                "Tags to add", sorted({tag for info in listed for tag in info.tags}), key=hooks.ASSIGN_TAGS,
                accept_new_options=True, placeholder="Choose or type",
            )  # fmt: skip
            if st.form_submit_button(f"Assign {plural(len(infos), 'session')}", key=hooks.ASSIGN, type="primary"):
                wanted = Assignment(study, participant, condition, tuple(tag.strip() for tag in tags if tag.strip()))
                act(visit, partial(assign, visit, store, infos, wanted))


def _one_of(label: str, values: Iterable[str], key: str, *, new: bool = False) -> str | None:
    """None: leave it; empty: take it away."""
    there = sorted(set(values) - {"", AS_IS, NONE}, key=str.casefold)
    chosen = st.selectbox(label, [AS_IS, NONE, *there], key=key, accept_new_options=new)
    return {AS_IS: None, NONE: ""}.get(chosen or AS_IS, (chosen or "").strip())
