"""What is said in passing is seen although the page is drawn anew at once."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from emrs_core.ui import passing

    passing.begin()
    st.session_state.runs = st.session_state.get("runs", 0) + 1
    if st.button("Save"):
        passing.say("Saved.")
        st.rerun()
    if st.session_state.runs == 3:
        st.rerun()  # something else asks for a redraw before the page's end
    if st.button("Save, figures to follow"):
        passing.say("Saved.")
        passing.hold()
        if st.session_state.get("cut_short"):
            st.rerun()
    passing.draw_said()


def test_an_answer_waits_for_the_run_that_comes_to_its_end_and_is_said_once() -> None:
    page = AppTest.from_function(_page).run()
    assert [toast.value for toast in page.toast] == []
    page.button[0].click().run()
    assert page.session_state.runs == 4
    assert [toast.value for toast in page.toast] == ["Saved."]
    page.run()
    assert [toast.value for toast in page.toast] == []


def test_an_answer_waits_for_the_last_of_two_runs_for_a_browser_that_is_too_busy_to_show_it_between_them() -> None:
    page = AppTest.from_function(_page).run()
    page.button[1].click().run()
    assert [toast.value for toast in page.toast] == []
    page.run()
    assert [toast.value for toast in page.toast] == ["Saved."]
    page.run()
    assert [toast.value for toast in page.toast] == []


def test_what_a_run_that_was_cut_short_held_back_is_said_by_the_next() -> None:
    page = AppTest.from_function(_page)
    page.session_state["cut_short"] = True
    page.run()
    page.button[1].click().run()
    assert [toast.value for toast in page.toast] == ["Saved."]
