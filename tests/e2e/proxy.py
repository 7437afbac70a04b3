"""A way to the server that a test can cut, as a lost Wi-Fi does, and mend again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 65536


class Proxy:
    """Hands TCP connections on to a port of this machine; the camera's own stream does not pass through it."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open = True
        self._flow = threading.Event()
        self._flow.set()
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        with self._lock:
            self._open = False
            for connection in self._sockets:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
            self._sockets.clear()

    def hush(self) -> None:
        """Hold everything back without a word: connections stay open, and nothing passes."""
        self._flow.clear()

    def mend(self) -> None:
        self._open = True
        self._flow.set()

    def close(self) -> None:
        self.cut()
        self._flow.set()
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):  # the listener's end
            while True:
                self._accept(self._listener.accept()[0])

    def _accept(self, near: socket.socket) -> None:
        with self._lock:
            if not self._open:
                near.close()
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            self._sockets |= {near, far}
        ways = ((near, far, self._flow), (far, near, self._flow))
        pumps = [threading.Thread(target=_pump, args=way, daemon=True) for way in ways]
        threading.Thread(target=_carry, args=(pumps, near, far), daemon=True).start()


def _carry(pumps: list[threading.Thread], *ends: socket.socket) -> None:
    """Both ways, until the end of both; then let go of the sockets."""
    for pump in pumps:
        pump.start()
    for pump in pumps:
        pump.join()
    for end in ends:
        end.close()


def _pump(source: socket.socket, sink: socket.socket, flow: threading.Event) -> None:
    with suppress(OSError):
        while data := source.recv(CHUNK):
            flow.wait()
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(port: int) -> Iterator[Proxy]:
    proxy = Proxy(port)
    try:
        yield proxy
    finally:
        proxy.close()
