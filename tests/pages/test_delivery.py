"""What is drawn reaches the browser whole, however late: Streamlit's queue with our cure, and without it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from emrs_core.ui import delivery

SONGS, CURVES = "songs", "curves"
REST = ForwardMsg.FINISHED_EARLY_FOR_RERUN


@pytest.fixture(autouse=True)
def _streamlits_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit as it comes, whatever earlier tests did to it, and again afterwards."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", delivery._streamlits_clear)
    monkeypatch.setattr(AppSession, "flush_browser_queue", delivery._streamlits_flush)
    monkeypatch.setattr(AppSession, "_create_scriptrunner", delivery._streamlits_create)
    monkeypatch.setattr(AppSession, "register_file_watchers", delivery._streamlits_resume)


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
