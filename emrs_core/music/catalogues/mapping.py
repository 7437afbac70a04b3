"""Which column of somebody's table holds which fact."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emrs_core.errors import UsageError
from emrs_core.music.catalogues.columns import FIELD, FIELDS, Field, Kind, Unit

NO_SECONDS = 10_000.0
"""A tenth of the lengths above it: then they are milliseconds, no song lasts three hours."""
NO_SHARE = 10.0
"""A tenth of the shares above it: then they are percent. Scales from 1 to 9 are neither, and their rows are refused."""
_OTHER_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A column, and in what it counts."""

    column: str
    unit: Unit = Unit.PLAIN


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Each field's source, by field name; fields without one are unknown in every song."""

    sources: Mapping[str, Source]

    @property
    def missing(self) -> tuple[str, ...]:
        """Fields that a song cannot do without and that have no column yet."""
        return tuple(field.name for field in FIELDS if field.required and field.name not in self.sources)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to read, each once."""
        return tuple(dict.fromkeys(source.column for source in self.sources.values()))

    def changed(self, sources: Mapping[str, Source | None]) -> ColumnMapping:
        """The same with those fields taken from elsewhere (None: from nowhere)."""
        merged = {**self.sources, **sources}
        return ColumnMapping({name: source for name, source in merged.items() if source is not None})

    def check(self, columns: Sequence[str]) -> None:
        """Raises UsageError when a song's needs are not met, or a column is not in the table."""
        for name, source in self.sources.items():
            if name not in FIELD:
                raise UsageError(f"There is no field called {name!r}. Use one of: {', '.join(FIELD)}.")
            if source.column not in columns:
                raise UsageError(
                    f"The table has no column {source.column!r} to take the {name} from. It has: {', '.join(columns)}."
                )
            if source.unit not in FIELD[name].units:
                allowed = " or ".join(FIELD[name].units)
                raise UsageError(f"The {name} cannot count in {source.unit}; use {allowed}.")
        if self.missing:
            raise UsageError(
                f"No column was found for {', '.join(self.missing)}: every song needs them. "
                f"The table has: {', '.join(columns)}. Say which to take, for example {self.missing[0]}=COLUMN."
            )


def guess_mapping(columns: Sequence[str], sample: Mapping[str, Sequence[str]] | None = None) -> ColumnMapping:
    """The likely mapping of a table with those columns; ``sample`` has some of its cells by column, for the units.

    Each column is used once; a field without a likely column has none.
    """
    free = {folded_name(column): column for column in reversed(columns)}  # the first of two alike wins
    sources: dict[str, Source] = {}
    for field in FIELDS:
        column = next((free.pop(alias) for alias in field.aliases if alias in free), None)
        if column is not None:
            sources[field.name] = Source(column, _unit(field, column, (sample or {}).get(column, ())))
    return ColumnMapping(sources)


def parse_source(text: str) -> tuple[str, Source]:
    """``FIELD=COLUMN`` or ``FIELD=COLUMN@UNIT`` as written on the command line. Raises UsageError."""
    name, equals, rest = text.partition("=")
    column, at, unit = rest.rpartition("@")
    if at and unit in set(Unit):
        rest = column
    else:
        unit = Unit.PLAIN
    if not (equals and name.strip() and rest.strip()):
        raise UsageError(f"Expected FIELD=COLUMN, like title=track_name or duration_ms=length@seconds; got {text!r}.")
    return name.strip(), Source(rest.strip(), Unit(unit))


def folded_name(column: str) -> str:
    """A column's name in lower case, everything but letters and digits as one underscore: ``Track Name`` and
    ``track_name`` are alike."""
    return _OTHER_SIGNS.sub("_", column.strip().lower().replace("(", " ")).strip("_")


def _unit(field: Field, column: str, cells: Sequence[str]) -> Unit:
    if field.kind is Kind.DURATION:
        in_ms = folded_name(column).endswith("_ms") or _high(cells) >= NO_SECONDS
        return Unit.PLAIN if in_ms else Unit.SECONDS
    if field.kind is Kind.SHARE and ("%" in column or _high(cells) > NO_SHARE):
        return Unit.PERCENT
    return Unit.PLAIN


def _high(cells: Sequence[str]) -> float:
    """The number that a tenth of the cells exceed, 0 where there is none: a few broken ones do not decide."""
    numbers = []
    for cell in cells:
        try:
            numbers.append(float(cell))
        except ValueError:
            continue
    known = sorted(number for number in numbers if not math.isnan(number))
    return known[int(0.9 * (len(known) - 1))] if known else 0.0
