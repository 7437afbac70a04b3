"""Studies: made, changed, taken away; how long each keeps its sessions, and what goes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from emrs_core.errors import TimelineError
from emrs_core.timeline.people import StudyOutlook, outlook, plural
from emrs_core.timeline.sessions import RETENTION_DAYS, SessionSummary, Study
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks, times
from emrs_core.ui.plain import plain
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.people.acting import act, window

ABOUT: Final = (
    "A study holds sessions that belong together. It can keep them for a number of days, counted from each session's "
    "beginning: what is older is erased when EMRS starts, and once a day while it runs."
)
EMPTY: Final = "No studies yet. Make one, then put sessions into it: on the Live page, or afterwards in the list."
FIRST_DAYS: Final = 90
"""What is offered first: a common length of a small study; anything else is a keystroke away."""
PHQ2_HELP: Final = "Two questions about the last two weeks, offered on the Live page. Never a diagnosis."


def draw_studies(visit: Visit, store: KeptSessions, summaries: Sequence[SessionSummary]) -> None:
    """All studies with what can be done with each; ``summaries`` are of all sessions. Script thread."""
    with st.container(key=hooks.STUDIES):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("Studies")
            with window(visit, "New study", hooks.STUDY_NEW, ":material/add:"):
                _draw_form(visit, store, None)
        st.markdown(ABOUT)
        now = datetime.now(UTC)
        found = [outlook(study, summaries, now) for study in store.studies()]
        if not found:
            st.html(f'<p class="emrs-empty">{EMPTY}</p>')
        for number, one in enumerate(found):
            _draw_study(visit, store, one, number)
        _draw_nameless(found, [summary.info.study for summary in summaries])


def study_html(one: StudyOutlook, zone: str | None) -> str:
    """Name, what is in it, and what its retention will do."""
    study = one.study
    held = [plural(len(one.sessions), "session"), plural(len(one.participants), "participant")]
    badge = '<span class="emrs-pill">PHQ-2</span>' if study.phq2 else ""
    return (
        f'<div class="emrs-person"><strong>{escape(study.name)}</strong>{badge}'
        f'<span class="emrs-about">{", ".join(held)} · {_keeping(one, zone)}</span></div>'
    )


def _keeping(one: StudyOutlook, zone: str | None) -> str:
    days = one.study.retention_days
    if days is None:
        return "kept until somebody erases them"
    parts = [f"kept {plural(days, 'day')}"]
    if one.over:
        parts.append(f"<em>{plural(len(one.over), 'session')} over, erased at the next start</em>")
    if one.next_at is not None:
        parts.append(f"the next one goes on {escape(times.spoken(one.next_at, zone))}")
    return " · ".join(parts)


def _draw_study(visit: Visit, store: KeptSessions, one: StudyOutlook, number: int) -> None:
    key = f"{hooks.STUDY}{number}"
    with st.container(key=key, horizontal=True, vertical_alignment="center", gap="small"):
        st.html(study_html(one, st.context.timezone))
        if one.over and st.button("Erase what is over", key=f"{key}-retire", icon=":material/auto_delete:"):
            act(visit, partial(_retire, store))
        with window(visit, "Edit", f"{key}-edit", ":material/edit:"):
            _draw_form(visit, store, one.study, number)
            if not one.sessions and st.button("Delete this study", key=f"{key}-delete", icon=":material/delete:"):
                act(visit, partial(_drop, store, one.study.name))


def _draw_form(visit: Visit, store: KeptSessions, study: Study | None, number: int = -1) -> None:
    key = f"{hooks.STUDY}{'new' if study is None else number}"
    shown = study or Study("")
    with st.form(f"{key}-form", border=False, clear_on_submit=study is None):
        name = st.text_input("Name", shown.name, key=f"{key}-name", max_chars=80)
        keeps = shown.retention_days
        limited = st.toggle("Erase its sessions after a number of days", keeps is not None, key=f"{key}-limited")
        days = st.number_input("Days", *RETENTION_DAYS, keeps or FIRST_DAYS, key=f"{key}-days")
        phq2 = st.toggle("Offer the PHQ-2", shown.phq2, key=f"{key}-phq2", help=PHQ2_HELP)
        if st.form_submit_button("Make it" if study is None else "Save", key=f"{key}-save", type="primary"):
            wanted = Study(name.strip(), int(days) if limited else None, phq2)
            act(visit, partial(_save, store, study, wanted))


def _save(store: KeptSessions, study: Study | None, wanted: Study) -> str:
    if study is None:
        if wanted.name in [one.name for one in store.studies()]:
            raise TimelineError(f"The study {wanted.name!r} is there already; change it with its own Edit.")
        store.put_study(wanted)
        return f"The study {plain(wanted.name)} is there."
    moved = store.change_study(study.name, wanted)
    along = f", and {plural(moved, 'session')} moved along" if moved else ""
    return f"Saved: {plain(wanted.name)}{along}."


def _drop(store: KeptSessions, name: str) -> str:
    store.drop_study(name)
    return f"The study {plain(name)} is gone."


def _retire(store: KeptSessions) -> str:
    return f"Erased for good: {plural(len(store.retire(datetime.now(UTC))), 'session')}."


def _draw_nameless(found: list[StudyOutlook], studies: list[str]) -> None:
    """Names that stand in sessions and are no studies: imported, or the demo's."""
    names = sorted(set(studies) - {one.study.name for one in found} - {""})
    if names:
        listed = ", ".join(plain(name) for name in names)
        st.caption(f"In sessions, but without rules of their own, so that nothing of them ends by itself: {listed}.")
