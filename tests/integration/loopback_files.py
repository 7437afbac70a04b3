"""A small web server on loopback that serves one file, with ranges, and breaks off when it is told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class ServedFile:
    """What the server gives, and what it was asked for. ``breaks`` are the byte counts after which answers end."""

    content: bytes
    etag: str = '"one"'
    breaks: list[int] = field(default_factory=list)
    ranges: bool = True
    status: int = 200
    url: str = ""
    asked: list[str | None] = field(default_factory=list)  # each request's Range


@contextmanager
def serving(content: bytes) -> Iterator[ServedFile]:
    """Serve that file until the block ends."""
    file = ServedFile(content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            file.asked.append(wanted)
            begin = 0
            same = self.headers.get("If-Range") in (None, file.etag)
            if wanted and file.ranges and same:
                begin = int(wanted.removeprefix("bytes=").rstrip("-"))
            if begin > len(file.content):
                self.send_error(416)
                return
            self._answer(begin, partial=bool(wanted and file.ranges and same))

        def _answer(self, begin: int, partial: bool) -> None:
            if file.status != 200:
                self.send_error(file.status)
                return
            body = file.content[begin:]
            self.send_response(206 if partial else 200)
            if partial:
                self.send_header("Content-Range", f"bytes {begin}-{len(file.content) - 1}/{len(file.content)}")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", file.etag)
            self.end_headers()
            self.wfile.write(body[: file.breaks.pop(0)] if file.breaks else body)

        def log_message(self, format: str, *args: object) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    file.url = f"http://127.0.0.1:{server.server_port}/data/songs.csv"
    try:
        yield file
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
