"""Reads a large JSON object member by member, and lists item by item: the whole is never in memory at once."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from emrs_core.errors import TimelineError

BLOCK_BYTES = 1 << 20
NEAR_END = 16
"""Characters: an error no farther from the end of what was read may only mean that more has to be read."""
MOST_DIGITS = 400
"""Of a whole number; the largest 64-bit float has 309."""
_SPACE = re.compile(r"[ \t\n\r]*")
_CLOSED = ']}"'  # an item that ends so does not go on in what was not read yet
_CUT_NUMBER = re.compile(r"(?:\.|[eE][+-]?)?\Z")  # what may stand between a number and the part of it yet to be read


class JsonStream:
    """One object out of an open file. Ask ``members`` for names, and for each one ``value`` or all ``items``.

    Stricter than the ``json`` module: NaN and Infinity, and a name that comes twice, are refused. Not thread-safe.
    Everything raises TimelineError with the line for what is no JSON, and lets OSError through.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._scan = json.JSONDecoder(parse_constant=_refuse_constant, parse_int=_whole).raw_decode
        self._text = ""
        self._at = 0  # place in the text
        self._lines = self._bytes = 0  # before the text; read so far
        self._member = ""

    def members(self) -> Iterator[str]:
        """The names in the order of the file; take each one's value before asking for the next."""
        self._take("{")
        seen: set[str] = set()
        for _ in self._each("}"):
            name = self.value()
            if not isinstance(name, str) or name in seen:
                raise TimelineError(f"{name!r:.60} cannot be the name of a part, or stands there twice.")
            seen.add(name)
            self._take(":")
            self._member = name
            yield name
        if self._peek():
            raise self._wrong("Extra data", self._at)

    def value(self) -> Any:
        """What comes next, as a whole."""
        self._peek()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
            except json.JSONDecodeError as exc:
                cut = exc.pos >= len(self._text) - NEAR_END or exc.msg.startswith("Unterminated string")
                if cut and self._more():
                    continue
                raise self._wrong(exc.msg, exc.pos) from exc
            except RecursionError as exc:
                raise TimelineError("this JSON is nested too deeply for a session.") from exc
            if self._text[end - 1] not in _CLOSED and _CUT_NUMBER.match(self._text, end) and self._more():
                continue
            self._at = end
            return value

    def items(self) -> Iterator[Any]:
        """Each item of the list that comes next."""
        if self._peek() != "[":
            raise TimelineError(f"{self._member!r} should be a list, got {type(self.value()).__name__}.")
        self._take("[")
        for _ in self._each("]"):
            yield self.value()

    def _each(self, close: str) -> Iterator[None]:
        """Once before each part of a list or object that was opened; then its end is taken."""
        if self._peek() != close:
            yield
            while self._peek() == ",":
                self._at += 1
                yield
        self._take(close)

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            raise self._wrong(f"Expecting {sign!r}", self._at)
        self._at += 1

    def _peek(self) -> str:
        """The next sign that is no space; empty at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Read on, at least as much as is there; False at the end of the file."""
        data = self._file.read(max(BLOCK_BYTES, len(self._text) - self._at))
        try:
            text = self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as exc:
            place = self._bytes + len(data) - len(exc.object) + exc.start
            raise TimelineError(f"this should be UTF-8 text; byte {place:,} is not.") from exc
        self._bytes += len(data)
        self._lines += self._text.count("\n", 0, self._at)
        self._text, self._at = self._text[self._at :] + text, 0
        return bool(data)

    def _wrong(self, what: str, place: int) -> TimelineError:
        line = self._lines + self._text.count("\n", 0, place) + 1
        cut = " The file may have been cut off." if not self._text[place:].strip() else ""
        return TimelineError(f"this is not JSON: {what} in line {line:,}.{cut}")


def _whole(text: str) -> int | float:
    if len(text) > MOST_DIGITS:
        raise TimelineError("it holds a number too large to be one of a session.")
    return -0.0 if text == "-0" else int(text)  # nine digits of the float -0 look like a whole number


def _refuse_constant(name: str) -> None:
    raise TimelineError(f"{name} is no JSON number; what was not read is null.")
