"""The page on which a person of the stand-in says yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from emrs_core.testing.loopback.people_page import Choice, people_page, problem_page
from emrs_core.testing.spotify.people import Person

STANDS_FOR: Final = "Spotify"
NO_WISH: Final = "know which account is connected, nothing else"


def render(ticket: str, wishes: Sequence[str], people: Sequence[Person]) -> str:
    """HTML with a button for each person and one that declines."""
    choices = [Choice(one.id, f"Agree as {one.name}", one.describe()) for one in people]
    return people_page(STANDS_FOR, "EMRS asks for access", ticket, choices, wishes or [NO_WISH])


def problem(message: str) -> str:
    """HTML that says why there is no consent page."""
    return problem_page(STANDS_FOR, message)
