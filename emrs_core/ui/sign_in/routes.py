"""The address by which one leaves to sign in. Called on server threads.

Streamlit's own login does the rest (``/auth/login``, ``/oauth2callback``); this only holds the visit meanwhile and
tells the browser under which ticket, in a cookie that no script can read.
"""

from __future__ import annotations

import logging
import re
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from streamlit.user_info import generate_login_redirect_url

from emrs_core.ui import parking
from emrs_core.ui.sign_in.configuration import configured

COOKIE: Final = "emrs_visit"
PATH: Final = "/sign-in"
CALLBACK: Final = "/oauth2callback"
"""Streamlit's; the address with which people come back holds a code."""
_TICKET = re.compile(r"[0-9A-Za-z_-]{16,128}")


def sign_in_routes() -> list[Route]:
    """For ``st.App``."""
    logging.getLogger("uvicorn.access").addFilter(_without_query)
    return [Route(PATH, leave, methods=["GET"])]


def leave(request: Request) -> Response:
    """``?provider=default&resume=TICKET``: on to Streamlit's login, with the visit held for the way back."""
    sign_in, provider = configured(), request.query_params.get("provider", "")
    root = request.url.path.removesuffix(PATH).rstrip("/")
    if sign_in is None or provider not in sign_in.providers:
        return _onward(f"{root}/")
    site = request.headers.get("sec-fetch-site")
    if site == "cross-site":  # a stranger's link: a person has to want it, on our page
        return _onward(f"{root}/")
    answer = _onward(generate_login_redirect_url(provider))
    ticket = request.query_params.get("resume", "")
    if site == "same-origin" and _TICKET.fullmatch(ticket):  # so that nobody is handed another's visit
        parking.visits().hold(ticket)
        lives_s = int(parking.KEPT_S)
        answer.set_cookie(
            COOKIE, ticket, max_age=lives_s, path="/", secure=sign_in.secure, httponly=True, samesite="lax"
        )
    return answer


def _onward(address: str) -> Response:
    answer = RedirectResponse(address, 303)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _without_query(record: logging.LogRecord) -> bool:
    """Takes tickets, code and state out of a server's access log, should one be kept."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.partition("?")[0] if isinstance(arg, str) and (PATH in arg or CALLBACK in arg) else arg
            for arg in record.args
        )
    return True
