"""The data dictionary, as ``columns.toml`` beside this module has it: every table and column with unit and meaning."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from emrs_core.types import EMOTIONS

FILE = Path(__file__).with_name("columns.toml")
WHOSE, DICTIONARY = "whose", "dictionary"
EMOTION = "{emotion}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``kind`` is text, number, precise (64-bit number), whole or flag; empty cells are unknown values."""

    name: str
    kind: str
    unit: str
    meaning: str


@cache
def tables() -> Mapping[str, tuple[Column, ...]]:
    """The columns of session, samples, events, songs and figures, in the order of the files."""
    return MappingProxyType(
        {name: (*_read()[WHOSE], *columns) for name, columns in _read().items() if name not in (WHOSE, DICTIONARY)}
    )


def dictionary() -> tuple[Column, ...]:
    """The columns of the dictionary itself."""
    return _read()[DICTIONARY]


@cache
def _read() -> dict[str, tuple[Column, ...]]:
    with FILE.open("rb") as file:
        read: dict[str, dict[str, tuple[str, str, str]]] = tomllib.load(file)
    return {
        table: tuple(column for name, facts in columns.items() for column in _each(name, *facts))
        for table, columns in read.items()
    }


def _each(name: str, kind: str, unit: str, meaning: str) -> Iterator[Column]:
    """The column, or one for each emotion."""
    for emotion in EMOTIONS if EMOTION in name else ("",):
        yield Column(name.replace(EMOTION, emotion), kind, unit, meaning.replace(EMOTION, emotion))
