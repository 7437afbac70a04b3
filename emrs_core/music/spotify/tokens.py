"""Where a visitor's grant is kept: in memory, or encrypted in the data folder when a key is set."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Final, Protocol

from cryptography.fernet import Fernet, InvalidToken

from emrs_core.errors import StorageError
from emrs_core.music.spotify.oauth import Grant
from emrs_core.storage import write_atomically

MOST_KEPT: Final = 1000
"""Grants in memory; beyond it the oldest go. Far above the five accounts that Development Mode allows."""
SUFFIX: Final = ".sealed"


class TokenStore(Protocol):
    """Grants by visitor id. Safe from any thread. A missing grant MUST read as None, a damaged one as StorageError."""

    def get(self, visitor: str) -> Grant | None: ...
    def put(self, visitor: str, grant: Grant) -> None: ...
    def delete(self, visitor: str) -> None:
        """Erase it; nothing to erase is fine."""
        ...


class MemoryTokenStore:
    """Gone with the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._grants: dict[str, Grant] = {}

    def get(self, visitor: str) -> Grant | None:
        with self._lock:
            return self._grants.get(visitor)

    def put(self, visitor: str, grant: Grant) -> None:
        with self._lock:
            self._grants.pop(visitor, None)
            self._grants[visitor] = grant
            while len(self._grants) > MOST_KEPT:
                del self._grants[next(iter(self._grants))]

    def delete(self, visitor: str) -> None:
        with self._lock:
            self._grants.pop(visitor, None)


class SealedTokenStore:
    """One Fernet-encrypted file a visitor. The file's name is a hash: whoever reads the folder cannot be the visitor.

    Raises StorageError when a file cannot be written, erased or opened with this key.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._fernet = Fernet(key)

    def get(self, visitor: str) -> Grant | None:
        path = self._path(visitor)
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise StorageError(f"Could not read {path}: {exc.strerror or exc}.") from exc
        try:
            fields = json.loads(self._fernet.decrypt(sealed))
            return Grant(**{**fields, "scopes": frozenset(fields["scopes"])})
        except (InvalidToken, ValueError, TypeError, KeyError):
            raise StorageError(
                f"{path} should hold a Spotify connection sealed with EMRS_SPOTIFY_TOKEN_KEY, but it is damaged or was "
                "sealed with another key. Disconnect and connect Spotify again."
            ) from None

    def put(self, visitor: str, grant: Grant) -> None:
        fields = {**asdict(grant), "scopes": sorted(grant.scopes)}
        write_atomically(self._path(visitor), self._fernet.encrypt(json.dumps(fields).encode()))

    def delete(self, visitor: str) -> None:
        path = self._path(visitor)
        try:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
        except OSError as exc:
            raise StorageError(f"Could not delete {path}: {exc.strerror or exc}.") from exc

    def _path(self, visitor: str) -> Path:
        return self._folder / (hashlib.sha256(visitor.encode()).hexdigest() + SUFFIX)
