"""The songs that were on in this visit: from when, for how long, and where that is known from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from emrs_core.protocols import Catalogue
from emrs_core.segments import SegmentSource, SongSegment
from emrs_core.ui import hooks, times
from emrs_core.ui.song_rows import SongRow, draw_rows
from emrs_core.ui.state import Visit

SOURCES: Final = {
    SegmentSource.CLICK: "your click",
    SegmentSource.DURATION: "the song’s length",
    SegmentSource.PLAYER: "the player",
    SegmentSource.SPOTIFY: "your Spotify",
}
UNKNOWN: Final = "a song that is not in the catalogue now"


def draw_heard(visit: Visit) -> None:
    """A row a song, the latest first, or a sentence while none was on."""
    music = visit.session.music
    segments, playing = music.segments(), music.playing()
    with st.container(key=hooks.HEARD):
        st.markdown("**Songs that were on**")
        if not segments:
            st.caption("None yet.")
            return
        on_since = playing.began_s if playing else None
        draw_rows(
            heard_rows(segments, music.catalogue, visit.began_at, on_since), "Songs that were on, the latest first"
        )
        st.caption(
            "Without the player’s word a song counts as on from your click to the next, at most for its own length; "
            "whether it was skipped or heard to the end is then left open."
        )


def heard_rows(
    segments: Sequence[SongSegment], catalogue: Catalogue, began_at: datetime, on_since: float | None
) -> list[SongRow]:
    """A row a song, the latest first; ``on_since`` is when the one began that is on now."""
    zone = st.context.timezone
    return [
        _row(segment, catalogue, times.brief(began_at + timedelta(seconds=segment.began_s), zone), on_since)
        for segment in reversed(segments)
    ]


def _row(segment: SongSegment, catalogue: Catalogue, since: str, on_since: float | None) -> SongRow:
    track = catalogue.get(segment.track_id)
    minutes, seconds = divmod(round(segment.ended_s - segment.began_s), 60)
    outcome = _outcome(segment, on_since == segment.began_s and segment.source is not SegmentSource.SPOTIFY)
    facts = (outcome, f"{minutes}:{seconds:02} min", since, f"known from {SOURCES[segment.source]}")
    return SongRow(track.title if track else UNKNOWN, track.artist if track else "", facts)


def _outcome(segment: SongSegment, on_now: bool) -> str:
    if on_now:
        return "on now"
    if segment.played_through:
        return "heard to the end"
    return "skipped" if segment.skipped else ""
