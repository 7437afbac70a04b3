"""Addresses of our own beside Streamlit's pages: the script of the charts, the login to Spotify, leaving to sign in.

Streamlit 1.67 builds its Plotly chart anew whenever the data change, which flickers and forgets the zoom once a second.
Our chart component updates in place instead, with the very script that the ``plotly`` package brings along.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import plotly
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emrs_core.ui.sign_in.routes import sign_in_routes
from emrs_core.ui.spotify_routes import spotify_routes

PLOTLY_PATH: Final = "emrs/plotly.min.js"
"""Relative to the app's root, wherever a proxy puts that."""
CACHE_S: Final = 30 * 24 * 3600


def plotly_address() -> str:
    """Path and version, so that a browser may keep the script until the package changes."""
    return f"{PLOTLY_PATH}?v={plotly.__version__}"


def serve_plotly(request: Request) -> Response:  # noqa: ARG001 - the signature is Starlette's
    """The script from the installed package; 4.8 MB, sent compressed. Called on a server thread."""
    script = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    return Response(script, media_type="text/javascript", headers={"Cache-Control": f"public, max-age={CACHE_S}"})


def routes() -> list[Route]:
    """What ``dashboard.py`` gives to ``st.App``."""
    return [Route(f"/{PLOTLY_PATH}", serve_plotly, methods=["GET"]), *spotify_routes(), *sign_in_routes()]
