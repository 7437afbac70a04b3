"""What one visit does with Spotify: questions under way, the device chosen, what to tell. In memory only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.music.spotify.failures import MissingPermission, NotConnected
from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.music.spotify.scopes import Step
from emrs_core.ui.spotify import words
from emrs_core.ui.spotify.calls import Calls
from emrs_core.ui.spotify.following import Following
from emrs_core.ui.spotify.way_in import draw_login


@dataclass(slots=True, eq=False)
class Desk:
    """Script thread only."""

    calls: Calls = field(default_factory=Calls)
    ticket: str | None = None  # under which the visit is kept for the time of a login
    device_id: str | None = None  # None: not chosen yet, so whichever is active
    following: Following = field(default_factory=Following)
    outcome: Outcome | None = None  # how a login, or a farewell, ended
    outcome_at_s: float = 0.0  # when that was first shown, in the visit's time
    camera_on: bool = False  # when a link to the login was last shown
    returned: bool = False  # back from a login, and the camera was on before it
    welcomed: bool = False  # and that was said

    def act(self, name: str, question: Callable[[], Any]) -> None:
        """Ask because the listener pressed something, and redraw."""
        self.calls.ask(name, question)
        st.rerun()

    def tell(self, name: str, said: Callable[[Any], str], step: Step) -> bool:
        """Say what came of it: in passing when it worked, in its place when it did not. Whether it just worked."""
        answer = self.calls.answer(name)
        if answer is None:
            if self.calls.waits_for(name):
                st.caption(words.ASKING)
            return False
        if answer.failure is not None:
            draw_failure(self, answer.failure, step)
            return False
        self.calls.drop(name)
        st.toast(said(answer.value), icon=":material/check:")
        return True

    def end(self, outcome: Outcome, now_s: float) -> None:
        """A login or a farewell ended so, at that time of the visit."""
        self.outcome, self.outcome_at_s = outcome, now_s

    def clear(self) -> None:
        """Forget everything that came from Spotify."""
        self.calls.clear()
        self.following.stop()
        self.device_id = None


def draw_failure(desk: Desk, failure: EmrsError, step: Step) -> None:
    """One sentence with what to do, and the way to do it where there is one."""
    st.warning(str(failure), icon=":material/info:")
    if isinstance(failure, NotConnected | MissingPermission):
        draw_login(desk.ticket, step)
