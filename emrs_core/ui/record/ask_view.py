"""The place below the row for one quiet question at a time: neutral face, how one feels, the study's two questions."""

from __future__ import annotations

import streamlit as st

from emrs_core.ui import camera, state
from emrs_core.ui.record.calibration_view import draw_calibration
from emrs_core.ui.record.phq2_view import draw_phq2
from emrs_core.ui.record.report_view import draw_report
from emrs_core.ui.record.said_view import draw_said
from emrs_core.ui.state import Way


def draw_ask() -> None:
    """What is due now; nothing while no session is kept."""
    visit = state.visit()
    desk, keep = visit.record, visit.keep
    desk.follow(keep.session_id)
    if keep.session_id is None or state.agreement(visit) is None:
        return
    playing = camera.state().playing
    if desk.noted:
        desk.noted = False
        st.toast("Noted. Your word stands beside what your face showed.", icon=":material/check:")
    moment = desk.asking.due(visit.session.elapsed_s(), playing)
    if visit.way is not Way.CAMERA and not playing and not desk.asking.wanted:
        moment = None  # by hand one says how one feels anyway, and a picture is no session to be asked about
    if desk.calibration_shown:
        draw_calibration(visit)
    elif moment is not None:
        draw_report(visit, moment)
    elif desk.phq2_due:
        draw_phq2(visit)
    elif desk.said_shown and not playing:
        draw_said(visit)
