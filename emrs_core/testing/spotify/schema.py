"""Holds every call and answer against Spotify's published OpenAPI description, when one is at hand.

The description is not part of this project: https://github.com/sonallux/spotify-web-api keeps it. Needs
``openapi-core``, which is a tool of development (requirements-dev.txt).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from emrs_core.errors import DataError
from emrs_core.testing.loopback.wire import Answer, Request
from emrs_core.testing.spotify.endpoints import pattern

HOST = "https://api.spotify.com"
REMOVED_FIELDS = frozenset({"available_markets", "popularity"})
"""A new app does not get these since 2026, though the description still lists them as required."""

LEFT_OUT = frozenset({"security", "securitySchemes", "discriminator"})
"""The stand-in checks tokens itself; the discriminators name schemas (``track``) that the description does not have."""


@dataclass(slots=True)
class _Call:
    """A request in the form that openapi-core reads."""

    method: str
    path: str
    parameters: RequestParameters
    body: bytes | None
    content_type: str
    host_url: str = HOST


@dataclass(slots=True)
class _Reply:
    """An answer likewise."""

    status_code: int
    data: bytes
    content_type: str
    headers: Headers = field(default_factory=Headers)


class Schema:
    """The description of the Web API. Immutable; any thread."""

    def __init__(self, path: Path) -> None:
        """Raises DataError when the file is no OpenAPI description of the Web API."""
        try:
            self.document: dict[str, Any] = yaml.load(path.read_bytes(), yaml.CSafeLoader)
            self.paths: dict[str, Any] = self.document["paths"]
            self._templates = [(pattern(template), template) for template in self.paths]
        except (OSError, yaml.YAMLError, KeyError, TypeError) as exc:
            raise DataError(
                f"{path.name} must be Spotify's OpenAPI description in YAML; it cannot be read: {exc}"
            ) from exc
        unchecked = Config(spec_validator_cls=None)  # type: ignore[arg-type] # None is documented: checking takes 2 s
        self._api = OpenAPI.from_dict(_checkable(self.document), config=unchecked)

    def operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        """What is said about a path below ``/v1``; None when nothing is."""
        exact = self.paths.get(path)
        fitting = (self.paths[name] for regex, name in self._templates if regex.fullmatch(path))
        found: Mapping[str, Any] = exact or next(fitting, {})
        operation = found.get(method.lower())
        return operation if isinstance(operation, Mapping) else None

    def request_problems(self, request: Request) -> list[str]:
        """Why the call does not fit the description; empty when it does. Unknown names count as problems too."""
        operation = self.operation(request.method, request.path.removeprefix("/v1"))
        if operation is None:
            return [f"there is no {request.method} {request.path}"]
        known = {self._resolved(parameter)["name"] for parameter in operation.get("parameters", [])}
        problems = [f"unknown parameter {name}" for name in sorted(request.query.keys() - known)]
        if request.body and "requestBody" not in operation:
            problems.append("a body where none is described")
        return problems + [_in_words(error) for error in self._api.iter_request_errors(_openapi(request))]

    def answer_problems(self, request: Request, answer: Answer) -> list[str]:
        """Why the stand-in's own answer does not fit."""
        reply = _Reply(answer.status, answer.payload, answer.content_type)
        return [_in_words(error) for error in self._api.iter_response_errors(_openapi(request), reply)]

    def operations(self) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Method, path and description of each."""
        for path, methods in self.paths.items():
            for method in ("get", "put", "post", "delete"):
                if method in methods:
                    yield method.upper(), path, methods[method]

    def parameters(self, operation: Mapping[str, Any]) -> set[str]:
        """Names of the query."""
        resolved = [self._resolved(parameter) for parameter in operation.get("parameters", [])]
        return {parameter["name"] for parameter in resolved if parameter["in"] == "query"}

    def _resolved(self, parameter: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = parameter.get("$ref")
        if reference is None:
            return parameter
        found: Mapping[str, Any] = self.document["components"]["parameters"][reference.rpartition("/")[2]]
        return found


def _openapi(request: Request) -> _Call:
    parameters = RequestParameters(query=ImmutableMultiDict(request.query), header=Headers(dict(request.headers)))
    content_type = request.headers.get("content-type", "").lower()
    return _Call(request.method.lower(), request.path, parameters, request.body or None, content_type)


def _in_words(error: BaseException) -> str:
    """One line: what is wrong and, where it is known, at which place."""
    found = getattr(error.__cause__ or error, "schema_errors", ())
    place = getattr(error, "name", "body")  # a parameter's name
    details = [f"{'/'.join(map(str, each.path)) or place}: {each.message}" for each in found]
    return "; ".join(details) or f"{error} {error.__cause__ or ''}".strip()


def _checkable(node: Any, key: str = "") -> Any:
    """The description without those parts and without what new apps no longer get."""
    if isinstance(node, dict):
        return {name: _checkable(value, name) for name, value in node.items() if name not in LEFT_OUT}
    if isinstance(node, list):
        return [_checkable(value) for value in node if not (key == "required" and value in REMOVED_FIELDS)]
    return node
