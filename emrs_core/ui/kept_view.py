"""Your data's part on kept sessions: how many, since when and how large, to take along or to erase all at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from emrs_core.bootstrap import SESSIONS_FILE, may_hold_sessions
from emrs_core.timeline.access import Role
from emrs_core.timeline.export.bundle import bundle, bundle_name, bundle_type
from emrs_core.timeline.export.files import ExportFormat
from emrs_core.timeline.sessions import SessionInfo
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks, passing, resources, state, times
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.files_view import delete

TIMELINES_PAGE: Final = Path(__file__).resolve().parents[2] / "pages" / "timelines.py"
BESIDE: Final = ("", "-wal", "-shm")
"""What SQLite writes: the file, its log, and the log's index."""
NONE: Final = {
    Role.OWNER: "No session is kept. One begins with the first reading after you agreed to the camera.",
    Role.PERSON: "No session of yours is kept. One begins with the first reading after you agreed to the camera.",
    Role.GUEST: "Nothing of this visit is kept yet. It begins with the first reading after you agreed to the camera.",
}
LEAVING: Final = {
    Role.OWNER: "",
    Role.PERSON: "",
    Role.GUEST: " What is kept of a guest ends with the visit: **take it with you before you leave**.",
}
FOR_GOOD: Final = "Erased sessions are gone for good. Take them with you first if you may need them again."

KEPT_NO_MORE: Final = "The session of this visit is among them; the rest of the visit is not kept."


def draw_kept_sessions(visit: Visit) -> None:
    """The part. Raises a TimelineError when the store cannot be opened. Script thread."""
    st.header("Kept sessions")
    role = visit.viewer.role
    with st.container(key=hooks.KEPT):
        store = state.sessions(visit) if _is_there(role) else None
        infos = [] if store is None else [s.info for s in store.list() if visit.viewer.owns(s.info)]
        if store is None or not infos:
            st.markdown(NONE[role])
            return
        st.markdown(told(infos, times.here(min(info.started_at for info in infos)), _size(role)) + LEAVING[role])
        with st.container(horizontal=True, vertical_alignment="center"):
            _draw_export(store, [info.id for info in infos], in_memory=role is Role.GUEST)
            with st.popover("Erase all", icon=":material/delete:", key=hooks.KEPT_ERASE):
                _draw_erase(visit, store, infos)
            st.page_link(TIMELINES_PAGE, label="See them on the page Timelines", icon=":material/timeline:")


def told(infos: Sequence[SessionInfo], since: str, size: int | None) -> str:
    """Count, beginning and size in a sentence."""
    count, made_up = len(infos), sum(info.synthetic for info in infos)
    file = "" if size is None else f", in a file of **{spoken_size(size)}**"
    demo = ""
    if made_up:
        which = "All" if made_up == count else f"{made_up} of them"
        demo = f" {which if count > 1 else 'It'} {'is' if made_up == 1 else 'are'} synthetic demo data."
    return f"**{count} {'session' if count == 1 else 'sessions'}** since {since}{file}.{demo}"


def spoken_size(size_bytes: int) -> str:
    """``340 kB`` or ``1.2 MB``: thousands, as file managers count."""
    if size_bytes < 1_000_000:
        return f"{max(1, round(size_bytes / 1000))} kB"
    if size_bytes < 1_000_000_000:
        return f"{size_bytes / 1e6:.1f} MB"
    return f"{size_bytes / 1e9:.2f} GB"


def _is_there(role: Role) -> bool:
    """Whether there is a store to look into."""
    return role is not Role.OWNER or may_hold_sessions(resources.load().services.settings)


def _size(role: Role) -> int | None:
    """Bytes of the owner's file with its log; None for a server's database, and for a guest's memory."""
    settings = resources.load().services.settings
    if role is not Role.OWNER or settings.database_url:
        return None
    files = [settings.data_dir / f"{SESSIONS_FILE}{end}" for end in BESIDE]
    return sum(file.stat().st_size for file in files if file.exists())


def _draw_export(store: KeptSessions, ids: Sequence[str], *, in_memory: bool) -> None:
    """``in_memory``: nothing of a guest reaches the disk, not for a moment."""
    st.download_button(
        "Take all with you (JSON)" if len(ids) > 1 else "Take it with you (JSON)",
        data=partial(bundle, store.read, tuple(ids), ExportFormat.JSON, in_memory=in_memory),  # made on the click
        file_name=bundle_name(ids, ExportFormat.JSON),
        mime=bundle_type(ids, ExportFormat.JSON),
        key=hooks.KEPT_EXPORT,
        on_click="ignore",
        icon=":material/download:",
    )


def _draw_erase(visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo]) -> None:
    what = "this session" if len(infos) == 1 else f"all {len(infos)} sessions"
    now = f" {KEPT_NO_MORE}" if visit.keep.session_id in [info.id for info in infos] else ""
    st.markdown(f"**Erase {what}?** {FOR_GOOD}{now}")
    if st.button("Erase for good", key=hooks.KEPT_SURE, icon=":material/delete_forever:", type="primary"):
        outcome = delete(visit, store, infos)
        for failure in outcome.failed:
            st.error(failure, icon=":material/error:")
        if not outcome.failed:
            passing.say(f"Erased: {what}.")
            st.rerun()
