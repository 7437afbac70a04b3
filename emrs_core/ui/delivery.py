"""What runs draw reaches the browser whole and soon: four cures for how Streamlit 1.67 delivers (tests guard them).

Messages wait in a queue that the event loop empties. When a part redraws while the page's own run still waits there,
Streamlit throws away what that run drew of this part, yet delivers the run's end. The browser then takes the part for
gone, all that follows moves up, the next message names a place that is not there, and the page goes blank. A busy
machine brings it about, since one turn of the loop then sees several runs. A part that always redraws before it was
delivered would never be seen to change at all. So the queue keeps what is not delivered.

And Streamlit delivers one message a turn. A page has some sixty, and on a busy machine every turn is long, since all
viewers' pictures pass through the same loop: moods came many seconds late. So all that waits goes out in one turn.

Then, a run may have ended before the loop has taken over what it drew. A redraw asked for just then gets a new runner,
and what comes from the old one is ignored: half a page, whose timers stand still. So the new one waits for the old.

Last, a lost connection ends the run under way, and what it drew until then waits for the browser to come back, without
its beginning or with its end much too early. The browser would take the rest of the page away, the camera with it, or
find no place for what comes, and go blank. So one that comes back gets nothing before the next run of the whole page.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from weakref import WeakSet

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.session_manager import SessionClientDisconnectedError

BURST: Final = 200
"""Messages in one turn of the loop; Streamlit hangs up on a browser for which more than 500 wait to be sent."""

WAIT_S: Final = 0.01
"""A few turns of a loop that is not busy."""

PAGE_S: Final = 1.0
"""A browser that is back asks for the page at once, if it does; else it is drawn for it."""

_streamlits_clear: Final = ForwardMsgQueue.clear
_streamlits_flush: Final = AppSession.flush_browser_queue
_streamlits_create: Final = AppSession._create_scriptrunner
_streamlits_resume: Final = AppSession.register_file_watchers
_RUN_TYPES: Final = frozenset({"new_session", "session_status_changed", "script_finished", "delta", "ref_hash"})
"""Messages that mean nothing without their run; all others are news of their own."""
_back: Final[WeakSet[AppSession]] = WeakSet()
"""Sessions whose browser is back and waits for a whole page. Touched on the event loop only."""


def mend_delivery() -> None:
    """Cure the queues of all sessions. Call it on every run; safe to call often."""
    ForwardMsgQueue.clear = _clear  # type: ignore[method-assign]
    AppSession.flush_browser_queue = _flush  # type: ignore[method-assign]
    AppSession._create_scriptrunner = _create  # type: ignore[method-assign]
    AppSession.register_file_watchers = _resume  # type: ignore[method-assign]


def _clear(
    self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    """Called on the event loop; with fragments when a redraw of these begins, without when the page's own run does."""
    if not retain_lifecycle_msgs or fragment_ids_this_run is None:
        _streamlits_clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
        return
    self._queue = without_superseded(self._queue)
    self._delta_index_map = {}  # so that the redraw is appended and does not slip into an earlier run


def _flush(self: AppSession) -> list[ForwardMsg]:
    """Called on the event loop, which sends what it gets one message a turn: send the others now."""
    messages = _streamlits_flush(self)
    if self in _back:
        messages, found = from_the_page(messages)
        if found:
            _back.discard(self)
    runtime = get_instance()
    visitor = runtime._session_mgr.get_active_session_info(self.id)
    if visitor is None:
        return messages
    burst = messages[: min(BURST, len(messages) - 1)]  # the last is the loop's own, for its book-keeping
    for sent, message in enumerate(burst):
        try:
            runtime._send_message(visitor, message)
        except SessionClientDisconnectedError:
            return messages[sent:]  # the loop meets it again, and knows what to do
    return messages[len(burst) :]


def _create(self: AppSession, initial_rerun_data: RerunData) -> None:
    """Called on the event loop. A runner that the session still knows takes no more requests, but was not heard out."""
    if self._scriptrunner is None:
        _streamlits_create(self, initial_rerun_data)
    else:
        self._event_loop.call_later(WAIT_S, _ask_again, self, initial_rerun_data)


def _ask_again(session: AppSession, rerun_data: RerunData) -> None:
    if session._state == AppSessionState.SHUTDOWN_REQUESTED:
        return
    if session._scriptrunner is None or not session._scriptrunner.request_rerun(rerun_data):
        session._create_scriptrunner(rerun_data)


def _resume(self: AppSession) -> None:
    """Called on the event loop when a browser came back to its session, and once before, when that is made."""
    _streamlits_resume(self)
    if hasattr(self, "_scriptrunner"):  # one that is being made has none yet
        queue = self._browser_queue
        queue._queue, queue._delta_index_map = [m for m in queue._queue if not _belongs_to_run(m)], {}
        _back.add(self)
        self._event_loop.call_later(PAGE_S, _ask_for_the_page, self)


def _ask_for_the_page(session: AppSession) -> None:
    if session in _back and session._state != AppSessionState.SHUTDOWN_REQUESTED:
        session.request_rerun(session._client_state)


def from_the_page(messages: Sequence[ForwardMsg]) -> tuple[list[ForwardMsg], bool]:
    """What of the messages may follow a lost connection, and whether a run of the whole page begins among them.

    That run and all after it; of what is before, news of its own alone.
    """
    begin = next((place for place, message in enumerate(messages) if _begins_page(message)), len(messages))
    news = [message for message in messages[:begin] if not _belongs_to_run(message)]
    return [*news, *messages[begin:]], begin < len(messages)


def _begins_page(message: ForwardMsg) -> bool:
    return message.HasField("new_session") and not message.metadata.run.fragment_ids


def without_superseded(messages: Sequence[ForwardMsg]) -> list[ForwardMsg]:
    """The messages, less each redraw all of whose fragments were redrawn again, to the end, by later ones.

    So a slow browser never has more to catch up with than the last state of each part.
    """
    kept: list[list[ForwardMsg]] = []
    redrawn: set[str] = set()
    for run in reversed(_runs(messages)):
        fragments = set(run[0].metadata.run.fragment_ids)
        if fragments and fragments <= redrawn:
            kept.append([message for message in run if not _belongs_to_run(message)])
            continue
        kept.append(run)
        if any(_ends_redraw(message) for message in run):
            redrawn |= fragments
    return [message for run in reversed(kept) for message in run]


def _runs(messages: Sequence[ForwardMsg]) -> list[list[ForwardMsg]]:
    """Cut before each message that begins a run; the first piece may be a rest."""
    runs: list[list[ForwardMsg]] = []
    for message in messages:
        if not runs or message.HasField("new_session"):
            runs.append([])
        runs[-1].append(message)
    return runs


def _belongs_to_run(message: ForwardMsg) -> bool:
    if message.delta.new_element.HasField("toast"):
        return False  # shown once, by whichever run asked for it
    return message.WhichOneof("type") in _RUN_TYPES


def _ends_redraw(message: ForwardMsg) -> bool:
    return message.HasField("script_finished") and (
        message.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
    )
