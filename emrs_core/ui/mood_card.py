"""The mood card: what is read or chosen now, seven bars, and the slow mood that steers the music."""

from __future__ import annotations

from typing import Any

import streamlit as st

from emrs_core.music.queue import SongList
from emrs_core.types import (
    EMOTIONS,
    AffectPoint,
    Emotion,
    EmotionEstimate,
    FrameAnalysis,
    LiveSnapshot,
    MoodKind,
    MoodSource,
    QualityIssue,
)
from emrs_core.ui import hooks, words
from emrs_core.ui.component import component
from emrs_core.ui.palette import css_variable

QUIET = "var(--st-gray-color)"
NO_BREAK, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


def draw_camera_mood(snapshot: LiveSnapshot, playing: bool, songs_there: bool) -> None:
    """The card while the camera steers."""
    mood = snapshot.mood
    if not playing and mood.kind is MoodKind.WAITING:
        _draw(_card("Ready when you are", "Press Start", START_ADVICE, slow=""))
        return
    reading = mood.probabilities if mood.kind is not MoodKind.WAITING else None
    _draw(
        _card(
            "Right now" if playing else "Last seen",
            words.mood_title(mood),
            words.mood_advice(mood, listener_issues(snapshot.analysis)),
            label=mood.label,
            probabilities=reading,
            faded=mood.kind in (MoodKind.NO_FACE, MoodKind.POOR_FACE) or not playing,
            slow=words.slow_sentence(mood.slow, songs_there),
        )
    )


START_ADVICE = "Sit facing the camera, with light from the front. Once it is on, the mood shows in seconds."


def draw_choice(songs: SongList) -> None:
    """The card while the person's own word steers."""
    name = words.mood_of(songs)[0]
    feel = words.quadrant(songs.start.valence, songs.start.arousal).capitalize()
    advice = place(songs.start) if name == feel else f"{feel}. {place(songs.start)}"
    _draw(_card("You chose", name, advice, label=songs.label))


def draw_still(source: MoodSource, estimate: EmotionEstimate) -> None:
    """The card for one picture."""
    top = max(estimate.probabilities)
    _draw(
        _card(
            words.SOURCES[source].capitalize(),
            words.EMOTION_NAMES[estimate.label],
            f"{words.confidence_words(top).capitalize()} – {words.percent(top)} sure. One picture is one moment.",
            label=estimate.label,
            probabilities=estimate.probabilities,
        )
    )


def draw_invitation(title: str, advice: str) -> None:
    """The card before anything was said."""
    _draw({**_card("", title, advice), "colour": ""})


def listener_issues(analysis: FrameAnalysis | None) -> tuple[QualityIssue, ...]:
    """Why the listener's face, or without one the whole picture, cannot be read; empty when it can."""
    if analysis is None:
        return ()
    return analysis.listener.quality.reasons if analysis.listener else analysis.picture.reasons


def place(point: AffectPoint) -> str:
    """A place on the plane in numbers, which no line break parts from their names."""
    return f"Valence {point.valence:+.2f}, arousal {point.arousal:+.2f}.".replace(" ", NO_BREAK).replace("-", MINUS)


def _card(
    eyebrow: str,
    name: str,
    advice: str,
    *,
    label: Emotion | None = None,
    probabilities: tuple[float, ...] | None = None,
    faded: bool = False,
    slow: str = "",
) -> dict[str, Any]:
    return {
        "eyebrow": eyebrow,
        "name": name,
        "advice": advice,
        "kind": str(label) if label else "none",
        "colour": f"var({css_variable(label)})" if label else QUIET,
        "bars": _bars(probabilities, label),
        "faded": faded,
        "slow": slow,
    }


def _bars(probabilities: tuple[float, ...] | None, label: Emotion | None) -> list[dict[str, Any]]:
    if probabilities is None:
        return []
    return [
        {
            "name": words.EMOTION_NAMES[emotion],
            "value": round(probability, 3),
            "text": words.percent_beside(probability),
            "colour": f"var({css_variable(emotion)})",
            "leading": emotion is label,
        }
        for emotion, probability in zip(EMOTIONS, probabilities, strict=True)
    ]


def _draw(data: dict[str, Any]) -> None:
    with st.container(key=hooks.MOOD_CARD):
        component("mood")(key="mood", data=data)
