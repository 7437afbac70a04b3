"""The stand-in on a port of the loopback, and how a test steers it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from emrs_core.testing.loopback.server import LoopbackServer
from emrs_core.testing.spotify.accounts import CLIENT_ID
from emrs_core.testing.spotify.control import befall
from emrs_core.testing.spotify.faults import Fault, FaultKind
from emrs_core.testing.spotify.stub import Description, SpotifyStub
from emrs_core.testing.spotify.world import World
from emrs_core.types import Track


class StubServer(LoopbackServer):
    """A running stand-in; its ``url`` is the accounts service: ``EMRS_SPOTIFY_ACCOUNTS_URL``."""

    def __init__(self, stub: SpotifyStub, port: int = 0) -> None:
        """Binds the port (0: a free one) and serves. Raises UsageError when the port is taken."""
        self.stub = stub
        super().__init__("emrs-spotify-stub", stub.handle, port)
        self.serve()

    @property
    def api_url(self) -> str:
        """The Web API: ``EMRS_SPOTIFY_API_URL``."""
        return f"{self.url}/v1"

    def settings(self) -> dict[str, str]:
        """The environment with which the dashboard talks to this server."""
        return {
            "EMRS_SPOTIFY_CLIENT_ID": CLIENT_ID,
            "EMRS_SPOTIFY_ACCOUNTS_URL": self.url,
            "EMRS_SPOTIFY_API_URL": self.api_url,
        }

    def state(self) -> dict[str, Any]:
        """What ``GET /_stub/state`` says."""
        with self.stub.world.lock:
            return self.stub.world.state()

    def fail(self, fault: FaultKind | str, **options: Any) -> None:
        """Put a fault into force; see ``faults.Fault`` for the options."""
        with self.stub.world.lock:
            befall(self.stub.world, Fault.from_json({"fault": str(fault), **options}))

    def heal(self) -> None:
        """No fault any more; what befell the tokens stays."""
        with self.stub.world.lock:
            self.stub.world.faults.clear()


@contextmanager
def running(
    tracks: Iterable[Track], *, schema: Description | None = None, port: int = 0, **world: Any
) -> Iterator[StubServer]:
    """A stand-in that knows these songs, for the time of the block; other arguments are those of ``World``."""
    with closing(StubServer(SpotifyStub(World(tracks, **world), schema), port)) as server:
        yield server
