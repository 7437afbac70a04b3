"""One quiet question at a time: neutral face, how one feels, the study's two questions.

Below the row stands what is asked before and after, or what the person began themselves. The question that comes and
goes by itself while the camera is on lies over the mood card: so nothing moves for it, and the reading does not suggest
an answer.
"""

from __future__ import annotations

import streamlit as st

from emrs_core.timeline.events import ReportMoment
from emrs_core.ui import camera, state
from emrs_core.ui.record.calibration_view import draw_calibration
from emrs_core.ui.record.phq2_view import draw_phq2
from emrs_core.ui.record.report_view import draw_report
from emrs_core.ui.record.said_view import draw_said
from emrs_core.ui.state import Visit, Way


def draw_ask() -> None:
    """What is due below the row; nothing while no session is kept."""
    visit = state.visit()
    desk = visit.record
    if not _is_kept(visit):
        return
    moment = _moment(visit)
    if desk.calibration_shown:
        draw_calibration(visit)
    elif moment in (ReportMoment.BEFORE, ReportMoment.AFTER):
        draw_report(visit, moment)
    elif moment is ReportMoment.DURING:
        return  # nothing else is asked meanwhile
    elif desk.phq2_due:
        draw_phq2(visit)
    elif desk.said_shown and not camera.state().playing:
        draw_said(visit)


def draw_during() -> None:
    """What is due over the mood card; nothing while no session is kept."""
    visit = state.visit()
    if not _is_kept(visit):
        return
    if _moment(visit) is ReportMoment.DURING and not visit.record.calibration_shown:
        draw_report(visit, ReportMoment.DURING)


def _is_kept(visit: Visit) -> bool:
    """Whether there is a session to ask about; what was just answered is said first."""
    desk = visit.record
    desk.follow(visit.keep.session_id)
    if visit.keep.session_id is None or state.agreement(visit) is None:
        return False
    if desk.noted:
        desk.noted = False
        st.toast("Noted. Your word stands beside what your face showed.", icon=":material/check:")
    return True


def _moment(visit: Visit) -> ReportMoment | None:
    """Which word of the person's is asked for now."""
    asking, playing = visit.record.asking, camera.state().playing
    moment = asking.due(visit.session.elapsed_s(), playing)
    if visit.way is not Way.CAMERA and not playing and not asking.wanted:
        return None  # by hand one says how one feels anyway, and a picture is no session to be asked about
    return moment
