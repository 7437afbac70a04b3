"""Doing something with the store and telling how it went."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
        visit.timelines.acts += 1
        st.toast(done, icon=":material/check:")  # what is told stands at the page's top, perhaps out of sight
    st.rerun()


@contextmanager
def window(visit: Visit, label: str, key: str, icon: str) -> Iterator[None]:
    """A small window that closes by itself once something was done in it; ``key`` is its place's. Script thread."""
    with st.container(key=key, width="content"), st.popover(label, icon=icon, key=f"{key}-{visit.timelines.acts}"):
        yield
