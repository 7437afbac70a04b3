"""One participant: described, agreements recorded and taken back, everything out, everything gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

import streamlit as st

from emrs_core.consent import CONSENT_VERSION
from emrs_core.errors import TimelineError
from emrs_core.timeline.export.files import file_stem
from emrs_core.timeline.export.person import participant_archive
from emrs_core.timeline.people import erase_participant, plural
from emrs_core.timeline.sessions import Participant, SessionSummary
from emrs_core.timeline.store import Consent, KeptSessions, is_withdrawn
from emrs_core.ui import hooks, times
from emrs_core.ui.plain import plain
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.people.acting import act, window

LISTED: Final = 20
"""Agreements and sessions that are listed; the archive holds all."""
MOST_CHARACTERS: Final = 60
NO_CONSENT: Final = "Nothing is on record. Record what they agreed to before a session is kept under this code."
TAKING_BACK: Final = (
    "Taking it back ends what is being recorded of them at once. What was kept stays until it is erased."
)
FOR_GOOD: Final = (
    "Every session, agreement and remark under this code goes for good, on this machine down to the last byte. "
    "Files that were exported stay where they were saved, and so do backups that you made of the database."
)


def draw_participant(
    visit: Visit,
    store: KeptSessions,
    person: Participant,
    consents: Sequence[Consent],
    summaries: Sequence[SessionSummary],
) -> None:
    """The chosen one; ``summaries`` are of their sessions, the newest first. Script thread."""
    with st.container(key=hooks.PARTICIPANT_CARD, border=True):
        st.markdown(f"### {plain(person.code)}")
        left, right = st.columns(2, gap="large")
        with left:
            _draw_description(visit, store, person)
        with right:
            _draw_consents(visit, store, person.code, consents)
        _draw_sessions(summaries)
        with st.container(horizontal=True, gap="small"):
            _draw_export(store, person.code)
            with window(visit, "Erase everything", hooks.PARTICIPANT_ERASE, ":material/delete_forever:"):
                _draw_erase(visit, store, person.code)


def _draw_description(visit: Visit, store: KeptSessions, person: Participant) -> None:
    key = f"{hooks.PARTICIPANT}-{file_stem(person.code)}"
    with st.form(f"{key}-form", border=False):
        conditions = _draw_words("Conditions", person.conditions, f"{key}-conditions")
        tags = _draw_words("Tags", person.tags, f"{key}-tags")
        if st.form_submit_button("Save", key=hooks.PARTICIPANT_SAVE, icon=":material/check:"):
            act(visit, partial(_save, store, Participant(person.code, conditions, tags)))


def _draw_words(label: str, words: Sequence[str], key: str) -> tuple[str, ...]:
    chosen = st.multiselect(
        label, list(words), list(words), key=key, accept_new_options=True, placeholder="Type one and press Enter"
    )
    return tuple(dict.fromkeys(word.strip()[:MOST_CHARACTERS] for word in chosen if word.strip()))


def _save(store: KeptSessions, person: Participant) -> str:
    store.put_participant(person)
    return f"Saved: {plain(person.code)}."


def _draw_consents(visit: Visit, store: KeptSessions, code: str, consents: Sequence[Consent]) -> None:
    with st.container(key=hooks.CONSENTS):
        st.markdown("**Agreement**")
        if not consents:
            st.markdown(NO_CONSENT)
        for consent in list(reversed(consents))[:LISTED]:
            st.markdown(f"- {consent_sentence(consent, st.context.timezone)}")
        with st.container(horizontal=True, gap="small"):
            with window(visit, "Record an agreement", hooks.CONSENT_NEW, ":material/approval:"):
                _draw_record(visit, store, code, consents)
            if consents and not is_withdrawn(consents):
                with window(visit, "Take it back", hooks.CONSENT_BACK, ":material/undo:"):
                    st.markdown(TAKING_BACK)
                    if st.button("Take it back now", key=hooks.CONSENT_BACK_SURE, type="primary"):
                        act(visit, partial(_take_back, store, code))


def consent_sentence(consent: Consent, zone: str | None) -> str:
    """Which wording, since when, and until when, as Markdown."""
    given = f"**{plain(consent.version)}**, agreed to on {times.spoken(consent.at, zone)}"
    return f"{given}, taken back on {times.spoken(consent.withdrawn_at, zone)}" if consent.withdrawn_at else given


def _draw_record(visit: Visit, store: KeptSessions, code: str, consents: Sequence[Consent]) -> None:
    last = consents[-1].version if consents else CONSENT_VERSION
    with st.form("consent-form", border=False):
        version = st.text_input(
            "Version of the wording they read", last, key=hooks.CONSENT_VERSION, max_chars=MOST_CHARACTERS
        )
        place = times.place(st.context.timezone) or UTC
        now = datetime.now(place).replace(tzinfo=None, second=0, microsecond=0)
        at = st.datetime_input("When they agreed", now, key=hooks.CONSENT_AT, max_value=now)
        if st.form_submit_button("They agreed", key=hooks.CONSENT_SAVE, type="primary"):
            moment = min((at or now).replace(tzinfo=place).astimezone(UTC), datetime.now(UTC))
            act(visit, partial(_record, store, Consent(code, version.strip(), moment)))


def _record(store: KeptSessions, consent: Consent) -> str:
    if not consent.version:
        raise TimelineError("An agreement needs the version of the wording, so that one can tell later what it was.")
    store.put_consent(consent)
    return f"Recorded: {plain(consent.participant)} agreed to {plain(consent.version)}."


def _take_back(store: KeptSessions, code: str) -> str:
    store.withdraw_consent(code, datetime.now(UTC).replace(microsecond=0))
    return f"{plain(code)} took the agreement back; nothing more of them is recorded."


def _draw_sessions(found: Sequence[SessionSummary]) -> None:
    if not found:
        st.caption("No sessions. Tick some in the list and press *Assign*, or name this code on the Live page.")
        return
    minutes = round(sum(summary.length_s for summary in found) / 60)
    newest = times.spoken(found[0].info.started_at, st.context.timezone)
    studies = sorted({summary.info.study for summary in found} - {""})
    within = f" in {', '.join(map(plain, studies))}" if studies else ""
    st.markdown(f"**{plural(len(found), 'session')}** of {plural(minutes, 'minute')}{within}, the last on {newest}.")


def _draw_export(store: KeptSessions, code: str) -> None:
    st.download_button(
        "Take everything along (ZIP)",
        data=lambda: participant_archive(store.export_all(code)),  # made on the click
        file_name=f"participant-{file_stem(code)}.zip",
        mime="application/zip",
        key=hooks.PARTICIPANT_EXPORT,
        on_click="ignore",
        icon=":material/download:",
        help="The record, every agreement, and each session as JSON and as tables.",
    )


def _draw_erase(visit: Visit, store: KeptSessions, code: str) -> None:
    st.markdown(FOR_GOOD)
    typed = st.text_input(f"Type {plain(code)} to confirm", key=hooks.PARTICIPANT_CONFIRM)
    sure = typed.strip() == code
    if st.button("Erase for good", key=hooks.PARTICIPANT_SURE, type="primary", disabled=not sure):
        act(visit, partial(_erase, store, code))


def _erase(store: KeptSessions, code: str) -> str:
    return f"{erase_participant(store, code).sentence} Nothing under this code is left in the store."
