"""A function from request to answer on a port of the loopback: one thread a request, no thread left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from emrs_core.errors import UsageError
from emrs_core.testing.loopback.wire import Answer, Request

HOST: Final = "127.0.0.1"
POLL_S: Final = 0.05
MOST_BODY: Final = 1_000_000  # bytes; no call of ours comes near

Handle = Callable[[Request], Answer]


class LoopbackServer:
    """Binds at once and serves from ``serve`` on. ``close`` ends it; safe to call twice, and without ``serve``."""

    def __init__(self, name: str, handle: Handle, port: int = 0) -> None:
        """``name`` is what the server and its thread are called; port 0 is a free one.

        Raises UsageError when the port is taken.
        """
        self._closing = threading.Event()
        try:
            self._server = ThreadingHTTPServer((HOST, port), partial(_Handler, name, handle, self._closing))
        except (OSError, OverflowError) as exc:
            raise UsageError(f"Port {port} of {HOST} cannot be used: {exc}. Choose another with --port.") from exc
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_S,), name=name, daemon=True)

    @property
    def url(self) -> str:
        """The root, without a slash at the end."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    def serve(self) -> None:
        """Answer from now on, on a thread of its own."""
        self._thread.start()

    def wait(self) -> None:
        """Until ``close`` is called from another thread, or Ctrl-C."""
        self._closing.wait()

    def close(self) -> None:
        """Stop serving; answers that are held back are let go."""
        if self._closing.is_set():
            return
        self._closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One request a connection, which keeps faults simple."""

    sys_version = ""

    def __init__(self, name: str, handle: Handle, closing: threading.Event, *connection: Any) -> None:
        self.server_version, self._answer_to, self._closing = name, handle, closing
        super().__init__(*connection)  # which answers at once

    def do_GET(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), MOST_BODY)
        headers: Mapping[str, str] = dict(self.headers.items())
        answer = self._answer_to(Request.parse(self.command, self.path, headers, self.rfile.read(length)))
        if answer.wait_s:
            self._closing.wait(answer.wait_s)
        if answer.drop:
            self.close_connection = True
            return
        self._send(answer)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base class looks for these names

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: request lines hold codes."""

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
            self.close_connection = True  # a client that did not want to wait, or went elsewhere
