"""The person's own word on how they feel: two rows of figures, or one tap on the plane. Never in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from emrs_core.timeline.events import SAM_SCALE, ReportMoment, SelfReport
from emrs_core.timeline.habits import AskedWhen
from emrs_core.ui import hooks
from emrs_core.ui.component import component
from emrs_core.ui.record.manikins import STEPS, arousal_figure, valence_figure
from emrs_core.ui.state import Visit

QUESTIONS: Final = {
    ReportMoment.BEFORE: "How do you feel now?",
    ReportMoment.DURING: "How do you feel right now?",
    ReportMoment.AFTER: "And how do you feel now?",
}
HINTS: Final = {
    ReportMoment.BEFORE: "One tap in each row, if you like. Your own word counts more than any reading of your face.",
    ReportMoment.DURING: "One tap, if you like: to the right is more pleasant, further up more energetic.",
    ReportMoment.AFTER: "One tap in each row, if you like. Then you see your words beside what your face showed.",
}
ENDS: Final = {"valence": ("unpleasant", "pleasant"), "arousal": ("calm", "energetic")}


def draw_report(visit: Visit, moment: ReportMoment) -> None:
    """The question of that moment, and the way to leave it alone."""
    with st.container(key=hooks.SELF_REPORT, border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(f"**{QUESTIONS[moment]}**", width="content")
            st.button("Not now", key=hooks.REPORT_SKIP, type="tertiary", on_click=_skip, args=(visit,))
        st.caption(HINTS[moment])
        name, data = ("grid", grid_data()) if moment is ReportMoment.DURING else ("sam", sam_data())
        data["turn"] = _turn(visit, moment)
        key = f"{hooks.SELF_REPORT}-{name}"
        component(name)(key=key, data=data, on_report_change=lambda: _take(visit, moment, key))
        fewer = "Do not ask during the session" if moment is ReportMoment.DURING else "Never ask"
        st.button(fewer, key=hooks.REPORT_NEVER, type="tertiary", on_click=_ask_less, args=(visit, moment))


def read_report(said: Any, moment: ReportMoment, t_s: float) -> SelfReport | None:
    """The report as the browser says it; None when it is not two of the nine steps."""
    try:
        valence, arousal = int(said["valence"]), int(said["arousal"])
    except (KeyError, TypeError, ValueError):
        return None
    low, high = SAM_SCALE
    if not (low <= valence <= high and low <= arousal <= high):
        return None
    return SelfReport(t_s=t_s, moment=moment, valence=valence, arousal=arousal)


def sam_data() -> dict[str, Any]:
    """Two rows of figures with their words."""
    return {
        "rows": [
            _row("valence", "How pleasant do you feel?", valence_figure),
            _row("arousal", "How energetic do you feel?", arousal_figure),
        ]
    }


def grid_data() -> dict[str, Any]:
    """The plane in nine by nine fields. Source: Russell, Weiss & Mendelsohn (1989), Affect Grid."""
    left, right = ENDS["valence"]
    bottom, top = ENDS["arousal"]
    sides = {"left": left, "right": right, "top": top, "bottom": bottom}
    words = {"question": QUESTIONS[ReportMoment.DURING], "valence": "pleasant", "arousal": "energetic", **sides}
    return {"steps": SAM_SCALE[1], "words": words}


def _row(name: str, question: str, figure: Any) -> dict[str, Any]:
    low, high = ENDS[name]
    figures = [{"step": step, "words": _step_words(step, low, high), "svg": figure(step)} for step in STEPS]
    return {"name": name, "question": question, "low": low, "high": high, "figures": figures}


def _step_words(step: int, low: str, high: str) -> str:
    first, last = SAM_SCALE
    end = f": {low}" if step == first else f": {high}" if step == last else ""
    return f"{step} of {last}{end}"


def _turn(visit: Visit, moment: ReportMoment) -> str:
    """Names this asking: another one once it is answered."""
    return f"{visit.keep.session_id} {moment} {len(visit.record.reports)}"


def _take(visit: Visit, moment: ReportMoment, key: str) -> None:
    """A tap that reaches the server twice, as from a busy browser, names a turn that is over the second time."""
    said = st.session_state[key].get("report")
    report = read_report(said, moment, visit.keep.now_s())
    if report is not None and said.get("turn") == _turn(visit, moment):
        visit.record.say(report, visit.keep)
        visit.record.asking.close(visit.session.elapsed_s())


def _skip(visit: Visit) -> None:
    visit.record.asking.close(visit.session.elapsed_s())


def _ask_less(visit: Visit, moment: ReportMoment) -> None:
    desk = visit.record
    asked = AskedWhen.ENDS if moment is ReportMoment.DURING else AskedWhen.NEVER
    desk.get_used_to(replace(desk.habits, asked=asked))
    _skip(visit)
