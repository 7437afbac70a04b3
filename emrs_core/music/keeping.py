"""Keeping things without stopping the music: what cannot be read or written becomes a sentence for the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from emrs_core.errors import StorageError

T = TypeVar("T")


class Keeping:
    """Catches StorageError around reads and writes. Not thread-safe; its owner guards it."""

    def __init__(self) -> None:
        self.problem: str | None = None
        """What could not be read or written last; None once a write succeeded again."""

    def write(self, action: Callable[[], object]) -> bool:
        """Whether it could be written down."""
        try:
            action()
        except StorageError as exc:
            self.problem = str(exc)
            return False
        self.problem = None
        return True

    def read(self, action: Callable[[], T], otherwise: T) -> T:
        """What it gives, or ``otherwise`` where it cannot be read."""
        try:
            return action()
        except StorageError as exc:
            self.problem = str(exc)
            return otherwise
