"""Answers in passing that outlive a redraw: Streamlit throws a toast away when the page is drawn anew at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

import streamlit as st

_KEY: Final = "emrs_passing"


@dataclass(slots=True)
class _Answers:
    waiting: list[str] = field(default_factory=list)
    held: bool = False


def _answers() -> _Answers:
    return cast(_Answers, st.session_state.setdefault(_KEY, _Answers()))


def begin() -> None:
    """Call it first in the page's run: what a run that was cut short held back is not held back any longer."""
    _answers().held = False


def say(text: str) -> None:
    """Say that something was done, at the end of the next run of the page that comes to its end. Script thread."""
    _answers().waiting.append(text)


def hold() -> None:
    """Wait for the run after this one, because that one is sure to come soon. Script thread.

    A browser that is busy with what this run drew, a chart for example, takes in the next run before it ever showed a
    toast of this one; and a toast that is no longer part of the page is not shown any more.
    """
    _answers().held = True


def draw_said() -> None:
    """Show what waits to be said. Call it last in the page's run: what comes before may ask for yet another."""
    answers = _answers()
    if answers.held:
        return
    for text in answers.waiting:
        st.toast(text, icon=":material/check:")
    answers.waiting.clear()
