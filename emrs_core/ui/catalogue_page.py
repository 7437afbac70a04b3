"""The Catalogue page: which songs are used, what they cover, and bringing in others."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from emrs_core.bootstrap import catalogue_store
from emrs_core.errors import CatalogueError
from emrs_core.music.catalogues.store import BUILTIN, StoredCatalogue
from emrs_core.settings import Mode
from emrs_core.ui import camera, catalogue_figures, catalogue_import, hooks, passing, resources, state, style, times
from emrs_core.ui.state import Visit
from emrs_core.ui.wall import wall

BUILTIN_ABOUT = "the well-known songs that come with EMRS"
GUEST_NOTE = (
    "One catalogue serves everybody here, and the owner of this machine chooses it: as a guest you can look at it, not "
    "change it."
)


def draw() -> None:
    """The page."""
    visit = state.visit()
    style.draw_sheet("catalogue")
    st.title("Catalogue")
    st.markdown("The songs to choose from. Each is known by name, year, genre and a few numbers; no audio is kept.")
    with wall("catalogue-use"):
        _draw_problem()
        if visit.mode is Mode.HOSTED:
            st.info(GUEST_NOTE, icon=":material/info:")
        else:
            _draw_choice(visit)
    with wall("catalogue-figures"):
        _draw_figures()
    if visit.mode is Mode.LOCAL:
        with wall("catalogue-import"):
            if catalogue_import.draw(visit):
                begin_anew(visit)


def begin_anew(visit: Visit) -> None:
    """Give this visit the catalogue that is chosen now: it begins anew, with what was imported still told."""
    camera.shut_down(visit.feed)
    resources.reload_catalogue()
    state.begin_anew()
    st.rerun()


def _draw_problem() -> None:
    problem = resources.load().services.catalogue_problem
    if problem:
        st.warning(f"The built-in songs stand in for the chosen ones. {problem}", icon=":material/warning:")


def _draw_choice(visit: Visit) -> None:
    st.header("In use")
    store, used = catalogue_store(resources.load().services.settings), resources.load().services.catalogue_name
    with st.container(key=hooks.CATALOGUES):
        _draw_row(visit, BUILTIN, BUILTIN_ABOUT, used=used == BUILTIN)
        for stored in store.list():
            _draw_row(visit, stored.name, _about(stored), used=used == stored.name, damaged=not stored.songs)
    st.caption("A change holds for visits that begin from then on; yours begins anew at once.")


def _about(stored: StoredCatalogue) -> str:
    if not stored.songs:
        return "damaged: import it again, or delete it"
    when = times.here(datetime.fromisoformat(stored.imported_at)) if stored.imported_at else ""
    return f"{stored.songs:,} songs from {stored.source}{f', {when}' if when else ''}"


def _draw_row(visit: Visit, name: str, about: str, *, used: bool, damaged: bool = False) -> None:
    with st.container(key=f"catalogue-row-{name}", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(catalogue_figures.row_html(name, about, used))
        if not used and st.button("Use", key=hooks.use_button(name), disabled=damaged, icon=":material/check:"):
            catalogue_store(resources.load().services.settings).choose(name)
            begin_anew(visit)
        if name != BUILTIN and st.button(
            "Delete", key=hooks.delete_button(name), icon=":material/delete:", type="tertiary"
        ):
            catalogue_store(resources.load().services.settings).remove(name)
            passing.say(f"Deleted: {name}.")
            if used:
                begin_anew(visit)
            st.rerun()


def _draw_figures() -> None:
    figures = resources.catalogue_statistics()
    if not figures.songs:
        raise CatalogueError("The catalogue has no songs.")
    with st.container(key=hooks.CATALOGUE_FIGURES):
        st.html(catalogue_figures.facts_html(figures))
        left, right = st.columns(2, gap="large")
        with left:
            st.header("Coverage of the plane")
            st.html(catalogue_figures.coverage_html(figures))
            st.caption(catalogue_figures.coverage_note(figures))
        with right:
            st.header("Genres and decades")
            st.html(catalogue_figures.bars_html("Genres", figures.genres, figures.songs))
            st.html(catalogue_figures.bars_html("Decades", figures.decades, figures.songs))
