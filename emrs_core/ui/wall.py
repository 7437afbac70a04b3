"""The page's wall: an error met while drawing becomes a calm sentence, and the log hears of each kind once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

import streamlit as st

from emrs_core.errors import EmrsError
from emrs_core.ui import hooks

logger = logging.getLogger(__name__)

_logged: set[tuple[str, type[BaseException]]] = set()


@contextmanager
def wall(place: str) -> Iterator[None]:
    """Draw the body; when it raises, say so in its place and go on. ``place`` names the part in the log.

    Streamlit's own control flow (rerun, stop) is no ``Exception`` and passes.
    """
    try:
        yield
    except EmrsError as exc:
        with st.container(key=f"{hooks.ERROR}-{place}"):
            st.error(str(exc), icon=":material/error:")
    except Exception as exc:  # noqa: BLE001 - the wall at the page's top
        _log_once(place, exc)
        with st.container(key=f"{hooks.ERROR}-{place}"):
            st.error(
                "This part of the page failed. Reload the page; if it happens again, the server's log says why.",
                icon=":material/error:",
            )


def fragment(place: str, draw: Callable[[], None], run_every_s: float | None = None) -> None:
    """Draw a part that redraws by itself every so many seconds (None: only when used), behind a wall of its own.

    The wall has to be inside: Streamlit shows an exception that leaves a fragment, and redraws run without the page.
    """

    @wraps(draw)
    def walled() -> None:
        with wall(place):
            draw()

    st.fragment(walled, run_every=run_every_s)()


def _log_once(place: str, exc: Exception) -> None:
    kind = (place, type(exc))
    if kind not in _logged:
        _logged.add(kind)
        logger.error("drawing %s failed with %s", place, type(exc).__name__, exc_info=exc)
