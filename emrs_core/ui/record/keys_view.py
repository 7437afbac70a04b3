"""Which labels mark a moment, and which keys do it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from emrs_core.errors import UsageError
from emrs_core.timeline.habits import MAX_LABELS, Keys, read_labels
from emrs_core.ui import hooks
from emrs_core.ui.record.desk import RecordDesk


def draw_keys(desk: RecordDesk) -> None:
    """Labels and keys on one form."""
    habits = desk.habits
    with st.form(key=hooks.MARK_KEYS, border=False):
        labels = st.text_area(
            "Labels, one a line",
            "\n".join(habits.labels),
            height=90,
            help=f"Up to {MAX_LABELS}. With several, the number keys mark with the first, second, … of them.",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            mark = st.text_input("Key to mark", habits.keys.mark.upper(), max_chars=1, help="Empty: no key")
            note = st.text_input("Key for a note", habits.keys.note.upper(), max_chars=1, help="Empty: no key")
        saved = st.form_submit_button("Use these", key=hooks.MARK_KEYS_SAVE)
    if not saved:
        return
    try:
        keys = Keys(mark.strip().lower(), note.strip().lower())
    except UsageError as exc:
        st.warning(str(exc), icon=":material/keyboard:")
        return
    desk.get_used_to(replace(habits, labels=read_labels(labels), keys=keys))
    st.rerun()
