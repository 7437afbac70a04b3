"""The player: one Spotify embed in a dock at the bottom of every page, so that the music goes on while one looks round.
On the Music page it stands on top, and its place is kept while nothing is on: no song moves when one begins.

It is drawn by the entry script at a fixed place, so neither a page switch nor the live redraws start the song over.
What it tells (playing, where in the song, ended) comes back as a state of the component, at most every ten seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, Final

import streamlit as st

from emrs_core.errors import UsageError
from emrs_core.listening import NowPlaying, PlayerReport, PlayerState
from emrs_core.music.links import can_embed, embed_url, song_url
from emrs_core.music.safety import SafetyAdvice
from emrs_core.music.visit import MusicVisit
from emrs_core.ui import hooks, resources, state
from emrs_core.ui.component import component
from emrs_core.ui.songs_view import by
from emrs_core.ui.wall import fragment

EMBED_HEIGHT_PX: Final = 80
"""Spotify's compact player."""
REACH: Final = "https://open.spotify.com/favicon.ico"
"""Asked for when its script does not come, to tell "no internet" from "script blocked"."""

WORDS: Final[Mapping[str, str]] = {
    "plain": "This player cannot tell how far the song is: press Next yourself. Skips and finished songs do not count.",
    "offline": "The player needs the internet, and Spotify cannot be reached now. All the rest goes on working.",
}
NO_EMBED: Final = "Spotify’s id of this song is not known, so it cannot play here. Find it at Spotify, then press Next."
IDLE: Final = "Nothing is on. Press play on a song, and it is heard here; the next ones follow by themselves."
SILENT: Final = "Silent? Log in to Spotify in this browser, or open it there."


def draw_player(*, on_top: bool = False) -> None:
    """The dock with the song that is on; while none is, nothing, or ``on_top`` what to do."""
    fragment("player", lambda: _draw(on_top))


def _draw(on_top: bool) -> None:
    music = state.visit().session.music
    playing = music.playing()
    advice = music.advice
    if advice is not None:
        _draw_advice(music, advice)
    if playing is None:
        if on_top:
            st.html(f'<p class="emrs-player-idle">{IDLE}</p>')
        return
    with st.container(key=hooks.PLAYER_ROW, horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(key="player-about", width=230):
            st.html(_about(playing))
        with st.container(key=hooks.PLAYER_EMBED, width="stretch", gap=None):
            report = _draw_embed(playing)
        with st.container(key="player-actions", horizontal=True, width="content", gap="small"):
            _draw_actions(music, playing)
    if report is not None and music.player_said(report):
        st.rerun()  # its song ended: another is on, or none


def _draw_embed(playing: NowPlaying) -> PlayerReport | None:
    track = playing.track
    if not can_embed(track.id):
        st.html(f'<p class="emrs-now-elsewhere">{NO_EMBED}</p>')
        return None
    data = {
        "turn": playing.turn,
        "uri": f"spotify:track:{track.id}",
        "embed": embed_url(track.id),
        "title": f"Player: {track.title} by {track.artist}",
        "api": resources.load().services.settings.spotify_embed_api_url,
        "height": EMBED_HEIGHT_PX,
        "reach": REACH,
        "words": dict(WORDS),
    }
    result = component("player")(key=f"{hooks.PLAYER_EMBED}-part", data=data, on_report_change=_nothing)
    return read_report(result.report)


def _draw_advice(music: MusicVisit, advice: SafetyAdvice) -> None:
    with st.container(key=hooks.ADVICE, horizontal=True, vertical_alignment="center", gap="medium"):
        st.html(f'<p class="emrs-advice">{escape(advice.text)}</p>')
        with st.container(horizontal=True, width="content", gap="small"):
            answers = (("Yes, gently", True, "primary"), ("No, go on", False, "secondary"))
            for label, accept, kind in answers:
                if st.button(label, key=f"{hooks.ADVICE}-{'yes' if accept else 'no'}", type=kind):  # type: ignore[arg-type]
                    music.answer_advice(accept)
                    st.rerun()


def _draw_actions(music: MusicVisit, playing: NowPlaying) -> None:
    if st.button("Next", key=hooks.NEXT_SONG, icon=":material/skip_next:", help="The next song of the list"):
        music.next_song()
        st.rerun()
    if st.button("Stop", key=hooks.STOP_PLAYING, icon=":material/stop:", help="Close the player"):
        music.stop_playing()
        st.rerun()
    st.link_button("Open in Spotify", song_url(playing.track), icon=":material/open_in_new:")


def read_report(value: Any) -> PlayerReport | None:
    """What the component told; None for nothing yet. Raises UsageError for anything that is no report."""
    if not value:
        return None
    try:
        return PlayerReport(
            turn=int(value["turn"]),
            state=PlayerState(value["state"]),
            position_s=max(0.0, float(value["position_s"])),
            duration_s=max(0.0, float(value["duration_s"])),
        )
    except (KeyError, TypeError, ValueError) as exc:
        raise UsageError(f"Expected turn, state, position_s and duration_s from the player, got {value!r}.") from exc


def _about(playing: NowPlaying) -> str:
    track = playing.track
    return (
        f'<div class="emrs-now-title">{escape(track.title)}</div>'
        f'<div class="emrs-now-artist">{escape(by(track))}</div>'
        f'<div class="emrs-now-note">{SILENT}</div>'
    )


def _nothing() -> None:
    """Streamlit wants a callback to declare a state; its value is read where the player is drawn."""
