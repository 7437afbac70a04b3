"""What is done with sessions, the ticked ones or the open one: taken along as files, assigned, deleted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.timeline.access.viewer import Role
from emrs_core.timeline.export.bundle import bundle, bundle_name, bundle_type
from emrs_core.timeline.export.files import ExportFormat
from emrs_core.timeline.sessions import SessionInfo, SessionState, SessionSummary
from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import hooks
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline import assign_view
from emrs_core.ui.timeline.choice import Told

FORMATS: Final = {
    ExportFormat.CSV: "Plain tables with a data dictionary, for any program.",
    ExportFormat.PARQUET: "The same tables, exact and small, for pandas or R.",
    ExportFormat.XLSX: "One workbook, a sheet for each table.",
    ExportFormat.JSON: "Everything with its history; can be imported again.",
}
NAMES: Final = {
    ExportFormat.CSV: "CSV",
    ExportFormat.PARQUET: "Parquet",
    ExportFormat.XLSX: "Excel",
    ExportFormat.JSON: "JSON",
}
FOR_GOOD: Final = "Deleted sessions are erased for good. Export them first if you may need them again."
OTHERS: Final = "Some of these sessions are other people's. Only they can delete them."
STILL_RUNS: Final = "A session that still runs elsewhere cannot be deleted; end it there first."


def draw_actions(
    visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo], listed: Sequence[SessionSummary]
) -> None:
    """Export, Assign and Delete, each in a small window of its own; ``listed`` are all sessions. Script thread."""
    with st.popover("Export", icon=":material/download:", key=hooks.SESSIONS_EXPORT):
        _draw_export(store, [info.id for info in infos], in_memory=visit.viewer.role is Role.GUEST)
    assign_view.draw_assign(visit, store, infos, listed)
    with st.popover("Delete", icon=":material/delete:", key=hooks.SESSIONS_DELETE):
        _draw_delete(visit, store, infos)


def delete(visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo]) -> Told:
    """Erase these sessions, each on its own; the one that this visit is recording is kept no more."""
    failed, count = [], 0
    for info in infos:
        try:
            if info.id == visit.keep.session_id:
                visit.keep.decline()
            elif info.state is SessionState.RUNNING:
                failed.append(STILL_RUNS)
                continue
            else:
                store.delete(info.id)
            visit.timelines.tick([info.id], False)
            count += 1
        except EmrsError as exc:
            failed.append(str(exc))
    done = f"Deleted: {count} {'session' if count == 1 else 'sessions'}."
    return Told((done,) if count else (), tuple(failed))


def _draw_export(store: KeptSessions, ids: Sequence[str], *, in_memory: bool) -> None:
    """``in_memory``: nothing of a guest reaches the disk, not for a moment."""
    form = st.segmented_control(
        "Format", list(ExportFormat), default=ExportFormat.CSV, required=True, format_func=NAMES.__getitem__,
        key=hooks.SESSIONS_FORMAT, persist_state="session",
    ) or ExportFormat.CSV  # fmt: skip
    st.caption(FORMATS[form])
    name = bundle_name(ids, form)
    st.download_button(
        f"Download {name}",
        data=partial(bundle, store.read, tuple(ids), form, in_memory=in_memory),  # made on the click
        file_name=name,
        mime=bundle_type(ids, form),
        key=hooks.SESSIONS_TAKE,
        on_click="ignore",
        icon=":material/download:",
        type="primary",
        width="stretch",
    )


def _draw_delete(visit: Visit, store: KeptSessions, infos: Sequence[SessionInfo]) -> None:
    if not all(visit.viewer.owns(info) for info in infos):
        st.markdown(OTHERS)
        return
    what = "this session" if len(infos) == 1 else f"these {len(infos)} sessions"
    st.markdown(f"**Delete {what}?** {FOR_GOOD}")
    if st.button("Delete for good", key=hooks.SESSIONS_SURE, icon=":material/delete_forever:", type="primary"):
        visit.timelines.told = delete(visit, store, infos)
        st.query_params.clear()
        st.rerun()
