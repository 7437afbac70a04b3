"""What a visitor chose on the Timelines page: sessions, page of the list, and what to tell about the last act."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from emrs_core.timeline.store import SessionQuery

PARAMETER: Final = "session"
"""Of the page's address: the id of the session that is open."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the last import or demo did: sentences for the page."""

    done: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Choice:
    """In memory, as long as the visit. Script thread only."""

    ticked: dict[str, None] = field(default_factory=dict)  # ids in the order in which they were ticked
    page: int = 0  # from 0
    query: SessionQuery | None = None  # which the page number belongs to
    told: Told | None = None
    imports: int = 0  # each import gets an empty field for its files
    code: str = ""  # what is offered for the next participant
    codes: int = 0  # each offer gets a field of its own
    acts: int = 0  # each act that succeeded closes the small window it was done in

    def offer(self, code: str) -> None:
        """Offer that code; an empty one lets another be drawn."""
        self.code = code
        self.codes += 1

    def tick(self, session_ids: Iterable[str], on: bool) -> None:
        """Choose these sessions, or no longer."""
        for session_id in session_ids:
            if on:
                self.ticked[session_id] = None
            else:
                self.ticked.pop(session_id, None)

    def among(self, session_ids: Collection[str]) -> tuple[str, ...]:
        """The chosen ones that are there; the others are forgotten."""
        self.ticked = {one: None for one in self.ticked if one in session_ids}
        return tuple(self.ticked)

    def page_of(self, query: SessionQuery, pages: int) -> int:
        """The page to show of that search: the first one of a new search, and never one behind the last."""
        if query != self.query:
            self.query, self.page = query, 0
        self.page = max(0, min(self.page, pages - 1))
        return self.page
