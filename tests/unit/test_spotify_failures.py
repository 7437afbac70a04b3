"""Each way in which Spotify refuses or fails is told apart, in a sentence with what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import StreamingError
from emrs_core.music.spotify import failures as f


def error(message: str = "", reason: str | None = None) -> bytes:
    return json.dumps({"error": {"status": 0, "message": message} | ({"reason": reason} if reason else {})}).encode()


PREMIUM = "Player command failed: Premium required"
OWNER = b"Active premium subscription required for the owner of the app. It can take a few hours."


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, error("The access token expired"), f.ConnectionEnded, "Connect again"),
        (403, b"User not registered in the Developer Dashboard", f.NotAllowListed, "User Management"),
        (403, error("User not registered in the Developer Dashboard"), f.NotAllowListed, "User Management"),
        (403, OWNER, f.OwnerWithoutPremium, "owner has Premium"),
        (403, error(PREMIUM, "PREMIUM_REQUIRED"), f.ListenerWithoutPremium, "only Premium accounts"),
        (403, error("Insufficient client scope"), f.MissingPermission, "consent for this first"),
        (403, error("Player command failed: Restriction violated", "UNKNOWN"), f.RefusedByPlayer, "another device"),
        (
            404,
            error("Player command failed: No active device found", "NO_ACTIVE_DEVICE"),
            f.NoActiveDevice,
            "Open Spotify",
        ),
        (404, error("Device not found"), f.NoActiveDevice, "Open Spotify"),
        (404, error("Resource not found"), f.Refused, "HTTP 404"),
        (429, error("API rate limit exceeded"), f.RateLimited, "Try again in 7 seconds"),
        (429, error("Quota exceeded", "QUOTA_EXCEEDED"), f.QuotaExceeded, "used up"),
        (500, b"", f.ServiceDown, "try again in a few minutes"),
        (503, b"<html>", f.ServiceDown, "try again in a few minutes"),
        (400, error("Invalid limit"), f.Refused, "HTTP 400"),
        (302, b"", f.Refused, "HTTP 302"),
        (403, b'["odd"]', f.Refused, "HTTP 403"),
        (403, b'{"error": "odd"}', f.Refused, "HTTP 403"),
    ],
)
def test_each_answer_has_its_sentence(status: int, body: bytes, kind: type[Exception], words: str) -> None:
    failure = f.failure_of(status, {"Retry-After": "7"}, body)
    assert type(failure) is kind
    assert words in str(failure)


@given(st.integers(300, 599), st.binary(max_size=300) | st.text(max_size=100).map(lambda text: error(text, text)))
def test_no_answer_is_too_odd(status: int, body: bytes) -> None:
    failure = f.failure_of(status, {}, body)
    assert isinstance(failure, StreamingError)
    assert str(failure).endswith((".", ").")) or "connect again" in str(failure)


def test_nothing_of_what_spotify_said_stands_in_the_sentence() -> None:
    for status in (400, 401, 403, 404, 429, 500):
        assert "hush-hush" not in str(
            f.failure_of(status, {"Retry-After": "hush-hush"}, error("hush-hush", "hush-hush"))
        )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "1 second"), (0.2, "1 second"), (7, "7 seconds"), (60, "1 minute"), (61, "2 minutes"), (7200, "2 hours"),
     (86_400, "a day"), (1e9, "a day")],
)  # fmt: skip
def test_a_wait_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert f.spoken_time(seconds) == words


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("0", 0.0), ("", 30.0), ("soon", 30.0), ("-1", 30.0), ("nan", 30.0), ("inf", 30.0)],
)
def test_an_unusable_retry_after_counts_as_half_a_minute(header: str, seconds: float) -> None:
    assert f.retry_after_s({"Retry-After": header}) == seconds


def test_every_failure_is_a_streaming_error_with_advice() -> None:
    made: list[Any] = [
        f.NotConnected(), f.ConnectionEnded(), f.ConsentTooOld(), f.MissingPermission(), f.NotAllowListed(),
        f.OwnerWithoutPremium(), f.ListenerWithoutPremium(), f.NoActiveDevice(), f.RefusedByPlayer(), f.RateLimited(3),
        f.QuotaExceeded(3), f.ServiceDown(), f.TooSlow(), f.BrokenAnswer("id"), f.Unreachable(), f.Refused(400),
    ]  # fmt: skip
    sentences = {str(failure) for failure in made}
    assert len(sentences) == len(made)
    for failure in made:
        assert isinstance(failure, StreamingError)
        assert any(word in str(failure).lower() for word in ("try", "connect", "open", "subscribe", "check")), failure
