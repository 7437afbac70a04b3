"""What goes wrong between us and the Web API: told apart, never repeated for long, never slept on, never logged."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest
import requests
from urllib3.exceptions import ReadTimeoutError

from emrs_core.music.spotify.client import SpotifyService
from emrs_core.music.spotify.failures import (
    BrokenAnswer,
    ConnectionEnded,
    NotConnected,
    QuotaExceeded,
    RateLimited,
    ServiceDown,
    TooSlow,
    Unreachable,
)
from emrs_core.testing.catalogues import numbered_id
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.scripted_spotify import API, Wire, service


def test_an_expired_token_is_renewed_once_and_nobody_notices() -> None:
    def script(request: requests.PreparedRequest) -> tuple[int, Any]:
        return (401, {}) if request.headers["Authorization"] == "Bearer token-1" else (200, {"id": "a1"})

    spotify, wire = service(script)
    assert spotify.account().id == "a1"
    assert len(wire.sent) == 2
    spotify.account()
    assert len(wire.sent) == 3


def test_a_token_that_is_refused_for_good_ends_the_connection_without_a_loop() -> None:
    spotify, wire = service(lambda _: (401, {}))
    with pytest.raises(ConnectionEnded):
        spotify.account()
    assert len(wire.sent) == 2


@pytest.mark.parametrize(("reason", "kind"), [(None, RateLimited), ("QUOTA_EXCEEDED", QuotaExceeded)])
def test_a_pause_that_spotify_asks_for_is_kept_without_sleeping(reason: str | None, kind: type[RateLimited]) -> None:
    clock = FakeClock()
    body = {"error": {"status": 429, "message": "slow down", "reason": reason}}
    spotify, wire = service(lambda _: (429, body, {"Retry-After": "3600"}), clock)
    began = time.monotonic()
    with pytest.raises(kind, match="1 hour"):
        spotify.account()
    clock.advance(1800)
    with pytest.raises(kind, match="30 minutes") as caught:
        spotify.top()
    assert caught.value.retry_after_s == 1800
    assert len(wire.sent) == 1
    assert time.monotonic() - began < 5
    clock.advance(1800)
    with pytest.raises(kind):
        spotify.top()
    assert len(wire.sent) == 2


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (requests.ConnectTimeout("x"), TooSlow),
        (requests.ReadTimeout("x"), TooSlow),
        (requests.ConnectionError(ReadTimeoutError(None, "u", "x")), TooSlow),  # type: ignore[arg-type]
        (requests.ConnectionError("x"), Unreachable),
        (requests.exceptions.SSLError("x"), Unreachable),
        (requests.exceptions.ChunkedEncodingError("x"), BrokenAnswer),
    ],
)
def test_trouble_on_the_line_is_told_apart_and_not_repeated(trouble: Exception, kind: type[Exception]) -> None:
    def script(request: requests.PreparedRequest) -> tuple[int, Any]:
        raise trouble

    spotify, wire = service(script)
    with pytest.raises(kind):
        spotify.account()
    assert len(wire.sent) == 1


@pytest.mark.parametrize("body", [b'{"items": [', b"<html>", b"\xff\xfe"])
def test_an_answer_cut_off_is_a_broken_one(body: bytes) -> None:
    spotify, _ = service(lambda _: (200, body))
    with pytest.raises(BrokenAnswer):
        spotify.top()


def test_a_command_may_answer_with_anything() -> None:
    spotify, wire = service(lambda _: (200, b"ok, not JSON"))
    spotify.pause()
    spotify.like(numbered_id(1))
    assert len(wire.sent) == 2


def test_a_redirect_is_not_followed_with_the_token() -> None:
    spotify, wire = service(lambda _: (302, b"", {"Location": "https://elsewhere.example/"}))
    with pytest.raises(Exception, match="302"):
        spotify.account()
    assert len(wire.sent) == 1


def test_without_a_connection_nothing_is_sent() -> None:
    class Nobody:
        def token(self, rejected: str = "") -> str:
            raise NotConnected

    wire = Wire(lambda _: (200, {}))
    spotify = SpotifyService(API, Nobody(), FakeClock().now_s)
    spotify._session.mount("https://", wire)
    with pytest.raises(NotConnected):
        spotify.account()
    assert wire.sent == []


def test_no_token_reaches_a_log_even_when_all_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for script in (lambda _: (200, {"id": "a1"}), lambda _: (503, b""), lambda _: (401, {})):
            spotify, _ = service(script)
            try:
                spotify.account()
            except (ServiceDown, ConnectionEnded) as exc:
                logging.getLogger("test").error("failed", exc_info=exc)
    assert "me" in caplog.text
    assert "token-" not in caplog.text
    assert "Bearer" not in caplog.text
