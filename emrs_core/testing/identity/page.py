"""The page on which one chooses whom to sign in as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from emrs_core.testing.identity.people import Account
from emrs_core.testing.loopback.people_page import Choice, people_page, problem_page

STANDS_FOR: Final = "an identity provider"
UNVERIFIED: Final = ", an address that nobody verified"


def render(ticket: str, people: Sequence[Account]) -> str:
    """HTML with a button for each person and one that declines."""
    choices = [Choice(one.subject, one.name, one.email + ("" if one.email_verified else UNVERIFIED)) for one in people]
    return people_page(STANDS_FOR, "Sign in to EMRS", ticket, choices)


def problem(message: str) -> str:
    """HTML that says why there is nothing to choose."""
    return problem_page(STANDS_FOR, message)
