"""Bringing exported sessions back in, and telling what the last import, deletion or demo did."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.timeline.access.viewer import Role
from emrs_core.timeline.importing import keep_imported, parse_session
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks, times
from emrs_core.ui.plain import plain
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.choice import Told

MOST_MB: Final = {Role.OWNER: 100, Role.PERSON: 100, Role.GUEST: 10}
"""Of one file: eight hours at ten samples a second take about 60. A guest's sessions are in the server's memory."""
GUEST_SESSIONS: Final = 12
"""As many as a guest may hold at once, for the same reason."""
FULL: Final = f"a guest's visit holds {GUEST_SESSIONS} sessions at most; delete one first."


class NamedFile(Protocol):
    """A file as the browser hands it over."""

    name: str

    def getvalue(self) -> bytes: ...


def draw_import(visit: Visit, store: KeptSessions) -> None:
    """A small window that takes files. Script thread."""
    choice = visit.timelines
    with st.popover("Import", icon=":material/upload:", key=hooks.SESSIONS_IMPORT):
        files = st.file_uploader(
            "Sessions that were exported as JSON", type="json", accept_multiple_files=True,
            key=f"{hooks.SESSIONS_FILES}{choice.imports}", max_upload_size=MOST_MB[visit.viewer.role],
        )  # fmt: skip
        st.caption("A file comes in whole or, with the reason, not at all.")
        if st.button("Bring in", key=hooks.SESSIONS_BRING, type="primary", disabled=not files, icon=":material/check:"):
            choice.told = bring_in(visit, store, files or ())
            choice.imports += 1
            st.rerun()


def bring_in(visit: Visit, store: KeptSessions, files: Iterable[NamedFile]) -> Told:
    """Import each file on its own."""
    done, failed = [], []
    for file in files:
        try:
            if visit.viewer.role is Role.GUEST and len(store.list()) >= GUEST_SESSIONS:
                failed.append(f"**{plain(file.name)}**: {FULL}")
                continue
            info = keep_imported(store, parse_session(file.getvalue()), visit.viewer.owner_id)
            who = f" of {plain(info.participant)}" if info.participant else ""
            done.append(f"**{plain(file.name)}**: the session{who} from {times.here(info.started_at)} is there.")
        except EmrsError as exc:
            failed.append(f"**{plain(file.name)}**: {plain(str(exc))}")
    return Told(tuple(done), tuple(failed))


def draw_told(visit: Visit) -> None:
    """What was just done, told once."""
    told, visit.timelines.told = visit.timelines.told, None
    if told is None:
        return
    with st.container(key=hooks.SESSIONS_TOLD):
        if told.done:
            st.success("  \n".join(told.done), icon=":material/check:")
        if told.failed:
            st.error("  \n".join(told.failed), icon=":material/error:")
