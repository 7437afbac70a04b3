"""The plane to act on: the mood and the aim as handles, the way between them, each song a dot on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from emrs_core.affect import EMOTION_POINTS
from emrs_core.music.goals import Goal
from emrs_core.music.queue import SongList
from emrs_core.music.visit import MusicVisit
from emrs_core.session import ListenerSession
from emrs_core.types import EMOTIONS, AffectPoint, Emotion
from emrs_core.ui import wishes, words
from emrs_core.ui.component import component
from emrs_core.ui.palette import css_variable
from emrs_core.ui.plane import plane_text

KEY: Final = "mood-plane-part"
SIDES: Final[Mapping[Emotion, str]] = {
    Emotion.HAPPY: "middle",
    Emotion.ANGRY: "end",
    Emotion.DISGUST: "end",
    Emotion.SAD: "middle",
}
"""Where an emotion's name stands beside its dot; right of it where nothing is said. Some lie close together."""
WORDS: Final[Mapping[str, str]] = {
    "left": "unpleasant",
    "right": "pleasant",
    "top": "energetic",
    "bottom": "calm",
    "even": "even",
    "moderate": "moderate",
    "mood": "How you feel: drag it, or use the arrow keys",
    "target": "Where the music should lead: drag it, or use the arrow keys",
}


def draw_plane(session: ListenerSession) -> None:
    """The plane. What is dragged there is taken before the redraw, so plane and list answer together."""

    def moved(handle: str) -> None:
        point = read_point(st.session_state[KEY].get(handle))
        if point is not None:
            (feel if handle == "mood" else aim)(session, point)

    component("plane")(
        key=KEY,
        data=plane_data(session),
        on_mood_change=lambda: moved("mood"),
        on_target_change=lambda: moved("target"),
    )


def feel(session: ListenerSession, point: AffectPoint) -> None:
    """The person said where they are."""
    session.feel(point)


def aim(session: ListenerSession, point: AffectPoint) -> None:
    """The person said where the music should lead."""
    session.music.set_wish(wishes.with_target(session.music.wish, point))


def read_point(value: Any) -> AffectPoint | None:
    """The place that the component tells, None for none. Raises UsageError for one outside the plane."""
    return AffectPoint(float(value["valence"]), float(value["arousal"])) if value else None


def plane_data(session: ListenerSession) -> dict[str, Any]:
    """What the component draws."""
    songs, mood = session.songs(), session.mood_point()
    aim_point = wishes.target_of(session.music.wish, mood)
    return {
        "alt": plane_text(mood, aim_point),
        "mood": _place(mood),
        "target": _place(aim_point),
        "path": _path(songs),
        "songs": _dots(songs, session.music) if songs else [],
        "emotions": [_landmark(emotion) for emotion in EMOTIONS],
        "words": dict(WORDS),
    }


def _place(point: AffectPoint | None) -> dict[str, float] | None:
    return {"v": point.valence, "a": point.arousal} if point else None


def _path(songs: SongList | None) -> list[list[float]]:
    if songs is None or songs.wish.goal is not Goal.GUIDE:
        return []
    return [[point.valence, point.arousal] for point in (songs.start, *(item.waypoint for item in songs.items))]


def _dots(songs: SongList, music: MusicVisit) -> list[dict[str, Any]]:
    playing = music.playing()
    on = playing.track.id if playing else None
    return [
        {
            "n": place + 1,
            "v": item.point.valence,
            "a": item.point.arousal,
            "title": f"{item.track.title} – {item.track.artist}",
            "state": "on" if item.track.id == on else "heard" if place < songs.behind else "next",
        }
        for place, item in enumerate(songs.items)
    ]


def _landmark(emotion: Emotion) -> dict[str, Any]:
    point = EMOTION_POINTS[emotion]
    return {
        "v": point.valence,
        "a": point.arousal,
        "name": words.EMOTION_NAMES[emotion],
        "colour": f"var({css_variable(emotion)})",
        "side": SIDES.get(emotion, "start"),
    }
