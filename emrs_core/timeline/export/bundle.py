"""Several sessions' files as one to hand over: the file itself where there is only one, else a zip."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from emrs_core.timeline.export.files import ExportFormat, export_in_memory, export_session, file_stem
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


def bundle(
    read: Callable[[str], Timeline], session_ids: Sequence[str], form: ExportFormat, *, in_memory: bool = False
) -> bytes:
    """The file's content; the sessions are read and written one after the other. Any thread.

    Files lie in a temporary folder meanwhile, which is gone afterwards; ``in_memory`` touches no disk, which is for a
    guest's few and short sessions. Raises what ``read`` raises, and StorageError.
    """
    if in_memory:
        return _made_in_memory(read, session_ids, form)
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


def _made_in_memory(read: Callable[[str], Timeline], session_ids: Sequence[str], form: ExportFormat) -> bytes:
    if _is_single(session_ids, form):
        (content,) = export_in_memory(read(session_ids[0]), form).values()
        return content
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for session_id in session_ids:
            for name, content in export_in_memory(read(session_id), form).items():
                archive.writestr(name, content)
    return packed.getvalue()


def _is_single(session_ids: Sequence[str], form: ExportFormat) -> bool:
    return len(session_ids) == 1 and form in SINGLE
