"""What the record row in the browser says: moments marked, notes written, one of them taken back. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from emrs_core.timeline.events import Marker, Note

MAX_LABEL: Final = 80
MAX_NOTE: Final = 2_000
"""Characters; what a person types in a moment, not a report."""
_ID: Final = re.compile(r"[0-9a-f]{32}")


class PressKind(StrEnum):
    MARK = "mark"
    NOTE = "note"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Press:
    """One thing that was said. ``id`` is its own; ``text`` the label, the note, or the id of what is taken back."""

    id: str
    kind: PressKind
    t_s: float  # of the session, when it was pressed
    text: str

    def event(self) -> Marker | Note:
        """The event that a mark or note is."""
        if self.kind is PressKind.MARK:
            return Marker(t_s=self.t_s, label=self.text, id=self.id)
        return Note(t_s=self.t_s, text=self.text, id=self.id)


def read_presses(said: Any, now_s: float) -> tuple[Press, ...]:
    """What the browser said, in its order; what is not as our own script says it is left out.

    Nothing can have happened before the session or after ``now_s``: such a time is brought into the session.
    """
    items = said if isinstance(said, list) else []
    found = (_press(item, now_s) for item in items)
    return tuple(press for press in found if press is not None)


def _press(item: Any, now_s: float) -> Press | None:
    try:
        press_id, kind, t_s = str(item["id"]), PressKind(item["kind"]), float(item["t_s"])
        text = str(item["text"]).strip()[: MAX_LABEL if item["kind"] == PressKind.MARK else MAX_NOTE]
    except (KeyError, TypeError, ValueError):
        return None
    if not _ID.fullmatch(press_id) or not text or not math.isfinite(t_s):
        return None
    return Press(press_id, kind, min(max(0.0, t_s), now_s), text)
