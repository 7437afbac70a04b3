"""Your data: what is kept and where, the agreement, export and erasure."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from emrs_core.bootstrap import CONSENT_FILE, HABITS_FILE, PROFILE_FILE, SESSIONS_FILE, WISH_FILE
from emrs_core.consent import ConsentRecord
from emrs_core.errors import StorageError
from emrs_core.session import HISTORY_SAMPLES
from emrs_core.timeline.access import Role
from emrs_core.types import MoodSample
from emrs_core.ui import camera, hooks, passing, resources, state, times
from emrs_core.ui.heard_view import draw_heard
from emrs_core.ui.kept_view import draw_kept_sessions
from emrs_core.ui.own_data import draw_erase_taste, draw_take_away
from emrs_core.ui.record.keeping_view import draw_keeping
from emrs_core.ui.sign_in.account import draw_account
from emrs_core.ui.sign_in.way_in import draw_offer
from emrs_core.ui.spotify.privacy import draw_privacy
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import wall

TASTE_PAGE = Path(__file__).resolve().parents[2] / "pages" / "taste.py"

KEPT = {
    Role.OWNER: """
| What | Where | Until |
|---|---|---|
| Camera pictures, photos, snapshots | memory, one at a time | the next picture |
| The session: readings, mood, songs, what you mark and note | {sessions} | you erase it |
| Your agreement (version and time) | `{path}` | you withdraw it |
| What you said about songs and your mood | `{taste}` | you take it back or erase it |
| What you want from the music | `{wish}` | you erase it |
| Your labels and keys for marking | `{habits}` | you change them, or delete the file |
""",
    Role.PERSON: """
| What | Where | Until |
|---|---|---|
| Camera pictures, photos, snapshots | this server's memory, one at a time | the next picture |
| The session: readings, mood, songs, what you mark and note | {sessions} | you erase it, or its study's time is over |
| What you said of songs, and what you want from the music | this server's memory | you erase it or close the page |
| Your agreement (version and time) | with each session, and in memory | you erase the session, or close the page |
""",
    Role.GUEST: """
| What | Where | Until |
|---|---|---|
| Camera pictures, photos, snapshots | this server's memory, one at a time | the next picture |
| The session: readings, mood, songs and what you said of them | this server's memory | you erase it or close the page |
| Your agreement (version and time) | this server's memory | you withdraw it or close the page |
""",
}


def draw() -> None:
    """The page."""
    visit = state.visit()
    st.title("Your data")
    with wall("kept"):
        _draw_kept(visit)
    with wall("sign-in"):
        draw_account(visit)
        draw_offer(visit)
    with wall("spotify-privacy"):
        draw_privacy()
    with wall("agreement"):
        _draw_agreement(visit)
    with wall("visit"):
        _draw_visit(visit)
    with wall("kept-sessions"):
        draw_kept_sessions(visit)
    with wall("taste"):
        _draw_taste(visit)


def _draw_kept(visit: Visit) -> None:
    st.header("What is kept")
    settings = resources.load().services.settings
    folder = settings.data_dir
    files = {"path": folder / CONSENT_FILE, "taste": folder / PROFILE_FILE, "wish": folder / WISH_FILE}
    files["habits"] = folder / HABITS_FILE
    where = "the team's database" if settings.database_url else f"`{settings.data_dir / SESSIONS_FILE}`"
    if visit.viewer.role is Role.PERSON:
        where = "this server's database, under your account"
    with st.container(key=hooks.KEPT_TABLE):
        st.markdown(KEPT[visit.viewer.role].format(**files, sessions=where))
    st.markdown(
        "Nothing is sent to anybody, unless you ask for it: when you press play, Spotify's player loads from "
        "open.spotify.com and learns which song is asked for. Your mood is never part of that."
    )


def _draw_agreement(visit: Visit) -> None:
    st.header("Your agreement")
    try:
        record = visit.consent.get()
    except StorageError as exc:
        st.error(str(exc), icon=":material/error:")
        _draw_withdraw(visit)
        return
    if record is None:
        st.markdown("You have not agreed to the camera. It is off.")
        return
    st.markdown(f"You agreed to version **{record.version}** on **{times.here(record.given_at)}**.")
    _draw_withdraw(visit)


def _draw_withdraw(visit: Visit) -> None:
    if st.button("Withdraw and switch the camera off", key=hooks.WITHDRAW, icon=":material/videocam_off:"):
        visit.consent.withdraw()
        camera.shut_down(visit.feed)
        visit.session.forget()
        visit.still = None
        visit.inside.forget()
        st.rerun()


def _draw_visit(visit: Visit) -> None:
    st.header("This visit")
    samples = visit.session.history(max_points=HISTORY_SAMPLES)
    st.markdown(f"It began on {times.here(visit.began_at)} and holds **{len(samples)} readings** of your mood.")
    draw_heard(visit)
    draw_keeping(visit)
    with st.container(horizontal=True):
        name = f"emrs-visit-{visit.began_at:%Y%m%d-%H%M}.json"
        draw_take_away(hooks.EXPORT, name, lambda: export_json(visit))
        if st.button("Erase this visit", key=hooks.ERASE, icon=":material/delete:"):
            visit.session.forget()
            visit.still = None
            visit.inside.forget()
            passing.say("Erased: mood, curve and songs.")
            st.rerun()


def _draw_taste(visit: Visit) -> None:
    st.header("Your taste")
    st.markdown("What you said about songs, how you feel beside your face, and what you want from the music.")
    with st.container(horizontal=True, vertical_alignment="center"):
        draw_erase_taste(visit, "Erase your taste")
        st.page_link(TASTE_PAGE, label="See it in full", icon=":material/favorite:")


def export_json(visit: Visit) -> str:
    """All that is known of the visit: agreement, the songs that were on, and each reading; seconds since it began."""
    record = state.agreement(visit)
    content = {
        "began_at": visit.began_at.isoformat(),
        "mode": str(visit.mode),
        "role": str(visit.viewer.role),
        "consent": _consent_fields(record) if record else None,
        "songs": [asdict(segment) for segment in visit.session.music.segments()],
        "readings": [_reading(sample) for sample in visit.session.history(max_points=HISTORY_SAMPLES)],
    }
    return json.dumps(content, indent=1)


def _consent_fields(record: ConsentRecord) -> dict[str, str]:
    return {"version": record.version, "given_at": record.given_at.isoformat()}


def _reading(sample: MoodSample) -> dict[str, Any]:
    mood = sample.mood
    return {
        "t_s": round(mood.t_s, 3),
        "mood": mood.name,
        "confidence": round(mood.confidence, 4),
        "valence": round(mood.point.valence, 4) if mood.point else None,
        "arousal": round(mood.point.arousal, 4) if mood.point else None,
        "raw": sample.raw.as_dict() if sample.raw else None,
    }
