"""What a person agreed to, in which wording, and when. Nothing looks at a camera before there is a record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from emrs_core.errors import StorageError
from emrs_core.storage import write_atomically

CONSENT_VERSION = "2026-11.2"
"""Raise it when the wording of the agreement changes in substance: everybody is then asked again."""
SIGNED_IN_VERSION = f"{CONSENT_VERSION}-signed-in"
"""The wording for people who signed in to a server: their sessions are kept there."""


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """An agreement to the wording ``version`` at ``given_at`` (with time zone)."""

    version: str
    given_at: datetime


class ConsentStore(Protocol):
    """One person's agreement. ``get`` MUST return None for another wording than today's. Script thread."""

    def get(self) -> ConsentRecord | None: ...
    def give(self) -> ConsentRecord: ...
    def withdraw(self) -> None: ...


class MemoryConsentStore:
    """For a guest, or a person who signed in: gone with the browser session."""

    def __init__(self, version: str = CONSENT_VERSION) -> None:
        self._version = version
        self._record: ConsentRecord | None = None

    def get(self) -> ConsentRecord | None:
        return self._record

    def give(self) -> ConsentRecord:
        self._record = _record_now(self._version)
        return self._record

    def withdraw(self) -> None:
        self._record = None


class FileConsentStore:
    """For the owner of the machine: one small JSON file. Raises StorageError when it cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self) -> ConsentRecord | None:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as exc:
            raise StorageError(f"Could not read the agreement kept in {self._path}: {exc}.") from exc
        record = self._parse(text)
        return record if record.version == CONSENT_VERSION else None

    def give(self) -> ConsentRecord:
        record = _record_now()
        fields = {"version": record.version, "given_at": record.given_at.isoformat()}
        write_atomically(self._path, (json.dumps(fields, indent=2) + "\n").encode())
        return record

    def withdraw(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError as exc:
            raise StorageError(f"Could not delete {self._path}: {exc.strerror or exc}.") from exc

    def _parse(self, text: str) -> ConsentRecord:
        try:
            fields = json.loads(text)
            given_at = datetime.fromisoformat(fields["given_at"])
            if given_at.tzinfo is None:
                raise ValueError("the time has no zone")
            return ConsentRecord(version=str(fields["version"]), given_at=given_at)
        except (ValueError, KeyError, TypeError) as exc:
            raise StorageError(
                f"{self._path} should hold your agreement as JSON with 'version' and 'given_at', but it is damaged "
                f"({exc}). Withdraw on the page 'Your data', or delete the file, and agree again."
            ) from exc


def _record_now(version: str = CONSENT_VERSION) -> ConsentRecord:
    return ConsentRecord(version, datetime.now(UTC).replace(microsecond=0))
