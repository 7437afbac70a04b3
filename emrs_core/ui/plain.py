"""Text from elsewhere (people, files, providers) as Markdown that shows it as it is."""

from __future__ import annotations

import re
from typing import Final

MARKS: Final = frozenset("\\`*_{}[]()<>#+-!|$:~&")
"""What Markdown, or Streamlit's additions to it (colours, icons, formulas), may take for more than a character."""
_FIRST_NUMBER: Final = re.compile(r"^(\d+)\.")
"""At the beginning of a line it would be the first item of a list."""


def plain(text: str) -> str:
    """The text in one line, every mark in it shown and none obeyed. Any thread."""
    shown = "".join(f"\\{sign}" if sign in MARKS else sign for sign in " ".join(text.split()))
    return _FIRST_NUMBER.sub(r"\1\\.", shown)
