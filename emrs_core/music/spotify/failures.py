"""Everything that can go wrong with Spotify, each a sentence with what to do; and the one place that tells them apart.

::

    StreamingError
    ├── NotConnected            nobody is connected here
    │   └── ConnectionEnded     Spotify no longer honours the consent
    │       └── ConsentTooOld   six months are over
    ├── MissingPermission       the consent does not cover this yet
    ├── NotAllowListed          the app's owner has to add this account first
    ├── OwnerWithoutPremium     the app's owner needs Premium
    ├── ListenerWithoutPremium  playing on a device needs Premium
    ├── NoActiveDevice          nothing there to play on
    ├── RefusedByPlayer         the device does not take this command now
    ├── RateLimited             too many questions in a short time
    ├── QuotaExceeded           too many questions for today
    ├── ServiceDown             Spotify itself is ill
    ├── TooSlow                 no answer in time
    ├── BrokenAnswer            an answer that is cut off, or lacks what it must have
    ├── Unreachable             no way to Spotify
    └── Refused                 anything else that Spotify refuses

Source: developer.spotify.com, "Web API > API calls" and the February 2026 changes for Development Mode.
"""

# ruff: noqa: N818 - each is named after the state it tells a person of, not after being an error

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from emrs_core.errors import StreamingError

LONGEST_WAIT_SHOWN_S: Final = 24 * 3600
"""A longer ``Retry-After`` is shown as a day: nobody waits by the clock for that."""
DEFAULT_WAIT_S: Final = 30.0
"""When Spotify says "too many" without saying how long: its own window is about 30 s long."""


class NotConnected(StreamingError):
    """Nobody is connected in this browser."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or "Spotify is not connected in this browser. Connect it on the page “Spotify”.")


class ConnectionEnded(NotConnected):
    """The consent was taken back at Spotify."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(
            sentence
            or "Spotify ended the connection: its consent was taken back, or the password changed. Connect again."
        )


class ConsentTooOld(ConnectionEnded):
    """Spotify lets a consent live for six months."""

    def __init__(self) -> None:
        super().__init__("Spotify asks for a new consent every six months, and these are over. Connect again.")


class MissingPermission(StreamingError):
    """The consent given so far does not cover this."""

    def __init__(self) -> None:
        super().__init__("Spotify needs your consent for this first. Allow it on the page “Spotify”, then try again.")


class NotAllowListed(StreamingError):
    """Spotify's Development Mode: at most five accounts, each entered by the owner."""

    def __init__(self) -> None:
        super().__init__(
            "This Spotify account is not on the app's list. Its owner can add it in Spotify's developer dashboard "
            "under “User Management” (five accounts at most); then connect again."
        )


class OwnerWithoutPremium(StreamingError):
    """Spotify's Development Mode: the owner of the Client ID has to be a Premium subscriber."""

    def __init__(self) -> None:
        super().__init__(
            "Spotify serves this app only while its owner has Premium. Whoever made the Client ID has to subscribe; "
            "it then takes a few hours."
        )


class ListenerWithoutPremium(StreamingError):
    """Player commands are for Premium subscribers."""

    def __init__(self) -> None:
        super().__init__(
            "Spotify lets only Premium accounts be played from outside. Press play on a song to hear it here in the "
            "page, or open it in Spotify."
        )


class NoActiveDevice(StreamingError):
    """There is no device to play on."""

    def __init__(self) -> None:
        super().__init__(
            "Spotify sees no device of yours to play on. Open Spotify on a phone or computer, start any song there, "
            "then try again."
        )


class RefusedByPlayer(StreamingError):
    """The device takes no such command at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "The device does not take this command just now: an advertisement may be playing, or it is under somebody "
            "else's control. Try again in a moment or choose another device."
        )


class RateLimited(StreamingError):
    """Too many questions. ``retry_after_s`` (>= 0): how long Spotify wants to be left alone."""

    def __init__(self, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"Spotify was asked too often and wants a pause. Try again in {spoken_time(retry_after_s)}.")


class QuotaExceeded(RateLimited):
    """What Spotify grants the developer's account is used up."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(retry_after_s)
        self.args = (
            "This app has used up what Spotify allows its owner for now, over all its listeners. "
            f"Try again in {spoken_time(retry_after_s)}; the music here plays on without it.",
        )


class ServiceDown(StreamingError):
    """A 5xx."""

    def __init__(self) -> None:
        super().__init__("Spotify has trouble of its own at the moment. Nothing is lost; try again in a few minutes.")


class TooSlow(StreamingError):
    """No answer within the few seconds that a page can wait."""

    def __init__(self) -> None:
        super().__init__("Spotify took too long to answer. Try again.")


class BrokenAnswer(StreamingError):
    """An answer cut off, no JSON, or without a field that it must have (``missing``)."""

    def __init__(self, missing: str = "") -> None:
        what = f"lacks “{missing}”" if missing else "cannot be read"
        super().__init__(
            f"Spotify's answer {what}. Try again; if it stays so, Spotify has changed its interface and EMRS has to "
            "be updated."
        )


class Unreachable(StreamingError):
    """No network, no such host, refused, or the line was cut."""

    def __init__(self) -> None:
        super().__init__("Spotify cannot be reached. Check the network connection of the computer EMRS runs on.")


class Refused(StreamingError):
    """A refusal that none of the others names; ``status`` is the HTTP status."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__(f"Spotify refused this (HTTP {status}). Try another song or device, or connect again.")


def failure_of(status: int, headers: Mapping[str, str], body: bytes) -> StreamingError:
    """What an HTTP answer of ``status`` >= 300 of the Web API means. Nothing of its text goes into the sentence.

    A 401 comes out as ConnectionEnded: whoever has a refresh token left tries that first.
    """
    reason, message = _reason_and_message(body)
    if status == 401:
        return ConnectionEnded()
    if status == 403:
        return _forbidden(reason, message)
    if status == 404 and (reason == "NO_ACTIVE_DEVICE" or "device" in message):
        return NoActiveDevice()
    if status == 429:
        wait_s = retry_after_s(headers)
        return QuotaExceeded(wait_s) if reason == "QUOTA_EXCEEDED" else RateLimited(wait_s)
    return ServiceDown() if status >= 500 else Refused(status)


def _forbidden(reason: str, message: str) -> StreamingError:
    if "owner" in message and "premium" in message:
        return OwnerWithoutPremium()
    if reason == "PREMIUM_REQUIRED" or "premium" in message:
        return ListenerWithoutPremium()
    if "scope" in message:
        return MissingPermission()
    if "registered" in message or "allowlist" in message.replace("-", "").replace(" ", ""):
        return NotAllowListed()
    if reason == "NO_ACTIVE_DEVICE":
        return NoActiveDevice()
    if "player command" in message or "restriction" in message:
        return RefusedByPlayer()
    return Refused(403)


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Seconds of a ``Retry-After`` header, DEFAULT_WAIT_S without a usable one."""
    try:
        seconds = float(headers.get("Retry-After", ""))
    except ValueError:
        return DEFAULT_WAIT_S
    return seconds if math.isfinite(seconds) and seconds >= 0 else DEFAULT_WAIT_S


def spoken_time(seconds: float) -> str:
    """``20 seconds``, ``3 minutes``, ``2 hours`` or ``a day``, rounded up."""
    if seconds >= LONGEST_WAIT_SHOWN_S:
        return "a day"
    for unit_s, name in ((3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= unit_s or unit_s == 1:
            count = max(1, math.ceil(seconds / unit_s))
            return f"{count} {name}" + ("s" if count > 1 else "")
    raise AssertionError("a second is the smallest unit")


def _reason_and_message(body: bytes) -> tuple[str, str]:
    """``error.reason`` and ``error.message`` (lower case) of an error's body, which may be plain text instead."""
    try:
        error: Any = json.loads(body)
    except ValueError:
        return "", body.decode("utf-8", "replace").lower()
    if isinstance(error, dict):
        error = error.get("error", error)
    if not isinstance(error, dict):
        return "", str(error).lower()
    return str(error.get("reason") or ""), str(error.get("message") or "").lower()
