"""What a run draws reaches the browser whole: a cure for Streamlit's queue of outgoing messages (tests guard it).

The queue is emptied by the event loop. When a part redraws while the page's own run still waits in it, Streamlit 1.67
throws away what that run drew of this part, yet delivers the run's end. The browser then takes the part for gone, all
that follows moves up, and the next message names a place that is not there: the front end gives up and the page is
blank. A busy machine brings it about, since one turn of the loop then sees several runs. For the same reason a part
that always redraws before it was delivered would never be seen to change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_streamlits_clear: Final = ForwardMsgQueue.clear
_RUN_TYPES: Final = frozenset({"new_session", "session_status_changed", "script_finished", "delta", "ref_hash"})
"""Messages that mean nothing without their run; all others are news of their own."""


def deliver_whole_runs() -> None:
    """Make every session's queue keep what is not delivered yet. Call it on every run; safe to call often."""
    ForwardMsgQueue.clear = _clear  # type: ignore[method-assign]


def _clear(
    self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
) -> None:
    """Called on the event loop; with fragments when a redraw of these begins, without when the page's own run does."""
    if not retain_lifecycle_msgs or fragment_ids_this_run is None:
        _streamlits_clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
        return
    self._queue = without_superseded(self._queue)
    self._delta_index_map = {}  # so that the redraw is appended and does not slip into an earlier run


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
