"""Scripted faults: what the stand-in does wrong on purpose, until it is told to stop or a number of times.

Three of them are events that befall the tokens (``expired``, ``revoked``, ``six_months``); all others replace or spoil
answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from emrs_core.testing.loopback.wire import Answer, MistakeError, RefusalError, Request

DEFAULT_RETRY_AFTER_S = 7
DEFAULT_HANG_S = 60.0  # longer than any client should wait


class FaultKind(StrEnum):
    """Every fault by the name used in ``POST /_stub/faults``."""

    NOT_ALLOW_LISTED = "not_allow_listed"
    OWNER_WITHOUT_PREMIUM = "owner_without_premium"
    LISTENER_WITHOUT_PREMIUM = "listener_without_premium"
    NO_ACTIVE_DEVICE = "no_active_device"
    NO_PLAYER = "no_player"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SIX_MONTHS = "six_months"
    QUOTA = "quota"
    RATE_LIMIT = "rate_limit"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    REMOVED_FIELD = "removed_field"
    DROPPED = "dropped"
    CUT_OFF = "cut_off"
    SLOW = "slow"


EVENTS = frozenset({FaultKind.EXPIRED, FaultKind.REVOKED, FaultKind.SIX_MONTHS})
PLAYER_ONLY = frozenset({FaultKind.LISTENER_WITHOUT_PREMIUM, FaultKind.NO_ACTIVE_DEVICE, FaultKind.NO_PLAYER})
WEB_API_ONLY = PLAYER_ONLY | {FaultKind.NOT_ALLOW_LISTED, FaultKind.OWNER_WITHOUT_PREMIUM, FaultKind.QUOTA}
LATE = frozenset({FaultKind.TRUNCATED, FaultKind.REMOVED_FIELD, FaultKind.CUT_OFF, FaultKind.SLOW})
"""These spoil or delay the true answer instead of standing in for it."""


@dataclass(slots=True, eq=False)
class Fault:
    """One fault. ``path`` is the beginning of the paths it befalls, ``times`` how often (None: until cleared)."""

    kind: FaultKind
    path: str = ""
    method: str | None = None
    person: str | None = None
    times: int | None = None
    after: int = 0  # so many matching calls go well before
    retry_after_s: int = DEFAULT_RETRY_AFTER_S
    hang_s: float = DEFAULT_HANG_S  # of a timeout, or how long a slow answer takes
    status: int = int(HTTPStatus.SERVICE_UNAVAILABLE)
    name: str = "id"  # the field that is missing

    @classmethod
    def from_json(cls, document: Any) -> Fault:
        """From ``{"fault": NAME, ...}``. Raises MistakeError naming what is wrong."""
        if not isinstance(document, Mapping):
            raise MistakeError(HTTPStatus.BAD_REQUEST, 'A fault is an object like {"fault": "rate_limit", "times": 1}.')
        options = dict(document)
        known = {field.name for field in fields(cls)} - {"kind"}
        try:
            kind = FaultKind(options.pop("fault", ""))
        except ValueError:
            raise MistakeError(
                HTTPStatus.BAD_REQUEST, f"There is no such fault; use one of: {', '.join(FaultKind)}."
            ) from None
        if unknown := options.keys() - known:
            names = f"{', '.join(sorted(unknown))}; it has: {', '.join(sorted(known))}"
            raise MistakeError(HTTPStatus.BAD_REQUEST, f"A fault has no {names}.")
        return cls(kind, **options)

    def befalls(self, request: Request) -> bool:
        """Whether it concerns that request; counts the calls let through by ``after``."""
        web_api = request.path.startswith("/v1/")
        if self.kind in WEB_API_ONLY and not web_api:
            return False
        if self.kind in PLAYER_ONLY and not request.path.startswith("/v1/me/player"):
            return False
        if self.kind in (FaultKind.LISTENER_WITHOUT_PREMIUM, FaultKind.NO_ACTIVE_DEVICE) and request.method == "GET":
            return False
        if self.kind is FaultKind.NO_PLAYER and not (request.method == "GET" and not request.path.endswith("/devices")):
            return False
        if not request.path.startswith(self.path) or self.method not in (None, request.method):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        return True

    def answer(self) -> Answer:
        """What comes instead of the true answer."""
        match self.kind:
            case FaultKind.NOT_ALLOW_LISTED:
                return Answer.plain(NOT_REGISTERED, HTTPStatus.FORBIDDEN)
            case FaultKind.OWNER_WITHOUT_PREMIUM:
                return Answer.plain(OWNER_NEEDS_PREMIUM, HTTPStatus.FORBIDDEN)
            case FaultKind.LISTENER_WITHOUT_PREMIUM:
                return Answer.refusal(premium_required())
            case FaultKind.NO_ACTIVE_DEVICE:
                return Answer.refusal(no_device())
            case FaultKind.NO_PLAYER:
                return Answer.nothing()
            case FaultKind.QUOTA:
                return Answer.refusal(RefusalError(429, "Quota exceeded", reason="QUOTA_EXCEEDED"))
            case FaultKind.RATE_LIMIT:
                document = {"error": {"status": 429, "message": "API rate limit exceeded"}}
                return Answer.of(document, 429, Retry_After=str(self.retry_after_s))
            case FaultKind.TIMEOUT:
                return Answer(wait_s=self.hang_s, drop=True)
            case FaultKind.DROPPED:
                return Answer(drop=True)
            case _:
                return Answer.refusal(RefusalError(self.status, "The service is unavailable."))

    def spoil(self, answer: Answer) -> Answer:
        """The true answer held back, halved (whole to look at, or broken off on the way), or without a field."""
        if self.kind is FaultKind.SLOW:
            return replace(answer, wait_s=self.hang_s)
        if self.kind is FaultKind.TRUNCATED:
            return replace(answer, payload=answer.payload[: len(answer.payload) // 2])
        if self.kind is FaultKind.CUT_OFF:
            return replace(answer, payload=answer.payload[: len(answer.payload) // 2], length=len(answer.payload))
        return answer.with_document(without(answer.document(), self.name)) if answer.payload else answer

    def describe(self) -> dict[str, Any]:
        return {"fault": str(self.kind), "path": self.path, "method": self.method, "times": self.times}


class Faults:
    """The faults in force, oldest first. Not thread-safe: the stub calls it under its own lock."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def take(self, request: Request, *, late: bool, person: str | None = None) -> Fault | None:
        """The first fault that befalls the request, counted as used."""
        for fault in self._faults:
            if (fault.kind in LATE) is late and fault.person in (None, person) and fault.befalls(request):
                self._use(fault)
                return fault
        return None

    def describe(self) -> list[dict[str, Any]]:
        return [fault.describe() for fault in self._faults]

    def _use(self, fault: Fault) -> None:
        if fault.times is not None:
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)


NOT_REGISTERED = "User not registered in the Developer Dashboard"
OWNER_NEEDS_PREMIUM = "Active premium subscription required for the owner of the app."
"""Both come as plain text, no JSON: public reports tell of clients that tripped over that."""


def premium_required() -> RefusalError:
    return RefusalError(HTTPStatus.FORBIDDEN, "Player command failed: Premium required", reason="PREMIUM_REQUIRED")


def no_device() -> RefusalError:
    return RefusalError(
        HTTPStatus.NOT_FOUND, "Player command failed: No active device found", reason="NO_ACTIVE_DEVICE"
    )


def without(document: Any, name: str) -> Any:
    """The document with every field of that name left out, at any depth."""
    if isinstance(document, dict):
        return {key: without(value, name) for key, value in document.items() if key != name}
    if isinstance(document, list):
        return [without(value, name) for value in document]
    return document
