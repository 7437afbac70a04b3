"""The page's link to the server, as the person sees it: a note while it is lost, and a way back from a blank page."""

from __future__ import annotations

from emrs_core.ui import hooks
from emrs_core.ui.component import ASSETS, component

WORDS = {
    "lost": "The connection to EMRS is lost: mood and songs stand still. The page goes on by itself as soon as the "
    "connection is back.",
    "long": "If EMRS runs on this computer, see whether it was stopped, and start it again.",
    "blank": "This page broke down and is loaded again.",
    "again": "This page broke down twice within a minute. Load it again; if that does not help, the browser's console "
    "and the server's log say why.",
    "reload": "Load again",
}
HEALTH = "_stcore/health"
"""Streamlit's own address that answers while the server is well, relative to the app's root."""


def draw_link() -> None:
    """Start the watcher in the browser, once a tab. Takes no room on the page."""
    css = (ASSETS / "link.css").read_text(encoding="utf-8")
    component("link")(key=hooks.LINK, data={**WORDS, "health": HEALTH, "css": css})
