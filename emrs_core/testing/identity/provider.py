"""The stand-in as one function from request to answer: discovery, sign-in page, tokens, keys, userinfo, farewell.

As strict as OpenID Connect Core 1.0 and OAuth 2.1 ask: codes work once and briefly, PKCE (S256), state and nonce are
required, addresses to return to are on this machine.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote, urlencode, urlsplit

from emrs_core.settings import LOOPBACK_HOSTS
from emrs_core.testing.identity import page
from emrs_core.testing.identity.people import PEOPLE, Account
from emrs_core.testing.identity.signing import ALGORITHM, SigningKey
from emrs_core.testing.loopback.wire import Answer, MistakeError, Request

CLIENT_ID: Final = "emrs"
CODE_LIFE_S: Final = 60.0
TOKEN_LIFE_S: Final = 3600
LEAST_STATE: Final = 16  # characters; less can be guessed
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # base64url of a SHA-256 digest
CALLBACK: Final = "/oauth2callback"


@dataclass(frozen=True, slots=True)
class Asked:
    """A sign-in that nobody has decided yet."""

    redirect_uri: str
    challenge: str
    nonce: str
    state: str


@dataclass(frozen=True, slots=True)
class Code:
    """What a code stands for."""

    asked: Asked
    person: Account
    until_s: float


class IdentityProvider:
    """Answers requests. Any thread. ``issuer`` is the address under which it is reached."""

    def __init__(self, now_s: Callable[[], float], people: Sequence[Account] = PEOPLE) -> None:
        self.issuer = ""
        self.client_secret = secrets.token_urlsafe(24)
        self.refused: list[str] = []  # what a correct client never does
        self.told: set[str] = set()  # codes, tokens and the like: none may stand in a log
        self._now_s = now_s
        self._people = {person.subject: person for person in people}
        self._key = SigningKey()
        self._lock = threading.Lock()
        self._asked: dict[str, Asked] = {}
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Account] = {}

    def handle(self, request: Request) -> Answer:
        """The answer. Never raises for anything that a client sends."""
        calls: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "/.well-known/openid-configuration"): self._discovery,
            ("GET", "/authorize"): self._authorize,
            ("POST", "/authorize/decision"): self._decide,
            ("POST", "/token"): self._token,
            ("GET", "/jwks"): self._keys,
            ("GET", "/userinfo"): self._userinfo,
            ("GET", "/logout"): self._logout,
        }
        with self._lock:
            try:
                call = calls.get((request.method, request.path))
                if call is None:
                    raise MistakeError(HTTPStatus.NOT_FOUND, f"There is no {request.method} {request.path} here.")
                return call(request)
            except MistakeError as mistake:
                self.refused.append(mistake.message)
                if request.path == "/token":
                    return Answer.of({"error": "invalid_request", "error_description": mistake.message}, mistake.status)
                return Answer.page(page.problem(mistake.message), mistake.status)

    def _discovery(self, request: Request) -> Answer:
        """OpenID Connect Discovery 1.0, section 3."""
        at = self.issuer
        return Answer.of(
            {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "userinfo_endpoint": f"{at}/userinfo",
                "jwks_uri": f"{at}/jwks",
                "end_session_endpoint": f"{at}/logout",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "scopes_supported": ["openid", "email", "profile"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            }
        )

    def _keys(self, request: Request) -> Answer:
        return Answer.of(self._key.public())

    def _authorize(self, request: Request) -> Answer:
        query = request.query
        asked = Asked(*(query.get(name, "") for name in ("redirect_uri", "code_challenge", "nonce", "state")))
        problems = {
            "There is no client of that id.": query.get("client_id") != CLIENT_ID,
            "response_type must be code.": query.get("response_type") != "code",
            "scope must have openid in it.": "openid" not in query.get("scope", "").split(),
            "redirect_uri is not registered.": not may_return_to(asked.redirect_uri),
            "code_challenge must be made with S256.": query.get("code_challenge_method") != "S256"
            or not CHALLENGE.fullmatch(asked.challenge),
            f"state and nonce must have {LEAST_STATE} characters or more.": min(len(asked.state), len(asked.nonce))
            < LEAST_STATE,
        }
        for problem, there in problems.items():
            if there:
                raise MistakeError(HTTPStatus.BAD_REQUEST, problem)
        ticket = secrets.token_urlsafe(16)
        self._asked[ticket] = asked
        self.told |= {asked.state, asked.nonce}
        return Answer.page(page.render(ticket, list(self._people.values())))

    def _decide(self, request: Request) -> Answer:
        form = request.form()
        asked = self._asked.pop(form.get("ticket", ""), None)
        if asked is None:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "This page was answered already; go back to the app.")
        person = self._people.get(form.get("person", ""))
        answer = {"error": "access_denied", "state": asked.state}
        if person is not None:
            code = secrets.token_urlsafe(24)
            self.told.add(code)
            self._codes[code] = Code(asked, person, self._now_s() + CODE_LIFE_S)
            answer = {"code": code, "state": asked.state}
        return Answer.redirect(f"{asked.redirect_uri}?{urlencode(answer)}")

    def _token(self, request: Request) -> Answer:
        form, now_s = request.form(), self._now_s()
        if not hmac.compare_digest(_secret_of(request), f"{CLIENT_ID}:{self.client_secret}"):
            raise MistakeError(HTTPStatus.UNAUTHORIZED, "The client's secret is not right.")
        code = self._codes.pop(form.get("code", ""), None)
        if form.get("grant_type") != "authorization_code" or code is None or now_s > code.until_s:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "There is no such code, or not any more.")
        if form.get("redirect_uri") != code.asked.redirect_uri:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "redirect_uri is another one than before.")
        if challenge_of(form.get("code_verifier", "")) != code.asked.challenge:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "code_verifier does not fit.")
        access = secrets.token_urlsafe(24)
        self._access[access] = code.person
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": int(now_s), "exp": int(now_s) + TOKEN_LIFE_S}
        token = self._key.sign(claims | {"nonce": code.asked.nonce} | code.person.claims())
        self.told |= {access, token, form.get("code_verifier", "")}
        document = {"access_token": access, "token_type": "Bearer", "expires_in": TOKEN_LIFE_S, "id_token": token}
        return Answer.of(document, Cache_Control="no-store")

    def _userinfo(self, request: Request) -> Answer:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        person = self._access.get(token) if kind == "Bearer" else None
        if person is None:
            raise MistakeError(HTTPStatus.UNAUTHORIZED, "No such access token.")
        return Answer.of(person.claims())

    def _logout(self, request: Request) -> Answer:
        """OpenID Connect RP-Initiated Logout 1.0; nobody stays signed in here, so it only sends people back."""
        back = request.query.get("post_logout_redirect_uri", "")
        if not may_return_to(back):
            raise MistakeError(HTTPStatus.BAD_REQUEST, "post_logout_redirect_uri is not registered.")
        return Answer.redirect(back)


def may_return_to(uri: str) -> bool:
    """Only to a dashboard on this machine."""
    parts = urlsplit(uri)
    here = parts.scheme in ("http", "https") and parts.hostname in LOOPBACK_HOSTS
    return here and parts.path.endswith(CALLBACK) and not parts.query and not parts.fragment


def challenge_of(verifier: str) -> str:
    """RFC 7636, 4.2: S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _secret_of(request: Request) -> str:
    """``id:secret``, from the header (RFC 6749, 2.3.1) or from the form."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind != "Basic":
        form = request.form()
        return f"{form.get('client_id', '')}:{form.get('client_secret', '')}"
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode("ascii").partition(":")
    except ValueError:
        return ""
    return f"{unquote(name)}:{unquote(secret)}"
