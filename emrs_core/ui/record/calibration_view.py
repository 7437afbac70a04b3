"""Ten seconds of a neutral face: the dot to look at, and how it went."""

from __future__ import annotations

from typing import Final

import streamlit as st

from emrs_core.errors import CalibrationError
from emrs_core.session import HISTORY_SAMPLES
from emrs_core.timeline.calibration import CALIBRATION_S, calibrate
from emrs_core.ui import hooks
from emrs_core.ui.component import component
from emrs_core.ui.state import Visit

LATE_S: Final = 0.5
"""The last look of the ten seconds is a moment under way."""


def draw_calibration(visit: Visit) -> None:
    """The dot while it lasts, then what came of it. Nothing else is asked meanwhile."""
    desk = visit.record
    if desk.calibrating_since_s is not None and visit.session.elapsed_s() >= desk.calibrating_since_s + _TAKES_S:
        _finish(visit)
    with st.container(key=hooks.CALIBRATION, border=True, gap="small"):
        if desk.calibrating_since_s is not None:
            st.markdown("**Look at the dot and relax your face.** Ten seconds.")
            data = {"turn": desk.calibrating_since_s, "seconds": CALIBRATION_S, "words": "The dot to look at"}
            component("dot")(key=f"{hooks.CALIBRATION}-dot", data=data)
            st.button("Stop this", key=hooks.CALIBRATION_CLOSE, type="tertiary", on_click=desk.close_calibration)
            return
        if desk.calibration_problem is not None:
            st.warning(desk.calibration_problem, icon=":material/face_retouching_off:")
        elif desk.baseline is not None:
            st.markdown(
                f"**Your neutral face is noted**, from {desk.baseline.looks} looks. The session’s page can show all "
                "readings less this one; the raw readings always stay."
            )
        with st.container(horizontal=True, gap="small"):
            st.button("Again", key=hooks.CALIBRATE_AGAIN, type="tertiary", on_click=begin, args=(visit,))
            if st.button("Close", key=hooks.CALIBRATION_CLOSE, type="tertiary"):
                desk.close_calibration()
                st.rerun()  # what stands behind the row says which neutral face counts


def begin(visit: Visit) -> None:
    """From now on, for ten seconds."""
    visit.record.calibrate_from(visit.session.elapsed_s())


def _finish(visit: Visit) -> None:
    desk, keep = visit.record, visit.keep
    since_s = desk.calibrating_since_s or 0.0
    looks = [sample.raw for sample in visit.session.history(max_points=HISTORY_SAMPLES) if sample.raw]
    try:
        baseline = calibrate(looks, since_s, zero_s=visit.session.elapsed_s() - keep.now_s())
    except CalibrationError as exc:
        desk.calibrated(None, str(exc))
    else:
        keep.add(baseline)
        desk.calibrated(baseline, None)


_TAKES_S: Final = CALIBRATION_S + LATE_S
