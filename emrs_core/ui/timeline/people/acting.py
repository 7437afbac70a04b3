"""Doing something with the store and telling how it went."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.ui.state import Visit
from emrs_core.ui.timeline.choice import Told


def act(visit: Visit, do: Callable[[], str]) -> None:
    """Do it, tell what ``do`` says or why it failed, and redraw. Script thread."""
    try:
        done = do()
    except EmrsError as exc:
        visit.timelines.told = Told(failed=(str(exc),))
    else:
        visit.timelines.told = Told((done,))
        st.toast(done, icon=":material/check:")  # what is told stands at the page's top, perhaps out of sight
    st.rerun()


def plain(text: str) -> str:
    """Text that people typed as Markdown that shows it as it is."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()<>#+-!|~$:" else c for c in text.replace("\n", " "))
