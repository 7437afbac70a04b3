"""Lines of a CSV file as rows, one broken row never costing its neighbours."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator

QUOTE = '"'
MOST_LINES, MOST_CHARACTERS = 50, 65_536
"""How far a quoted cell may reach over line ends; a quote still open then was never meant to be one."""
NEVER_CLOSED = "a quote that is opened and never closed"
LINE_ENDS = "\r\n"
DELIMITERS = ",;\t|"


def delimiter_of(header: str) -> str:
    """The sign that parts the cells: the one that the first line has most of."""
    return max(DELIMITERS, key=header.count)


def records(lines: Iterable[str], delimiter: str, width: int | None = None) -> Iterator[list[str] | str]:
    """The rows of those lines: cells, or a sentence that says why it is none; nothing for an empty line.

    ``width`` is how many cells a row has (None: any number). A quote that is never closed, or that closes with another
    number of cells, spoils its own line alone: reading goes on with the next one.
    """
    source = iter(lines)
    waiting: deque[str] = deque()
    while True:
        line = waiting.popleft() if waiting else next(source, None)
        if line is None:
            return
        line = line.rstrip(LINE_ENDS)
        if not line.strip():
            yield []
            continue
        if QUOTE not in line:
            cells = line.split(delimiter)
            yield cells if width in (None, len(cells)) else _other_width(len(cells), width)
            continue
        yield _quoted(line, source, waiting, delimiter, width)


def _quoted(
    line: str, source: Iterator[str], waiting: deque[str], delimiter: str, width: int | None
) -> list[str] | str:
    """A row with quotes, which may reach over several lines; lines looked at in vain go back to ``waiting``."""
    text, seen = line, list[str]()
    while True:
        row = _parsed(text, delimiter, width)
        if isinstance(row, list):
            return row
        following = None
        while row is NEVER_CLOSED and len(seen) < MOST_LINES and len(text) < MOST_CHARACTERS:
            following = waiting.popleft() if waiting else next(source, None)
            if following is None:
                break
            seen.append(following)
            text = f"{text}\n{following.rstrip(LINE_ENDS)}"
            if QUOTE in following:  # only then can the open cell end
                break
        if following is None or QUOTE not in following:
            waiting.extendleft(reversed(seen))
            return row


def _parsed(text: str, delimiter: str, width: int | None) -> list[str] | str:
    """The cells of one row, or why it is none; NEVER_CLOSED when a quote is still open at its end."""
    try:
        (cells,) = csv.reader([text], delimiter=delimiter, strict=True)
    except csv.Error as exc:
        return NEVER_CLOSED if "end of data" in str(exc) else f"not a row of a CSV table ({exc})"
    return cells if width in (None, len(cells)) else _other_width(len(cells), width)


def _other_width(came: int, width: int | None) -> str:
    return f"expected {width} cells as in the first row, got {came}"
