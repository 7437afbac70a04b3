"""Participants: all of them in a table, new ones under codes that tell nothing, and the one that is chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Final

import streamlit as st

from emrs_core.errors import TimelineError
from emrs_core.timeline.codes import MOST_CHARACTERS, checked_code, new_code, tells
from emrs_core.timeline.sessions import Participant, SessionSummary
from emrs_core.timeline.store import Consent, KeptSessions, is_withdrawn
from emrs_core.ui import hooks
from emrs_core.ui.plain import plain
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.choice import Choice
from emrs_core.ui.timeline.people.acting import act, window
from emrs_core.ui.timeline.people.participant_view import draw_participant

ABOUT: Final = (
    "Each goes by a **code, never by name**. Keep the list of who is behind which code elsewhere, locked away."
)
EMPTY: Final = "No participants yet. Make one here, or name one on the Live page before a session."
NO_MATTER: Final = "Choose one to see and change"


@dataclass(frozen=True, slots=True)
class Known:
    """One participant as the table shows them."""

    person: Participant
    consents: tuple[Consent, ...]
    sessions: int

    @property
    def standing(self) -> str:
        """How the agreement stands, in a word."""
        if not self.consents:
            return "none on record"
        return "taken back" if is_withdrawn(self.consents) else self.consents[-1].version


def known(store: KeptSessions, summaries: Sequence[SessionSummary]) -> tuple[Known, ...]:
    """Those on record, and codes that stand in sessions alone."""
    sessions = Counter(summary.info.participant for summary in summaries)
    people = {person.code: person for person in store.participants()}
    codes = sorted({*people, *sessions} - {""}, key=str.casefold)
    return tuple(Known(people.get(code, Participant(code)), store.consents(code), sessions[code]) for code in codes)


def draw_participants(visit: Visit, store: KeptSessions, summaries: Sequence[SessionSummary]) -> None:
    """The table, the way to a new one, and the one that is chosen; ``summaries`` are of all sessions. Script thread."""
    with st.container(key=hooks.PARTICIPANTS):
        found = known(store, summaries)
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.header("Participants")
            with window(visit, "New participant", hooks.PARTICIPANT_NEW, ":material/person_add:"):
                _draw_new(visit, store, [one.person.code for one in found])
        st.markdown(ABOUT)
        if not found:
            st.html(f'<p class="emrs-empty">{EMPTY}</p>')
            return
        st.html(table_html(found))
        chosen = _draw_choice(found)
        if chosen is not None:
            own = [summary for summary in summaries if summary.info.participant == chosen.person.code]
            draw_participant(visit, store, chosen.person, chosen.consents, own)


def table_html(found: Sequence[Known]) -> str:
    """Code, sessions, agreement, conditions and tags of each."""
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Code", "Sessions", "Agreement", "Conditions", "Tags"))
    rows = "".join(_row(one) for one in found)
    return (
        '<div class="emrs-table-frame" tabindex="0" role="region" aria-label="Participants">'
        f'<table class="emrs-table emrs-people"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(one: Known) -> str:
    cells = (str(one.sessions), one.standing, ", ".join(one.person.conditions), ", ".join(one.person.tags))
    warn = "" if one.consents and not is_withdrawn(one.consents) else ' class="emrs-lacking"'
    columns = "".join(f"<td{warn if place == 1 else ''}>{escape(cell) or '–'}</td>" for place, cell in enumerate(cells))
    return f'<tr><th scope="row">{escape(one.person.code)}</th>{columns}</tr>'


def _draw_choice(found: Sequence[Known]) -> Known | None:
    by_code = {one.person.code: one for one in found}
    if st.session_state.get(hooks.PARTICIPANT) not in by_code:
        st.session_state[hooks.PARTICIPANT] = None  # erased since, or nobody was chosen yet
    code = st.selectbox(
        "Participant", list(by_code), index=None, placeholder=NO_MATTER, key=hooks.PARTICIPANT, persist_state="session"
    )
    return by_code.get(code or "")


def _draw_new(visit: Visit, store: KeptSessions, taken: Sequence[str]) -> None:
    choice = visit.timelines
    if not choice.code:
        choice.offer(new_code(taken))
    with st.container(key=hooks.PARTICIPANT_CODE):
        code = st.text_input("Code", choice.code, key=code_field(choice), max_chars=MOST_CHARACTERS)
    st.button("Draw another code", key=hooks.PARTICIPANT_DRAW, icon=":material/casino:", type="tertiary",
              on_click=lambda: choice.offer(""))  # fmt: skip
    meaning = tells(code)
    if meaning:
        st.warning(f"This looks like {meaning}. A code should tell nobody who it is.", icon=":material/visibility:")
    if st.button("Make it", key=hooks.PARTICIPANT_MAKE, icon=":material/check:", type="primary"):
        act(visit, partial(_make, choice, store, code, taken))


def code_field(choice: Choice) -> str:
    """The key of the field. A new one for each offer: what is set under an old key does not reach a closed window."""
    return f"{hooks.PARTICIPANT_CODE}-{choice.codes}"


def _make(choice: Choice, store: KeptSessions, text: str, taken: Sequence[str]) -> str:
    code = checked_code(text)
    if code in taken:
        raise TimelineError(f"The code {code} is there already. Draw another one, or choose it in the table's list.")
    store.put_participant(Participant(code))
    st.session_state[hooks.PARTICIPANT] = code
    choice.offer("")
    return f"{plain(code)} is there. Record what they agreed to; then name them on the Live page."
