"""How a person records: which labels mark a moment, which keys do it, how often they are asked how they feel."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from emrs_core.errors import StorageError, UsageError
from emrs_core.storage import write_atomically

DEFAULT_LABELS = ("Marker",)
MAX_LABELS = 9
"""As many as there are number keys."""


class AskedWhen(StrEnum):
    """When a person is asked how they feel. They can always say it without being asked."""

    OFTEN = "often"  # before, now and then during, after
    ENDS = "ends"  # before and after
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that mark and that begin a note: one lower-case character each, empty for none."""

    mark: str = "m"
    note: str = "n"

    def __post_init__(self) -> None:
        """Raises UsageError for two keys that are the same, or longer than one character."""
        if max(len(self.mark), len(self.note)) > 1:
            raise UsageError(f"A key is one character; got {self.mark!r} and {self.note!r}.")
        if self.mark and self.mark == self.note:
            raise UsageError(f"Two different keys are needed, or none; both are {self.mark.upper()!r}.")


@dataclass(frozen=True, slots=True)
class RecordHabits:
    """All of them; ``labels`` has one at least."""

    labels: tuple[str, ...] = DEFAULT_LABELS
    keys: Keys = field(default_factory=Keys)
    asked: AskedWhen = AskedWhen.OFTEN

    def to_dict(self) -> dict[str, Any]:
        """As JSON knows it."""
        return {
            "labels": list(self.labels), "mark": self.keys.mark, "note": self.keys.note, "asked": str(self.asked)
        }  # fmt: skip

    @classmethod
    def from_dict(cls, kept: Any) -> RecordHabits:
        """The same again. Raises UsageError for anything else."""
        try:
            labels, mark, note, asked = kept["labels"], kept["mark"], kept["note"], AskedWhen(kept["asked"])
        except (KeyError, TypeError, ValueError) as exc:
            raise UsageError(f"something is missing or wrong in it ({exc})") from exc
        if not isinstance(labels, list) or not all(isinstance(text, str) for text in (*labels, mark, note)):
            raise UsageError("labels and keys must be text")
        return cls(read_labels("\n".join(labels)), Keys(mark, note), asked)


def read_labels(text: str) -> tuple[str, ...]:
    """Labels as typed, one a line or parted by commas; each once, in that order; the default for none."""
    names = (name.strip() for name in text.replace("\n", ",").split(","))
    return tuple(dict.fromkeys(name for name in names if name))[:MAX_LABELS] or DEFAULT_LABELS


class HabitStore(Protocol):
    """One person's habits. Any thread. Every method may raise StorageError."""

    def get(self) -> RecordHabits:
        """Those kept, or the usual ones. Raises StorageError for a damaged file, which stays as it is."""
        ...

    def put(self, habits: RecordHabits) -> None: ...


class MemoryHabitStore:
    """For everybody but the owner of the machine: gone with the visit."""

    def __init__(self) -> None:
        self._habits = RecordHabits()

    def get(self) -> RecordHabits:
        return self._habits

    def put(self, habits: RecordHabits) -> None:
        self._habits = habits


class FileHabitStore:
    """For the owner: one JSON file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self) -> RecordHabits:
        try:
            return RecordHabits.from_dict(json.loads(self._path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return RecordHabits()
        except (OSError, ValueError, UsageError) as exc:  # bad JSON and bad UTF-8 are ValueErrors
            raise StorageError(
                f"Labels and keys for recording ({self._path}) cannot be read: {exc}. Save them again under “Labels "
                "and keys”, and they are written anew."
            ) from exc

    def put(self, habits: RecordHabits) -> None:
        write_atomically(self._path, (json.dumps(habits.to_dict(), indent=1) + "\n").encode())
