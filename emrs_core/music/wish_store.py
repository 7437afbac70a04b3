"""Remembers what a person wants from the music: a file for the owner of the machine, the visit for a guest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from emrs_core.errors import StorageError, UsageError
from emrs_core.music.wish import Wish
from emrs_core.storage import write_atomically


class WishStore(Protocol):
    """One person's wish. Any thread. Every method may raise StorageError."""

    def get(self) -> Wish:
        """The wish kept, or the default one. Raises StorageError for a damaged file, which stays as it is."""
        ...

    def put(self, wish: Wish) -> None: ...

    def erase(self) -> None: ...


class MemoryWishStore:
    """For a guest: gone with the visit."""

    def __init__(self) -> None:
        self._wish = Wish()

    def get(self) -> Wish:
        return self._wish

    def put(self, wish: Wish) -> None:
        self._wish = wish

    def erase(self) -> None:
        self._wish = Wish()


class FileWishStore:
    """For the owner: one JSON file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self) -> Wish:
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Wish()
        except (OSError, UnicodeDecodeError) as exc:
            raise StorageError(f"What you want from the music ({self._path}) cannot be read: {exc}.") from exc
        try:
            kept = json.loads(text)
            if not isinstance(kept, dict):
                raise UsageError("it is no JSON object")
            return Wish.from_dict(kept)
        except (json.JSONDecodeError, UsageError) as exc:
            raise StorageError(
                f"What you want from the music ({self._path}) is damaged: {exc} Choose again, and it is written anew."
            ) from exc

    def put(self, wish: Wish) -> None:
        write_atomically(self._path, (json.dumps(wish.to_dict(), indent=1) + "\n").encode())

    def erase(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError as exc:
            raise StorageError(f"Could not delete {self._path}: {exc.strerror or exc}.") from exc
