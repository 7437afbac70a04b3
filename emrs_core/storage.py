"""Writing a file so that it is never half there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from emrs_core.errors import StorageError


def write_atomically(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``: temporary file beside it, fsync, rename. Makes the folder (private) if need be.

    Raises StorageError naming the path and the reason; the old file, if any, is then untouched.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    except OSError as exc:
        raise StorageError(
            f"Could not write {path}: {exc.strerror or exc}. Check that the folder exists, is writable and has space."
        ) from exc
