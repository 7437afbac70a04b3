"""The stand-in on a port of the loopback: one thread a request, no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from emrs_core.errors import UsageError
from emrs_core.testing.spotify.accounts import CLIENT_ID
from emrs_core.testing.spotify.control import befall
from emrs_core.testing.spotify.faults import Fault, FaultKind
from emrs_core.testing.spotify.stub import Description, SpotifyStub
from emrs_core.testing.spotify.wire import Answer, Request
from emrs_core.testing.spotify.world import World
from emrs_core.types import Track

HOST = "127.0.0.1"
POLL_S = 0.05
MOST_BODY = 1_000_000  # bytes; no call of ours comes near


class StubServer:
    """A running stand-in. ``close`` ends it; safe to call twice."""

    def __init__(self, stub: SpotifyStub, port: int = 0) -> None:
        """Binds the port (0: a free one) and serves. Raises UsageError when the port is taken."""
        self.stub, self._closing = stub, threading.Event()
        try:
            self._server = ThreadingHTTPServer((HOST, port), _handler(stub, self._closing))
        except (OSError, OverflowError) as exc:
            raise UsageError(f"Port {port} of {HOST} cannot be used: {exc}. Choose another with --port.") from exc
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name="spotify-stub", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The accounts service: ``EMRS_SPOTIFY_ACCOUNTS_URL``."""
        return f"http://{HOST}:{self._server.server_address[1]}"

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

    def wait(self) -> None:
        """Until ``close`` is called from another thread, or Ctrl-C."""
        self._closing.wait()

    def close(self) -> None:
        """Stop serving; answers that are held back are let go."""
        if not self._closing.is_set():
            self._closing.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()


@contextmanager
def running(
    tracks: Iterable[Track], *, schema: Description | None = None, port: int = 0, **world: Any
) -> Iterator[StubServer]:
    """A stand-in that knows these songs, for the time of the block; other arguments are those of ``World``."""
    server = StubServer(SpotifyStub(World(tracks, **world), schema), port)
    try:
        yield server
    finally:
        server.close()


def _handler(stub: SpotifyStub, closing: threading.Event) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.stub, Handler.closing = stub, closing
    return Handler


class _Handler(BaseHTTPRequestHandler):
    """One request a connection, which keeps the faults simple."""

    stub: SpotifyStub
    closing: threading.Event
    server_version, sys_version = "emrs-spotify-stub", ""

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base class looks for these names

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: request lines of the accounts service hold codes."""

    def _serve(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), MOST_BODY)
        headers: Mapping[str, str] = dict(self.headers.items())
        answer = self.stub.handle(Request.parse(self.command, self.path, headers, self.rfile.read(length)))
        if answer.wait_s:
            self.closing.wait(answer.wait_s)
        if answer.drop:
            self.close_connection = True
            return
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        try:
            self.send_response(answer.status)
            if answer.content_type:
                self.send_header("Content-Type", answer.content_type)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.payload) if answer.length is None else answer.length))
            self.end_headers()
            self.wfile.write(answer.payload)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # a client that did not want to wait
