"""What goes over the wire: a request as text, an answer as bytes, and the ways in which an answer can fail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

JSON_TYPE, HTML_TYPE, PLAIN_TYPE = "application/json", "text/html; charset=utf-8", "text/plain; charset=utf-8"


class RefusalError(Exception):
    """A request that gets an error for an answer; ``Answer.refusal`` puts it into words."""

    def __init__(self, status: int, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.reason = status, message, reason


class MistakeError(RefusalError):
    """A request that a correct client never sends. The stand-ins remember these apart from ordinary refusals."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request. Header names are in lower case; a query name given twice keeps its last value."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @classmethod
    def parse(cls, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Request:
        """From the request line's target (``/path?query``)."""
        parts = urlsplit(target)
        lower = {name.lower(): value for name, value in headers.items()}
        return cls(method, parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), lower, body)

    def form(self) -> dict[str, str]:
        """The body of an HTML form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> Any:
        """The body as JSON; None when it is empty. Raises MistakeError when it is not JSON."""
        if not self.body:
            return None
        try:
            return json.loads(self.body)
        except ValueError:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "Error parsing JSON.") from None

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; empty for an empty body. Raises MistakeError for anything else."""
        body = self.json()
        if body is None:
            return {}
        if not isinstance(body, dict):
            raise MistakeError(HTTPStatus.BAD_REQUEST, f"The body must be a JSON object, got a {type(body).__name__}.")
        return body


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. ``wait_s`` holds it back; ``drop`` closes the connection instead of answering."""

    status: int = 200
    payload: bytes = b""
    content_type: str = JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    drop: bool = False
    length: int | None = None  # what the header promises, where that is not the truth

    @classmethod
    def of(cls, document: Any, status: int = 200, **headers: str) -> Answer:
        """JSON. A header's name is written with ``_`` for ``-``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return cls(status, json.dumps(document, ensure_ascii=False).encode(), JSON_TYPE, named)

    @classmethod
    def nothing(cls, status: int = 204) -> Answer:
        """No content."""
        return cls(status, b"", "")

    @classmethod
    def plain(cls, text: str, status: int) -> Answer:
        """Plain text: some of Spotify's refusals are no JSON."""
        return cls(status, text.encode(), PLAIN_TYPE)

    @classmethod
    def page(cls, html: str, status: int = 200) -> Answer:
        return cls(status, html.encode(), HTML_TYPE)

    @classmethod
    def redirect(cls, location: str) -> Answer:
        return cls(HTTPStatus.SEE_OTHER, b"", "", {"Location": location})

    @classmethod
    def refusal(cls, refused: RefusalError) -> Answer:
        """``{"error": {"status", "message", "reason"}}``, the error object of Spotify's Web API."""
        error: dict[str, Any] = {"status": refused.status, "message": refused.message}
        if refused.reason:
            error["reason"] = refused.reason
        return cls.of({"error": error}, refused.status)

    def document(self) -> Any:
        """The JSON of the payload, or None when it holds none."""
        return json.loads(self.payload) if self.payload and self.content_type == JSON_TYPE else None

    def with_document(self, document: Any) -> Answer:
        return replace(self, payload=json.dumps(document, ensure_ascii=False).encode())
