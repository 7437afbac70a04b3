"""One authorised call of the Web API, as its endpoint sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from emrs_core.testing.loopback.wire import MistakeError, RefusalError, Request
from emrs_core.testing.spotify import objects
from emrs_core.testing.spotify.people import Person
from emrs_core.testing.spotify.world import World

TRACK_URI = re.compile(r"spotify:track:([0-9A-Za-z]{22})")
DEFAULT_LIMIT, MOST_LIMIT = 20, 50


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls what. ``path`` holds the values of the address's variable parts."""

    world: World
    person: Person
    scopes: frozenset[str]
    request: Request
    path: Mapping[str, str]

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number of the query. Raises MistakeError when it is none or out of range."""
        text = self.request.query.get(name, str(default))
        if not re.fullmatch(r"-?\d+", text) or not least <= int(text) <= most:
            raise MistakeError(HTTPStatus.BAD_REQUEST, f"Invalid {name}")
        return int(text)

    def page(self, ids: Sequence[str], wrap: str | None = None) -> dict[str, Any]:
        """The asked-for page of songs; each under the key ``wrap`` where given."""

        def show(track_id: str) -> Any:
            song = self.song(track_id)
            return {"added_at": objects.SOME_DAY, wrap: song} if wrap else song

        return self.page_of(ids, show)

    def page_of(self, things: Sequence[Any], show: Any) -> dict[str, Any]:
        limit, offset = self.number("limit", DEFAULT_LIMIT, 1, MOST_LIMIT), self.number("offset", 0, 0, 100_000)
        return objects.page(self.request.path.removeprefix("/v1"), things, limit, offset, show)

    def song(self, track_id: str) -> dict[str, Any]:
        """A song of the shelf as JSON. Raises RefusalError (404) for another."""
        track = self.world.songs.get(track_id)
        if track is None:
            raise RefusalError(HTTPStatus.NOT_FOUND, "Resource not found")
        return objects.track(track, self.world.songs)

    def needs(self, *scopes: str) -> None:
        """Raises MistakeError unless one of them was granted."""
        if not self.scopes.intersection(scopes):
            raise MistakeError(HTTPStatus.FORBIDDEN, "Insufficient client scope")

    def track_ids(self, uris: Any, most: int) -> list[str]:
        """Ids out of 1 to ``most`` track URIs that the shelf has. Raises MistakeError."""
        if not isinstance(uris, list) or not 1 <= len(uris) <= most:
            raise MistakeError(HTTPStatus.BAD_REQUEST, f"Expected 1 to {most} URIs")
        return [self.track_id(uri) for uri in uris]

    def track_id(self, uri: Any) -> str:
        found = TRACK_URI.fullmatch(uri) if isinstance(uri, str) else None
        if found is None:
            raise MistakeError(HTTPStatus.BAD_REQUEST, "Invalid track uri")
        if self.world.songs.get(found[1]) is None:
            raise RefusalError(HTTPStatus.BAD_REQUEST, "Payload contains a non-existing ID")
        return found[1]


def only(given: Iterable[str], known: frozenset[str], what: str) -> None:
    """Raises MistakeError when something is given that the endpoint does not know."""
    if unknown := sorted(set(given) - known):
        raise MistakeError(HTTPStatus.BAD_REQUEST, f"Unknown {what}: {', '.join(unknown)}")
