"""What this session is: study, participant's code, condition, tags, title."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from emrs_core.consent import CONSENT_VERSION
from emrs_core.errors import EmrsError
from emrs_core.ui import hooks, state
from emrs_core.ui.record.naming import Agreed, asks_phq2, facts_from, name_session
from emrs_core.ui.record.neutral_face import take_over
from emrs_core.ui.state import Visit

CODE_HELP = "A code such as P07 that says nothing of who they are: no names, no birthdays."


def draw_facts(visit: Visit) -> None:
    """The form. What was typed stays while something is wrong with it."""
    facts = visit.keep.facts
    with st.form(key=hooks.FACTS, border=False):
        left, right = st.columns(2)
        study = left.text_input("Study", facts.study)
        participant = right.text_input("Participant’s code", facts.participant, help=CODE_HELP)
        condition = left.text_input("Condition", facts.condition)
        tags = right.text_input("Tags", ", ".join(facts.tags), help="Parted by commas")
        title = st.text_input("Title", facts.title)
        agreed = st.checkbox("The participant has agreed to the study", help="Needed once for each participant")
        version = st.text_input("to this version of its wording", CONSENT_VERSION)
        saved = st.form_submit_button("Save", key=hooks.FACTS_SAVE)
    if not saved:
        return
    try:
        store = state.sessions(visit)
        said = Agreed(version.strip() or CONSENT_VERSION) if agreed else None
        wanted = facts_from(study, participant, condition, tags, title)
        name_session(visit.keep, store, wanted, said, datetime.now(UTC))
        visit.record.in_study(asks_phq2(store, wanted.study), changed=wanted.study != facts.study)
        told = take_over(visit, store, wanted.participant) if wanted.participant != facts.participant else ""
    except EmrsError as exc:
        st.warning(str(exc), icon=":material/error:")
    else:
        st.toast(f"Saved. {told}".strip(), icon=":material/check:")
        st.rerun()
