"""Notices from the server's side that a camera's pictures do not arrive. Pure: times come in, a problem comes out."""

from __future__ import annotations

from enum import StrEnum

CONNECT_TIMEOUT_S = 12.0
"""The browser's own hint comes after 10 s; a relayed connection on a slow network takes up to 8 s."""
SILENCE_S = 5.0
"""Without one frame for so long, a stream that calls itself playing is not."""
LOST_S = 2.5
"""Frames that ceased this long before the stream ended did not cease because of Stop, which ends both within 1 s."""


class CameraProblem(StrEnum):
    """What the server can see of a camera's trouble; the rest only the browser knows (``ui/notice``)."""

    NO_CONNECTION = "no_connection"
    CONNECTION_LOST = "connection_lost"


class StreamWatch:
    """Follows one stream through its states. Script thread; call ``update`` on every run and about once a second."""

    def __init__(self) -> None:
        self._signalling_since_s: float | None = None
        self._playing_since_s: float | None = None
        self._received = -1
        self._last_frame_s = 0.0
        self._problem: CameraProblem | None = None

    def update(self, *, playing: bool, signalling: bool, received: int, now_s: float) -> CameraProblem | None:
        """The problem now, None for none. ``received`` counts the stream's frames so far."""
        if received != self._received:
            self._received, self._last_frame_s = received, now_s
        if playing:
            self._on_playing(now_s)
        elif signalling:
            self._on_signalling(now_s)
        else:
            self._on_idle(now_s)
        return self._problem

    def _on_playing(self, now_s: float) -> None:
        if self._playing_since_s is None:
            self._playing_since_s, self._signalling_since_s = now_s, None
            self._last_frame_s = now_s
        silent = now_s - self._last_frame_s > SILENCE_S
        self._problem = CameraProblem.CONNECTION_LOST if silent else None

    def _on_signalling(self, now_s: float) -> None:
        if self._signalling_since_s is None:
            self._signalling_since_s, self._playing_since_s = now_s, None
            self._problem = None
        if now_s - self._signalling_since_s > CONNECT_TIMEOUT_S:
            self._problem = CameraProblem.NO_CONNECTION

    def _on_idle(self, now_s: float) -> None:
        if self._playing_since_s is not None and now_s - self._last_frame_s > LOST_S:
            self._problem = CameraProblem.CONNECTION_LOST  # stays until the next Start
        elif self._playing_since_s is not None:
            self._problem = None
        self._playing_since_s = self._signalling_since_s = None
