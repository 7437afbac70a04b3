"""The sessions that a visit has before its eyes: read once, then only what was added to them since."""

from __future__ import annotations

from collections.abc import Sequence

from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.store import KeptSessions


class SessionReader:
    """In memory as long as the page shows them, since eight hours take 20 MB. One a visit; script thread only."""

    def __init__(self) -> None:
        self._shown: dict[str, Timeline] = {}

    def read(self, store: KeptSessions, session_ids: Sequence[str]) -> list[Timeline]:
        """Those sessions as they are now; any other is let go of. Raises TimelineNotFound and StoreUnavailable."""
        before, self._shown = self._shown, {}
        self._shown = {one: store.reread(before[one]) if one in before else store.read(one) for one in session_ids}
        return list(self._shown.values())

    def forget(self) -> None:
        """Nothing is shown any more."""
        self._shown = {}
