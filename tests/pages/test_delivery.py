"""What is drawn reaches the browser whole, however late: Streamlit's queue with our cure, and without it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterable, Iterator
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
from streamlit.web.server.starlette.starlette_server_config import WEBSOCKET_MAX_SEND_QUEUE_SIZE

from emrs_core.ui import delivery

SONGS, CURVES = "songs", "curves"
JOIN_S = 20.0
REST = ForwardMsg.FINISHED_EARLY_FOR_RERUN


@pytest.fixture(autouse=True)
def _streamlits_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit as it comes, whatever earlier tests did to it, and again afterwards."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", delivery._streamlits_clear)
    monkeypatch.setattr(AppSession, "flush_browser_queue", delivery._streamlits_flush)
    monkeypatch.setattr(AppSession, "_create_scriptrunner", delivery._streamlits_create)


@dataclass
class Node:
    """One node of the tree in the browser."""

    run: str
    fragment: str = ""
    text: str = ""
    children: list[Node] = field(default_factory=list)


class Browser:
    """As much of Streamlit's front end as decides what stands where: it appends or replaces, never leaves a gap."""

    def __init__(self) -> None:
        self.run = ""
        self.root = Node("")

    def receive(self, messages: Iterable[ForwardMsg]) -> None:
        for message in messages:
            if message.HasField("new_session"):
                self.run = message.metadata.run.script_run_id
            elif message.HasField("delta"):
                self._draw(message)
            elif message.HasField("script_finished"):
                self._clear_stale(message)

    def texts(self) -> list[str]:
        return [node.text for node in _all(self.root) if node.text]

    def _draw(self, message: ForwardMsg) -> None:
        *parents, last = message.metadata.delta_path
        node = self.root
        for index in parents:
            node = node.children[index]
            node.run = self.run
        assert last <= len(node.children), f"bad delta path {list(message.metadata.delta_path)}"
        old = node.children[last].children if last < len(node.children) and message.delta.HasField("add_block") else []
        new = Node(self.run, message.delta.fragment_id, message.delta.new_element.text.body, old)
        node.children[last : last + 1] = [new]

    def _clear_stale(self, message: ForwardMsg) -> None:
        fragments = set(message.metadata.run.fragment_ids)
        if message.script_finished != REST and not fragments:
            for node in list(_all(self.root)):
                node.children = [child for child in node.children if child.run == self.run]


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all(child)


class Session:
    """A session whose page has two parts, in one container, and its queue."""

    def __init__(self) -> None:
        self.queue = ForwardMsgQueue()
        self.runs = 0

    def run_page(self) -> None:
        """The page's own run, which draws every part."""
        self._begin(())
        self._block((0,))
        self._part(SONGS)
        self._part(CURVES)
        self._end((), ForwardMsg.FINISHED_SUCCESSFULLY)

    def redraw(self, *parts: str, end: bool = True) -> None:
        self._begin(parts)
        for part in parts:
            self._part(part)
        if end:
            self._end(parts, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)

    def _part(self, part: str) -> None:
        place = (0, (SONGS, CURVES).index(part))
        self._block(place, part)
        message = _delta((*place, 0), part)
        message.delta.new_element.text.body = f"{part} {self.runs}"
        self.queue.enqueue(message)

    def _block(self, place: tuple[int, ...], part: str = "") -> None:
        message = _delta(place, part)
        message.delta.add_block.allow_empty = True
        self.queue.enqueue(message)

    def _begin(self, parts: tuple[str, ...]) -> None:
        self.runs += 1
        self.queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=list(parts) or None)
        message = ForwardMsg()
        message.new_session.name = "main"
        self._enqueue_of_run(message, parts)

    def _end(self, parts: tuple[str, ...], status: ForwardMsg.ScriptFinishedStatus.ValueType) -> None:
        self._enqueue_of_run(ForwardMsg(script_finished=status), parts)

    def _enqueue_of_run(self, message: ForwardMsg, parts: tuple[str, ...]) -> None:
        message.metadata.run.script_run_id = str(self.runs)
        message.metadata.run.fragment_ids.extend(parts)
        self.queue.enqueue(message)


def _delta(place: tuple[int, ...], part: str) -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend(place)
    message.delta.fragment_id = part
    return message


def drawn_late(session: Session) -> Browser:
    """One page run was delivered at once; the next, and the redraws after it, wait for the event loop."""
    browser = Browser()
    session.run_page()
    browser.receive(session.queue.flush())
    session.run_page()
    session.redraw(SONGS)
    session.redraw(CURVES)
    session.redraw(SONGS)
    browser.receive(session.queue.flush())
    return browser


def test_without_the_cure_redraws_before_delivery_break_the_page() -> None:
    with pytest.raises(AssertionError, match="bad delta path"):
        drawn_late(Session())


def test_redraws_before_delivery_reach_the_browser() -> None:
    delivery.mend_delivery()
    assert drawn_late(Session()).texts() == [f"{SONGS} 5", f"{CURVES} 4"]


@pytest.mark.parametrize(("cured", "seen"), [(False, 1), (True, 2)])
def test_a_part_that_always_redraws_before_delivery_is_seen(cured: bool, seen: int) -> None:
    if cured:
        delivery.mend_delivery()
    session, browser = Session(), Browser()
    session.run_page()
    browser.receive(session.queue.flush())
    session.redraw(SONGS, CURVES)
    session._begin((SONGS, CURVES))  # as the event loop wakes up
    browser.receive(session.queue.flush())
    assert browser.texts() == [f"{SONGS} {seen}", f"{CURVES} {seen}"]


def test_what_waits_does_not_grow_with_the_redraws() -> None:
    delivery.mend_delivery()
    session, browser = Session(), Browser()
    session.run_page()
    lengths = []
    for _ in range(20):
        session.redraw(SONGS)
        session.redraw(SONGS, CURVES)
        lengths.append(len(session.queue))
    assert max(lengths[2:]) <= lengths[1]
    browser.receive(session.queue.flush())
    assert browser.texts() == [f"{SONGS} 41", f"{CURVES} 41"]


def test_a_redraw_that_did_not_end_supersedes_nothing() -> None:
    delivery.mend_delivery()
    session = Session()
    session.redraw(SONGS)
    session.redraw(SONGS, end=False)
    session.redraw(CURVES)
    texts = [message.delta.new_element.text.body for message in session.queue.flush()]
    assert [text for text in texts if text] == [f"{SONGS} 1", f"{SONGS} 2", f"{CURVES} 3"]


def test_news_of_its_own_survives_the_run_that_brought_it() -> None:
    delivery.mend_delivery()
    session = Session()
    session.redraw(SONGS, end=False)
    toast = _delta((4, 0), SONGS)
    toast.delta.new_element.toast.body = "saved"
    session.queue.enqueue(toast)
    session.queue.enqueue(ForwardMsg(page_info_changed={"query_string": "a=b"}))
    session._end((SONGS,), ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
    session.redraw(SONGS)
    session.redraw(SONGS)
    session.redraw(SONGS)
    messages = session.queue.flush()
    assert [m.delta.new_element.toast.body for m in messages if m.delta.new_element.HasField("toast")] == ["saved"]
    assert sum(message.HasField("page_info_changed") for message in messages) == 1


def test_the_pages_own_run_still_throws_away_what_it_draws_anew() -> None:
    delivery.mend_delivery()
    session, browser = Session(), Browser()
    session.redraw(SONGS)
    session.run_page()
    session.run_page()
    messages = session.queue.flush()
    assert sum(message.HasField("delta") for message in messages) == 5
    browser.receive(messages)
    assert browser.texts() == [f"{SONGS} 3", f"{CURVES} 3"]


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
    session = SimpleNamespace(_state=AppSessionState.SHUTDOWN_REQUESTED, _scriptrunner=None)
    delivery._ask_again(session, RerunData())  # type: ignore[arg-type] # would need more of a session


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
    assert "for msg in msg_list:" in inspect.getsource(Runtime._loop_coroutine)
    assert WEBSOCKET_MAX_SEND_QUEUE_SIZE >= 2 * delivery.BURST
