"""The way from the Live page to the session on the Timelines page, where it is seen whole and taken along."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from emrs_core.timeline.access import Role
from emrs_core.ui import camera
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.choice import PARAMETER

TIMELINES: Final = Path(__file__).resolve().parents[3] / "pages" / "timelines.py"
LABEL: Final = "See the whole session"
GUEST_LABEL: Final = "See it, and take it with you"
"""A guest's session ends with the visit."""


def draw_link(visit: Visit) -> None:
    """The link; nothing while nothing was read or reported, since nothing is written then."""
    session_id = visit.keep.session_id
    begun = camera.state().playing or visit.session.history(max_points=1) or visit.record.reports
    if session_id is not None and begun:
        label = GUEST_LABEL if visit.viewer.role is Role.GUEST else LABEL
        st.page_link(TIMELINES, label=label, icon=":material/timeline:", query_params={PARAMETER: session_id})
