"""The songs as drawn: our list component, fed from the visit."""

from __future__ import annotations

from typing import Any

import streamlit as st

from emrs_core.affect import nearest_emotion
from emrs_core.music.links import track_url
from emrs_core.types import MoodSource, Recommendation, SongList
from emrs_core.ui import hooks, words
from emrs_core.ui.component import component
from emrs_core.ui.palette import css_variable
from emrs_core.ui.state import Visit


def draw_songs(visit: Visit) -> None:
    """The current list, or what to do to get one. A click plays and redraws the page."""
    with st.container(key=hooks.SONGS):
        songs = visit.session.songs()
        if songs is None:
            st.subheader("Songs")
            st.html(f'<p class="emrs-empty">{_empty_text(visit)}</p>')
            return
        playing = visit.session.now_playing
        data = song_data(songs, playing.id if playing else None)
        result = component("songs")(key="song-list", data=data, on_play_change=_nothing, on_stop_change=_nothing)
        if result.play:
            visit.session.play(str(result.play))
            st.rerun()
        if result.stop:
            visit.session.stop_playing()
            st.rerun()
        if st.button(
            "Other songs", key=hooks.OTHER_SONGS, icon=":material/shuffle:", help="Other songs for the same mood"
        ):
            visit.session.other_songs()
            st.rerun()


def song_data(songs: SongList, playing: str | None) -> dict[str, Any]:
    """What the list component shows. ``asked``: the person just asked for it, so it need not wait for the pointer."""
    source = words.SOURCES[songs.source]
    place = words.quadrant(songs.target.valence, songs.target.arousal)
    return {
        "version": songs.version,
        "asked": songs.source is not MoodSource.CAMERA,
        "heading": f"Songs for {words.mood_of(songs)[1]}",
        "note": f"{source.capitalize()}: {place}. Press play to hear one here.",
        "playing": playing,
        "items": [_item(item) for item in songs.items],
    }


def _item(item: Recommendation) -> dict[str, Any]:
    track = item.track
    return {
        "id": track.id,
        "title": track.title,
        "artist": track.artist,
        "year": track.year,
        "reason": item.reason,
        "url": track_url(track.id),
        "colour": f"var({css_variable(nearest_emotion(item.point))})",
    }


def _empty_text(visit: Visit) -> str:
    if visit.feed.is_open:
        return "They come as soon as your mood has settled, about ten seconds after your face is seen."
    return "They come once there is a mood: from the camera, a picture, or your own choice."


def _nothing() -> None:
    """Streamlit wants a callback to declare a trigger; the value is read where the list is drawn."""
