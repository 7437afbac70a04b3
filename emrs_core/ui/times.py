"""Times as people read them: on the clock of whoever looks at the page."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st


def spoken(moment: datetime, zone: str | None) -> str:
    """``23 November 2026 at 14:26`` in that IANA zone; in UTC, and saying so, when the zone is not known."""
    try:
        local = moment.astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        local = None
    if local is None:
        return f"{moment:%d %B %Y at %H:%M} UTC"
    return f"{local:%d %B %Y at %H:%M}"


def here(moment: datetime) -> str:
    """The same on the clock of this page's browser. Script thread."""
    return spoken(moment, st.context.timezone)
