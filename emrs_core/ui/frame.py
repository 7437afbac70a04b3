"""The frame that every page shares: mode note, camera, mood card's place, the player, the page's body.

The camera and the player live here, not on a page, and always at the same place in the layout: so the stream and the
song go on while the person looks round. Style decides how they look: ``style`` docks the camera at the corner or puts
it out of sight, and the player at the bottom or on top of the Music page, without ever moving them in the document.
"""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from emrs_core.ui import camera, delivery, hooks, navigation, passing, resources, state, style, words
from emrs_core.ui.component import ASSETS
from emrs_core.ui.ice import has_relay, ice_configuration
from emrs_core.ui.link import draw_link
from emrs_core.ui.player import draw_player
from emrs_core.ui.sign_in import way_back as sign_in_way_back
from emrs_core.ui.sign_in.badge import draw_sign_in_badge
from emrs_core.ui.sign_in.bringing import draw_brought
from emrs_core.ui.spotify import way_back
from emrs_core.ui.spotify.badge import draw_badge, draw_notice
from emrs_core.ui.spotify.device_watch import draw_following, heard_of_play
from emrs_core.ui.spotify.watch import draw_watch
from emrs_core.ui.state import Stage, Visit, Way
from emrs_core.ui.wall import wall

TITLE = "EMRS"
MUSIC = "music"
SPOTIFY = "spotify"
"""The page that looks at the device by itself."""
TIMELINES = "timelines"
"""The page that holds whole sessions in memory."""
SUBTITLE = "Music for the mood on your face"


def run() -> None:
    """Draw one run of the app."""
    delivery.mend_delivery()
    passing.begin()
    st.set_page_config(
        page_title=f"{TITLE} – {SUBTITLE}",
        page_icon=str(ASSETS / "icon.svg"),  # a named icon would be fetched from a font server
        layout="wide",
        menu_items={"About": f"**{TITLE}** · {SUBTITLE}. An expression is a hint, not a feeling."},
    )
    st.logo(ASSETS / "logo.svg", size="large")
    style.draw_base()  # before what it hides on wide screens
    page = navigation.choose()
    st.set_page_config(page_title=f"{page.title} – {TITLE}")
    with wall("frame"):
        sign_in_way_back.resume()
        way_back.resume()
        visit = state.visit()
        _draw(page, visit)


def _draw(page: Page, visit: Visit) -> None:
    here = navigation.name_of(page)
    live = here == navigation.FIRST
    with st.container(key=hooks.MODE_NOTE):
        fact, meaning = words.MODE_NOTES[visit.viewer.role]
        st.html(f'<p class="emrs-mode"><strong>{fact}</strong> {meaning}</p>')
        with st.container(key=hooks.BADGES, horizontal=True, gap="small"):
            draw_sign_in_badge(visit)
            draw_badge(visit)
    draw_notice(visit)
    heard_of_play(visit)
    _draw_model_problem(visit)
    _keep(visit)
    with wall("brought"):
        draw_brought(visit)
    stream = _draw_stage(visit)
    with st.container(key=hooks.PLAYER), wall("player"):  # first, so that a click on a song answers at once
        draw_player(on_top=here == MUSIC)
    layout = st.container(key=hooks.LAYOUT)
    body = st.container(key=hooks.BODY)
    if here != TIMELINES:
        visit.shown.forget()
    if not live:  # before the page, which would else move up under the pointer once the stage goes
        with layout:
            _draw_layout(visit, stream, here)
    with body, wall("page"):
        page.run()
    way_back.welcome(visit.spotify, stream.active)
    if live:  # the page says which way the mood is told
        with layout:
            _draw_layout(visit, stream, here)
    draw_following(here=here == SPOTIFY)
    draw_watch()
    draw_link()
    passing.draw_said()


def _draw_layout(visit: Visit, stream: camera.CameraState, here: str) -> None:
    live = here == navigation.FIRST
    style.draw_layout(
        live=live,
        camera_way=live and visit.way is Way.CAMERA,
        playing=stream.active,
        returned=visit.spotify.returned,
        music=here == MUSIC,
    )


def _keep(visit: Visit) -> None:
    """Keep the session once there is an agreement; at each run, since one may be given or renewed anywhere."""
    record = state.agreement(visit)
    if record is not None:
        visit.keep.begin(record)


def _draw_stage(visit: Visit) -> camera.CameraState:
    """The two columns, with the camera in the left one once there is consent."""
    with st.container(key=hooks.STAGE):
        left, right = st.columns([7, 5], gap="large")
        lead = left.container(key=hooks.LEAD)
        home = left.container(key=hooks.CAMERA)
        under = left.container(key=hooks.RECORD)
        state.set_stage(Stage(lead, right.container(key=hooks.SIDE), under))
        stream = camera.CameraState()
        with home, wall("camera"):
            if state.agreement(visit) is not None and camera.secure_page(st.context.url):
                configuration = ice_configuration(resources.load().services.settings, visit.mode)
                visit.relay = has_relay(configuration)
                stream = camera.stream(visit.feed, configuration)
    return stream


def _draw_model_problem(visit: Visit) -> None:
    problem = resources.load().model_problem
    with st.container(key=hooks.MODEL_PROBLEM):
        if problem:
            reason = words.network_problem(problem, visit.mode)
            st.error(
                f"Faces cannot be read: {reason} Until then, choose your mood **by hand**; the music works.",
                icon=":material/error:",
            )
