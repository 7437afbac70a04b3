"""Participants' codes: short, easy to read out, and telling nothing of who somebody is."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from random import Random
from typing import Final

from emrs_core.errors import TimelineError

SIGNS: Final = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no word or name comes about, and none of 0, 1, I and O, which are misread."""
DIGITS: Final = 5  # 17 million codes: a guess finds nobody
MOST_CHARACTERS: Final = 40
_TELLING: Final = (
    (re.compile("@"), "an e-mail address"),
    (re.compile(r"\b(19|20)\d\d[-./]?\d\d?[-./]?\d\d?\b|\b\d\d?[-./]\d\d?[-./]\d{2,4}\b"), "a date, perhaps of birth"),
    (re.compile(rf"(?=[^\W\d_]{{3}})[{SIGNS}]*[^\W\d_{SIGNS}]"), "a name or a word"),
)


def new_code(taken: Collection[str], rng: Random | None = None) -> str:
    """A code such as ``P-7KX4M`` that nobody has yet. Without ``rng`` the system's own randomness draws it."""
    choose = (rng or secrets.SystemRandom()).choice
    while (code := "P-" + "".join(choose(SIGNS) for _ in range(DIGITS))) in taken:
        pass
    return code


def checked_code(text: str) -> str:
    """The code without blanks around it. Raises TimelineError for an empty or overlong one, or one of several lines."""
    code = text.strip()
    if not code or len(code) > MOST_CHARACTERS or not code.isprintable():
        raise TimelineError(f"A participant's code has 1 to {MOST_CHARACTERS} printable characters, in one line.")
    return code


def tells(code: str) -> str | None:
    """What the code looks like, if it looks as though it told who somebody is; a guess, to warn with."""
    return next((meaning for pattern, meaning in _TELLING if pattern.search(code)), None)
