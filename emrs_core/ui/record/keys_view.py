"""Which labels mark a moment, and which keys do it."""

from __future__ import annotations

import streamlit as st

from emrs_core.ui import hooks
from emrs_core.ui.record.desk import MAX_LABELS, Keys, RecordDesk, read_labels


def draw_keys(desk: RecordDesk) -> None:
    """Labels and keys on one form."""
    with st.form(key=hooks.MARK_KEYS, border=False):
        labels = st.text_area(
            "Labels, one a line",
            "\n".join(desk.labels),
            height=90,
            help=f"Up to {MAX_LABELS}. With several, the number keys mark with the first, second, … of them.",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            mark = st.text_input("Key to mark", desk.keys.mark.upper(), max_chars=1, help="Empty: no key")
            note = st.text_input("Key for a note", desk.keys.note.upper(), max_chars=1, help="Empty: no key")
        saved = st.form_submit_button("Use these", key=hooks.MARK_KEYS_SAVE)
    if not saved:
        return
    keys = Keys(mark.strip().lower(), note.strip().lower())
    if keys.mark and keys.mark == keys.note:
        st.warning("Two different keys are needed, or none.", icon=":material/keyboard:")
        return
    desk.labels, desk.keys = read_labels(labels), keys
    st.rerun()
