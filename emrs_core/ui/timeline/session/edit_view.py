"""Marks in review: add one, put one right, take one away. Each is an event of its own, so the history stays whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.timeline.edits import LABEL_CHARS, TEXT_CHARS, Reviewable, amended, checked, withdrawn
from emrs_core.timeline.events import SAM_SCALE, Baseline, Event, Excluded, Marker, Note, Phq2, SelfReport
from emrs_core.ui import hooks
from emrs_core.ui.timeline.session.choice import Review
from emrs_core.ui.timeline.session.opened import OpenSession
from emrs_core.ui.times import clock, read_clock

KINDS: Final = {"Marker": Marker, "Note": Note, "Left-out stretch": Excluded}
NAMES: Final[dict[type[Event], str]] = {
    Marker: "Marker", Note: "Note", Excluded: "Left-out stretch", SelfReport: "Self-report",
    Phq2: "Two questions (PHQ-2)", Baseline: "Neutral face",
}  # fmt: skip
LISTED: Final = tuple(NAMES)
"""What can be chosen; answers and neutral faces are not put right, only taken away."""


def draw_add(session: OpenSession, review: Review) -> None:
    """The form for a new mark; its moment is the place last clicked, its stretch what the chart shows."""
    with st.container(key=hooks.SESSION_ADD):
        st.markdown("**Add to this session**")
        kind = st.segmented_control(
            "What", list(KINDS), default="Marker", required=True, key=f"{hooks.SESSION_ADD}-kind",
            label_visibility="collapsed",
        )  # fmt: skip
        view = session.view(review.view)
        moment_s = review.moment_s if review.moment_s is not None else view.start_s + view.length_s / 2
        begin_s, end_s = (view.start_s, view.end_s) if review.view else (moment_s, moment_s + 10)
        blank: dict[str, Reviewable] = {
            "Marker": Marker(t_s=moment_s, label=""),
            "Note": Note(t_s=moment_s, text=""),
            "Left-out stretch": Excluded(t_s=max(0.0, begin_s), until_s=min(end_s, session.whole.end_s)),
        }
        key = f"{hooks.SESSION_ADD}-{kind}-{review.added}"
        # A click or a zoom moves the moment, and leaves what is being typed alone.
        _form(key, blank[kind], "Add", lambda event: _add(session, review, event), f"{review.moment_s}-{review.view}")


def draw_chosen(session: OpenSession, review: Review) -> None:
    """The mark that was chosen in the lanes or in the list, to put right or to take away."""
    event = next((e for e in session.now.events if e.id == review.chosen), None)
    with st.container(key=hooks.SESSION_CHOSEN):
        if not isinstance(event, LISTED):
            st.markdown("**Put right or take away**")
            st.caption(
                "Choose a marker, a note, a self-report or a left-out stretch, in the chart or in the list below."
            )
            return
        st.markdown(f"**{NAMES[type(event)]} {when_words(event)}**")
        if isinstance(event, Marker | Note | Excluded | SelfReport):
            _draw_form(session, event)
        icon = ":material/delete:"
        if st.button("Take it away", key=hooks.SESSION_WITHDRAW, icon=icon, help="It stays in the history."):
            _try(lambda: _append(session, withdrawn(event, _now()), "Taken away; the history below can bring it back."))


def when_words(event: Event) -> str:
    """``at 2:05.3``; a neutral face may have been taken over."""
    return "from an earlier session" if event.t_s < 0 else f"at {clock(event.t_s, tenths=True)}"


def _draw_form(session: OpenSession, event: Reviewable) -> None:
    _form(
        f"{hooks.SESSION_CHOSEN}-{event.id}-{hash(event)}", event, "Save",
        lambda new: _append(session, amended(event, replace(new, id=event.id), _now()), "Saved."),
    )  # fmt: skip


def _form(key: str, event: Reviewable, action: str, save: Callable[[Reviewable], None], moment: str = "") -> None:
    """``key`` stays while the same thing is typed; another ``moment`` begins the fields of time anew."""
    with st.form(key, border=False):
        fields = _fields(key, f"{key}-{moment}", event)
        if st.form_submit_button(action, type="primary", key=f"{key}-submit"):
            _try(lambda: save(fields()))


def _fields(key: str, moment_key: str, event: Reviewable) -> Callable[[], Reviewable]:
    """The widgets for that kind of event; what is returned reads them, and raises UsageError."""
    if isinstance(event, Excluded):
        left, right = st.columns(2)
        begin = left.text_input("From", clock(event.t_s, tenths=True), key=f"{moment_key}-at")
        end = right.text_input("To", clock(event.until_s, tenths=True), key=f"{moment_key}-until")
        reason = st.text_input("Why (if you like)", event.reason, max_chars=TEXT_CHARS, key=f"{key}-text")
        return lambda: replace(event, t_s=read_clock(begin), until_s=read_clock(end), reason=reason)
    at = st.text_input("At", clock(max(0.0, event.t_s), tenths=True), key=f"{moment_key}-at", width=140)
    if isinstance(event, Marker):
        label = st.text_input("Name", event.label, max_chars=LABEL_CHARS, key=f"{key}-text")
        return lambda: replace(event, t_s=read_clock(at), label=label)
    if isinstance(event, Note):
        text = st.text_area("Note", event.text, max_chars=TEXT_CHARS, key=f"{key}-text", height=90)
        return lambda: replace(event, t_s=read_clock(at), text=text)
    low, high = SAM_SCALE
    valence = st.slider("Pleasant", low, high, event.valence, key=f"{key}-valence")
    arousal = st.slider("Energetic", low, high, event.arousal, key=f"{key}-arousal")
    return lambda: replace(event, t_s=read_clock(at), valence=valence, arousal=arousal)


def append_edit(session: OpenSession, event: Event, said: str) -> None:
    """Keep an edit as it is; then the page is drawn anew. Raises StoreUnavailable, TimelineNotFound, AccessDenied."""
    session.store.append(session.history.info.id, (), [event])
    _told(said)


def _add(session: OpenSession, review: Review, event: Reviewable) -> None:
    checked_event = checked(event, session.whole.end_s)
    session.store.append(session.history.info.id, (), [checked_event])
    review.added += 1  # an empty form for the next one
    _told("Added.")


def _append(session: OpenSession, event: Event, said: str) -> None:
    if (new := getattr(event, "replacement", None)) is not None:
        event = replace(event, replacement=checked(new, session.whole.end_s))  # type: ignore[call-arg]
    append_edit(session, event, said)


def _told(said: str) -> None:
    st.toast(said, icon=":material/check:")
    st.rerun()


def _try(action: Callable[[], None]) -> None:
    """What went wrong is said beside the form; what was typed stays."""
    try:
        action()
    except EmrsError as exc:
        st.error(str(exc), icon=":material/error:")


def _now() -> datetime:
    return datetime.now(UTC)
