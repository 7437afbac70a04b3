"""What is drawn reaches the browser soon, and a run is heard out: Streamlit with our cures, and without them."""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.session_manager import SessionClientDisconnectedError
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.web.server.starlette.starlette_server_config import WEBSOCKET_MAX_SEND_QUEUE_SIZE

from emrs_core.ui import delivery

JOIN_S = 20.0


@pytest.fixture(autouse=True)
def _streamlits_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit as it comes, whatever earlier tests did to it, and again afterwards."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", delivery._streamlits_clear)
    monkeypatch.setattr(AppSession, "flush_browser_queue", delivery._streamlits_flush)
    monkeypatch.setattr(AppSession, "_create_scriptrunner", delivery._streamlits_create)
    monkeypatch.setattr(AppSession, "register_file_watchers", delivery._streamlits_resume)


@dataclass
class FakeRuntime:
    """Takes messages for one browser until that hangs up."""

    patience: int = 1000
    connected: bool = True
    sent: list[str] = field(default_factory=list)

    @property
    def _session_mgr(self) -> SimpleNamespace:
        return SimpleNamespace(get_active_session_info=lambda name: name if self.connected else None)

    def _send_message(self, client: object, message: ForwardMsg) -> None:
        if len(self.sent) >= self.patience:
            raise SessionClientDisconnectedError
        self.sent.append(message.parent_message.message)


def flushed(monkeypatch: pytest.MonkeyPatch, runtime: FakeRuntime, count: int) -> list[str]:
    """What is left for the event loop to send itself, of so many numbered messages."""
    monkeypatch.setattr(delivery, "get_instance", lambda: runtime)
    delivery.mend_delivery()
    queue = ForwardMsgQueue()
    for number in range(count):
        queue.enqueue(ForwardMsg(parent_message={"message": str(number)}))
    session = SimpleNamespace(id="a visit", _browser_queue=queue)
    return [m.parent_message.message for m in AppSession.flush_browser_queue(session)]  # type: ignore[arg-type]


def test_one_turn_of_the_loop_sends_all_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime = FakeRuntime()
    assert flushed(monkeypatch, runtime, 60) == ["59"]  # the loop's own, so that it does its book-keeping
    assert runtime.sent == [str(number) for number in range(59)]
    assert flushed(monkeypatch, FakeRuntime(), 0) == []
    assert flushed(monkeypatch, FakeRuntime(), 1) == ["0"]


def test_a_burst_is_bounded_and_keeps_the_order(monkeypatch: pytest.MonkeyPatch) -> None:
    runtime, count = FakeRuntime(), delivery.BURST + 50
    rest = flushed(monkeypatch, runtime, count)
    assert len(rest) == 50
    assert runtime.sent + rest == [str(number) for number in range(count)]


def test_a_browser_that_hung_up_is_left_to_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    assert flushed(monkeypatch, FakeRuntime(patience=3), 6) == ["3", "4", "5"]
    assert flushed(monkeypatch, FakeRuntime(connected=False), 3) == ["0", "1", "2"]


SCRIPT = """
import streamlit as st

def part():
    st.text("part")

st.text("first")
st.fragment(part, run_every=1)()
st.text("last")
"""


def drawn_texts(script: Path) -> list[str]:
    """What the browser gets when a redraw is asked for just after the page's run ended, before the loop heard of it."""

    async def visit() -> list[str]:
        session = AppSession(ScriptData(str(script), False), MagicMock(), ScriptCache(), lambda: None, user_info={})
        session.request_rerun(None)
        assert session._scriptrunner is not None
        assert session._scriptrunner._script_thread is not None
        session._scriptrunner._script_thread.join(JOIN_S)  # holds up the loop, as a busy machine does
        (part,) = session._fragment_storage._fragments  # type: ignore[attr-defined]
        session.request_rerun(ClientState(fragment_id=part))
        async with asyncio.timeout(JOIN_S):
            while session._scriptrunner is not None or not _redrawn(session):
                await asyncio.sleep(delivery.WAIT_S)
        messages = session._browser_queue.flush()
        session.shutdown()
        return [m.delta.new_element.text.body for m in messages if m.delta.new_element.HasField("text")]

    return asyncio.run(visit())


def _redrawn(session: AppSession) -> bool:
    ends = [message for message in session._browser_queue._queue if message.HasField("script_finished")]
    return any(message.metadata.run.fragment_ids for message in ends)


@pytest.mark.parametrize(("cured", "seen"), [(False, {"part"}), (True, {"first", "part", "last"})])
def test_a_redraw_waits_until_the_run_before_it_was_heard_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cured: bool, seen: set[str]
) -> None:
    monkeypatch.setattr(Runtime, "_instance", MagicMock())
    if cured:
        delivery.mend_delivery()
    script = tmp_path / "page.py"
    script.write_text(SCRIPT, encoding="utf-8")
    assert set(drawn_texts(script)) == seen


def test_no_runner_is_made_for_a_visit_that_ended() -> None:
    made = MagicMock()
    session = SimpleNamespace(_state=AppSessionState.SHUTDOWN_REQUESTED, _scriptrunner=None, _create_scriptrunner=made)
    delivery._ask_again(session, RerunData())  # type: ignore[arg-type]
    made.assert_not_called()


def test_the_cured_names_exist_with_the_expected_shape() -> None:
    assert list(inspect.signature(delivery._streamlits_clear).parameters) == [
        "self",
        "retain_lifecycle_msgs",
        "fragment_ids_this_run",
    ]
    assert vars(ForwardMsgQueue()) == {"_queue": [], "_delta_index_map": {}}
    assert list(inspect.signature(delivery._streamlits_flush).parameters) == ["self"]
    assert list(inspect.signature(Runtime._send_message).parameters) == ["self", "session_info", "msg"]
    assert list(inspect.signature(delivery._streamlits_create).parameters) == ["self", "initial_rerun_data"]
    assert list(inspect.signature(delivery._streamlits_resume).parameters) == ["self"]
    assert "existing_session.register_file_watchers()" in inspect.getsource(
        WebsocketSessionManager._resume_stored_session
    )
    assert "for msg in msg_list:" in inspect.getsource(Runtime._loop_coroutine)
    assert WEBSOCKET_MAX_SEND_QUEUE_SIZE >= 2 * delivery.BURST
