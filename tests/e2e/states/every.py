"""All states, in the order of the pages."""

from __future__ import annotations

from collections.abc import Callable

from emrs_core.ui.navigation import GROUPS
from tests.e2e.live_page import LivePage
from tests.e2e.states.catalogue import CATALOGUE
from tests.e2e.states.live import LIVE
from tests.e2e.states.music import DATA, MUSIC
from tests.e2e.states.people import PEOPLE
from tests.e2e.states.record import RECORD
from tests.e2e.states.review import REVIEW
from tests.e2e.states.sign_in import SIGN_IN
from tests.e2e.states.spotify import SPOTIFY
from tests.e2e.states.state import State, nothing, page
from tests.e2e.states.timelines import TIMELINES


def _menu(title: str) -> Callable[[LivePage], None]:
    """The menu of a group, open where there is one; a phone has rows of links instead."""

    def prepare(live: LivePage) -> None:
        page(next(group for group in GROUPS if group.title == title).entries[-1].title, nothing)(live)
        menu = live.page.get_by_test_id("stTopNavSection").filter(has_text=title)
        if menu.is_visible():
            menu.click()

    return prepare


STATES = (
    *LIVE,
    *RECORD,
    *MUSIC,
    *CATALOGUE,
    *SPOTIFY,
    *TIMELINES,
    *REVIEW,
    *PEOPLE,
    *SIGN_IN,
    State("about", page("How it works", nothing)),
    State("model", page("Model", nothing)),
    *DATA,
    State("menu-music", _menu("Music")),
    State("menu-about", _menu("About")),
)
