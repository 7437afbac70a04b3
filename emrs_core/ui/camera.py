"""The camera's stream: streamlit-webrtc, and the three private hooks that keep it alive (``tests/pages`` guards them).

Everything of streamlit-webrtc that the dashboard touches is in this module.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st
from streamlit_webrtc import WebRtcMode, webrtc_streamer
from streamlit_webrtc.component import _reset_context
from streamlit_webrtc.shutdown import SessionShutdownObserver

from emrs_core.live.feed import LiveFeed
from emrs_core.settings import LOOPBACK_HOSTS

logger = logging.getLogger(__name__)

STREAM_KEY: Final = "camera-stream"
CONSTRAINTS: Final = {
    "video": {"width": {"ideal": 640}, "height": {"ideal": 480}, "frameRate": {"ideal": 30, "max": 30}},
    "audio": False,
}
"""Faces from 60 px are read, so 640x480 is plenty. At 30 pictures a second one's own movement looks natural; the
analysis costs hardly more than at 15, because looks and detections are paced in seconds."""

VIDEO_ATTRIBUTES: Final = {
    "autoPlay": True,
    "controls": False,
    "muted": True,
    "playsInline": True,  # without it iPhones open their own full-screen player
    "style": {"width": "100%", "borderRadius": "12px", "background": "#16121C", "display": "block"},
}
TRANSLATIONS: Final = {
    "start": "Start",
    "stop": "Stop",
    "select_device": "Camera",
    "media_api_not_available": "This page cannot reach a camera: it needs https or localhost.",
    "device_ask_permission": "Allow the camera in your browser.",
    "device_not_available": "No camera was found.",
    "device_access_denied": "The camera is blocked for this page.",
}


@dataclass(frozen=True, slots=True)
class CameraState:
    """What the browser last said of the stream."""

    playing: bool = False
    signalling: bool = False

    @property
    def active(self) -> bool:
        return self.playing or self.signalling


def stream(feed: LiveFeed, rtc_configuration: dict[str, Any]) -> CameraState:
    """Draw the streamer. After consent call it on EVERY run and always at the same place, or the picture stops."""
    keep_alive_across_pages()
    forward_stream_log()
    _forgive_missed_runs()
    webrtc_streamer(
        key=STREAM_KEY,
        mode=WebRtcMode.SENDRECV,
        rtc_configuration=rtc_configuration,
        media_stream_constraints=CONSTRAINTS,
        video_html_attrs=VIDEO_ATTRIBUTES,
        translations=TRANSLATIONS,
        media_toggle_controls=False,
        video_frame_callback=feed.on_frame,
        on_video_ended=feed.on_ended,
        async_processing=False,  # ``on_frame`` is quick, and the streamer's thread would delay every picture
    )
    return state()


def state() -> CameraState:
    """The stream's state, from any run or fragment; idle before the streamer was ever drawn."""
    context = st.session_state.get(STREAM_KEY)
    if context is None:
        return CameraState()
    return CameraState(playing=bool(context.state.playing), signalling=bool(context.state.signalling))


def shut_down(feed: LiveFeed) -> None:
    """End stream and analysis now, for instance when consent is withdrawn. Safe without a stream."""
    context = st.session_state.get(STREAM_KEY)
    if context is not None:
        _reset_context(context)
        del st.session_state[STREAM_KEY]
    feed.close()


def secure_page(url: str | None) -> bool:
    """Whether browsers give the camera to the page at ``url``: https, or http on this very machine. Unknown is yes."""
    if not url:
        return True
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    return parts.scheme == "https" or host in LOOPBACK_HOSTS or host.endswith(".localhost")


def keep_alive_across_pages() -> None:
    """Stop streamlit-webrtc from ending the stream on a page switch: our streamer is in the entry script, on all pages.

    It compares the page at start with the page now; an empty page at start switches the comparison off.
    """
    SessionShutdownObserver._resolve_initial_page_script_hash = staticmethod(_no_page)


def _no_page(app_session: object) -> str:  # noqa: ARG001 - the signature is streamlit-webrtc's
    return ""


def _forgive_missed_runs() -> None:
    """Keep a stream that a race made look orphaned.

    streamlit-webrtc resets a context when runs went by that did not draw it. Interrupted runs count too, so about one
    start in fifty died at once. Sound only because the streamer is drawn on every run.
    """
    context = st.session_state.get(STREAM_KEY)
    if context is not None:
        context._last_rendered_run_count = None


def forward_stream_log() -> None:
    """Let what streamlit-webrtc reports reach our log; by default it swallows even an exception in a callback."""
    stream_logger = logging.getLogger("streamlit_webrtc")
    if not any(isinstance(handler, _Forward) for handler in stream_logger.handlers):
        stream_logger.addHandler(_Forward(level=logging.WARNING))


class _Forward(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        logger.log(record.levelno, "stream: %s", record.getMessage())
