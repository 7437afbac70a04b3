"""Times as people read them: on the clock of whoever looks at the page."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


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


def _written(moment: datetime, zone: str | None, form: str) -> str:
    there = place(zone)
    return moment.astimezone(there or UTC).strftime(form) + ("" if there else " UTC")
