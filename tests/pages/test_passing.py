"""What is said in passing is seen although the page is drawn anew at once."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from emrs_core.ui import passing

    st.session_state.runs = st.session_state.get("runs", 0) + 1
    if st.button("Save"):
        passing.say("Saved.")
        st.rerun()
    if st.session_state.runs == 3:
        st.rerun()  # something else asks for a redraw before the page's end
    passing.draw_said()


def test_an_answer_waits_for_the_run_that_comes_to_its_end_and_is_said_once() -> None:
    page = AppTest.from_function(_page).run()
    assert [toast.value for toast in page.toast] == []
    page.button[0].click().run()
    assert page.session_state.runs == 4
    assert [toast.value for toast in page.toast] == ["Saved."]
    page.run()
    assert [toast.value for toast in page.toast] == []
