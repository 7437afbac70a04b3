"""The pages, in a few groups: links and menus at the top of a wide screen, two short rows on a narrow one.

An address belongs to a page's file alone, never to its group.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import streamlit as st
from streamlit.navigation.page import Page

from emrs_core.ui import hooks, style

ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Entry:
    """One page: the stem of its file in ``pages/``, which is its address too, and how it is called."""

    name: str
    title: str
    icon: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pages that belong together. One alone is a link, several are a menu."""

    title: str
    entries: tuple[Entry, ...]

    def holds(self, name: str) -> bool:
        return any(entry.name == name for entry in self.entries)


GROUPS: Final = (  # links before menus, since Streamlit draws them so
    Group("Live", (Entry("live", "Live", "videocam"),)),
    Group("Timelines", (Entry("timelines", "Timelines", "timeline"),)),
    Group(
        "Music",
        (
            Entry("music", "Music", "queue_music"),
            Entry("taste", "Your taste", "favorite"),
            Entry("catalogue", "Catalogue", "library_music"),
            Entry("spotify", "Spotify", "graphic_eq"),
        ),
    ),
    Group(
        "About",
        (
            Entry("about", "How it works", "lightbulb"),
            Entry("model", "Model", "neurology"),
            Entry("privacy", "Your data", "lock"),
        ),
    ),
)
FIRST: Final = "live"
"""The page at the bare address."""
NAMES: Final = tuple(entry.name for group in GROUPS for entry in group.entries)
_MARK: Final = """[data-testid="stTopNav"] > :nth-child({place}) [data-testid="stTopNavSection"] {{
  font-weight: 600; background: light-dark(#EFE4D7, #3D3746);
}}"""
"""Streamlit marks the page that is open in a menu, and not the closed menu. Place 0 is none."""


def choose() -> Page:
    """Draw the navigation; returns the page that the address asks for."""
    pages = _pages()
    sections: dict[str, list[Page]] = {"": []}
    for group in GROUPS:
        entries = [pages[entry.name] for entry in group.entries]
        if len(entries) == 1:
            sections[""] += entries
        else:
            sections[group.title] = entries
    page = st.navigation(sections, position="top")
    current = next(group for group in GROUPS if group.holds(name_of(page)))
    _draw_rows(pages, current)
    place = len(sections[""]) + list(sections).index(current.title) if current.title in sections else 0
    style.draw_css(_MARK.format(place=place))
    return page


def name_of(page: Page) -> str:
    """The name of that page in ``GROUPS``; its address says it, and the first page has none."""
    return page.url_path or FIRST


def _pages() -> Mapping[str, Page]:
    return MappingProxyType(
        {
            entry.name: st.Page(
                ROOT / "pages" / f"{entry.name}.py",
                title=entry.title,
                icon=f":material/{entry.icon}:",
                default=entry.name == FIRST,
            )
            for group in GROUPS
            for entry in group.entries
        }
    )


def _draw_rows(pages: Mapping[str, Page], current: Group) -> None:
    """The groups and, below, the pages of this group, shown on narrow screens alone.

    Streamlit's drawer there stays open over the page just chosen.
    """
    with st.container(key=hooks.PHONE_NAVIGATION):
        with st.container(key=hooks.PHONE_GROUPS, horizontal=True, gap="small"):
            for group in GROUPS:
                title = f"**{group.title}**" if group is current else group.title
                st.page_link(pages[group.entries[0].name], label=title)
        with st.container(key=hooks.PHONE_PAGES, horizontal=True, gap="small"):
            for entry in current.entries if len(current.entries) > 1 else ():
                st.page_link(pages[entry.name], label=entry.title)
