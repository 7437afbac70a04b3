"""The two questions of the PHQ-2, for studies that ask them. Never a diagnosis: no score is shown.

Source of questions and answers: Kroenke, Spitzer & Williams (2003), The Patient Health Questionnaire-2.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.timeline.events import Phq2
from emrs_core.ui import hooks
from emrs_core.ui.state import Visit

LEAD: Final = "Over the last two weeks, how often have you been bothered by …"
QUESTIONS: Final = ("… little interest or pleasure in doing things?", "… feeling down, depressed or hopeless?")
ANSWERS: Final = ("Not at all", "Several days", "More than half the days", "Nearly every day")
HELP: Final = (
    "This study asks two questions about the last two weeks (PHQ-2). They are **no diagnosis**, and nobody is told "
    "about your answers by this program. You may leave them out."
)
CRISIS: Final = (
    "If you are in distress or think of harming yourself, talk to somebody now: call your local emergency number (112 "
    "in the European Union), in the United States the crisis line 988, or a person whom you trust."
)


def draw_phq2(visit: Visit) -> None:
    """Both questions on one form; answered together or not at all."""
    with st.form(key=hooks.PHQ2, border=True):
        st.markdown(f"**{LEAD}**", help=HELP.replace("**", ""))
        st.caption(HELP)
        answers = [
            st.radio(text, range(len(ANSWERS)), index=None, format_func=ANSWERS.__getitem__, key=f"{hooks.PHQ2}-{k}")
            for k, text in enumerate(QUESTIONS)
        ]
        st.caption(CRISIS)
        with st.container(horizontal=True, gap="small"):
            given = st.form_submit_button("Keep my answers", key=f"{hooks.PHQ2}-keep")
            skipped = st.form_submit_button("Leave out", key=f"{hooks.PHQ2}-skip", type="tertiary")
    if given and None in answers:
        st.warning("Both questions need an answer, or leave both out.", icon=":material/info:")
    elif given or skipped:
        if given:
            visit.keep.add(Phq2(t_s=visit.keep.now_s(), interest=int(answers[0] or 0), mood=int(answers[1] or 0)))
        visit.record.phq2_due = False
        st.rerun()
