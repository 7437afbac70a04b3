"""The three addresses of the login to Spotify: leave for it, come back from it, disconnect. Called on server threads.

The cookie holds an id without meaning, which no script on the page can read; everything else stays on the server. Each
answer sends the browser on (303), so that neither code nor state stays in the address bar or the history.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from emrs_core.errors import EmrsError, UsageError
from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.music.spotify.scopes import Step
from emrs_core.ui import parking
from emrs_core.ui.navigation import FIRST, NAMES
from emrs_core.ui.spotify import shared
from emrs_core.ui.spotify.address import LOOPBACK

if TYPE_CHECKING:  # it loads spotipy, which only those need who have a Client ID
    from emrs_core.music.spotify.connections import SpotifyConnections

COOKIE: Final = "emrs_spotify"
COOKIE_LIVES_S: Final = 182 * 24 * 3600
"""Where connections outlive a restart, the cookie lives as long as a consent at Spotify: six months."""
LOGIN_PATH: Final = "/spotify/login"
CALLBACK_PATH: Final = "/spotify/callback"
DISCONNECT_PATH: Final = "/spotify/disconnect"
HOME: Final = "/spotify"
PAGES: Final = frozenset("/" if name == FIRST else f"/{name}" for name in NAMES)
"""Where a login may come back to; anything else becomes HOME, so that nobody is sent to a stranger's page."""
LONGEST_PARAMETER: Final = 2048
_TICKET = re.compile(r"[0-9A-Za-z_-]{16,128}")
_HOST = re.compile(r"(?:[0-9A-Za-z.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")

logger = logging.getLogger(__name__)


def spotify_routes() -> list[Route]:
    """For ``st.App``."""
    logging.getLogger("uvicorn.access").addFilter(_without_query)
    return [
        Route(LOGIN_PATH, login, methods=["GET"]),
        Route(CALLBACK_PATH, callback, methods=["GET"]),
        Route(DISCONNECT_PATH, disconnect, methods=["POST"]),
    ]


async def login(request: Request) -> Response:
    """``?step=listen|playlist|like|player&next=/music&resume=TICKET``: on to Spotify's consent page."""
    connections = _connections()
    if connections is None:
        return _onward(request, HOME)
    if request.headers.get("sec-fetch-site") == "cross-site":  # a stranger's link: a person has to want it, on our page
        return _onward(request, HOME)
    if request.url.hostname == "localhost":  # Spotify refuses the name: begin at the number, where the way back leads
        page = request.url.replace(hostname=LOOPBACK, scheme=_scheme(request), path=_root(request) + HOME, query="")
        return _private(RedirectResponse(str(page), 303))
    try:
        step = Step.parse(request.query_params.get("step", Step.LISTEN))
    except UsageError:
        step = Step.LISTEN
    try:
        begun = await run_in_threadpool(
            connections.begin,
            request.cookies.get(COOKIE),
            step,
            _redirect_uri(request),
            _next(request),
            _ticket(request),
        )
    except EmrsError as exc:
        return _failed(request, exc)
    parking.visits().hold(_ticket(request))
    answer = _private(RedirectResponse(begun.consent_url, 303))
    _set_cookie(request, answer, begun.visitor)
    return answer


async def callback(request: Request) -> Response:
    """Where Spotify sends the browser: back to the page it came from, with ``?connect=OUTCOME``."""
    connections = _connections()
    if connections is None:
        return _onward(request, HOME)
    state, code, error = (request.query_params.get(name, "")[:LONGEST_PARAMETER] for name in ("state", "code", "error"))
    visitor = request.cookies.get(COOKIE)
    try:
        ended = await run_in_threadpool(connections.finish, visitor, state, code, error)
    except EmrsError as exc:
        return _failed(request, exc)
    answer = _onward(request, ended.next_path or HOME, ended.outcome)
    if ended.visitor is not None:
        _set_cookie(request, answer, ended.visitor)
    return answer


async def disconnect(request: Request) -> Response:
    """Erase everything and the cookie: 204 for a script on our page, 303 for a form.

    A stranger's page cannot do it: with SameSite=Lax the cookie does not come along with its POST.
    """
    connections = _connections()
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return Response("Disconnect on the page Spotify.", 403, media_type="text/plain")
    if connections is not None:
        try:
            await run_in_threadpool(connections.disconnect, request.cookies.get(COOKIE))
        except EmrsError as exc:
            return _failed(request, exc)
    form = request.headers.get("sec-fetch-mode", "navigate") == "navigate"
    answer = _onward(request, HOME, Outcome.DISCONNECTED) if form else _private(Response(status_code=204))
    secure = _scheme(request) == "https"
    answer.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="lax")
    return answer


def _connections() -> SpotifyConnections | None:
    try:
        return shared.connections()
    except EmrsError as exc:
        logger.error("Spotify is switched off: %s", exc)
        return None


def _set_cookie(request: Request, answer: Response, visitor: str) -> None:
    lives_s = COOKIE_LIVES_S if shared.settings().spotify.token_key else None
    secure = _scheme(request) == "https"
    answer.set_cookie(COOKIE, visitor, max_age=lives_s, path="/", secure=secure, httponly=True, samesite="lax")


def _onward(request: Request, path: str, outcome: Outcome | None = None) -> Response:
    """To one of our own pages, below whatever path a proxy or Streamlit put us."""
    query = f"?{urlencode({'connect': str(outcome)})}" if outcome else ""
    return _private(RedirectResponse(f"{_root(request)}{path}{query}", 303))


def _failed(request: Request, exc: EmrsError) -> Response:
    logger.warning("a Spotify login ended with %s", type(exc).__name__)
    return _onward(request, HOME, Outcome.FAILED)


def _private(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _next(request: Request) -> str:
    wanted = request.query_params.get("next", HOME)
    return wanted if wanted in PAGES else HOME


def _ticket(request: Request) -> str | None:
    """What the page left behind; only from a link on our own pages, so that nobody else's visit is handed over."""
    ticket = request.query_params.get("resume", "")
    own = request.headers.get("sec-fetch-site") == "same-origin"
    return ticket if own and _TICKET.fullmatch(ticket) else None


def _redirect_uri(request: Request) -> str:
    """Where Spotify sends the browser back to: it only goes to addresses that the app's owner entered there."""
    fixed = shared.settings().spotify.redirect_uri
    if fixed:
        return fixed
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise UsageError("The browser did not say which address it uses. Set EMRS_SPOTIFY_REDIRECT_URI.")
    return f"{_scheme(request)}://{host}{_root(request)}{CALLBACK_PATH}"


def _scheme(request: Request) -> str:
    """http or https as the browser sees it; a proxy that ends TLS says so in a header."""
    fixed = shared.settings().spotify.redirect_uri
    if fixed:
        return urlsplit(fixed).scheme
    forwarded = request.headers.get("x-forwarded-proto", "").split(",")[0].strip().lower()
    return forwarded if forwarded in ("http", "https") else request.url.scheme


def _root(request: Request) -> str:
    """The path under which all of the app lies; empty at a server's root."""
    path = request.url.path
    for own in (LOGIN_PATH, CALLBACK_PATH, DISCONNECT_PATH):
        path = path.removesuffix(own)
    return path.rstrip("/")


def _without_query(record: logging.LogRecord) -> bool:
    """Takes code and state out of a server's access log, should one be kept."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            arg.partition("?")[0] if isinstance(arg, str) and CALLBACK_PATH in arg else arg for arg in record.args
        )
    return True
