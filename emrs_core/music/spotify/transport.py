"""The HTTP session under spotipy: a fresh token on each request, seconds at most, and failures told apart.

spotipy never sees the token (its debug log prints headers), never sees an error status (it would log it and lose the
``Retry-After``) and never retries (its own retries sleep for hours inside the calling thread).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final, Protocol

import requests
from requests.auth import AuthBase
from urllib3.exceptions import ReadTimeoutError

from emrs_core.music.spotify.failures import BrokenAnswer, RateLimited, TooSlow, Unreachable, failure_of

TIMEOUT_S: Final = (2.0, 4.0)
"""To connect, and between two bytes of the answer: a person waits for it."""


class TokenSource(Protocol):
    """Where the token comes from; ``rejected`` is the one that Spotify no longer took."""

    def token(self, rejected: str = "") -> str: ...


class _Bearer(AuthBase):
    """Puts the token into the header. Being an explicit auth it also keeps a ``.netrc`` from taking its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class ApiSession(requests.Session):
    """Sends one visitor's requests. Every way to fail is a StreamingError. Safe from any thread."""

    def __init__(self, tokens: TokenSource, now_s: Callable[[], float]) -> None:
        super().__init__()
        self._tokens = tokens
        self._now_s = now_s
        self._pause_lock = threading.Lock()
        self._pause: tuple[float, RateLimited] | None = None

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """As ``requests.Session.request``; a 401 renews the token once, a pause that Spotify asked for is kept."""
        self._keep_pause()
        token = self._tokens.token()
        response = self._sent(method, url, token, *args, **kwargs)
        if response.status_code == 401:
            response = self._sent(method, url, self._tokens.token(rejected=token), *args, **kwargs)
        if response.status_code >= 300:
            failure = failure_of(response.status_code, response.headers, response.content)
            if isinstance(failure, RateLimited):
                with self._pause_lock:
                    self._pause = (self._now_s() + failure.retry_after_s, failure)
            raise failure
        if method == "GET" and response.content:
            _require_json(response)
        return response

    def _sent(self, method: str, url: str | bytes, token: str, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs.update(auth=_Bearer(token), timeout=TIMEOUT_S, allow_redirects=False)
        try:
            return super().request(method, url, *args, **kwargs)
        except requests.Timeout:
            raise TooSlow from None
        except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            raise BrokenAnswer from None
        except requests.RequestException as exc:
            stalled = bool(exc.args) and isinstance(exc.args[0], ReadTimeoutError)  # in the middle of an answer
            raise (TooSlow() if stalled else Unreachable()) from None

    def _keep_pause(self) -> None:
        """Raises RateLimited while Spotify wants to be left alone: asking on would only make it longer."""
        with self._pause_lock:
            if self._pause is None:
                return
            until_s, failure = self._pause
            left_s = until_s - self._now_s()
            if left_s <= 0:
                self._pause = None
                return
        raise type(failure)(left_s)


def _require_json(response: requests.Response) -> None:
    try:
        response.json()
    except ValueError:
        raise BrokenAnswer from None
