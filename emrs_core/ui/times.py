"""Times as people read them: on the clock of whoever looks at the page."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from emrs_core.errors import UsageError


def place(zone: str | None) -> ZoneInfo | None:
    """That IANA zone; None when it is not known."""
    try:
        return ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def spoken(moment: datetime, zone: str | None) -> str:
    """``23 November 2026 at 14:26`` in that IANA zone; in UTC, and saying so, when the zone is not known."""
    return _written(moment, zone, "%d %B %Y at %H:%M")


def brief(moment: datetime, zone: str | None) -> str:
    """``23 Nov 2026, 14:26`` likewise: for a row of many."""
    return _written(moment, zone, "%d %b %Y, %H:%M")


def here(moment: datetime) -> str:
    """``spoken`` on the clock of this page's browser. Script thread."""
    return spoken(moment, st.context.timezone)


def clock(t_s: float, tenths: bool = False) -> str:
    """A moment of a session: ``2:05``, ``1:02:05``, with ``tenths`` ``2:05.3``."""
    sign = "\N{MINUS SIGN}" if t_s < 0 else ""
    steps = round(abs(t_s) * 10) if tenths else int(abs(t_s)) * 10
    minutes, rest = divmod(steps, 600)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest // 10:02d}" + (f".{rest % 10}" if tenths else "")
    return f"{sign}{hours}:{minutes:02d}:{seconds}" if hours else f"{sign}{minutes}:{seconds}"


def read_clock(text: str) -> float:
    """The seconds of such a moment; plain seconds (``125``) are understood too. Raises UsageError for anything else."""
    parts = text.strip().replace(",", ".").split(":")
    try:
        if not 1 <= len(parts) <= 3 or any(not part.isdigit() for part in parts[:-1]):
            raise ValueError
        seconds = float(parts[-1])
        whole = [int(part) for part in parts[:-1]]
    except ValueError:
        seconds, whole = math.nan, []
    if not 0 <= seconds < (60 if whole else math.inf) or any(part >= 60 for part in whole[1:]):
        raise UsageError(f"A moment such as 2:05 or 1:02:05.5 is expected here, not “{text}”.")
    for power, part in enumerate(reversed(whole), start=1):
        seconds += part * 60.0**power
    return seconds


def _written(moment: datetime, zone: str | None, form: str) -> str:
    there = place(zone)
    return moment.astimezone(there or UTC).strftime(form) + ("" if there else " UTC")
