"""What the person wants from the music, as controls: goal, aim, length, filters.

The wish in the session is the truth: each control is set from it before it is drawn, and changes it in a callback.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import numpy as np
import streamlit as st

from emrs_core.music.features import EXPLICIT_YES, CatalogueFeatures, features_of
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal
from emrs_core.music.visit import MusicVisit
from emrs_core.music.wish import Wish
from emrs_core.session import ListenerSession
from emrs_core.ui import hooks, wishes, words

TEMPO: Final = (40, 220)
"""Beats a minute at the ends of the slider: there it means "any"."""
NOVELTY: Final = {-1.0: "Well known", -0.5: "Rather known", 0.0: "No matter", 0.5: "Rather new", 1.0: "New to me"}
GENRES, DECADES, TEMPI, EXPLICIT, NEW = (f"filter-{name}" for name in ("genres", "decades", "tempo", "explicit", "new"))

Change = Callable[[Wish, Any], Wish]


def draw_wish(session: ListenerSession) -> None:
    """The controls above the songs."""
    music = session.music
    with st.container(key=hooks.WISH, horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "What should the music do?",
            list(Goal),
            format_func=words.GOALS.__getitem__,
            required=True,
            **_bound(music, hooks.GOAL, music.wish.goal, lambda wish, goal: wishes.with_goal(wish, Goal(goal))),
        )
        with st.container(width=190):
            st.selectbox(
                "Length",
                wishes.lengths_for(music.wish),
                format_func=lambda length: length.words,
                **_bound(music, hooks.LIST_SIZE, wishes.length_of(music.wish), wishes.with_length),
            )
        _draw_filters(music)
    if music.wish.goal is not Goal.STAY:
        _draw_aim(session)


def _draw_aim(session: ListenerSession) -> None:
    names = {**words.AIMS, wishes.OPPOSITE: "The opposite", wishes.OWN: "My own point"}
    st.pills(
        "Where to?",
        wishes.aims_for(session.music.wish),
        format_func=names.__getitem__,
        required=True,
        **_bound(
            session.music,
            hooks.AIM,
            wishes.aim_name(session.music.wish),
            lambda wish, name: wishes.with_aim(wish, name, session.mood_point()),
        ),
    )


def _draw_filters(music: MusicVisit) -> None:
    filters = music.wish.filters
    count = len(filters.in_use) + (filters.novelty != 0.0)
    with st.popover(f"Filters · {count}" if count else "Filters", icon=":material/tune:", key=hooks.FILTERS):
        choices = _choices(features_of(music.catalogue))
        known = [name for name in choices.genres if name.casefold() in filters.genres]
        st.multiselect("Genres", choices.genres, placeholder="All", **_filter(music, GENRES, known, _genres))
        decades = sorted(filters.decades & set(choices.decades))
        st.pills(
            "Decades",
            choices.decades,
            selection_mode="multi",
            format_func=lambda decade: f"{decade}s",
            **_filter(music, DECADES, decades, lambda filters, value: replace(filters, decades=frozenset(value))),
        )
        st.slider("Beats a minute", *TEMPO, **_filter(music, TEMPI, _shown_tempo(filters), _tempo))
        st.select_slider(
            "How well known?",
            list(NOVELTY),
            format_func=NOVELTY.__getitem__,
            **_filter(music, NEW, _nearest(filters.novelty), lambda filters, value: replace(filters, novelty=value)),
        )
        if choices.explicit:
            st.toggle(
                "Leave out explicit songs",
                **_filter(
                    music, EXPLICIT, not filters.explicit, lambda filters, off: replace(filters, explicit=not off)
                ),
            )
        if count:
            st.button(
                "Clear all filters",
                key=hooks.CLEAR_FILTERS,
                icon=":material/filter_alt_off:",
                on_click=_clear,
                args=(music,),
            )


def _clear(music: MusicVisit) -> None:
    music.set_wish(replace(music.wish, filters=Filters()))


def _bound(music: MusicVisit, key: str, value: Any, change: Change) -> dict[str, Any]:
    """Key and callback of a control that shows ``value`` and changes the wish."""

    def take() -> None:
        music.set_wish(change(music.wish, st.session_state[key]))

    st.session_state[key] = value
    return {"key": key, "on_change": take}


def _filter(music: MusicVisit, key: str, value: Any, change: Callable[[Filters, Any], Filters]) -> dict[str, Any]:
    """``_bound`` for one of the filters."""
    return _bound(music, key, value, lambda wish, chosen: replace(wish, filters=change(wish.filters, chosen)))


def _genres(filters: Filters, names: list[str]) -> Filters:
    return replace(filters, genres=frozenset(names))


def _tempo(filters: Filters, limits: tuple[int, int]) -> Filters:
    low, high = limits
    if (low, high) == TEMPO:
        return replace(filters, tempo=None)
    return replace(filters, tempo=(float(low) if low > TEMPO[0] else 0.0, float(high) if high < TEMPO[1] else 400.0))


def _shown_tempo(filters: Filters) -> tuple[int, int]:
    low, high = filters.tempo or TEMPO
    return max(TEMPO[0], min(TEMPO[1], round(low))), max(TEMPO[0], min(TEMPO[1], round(high)))


def _nearest(novelty: float) -> float:
    return min(NOVELTY, key=lambda step: abs(step - novelty))


class _Choices:
    """What a catalogue has to choose from."""

    def __init__(self, features: CatalogueFeatures) -> None:
        self.genres = tuple(sorted(set(features.genre_names) - {""}, key=str.casefold))
        self.decades = tuple(int(year) for year in np.unique(features.year // 10 * 10) if year)
        self.explicit = bool((features.explicit == EXPLICIT_YES).any())


@lru_cache(maxsize=2)
def _choices(features: CatalogueFeatures) -> _Choices:
    """Counted once for a catalogue: a million years take a while to sort."""
    return _Choices(features)
