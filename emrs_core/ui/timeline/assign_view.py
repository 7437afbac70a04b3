"""Putting sessions into a study, under a participant's code, into a condition, afterwards; and giving them tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import streamlit as st

from emrs_core.errors import TimelineError
from emrs_core.timeline.people import plural
from emrs_core.timeline.sessions import SessionFacts, SessionInfo, SessionSummary
from emrs_core.timeline.store import KeptSessions, is_withdrawn
from emrs_core.ui import hooks
from emrs_core.ui.plain import plain
from emrs_core.ui.record.naming import checked_facts
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.people.acting import act, window

AS_IS: Final = "As it is"
NONE: Final = "None"
OTHERS: Final = (
    "Some of these sessions are other people's: you can name condition and tags. Whose they are, and to which study "
    "they belong, only those people can say."
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is to be put into sessions; None leaves what each has."""

    study: str | None = None
    participant: str | None = None
    condition: str | None = None
    tags: tuple[str, ...] = ()  # added to what there is
    away: tuple[str, ...] = ()  # tags that are taken away

    def applied(self, facts: SessionFacts) -> SessionFacts:
        """The facts with this in their place."""
        tags = dict.fromkeys((*(tag for tag in facts.tags if tag not in self.away), *self.tags))
        return replace(
            facts,
            study=facts.study if self.study is None else self.study,
            participant=facts.participant if self.participant is None else self.participant,
            condition=facts.condition if self.condition is None else self.condition,
            tags=tuple(tags),
        )


def assign(visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo], assignment: Assignment) -> str:
    """Put it into each; the one that this visit records hears of it where it is recorded.

    Raises UsageError for what is too long, and a TimelineError; sessions before the one that failed have it then.
    """
    _check_agreed(store, assignment.participant)
    for info in infos:
        facts = checked_facts(assignment.applied(store.info(info.id).facts))
        if info.id == visit.keep.session_id:
            visit.keep.describe(facts)
        else:
            store.describe(info.id, facts)
    return f"Assigned: {plural(len(infos), 'session')}."


def draw_assign(
    visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo], summaries: Sequence[SessionSummary]
) -> None:
    """A small window; what stands in ``summaries`` is offered, and of other people's sessions a reviewer names
    condition and tags. Script thread."""
    with window(visit, "Assign", hooks.SESSIONS_ASSIGN, ":material/label:"):
        own = all(visit.viewer.owns(info) for info in infos)
        if not own:
            st.markdown(OTHERS)
        with st.form("assign-form", border=False, clear_on_submit=True):
            wanted = _draw_fields(store, infos, own, [summary.info for summary in summaries])
            if st.form_submit_button(f"Assign {plural(len(infos), 'session')}", key=hooks.ASSIGN, type="primary"):
                act(visit, partial(assign, visit, store, infos, wanted))


def _draw_fields(
    store: KeptSessions, infos: Sequence[SessionInfo], own: bool, listed: Sequence[SessionInfo]
) -> Assignment:
    people = store.participants()
    study = participant = None
    if own:
        studies = [one.name for one in store.studies()] + [info.study for info in listed]
        study = _one_of("Study", studies, hooks.ASSIGN_STUDY)
        codes = [person.code for person in people] + [info.participant for info in listed]
        participant = _one_of("Participant", codes, hooks.ASSIGN_PARTICIPANT)
    known = [name for person in people for name in person.conditions] + [info.condition for info in listed]
    condition = _one_of("Condition", known, hooks.ASSIGN_CONDITION, new=True)
    tags = st.multiselect(
        "Tags to add", _tags(listed), key=hooks.ASSIGN_TAGS, accept_new_options=True, placeholder="Choose or type"
    )
    there, away = _tags(infos), []
    if there:
        away = st.multiselect("Tags to take away", there, key=hooks.ASSIGN_AWAY, placeholder="Choose")
    return Assignment(study, participant, condition, _split(tags), tuple(away))


def _tags(infos: Iterable[SessionInfo]) -> list[str]:
    return sorted({tag for info in infos for tag in info.tags})


def _split(tags: Iterable[str]) -> tuple[str, ...]:
    """What was typed; a comma parts tags, as on the Live page."""
    return tuple(part.strip() for tag in tags for part in tag.split(",") if part.strip())


def _check_agreed(store: KeptSessions, participant: str | None) -> None:
    if not participant:
        return
    consents = store.consents(participant)
    if not consents or is_withdrawn(consents):
        raise TimelineError(f"No agreement of {plain(participant)} stands. Record it under *People and studies* first.")


def _one_of(label: str, values: Iterable[str], key: str, *, new: bool = False) -> str | None:
    """None: leave it; empty: take it away."""
    there = sorted(set(values) - {"", AS_IS, NONE}, key=str.casefold)
    chosen = st.selectbox(label, [AS_IS, NONE, *there], key=key, accept_new_options=new)
    return {AS_IS: None, NONE: ""}.get(chosen or AS_IS, (chosen or "").strip())
