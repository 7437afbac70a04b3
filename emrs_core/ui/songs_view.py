"""The songs as drawn: our list component, fed from the visit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import streamlit as st

from emrs_core.affect import nearest_emotion
from emrs_core.music.filters import NoSongsLeft
from emrs_core.music.goals import Goal
from emrs_core.music.links import song_url
from emrs_core.music.queue import SongList
from emrs_core.music.taste.feedback import Feedback, FeedbackKind
from emrs_core.music.visit import MusicVisit
from emrs_core.types import Recommendation, Track
from emrs_core.ui import hooks, words
from emrs_core.ui.component import component
from emrs_core.ui.palette import css_variable
from emrs_core.ui.state import Visit

SHORT: Final = 6
"""Songs on the Live page at a time; rows of two and three."""
MUSIC_PAGE: Final = Path(__file__).resolve().parents[2] / "pages" / "music.py"
LIST_KEY: Final = "song-list"


def draw_songs(visit: Visit, *, short: bool = False) -> None:
    """The current list (``short``: what comes next of it), or what to do to get one."""
    with st.container(key=hooks.SONGS):
        songs = visit.session.songs()
        problem = visit.session.music.problem
        if problem is not None:
            draw_nothing_left(visit.session.music, problem)
        elif songs is None:
            st.header("Songs")
            st.html(f'<p class="emrs-empty">{_empty_text(visit)}</p>')
        else:
            _draw_list(visit, songs, short)


def draw_nothing_left(music: MusicVisit, problem: NoSongsLeft) -> None:
    """Filters that leave no song: which to loosen, and a button that does."""
    st.warning(str(problem), icon=":material/filter_alt_off:")
    if st.button("Take that off", key=hooks.LOOSEN, icon=":material/filter_alt_off:"):
        music.loosen()
        st.rerun()


def _draw_list(visit: Visit, songs: SongList, short: bool) -> None:
    music = visit.session.music
    data = song_data(songs, music, short=short)
    result = component("songs")(
        key=LIST_KEY,
        data=data,
        on_play_change=_nothing,
        on_stop_change=_nothing,
        on_rate_change=lambda: rate(music, st.session_state[LIST_KEY].get("rate")),
        on_undo_change=lambda: take_back(music),
    )
    if result.play:
        music.play(str(result.play))
        st.rerun()
    if result.stop:
        music.stop_playing()
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        help_text = "Other songs for the same mood"
        if st.button("Other songs", key=hooks.OTHER_SONGS, icon=":material/shuffle:", help=help_text):
            music.other_songs()
            st.rerun()
        if short:
            st.page_link(MUSIC_PAGE, label="The whole list, and where it leads", icon=":material/queue_music:")


def rate(music: MusicVisit, said: Mapping[str, str] | None) -> None:
    """Take an opinion as the list tells it: ``id`` and ``kind``. Runs before the redraw, which shows it then."""
    if said:
        music.rate(str(said["id"]), FeedbackKind(said["kind"]))


def take_back(music: MusicVisit) -> None:
    """Undo the last opinion, likewise."""
    music.undo()


def song_data(songs: SongList, music: MusicVisit, *, short: bool = False) -> dict[str, Any]:
    """What the list component shows. ``asked``: the person just asked for this list, so it need not wait for the
    pointer; a short list that turns its page does."""
    playing = music.playing()
    track_id = playing.track.id if playing else None
    first = _first_shown(songs, track_id) if short else 0
    last = first + SHORT if short else len(songs.items)
    return {
        "version": f"{songs.version}.{first}",
        "list": songs.version,
        "asked": songs.asked,
        "heading": heading(songs),
        "way": songs.wish.goal is Goal.GUIDE,
        "note": note(songs),
        "playing": track_id,
        "marks": {song: str(kind) for song, kind in music.marks().items()},
        "over": [item.track.id for item in songs.items[: songs.behind]],
        "undo": undo_words(music.last_opinion(), _titles(songs)),
        "items": [_item(number, item) for number, item in enumerate(songs.items[first:last], first + 1)],
    }


def heading(songs: SongList) -> str:
    """What the list is for, in a line."""
    mood = words.mood_of(songs)[1]
    if songs.wish.goal is Goal.GUIDE:
        return f"From {mood} towards {words.aim_of(songs.target)}"
    return f"A change from {mood}" if songs.wish.goal is Goal.CONTRAST else f"Songs for {mood}"


def note(songs: SongList) -> str:
    """Where the mood comes from and how long the list is."""
    minutes = round(sum(item.track.duration_ms for item in songs.items) / 60_000)
    count = "1 song" if len(songs.items) == 1 else f"{len(songs.items)} songs"
    return f"Mood {words.SOURCES[songs.source]} · {count}, {minutes} minutes"


def undo_words(last: Feedback | None, titles: Mapping[str, str]) -> str | None:
    """What a click on Undo takes back; None for nothing."""
    if last is None:
        return None
    title = titles.get(last.track_id)
    return f"{words.OPINIONS[last.kind]} “{title}”" if title else words.OPINIONS[last.kind]


def _titles(songs: SongList) -> dict[str, str]:
    return {item.track.id: item.track.title for item in songs.items}


def _first_shown(songs: SongList, playing: str | None) -> int:
    """Where the short list begins: it turns like a page once the song that is on, or comes next, is on the next one."""
    place = songs.place_of(playing) if playing else None
    page = (songs.behind if place is None else place) // SHORT * SHORT
    return max(0, min(page, len(songs.items) - SHORT))


def _item(number: int, item: Recommendation) -> dict[str, Any]:
    track, mood = item.track, nearest_emotion(item.point)
    return {
        "n": number,
        "id": track.id,
        "title": track.title,
        "artist": track.artist,
        "by": by(track),
        "reason": item.reason,
        "url": song_url(track),
        "mood": f"Its mood is nearest to “{words.EMOTION_NAMES[mood].lower()}”",
        "colour": f"var({css_variable(mood)})",
    }


def by(track: Track) -> str:
    """Artist and year; the artist alone where the year is not known."""
    return f"{track.artist} · {track.year}" if track.year else track.artist


def _empty_text(visit: Visit) -> str:
    if visit.feed.is_open:
        return "They come as soon as your mood has settled, about ten seconds after your face is seen."
    return "They come once there is a mood: from the camera, a picture, or your own choice."


def _nothing() -> None:
    """Streamlit wants a callback to declare a trigger; these values are read where the list is drawn, since what plays
    is drawn elsewhere and the whole page has to follow."""
