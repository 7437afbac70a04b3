"""Your data: what is kept and where, the agreement, export and erasure."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from emrs_core.bootstrap import CONSENT_FILE, database_place
from emrs_core.consent import ConsentRecord
from emrs_core.errors import StorageError
from emrs_core.session import HISTORY_SAMPLES
from emrs_core.settings import Mode
from emrs_core.types import MoodSample
from emrs_core.ui import camera, hooks, resources, state, times
from emrs_core.ui.keeping import draw_keeping
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import wall

KEPT = {
    Mode.LOCAL: """
| What | Where | Until |
|---|---|---|
| Camera pictures, photos, snapshots | memory, one at a time | the next picture |
| This session: mood's course, songs shown and played | {database} | you erase it, or say that it is not to be kept |
| Earlier sessions | the same | you delete them: `python -m emrs_core sessions delete ID` |
| Your agreement (version and time) | `{path}` | you withdraw it |
""",
    Mode.HOSTED: """
| What | Where | Until |
|---|---|---|
| Camera pictures, photos, snapshots | this server's memory, one at a time | the next picture |
| The mood's curve, songs shown | this server's memory | you erase it or close the page |
| Your agreement (version and time) | this server's memory | you withdraw it or close the page |
""",
}


def draw() -> None:
    """The page."""
    visit = state.visit()
    st.title("Your data")
    with wall("kept"):
        _draw_kept(visit)
    with wall("agreement"):
        _draw_agreement(visit)
    if visit.keeper is not None:
        with wall("keeping"):
            draw_keeping(visit.keeper)
    with wall("visit"):
        _draw_visit(visit)


def _draw_kept(visit: Visit) -> None:
    st.subheader("What is kept")
    path = resources.load().services.settings.data_dir / CONSENT_FILE
    where = database_place(resources.load().services.settings)
    st.markdown(KEPT[visit.mode].format(path=path, database=where))
    st.markdown(
        "Nothing is sent to anybody. The one exception is yours to make: when you press play, Spotify's player loads "
        "from open.spotify.com and learns which song is asked for. Your mood is never part of that."
    )


def _draw_agreement(visit: Visit) -> None:
    st.subheader("Your agreement")
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
    st.subheader("This visit")
    samples = visit.session.history(max_points=HISTORY_SAMPLES)
    st.markdown(f"It began on {times.here(visit.began_at)} and holds **{len(samples)} readings** of your mood.")
    with st.container(horizontal=True):
        st.download_button(
            "Take it with you (JSON)",
            data=lambda: export_json(visit),
            file_name=f"emrs-visit-{visit.began_at:%Y%m%d-%H%M}.json",
            mime="application/json",
            key=hooks.EXPORT,
            on_click="ignore",
            icon=":material/download:",
        )
        if st.button("Erase this visit", key=hooks.ERASE, icon=":material/delete:"):
            visit.session.forget()
            visit.still = None
            visit.inside.forget()
            st.toast("Erased: mood, curve and songs.", icon=":material/check:")
            st.rerun()


def export_json(visit: Visit) -> str:
    """All that is known of the visit: agreement, and each reading with the seconds since the visit began."""
    record = state.agreement(visit)
    content = {
        "began_at": visit.began_at.isoformat(),
        "mode": str(visit.mode),
        "consent": _consent_fields(record) if record else None,
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
