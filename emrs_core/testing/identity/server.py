"""The stand-in on a port of the loopback, and what the dashboard has to be told of it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from emrs_core.errors import UsageError
from emrs_core.testing.identity.provider import CALLBACK, CLIENT_ID, IdentityProvider
from emrs_core.testing.spotify.wire import Request

HOST: Final = "127.0.0.1"
POLL_S: Final = 0.05
MOST_BODY: Final = 100_000  # bytes; no call comes near


class IdentityServer:
    """A running stand-in. ``close`` ends it; safe to call twice."""

    def __init__(self, port: int = 0) -> None:
        """Binds the port (0: a free one) and serves. Raises UsageError when the port is taken."""
        self.provider, self._closing = IdentityProvider(time.time), threading.Event()
        try:
            self._server = ThreadingHTTPServer((HOST, port), _handler(self.provider))
        except (OSError, OverflowError) as exc:
            raise UsageError(f"Port {port} of {HOST} cannot be used: {exc}. Choose another with --port.") from exc
        self._server.daemon_threads = True
        self.provider.issuer = self.url
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name="identity-stub", daemon=True
        )
        self._thread.start()

    @property
    def url(self) -> str:
        """The issuer."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def secrets_toml(self, origin: str = "http://localhost:{port}") -> str:
        """The section [auth] for a dashboard at ``origin``; Streamlit puts its own port into ``{port}``."""
        return (
            "[auth]\n"
            f'redirect_uri = "{origin}{CALLBACK}"\n'
            f'cookie_secret = "{secrets.token_urlsafe(32)}"\n'
            f'client_id = "{CLIENT_ID}"\n'
            f'client_secret = "{self.provider.client_secret}"\n'
            f'server_metadata_url = "{self.url}/.well-known/openid-configuration"\n'
        )

    def wait(self) -> None:
        """Until ``close`` is called from another thread, or Ctrl-C."""
        self._closing.wait()

    def close(self) -> None:
        """Stop serving."""
        if not self._closing.is_set():
            self._closing.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()


@contextmanager
def running(port: int = 0) -> Iterator[IdentityServer]:
    """A stand-in for the time of the block."""
    server = IdentityServer(port)
    try:
        yield server
    finally:
        server.close()


def _handler(provider: IdentityProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """One request a connection."""

        server_version, sys_version = "emrs-identity-stub", ""

        def do_GET(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), MOST_BODY)
            headers = dict(self.headers.items())
            answer = provider.handle(Request.parse(self.command, self.path, headers, self.rfile.read(length)))
            try:
                self.send_response(answer.status)
                if answer.content_type:
                    self.send_header("Content-Type", answer.content_type)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.payload)))
                self.end_headers()
                self.wfile.write(answer.payload)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # a browser that went elsewhere meanwhile

        do_POST = do_GET  # noqa: N815 - the base class looks for this name

        def log_message(self, format: str, *args: Any) -> None:
            """Silent: request lines hold codes."""

    return Handler
