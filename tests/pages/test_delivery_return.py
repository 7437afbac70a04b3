"""A browser that lost its connection and is back gets a whole page, nothing else: with our cure, and without it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.script_data import ScriptData
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager

from emrs_core.ui import delivery

WAIT_S = 20.0
SCRIPT = """
import streamlit as st
st.text("page")
"""


@pytest.fixture(autouse=True)
def _streamlits_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit as it comes, whatever earlier tests did to it, and again afterwards."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", delivery._streamlits_clear)
    monkeypatch.setattr(AppSession, "flush_browser_queue", delivery._streamlits_flush)
    monkeypatch.setattr(AppSession, "_create_scriptrunner", delivery._streamlits_create)
    monkeypatch.setattr(AppSession, "register_file_watchers", delivery._streamlits_resume)
    monkeypatch.setattr(Runtime, "_instance", MagicMock())
    monkeypatch.setattr(delivery, "get_instance", lambda: NOBODY)


NOBODY = SimpleNamespace(_session_mgr=SimpleNamespace(get_active_session_info=lambda name: None))
"""A runtime that sends nothing itself, so that a test sees all that is to be sent."""


def of_run(message: ForwardMsg, *fragments: str) -> ForwardMsg:
    message.metadata.run.script_run_id = "a run"
    message.metadata.run.fragment_ids.extend(fragments)
    return message


def beginning(*fragments: str) -> ForwardMsg:
    message = ForwardMsg()
    message.new_session.name = "main"
    return of_run(message, *fragments)


def text(words: str) -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend((0, 0))
    message.delta.new_element.text.body = words
    return of_run(message)


def end() -> ForwardMsg:
    return of_run(ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY))


def news() -> ForwardMsg:
    return ForwardMsg(parent_message={"message": "news"})


def told(messages: Sequence[ForwardMsg]) -> list[str]:
    """The messages in short."""
    kinds = [message.WhichOneof("type") for message in messages]
    words = [message.delta.new_element.text.body for message in messages]
    return [word or str(kind) for word, kind in zip(words, kinds, strict=True)]


def test_what_comes_before_the_page_is_left_out_but_for_news() -> None:
    page = [beginning(), text("page"), end()]
    found, whole = delivery.from_the_page([text("rest"), news(), beginning("part"), text("part"), end(), *page])
    assert whole
    assert told(found) == ["parent_message", "new_session", "page", "script_finished"]
    assert delivery.from_the_page([text("rest"), end()]) == ([], False)


async def _until_ended(session: AppSession) -> None:
    async with asyncio.timeout(WAIT_S):
        while session._scriptrunner is not None:
            await asyncio.sleep(delivery.WAIT_S)


def after_a_cut(script: Path) -> tuple[list[str], list[str]]:
    """What the browser gets at once when it is back, and what a little later though it asks for nothing."""

    async def visit() -> tuple[list[str], list[str]]:
        manager = WebsocketSessionManager(MemorySessionStorage(), MagicMock(), ScriptCache(), lambda: None)
        name = manager.connect_session(MagicMock(), ScriptData(str(script), False), {})
        info = manager.get_active_session_info(name)
        assert info is not None
        session = info.session
        session.request_rerun(None)
        await _until_ended(session)
        session.flush_browser_queue()
        manager.disconnect_session(name)
        for message in (beginning(), end()):  # of a run that the cut ended before it drew anything
            session._browser_queue.enqueue(message)
        assert manager.connect_session(MagicMock(), ScriptData(str(script), False), {}, name) == name
        at_once = told(session.flush_browser_queue())
        await asyncio.sleep(4 * delivery.PAGE_S)
        await _until_ended(session)
        later = [words for words in told(session.flush_browser_queue()) if words == "page"]
        session.shutdown()
        return at_once, later

    return asyncio.run(visit())


@pytest.mark.parametrize(
    ("cured", "expected"), [(False, (["new_session", "script_finished"], [])), (True, ([], ["page"]))]
)
def test_the_rest_of_a_run_that_a_cut_ended_reaches_nobody_and_the_page_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cured: bool, expected: tuple[list[str], list[str]]
) -> None:
    monkeypatch.setattr(delivery, "PAGE_S", 0.05)
    if cured:
        delivery.mend_delivery()
    script = tmp_path / "page.py"
    script.write_text(SCRIPT, encoding="utf-8")
    assert after_a_cut(script) == expected
