"""Several sessions' files as one to hand over: the file itself where there is only one, else a zip."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from emrs_core.timeline.export.files import ExportFormat, export_session, file_stem
from emrs_core.timeline.sessions import Timeline

SINGLE = (ExportFormat.XLSX, ExportFormat.JSON)
"""The forms that are one file a session."""
ZIP_TYPE = "application/zip"
TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.JSON: "application/json",
}


def bundle_name(session_ids: Sequence[str], form: ExportFormat) -> str:
    """What to call the file: it tells neither person nor day, only ids and the form."""
    if not session_ids:
        raise ValueError("there is no session to name a file after")
    stem = file_stem(session_ids[0]) if len(session_ids) == 1 else f"emrs-{len(session_ids)}-sessions"
    return f"{stem}.{form}" if _is_single(session_ids, form) else f"{stem}-{form}.zip"


def bundle_type(session_ids: Sequence[str], form: ExportFormat) -> str:
    """Its media type. Source: IANA's registry of media types."""
    return TYPES[form] if _is_single(session_ids, form) else ZIP_TYPE


def bundle(read: Callable[[str], Timeline], session_ids: Sequence[str], form: ExportFormat) -> bytes:
    """The file's content; the sessions are read and written one after the other. Any thread.

    Files lie in a temporary folder meanwhile, which is gone afterwards. Raises what ``read`` raises, and StorageError.
    """
    with tempfile.TemporaryDirectory(prefix="emrs-export-") as name:
        folder = Path(name)
        if _is_single(session_ids, form):
            (path,) = export_session(read(session_ids[0]), form, folder)
            return path.read_bytes()
        packed = folder / "sessions.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for session_id in session_ids:
                for path in export_session(read(session_id), form, folder / "files"):
                    archive.write(path, path.name)
                    path.unlink()
        return packed.read_bytes()


def _is_single(session_ids: Sequence[str], form: ExportFormat) -> bool:
    return len(session_ids) == 1 and form in SINGLE
