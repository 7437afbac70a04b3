"""The camera's seam: the three private hooks of streamlit-webrtc still are what the cures rely on."""

from __future__ import annotations

import inspect
import logging
import time
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit_webrtc
from streamlit_webrtc import component, shutdown
from streamlit_webrtc._compat import AppSessionState

from emrs_core.ui import camera

POLL_S = 1.0
"""How often streamlit-webrtc looks whether the page has changed."""
POLLS = 3
"""Looks that are waited for: the first is enough unless the machine is busy."""


class Session:
    """As much of Streamlit's session as the observer looks at; it keeps only a weak reference."""

    id = "a session"

    def __init__(self) -> None:
        self._state = AppSessionState.APP_NOT_RUNNING
        self._client_state = SimpleNamespace(page_script_hash="live")


def observer_calls(monkeypatch: pytest.MonkeyPatch, keep_alive: bool) -> int:
    original = inspect.getattr_static(shutdown.SessionShutdownObserver, "_resolve_initial_page_script_hash")
    monkeypatch.setattr(shutdown.SessionShutdownObserver, "_resolve_initial_page_script_hash", original)
    session, calls = Session(), []
    monkeypatch.setattr(shutdown, "get_this_session_info", lambda: SimpleNamespace(session=session))
    if keep_alive:
        camera.keep_alive_across_pages()
    observer = shutdown.SessionShutdownObserver(lambda: calls.append("stopped"))
    session._client_state.page_script_hash = "music"
    end_s = time.monotonic() + POLLS * POLL_S
    while not calls and time.monotonic() < end_s:
        time.sleep(0.05)
    observer.stop()
    return len(calls)


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """streamlit-webrtc as it comes, whatever earlier tests did to it."""

    def from_page(app_session: Any) -> str:
        return str(app_session._client_state.page_script_hash)

    monkeypatch.setattr(shutdown.SessionShutdownObserver, "_resolve_initial_page_script_hash", staticmethod(from_page))


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(("keep_alive", "stops"), [(False, 1), (True, 0)])
def test_a_page_switch_ends_the_stream_only_without_our_hook(
    monkeypatch: pytest.MonkeyPatch, keep_alive: bool, stops: int
) -> None:
    assert observer_calls(monkeypatch, keep_alive) == stops


def test_the_hooked_names_exist_with_the_expected_shape() -> None:
    assert streamlit_webrtc.__name__  # imported
    hook = inspect.getattr_static(shutdown.SessionShutdownObserver, "_resolve_initial_page_script_hash")
    assert isinstance(hook, staticmethod)
    assert list(inspect.signature(component._reset_context).parameters) == ["context"]
    fresh = component.WebRtcStreamerContext(None, component.WebRtcStreamerState(False, False))
    assert fresh._last_rendered_run_count is None


def context_after(monkeypatch: pytest.MonkeyPatch, forgive: bool) -> Any:
    """A playing context, drawn in run 1, asked for again in run 9."""
    context = component.WebRtcStreamerContext(None, component.WebRtcStreamerState(playing=True, signalling=False))
    context._last_rendered_run_count = 1
    store = {camera.STREAM_KEY: context}
    fake_st = SimpleNamespace(session_state=store)
    monkeypatch.setattr(component, "st", fake_st)
    monkeypatch.setattr(camera, "st", fake_st)
    monkeypatch.setattr(component, "get_this_session_info", lambda: SimpleNamespace(script_run_count=9))
    if forgive:
        camera._forgive_missed_runs()
    return component._get_or_create_context(camera.STREAM_KEY)


def test_missed_runs_reset_a_stream_unless_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    assert context_after(monkeypatch, forgive=False).state.playing is False
    assert context_after(monkeypatch, forgive=True).state.playing is True


def test_shutting_down_stops_the_worker_and_the_feed_and_forgets_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    class Worker:
        stopped = False

        def stop(self) -> None:
            self.stopped = True

    class Feed:
        closed = False

        def close(self) -> None:
            self.closed = True

    worker, feed = Worker(), Feed()
    context = component.WebRtcStreamerContext(worker, component.WebRtcStreamerState(True, False))  # type: ignore[arg-type]
    store: dict[str, Any] = {camera.STREAM_KEY: context}
    monkeypatch.setattr(camera, "st", SimpleNamespace(session_state=store))
    camera.shut_down(feed)  # type: ignore[arg-type]
    camera.shut_down(feed)  # type: ignore[arg-type] # safe without a stream
    assert worker.stopped
    assert feed.closed
    assert store == {}


def test_what_streamlit_webrtc_reports_reaches_our_log_once(caplog: pytest.LogCaptureFixture) -> None:
    camera.forward_stream_log()
    camera.forward_stream_log()
    logging.getLogger("streamlit_webrtc.process").error("callback broke")
    ours = [record for record in caplog.records if record.name == camera.logger.name]
    assert [record.getMessage() for record in ours] == ["stream: callback broke"]


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        (None, True),
        ("https://emrs.example.org/", True),
        ("http://localhost:8501/music", True),
        ("http://127.0.0.1:8501", True),
        ("http://[::1]:8501", True),
        ("http://emrs.localhost", True),
        ("http://192.168.1.5:8501", False),
        ("http://emrs.example.org", False),
    ],
)
def test_which_pages_get_a_camera(url: str | None, secure: bool) -> None:
    assert camera.secure_page(url) is secure


def test_the_camera_is_asked_for_little_and_for_no_sound() -> None:
    assert camera.CONSTRAINTS["audio"] is False
    video = camera.CONSTRAINTS["video"]
    assert isinstance(video, dict)
    assert video["frameRate"]["max"] <= 30
