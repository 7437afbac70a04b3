"""The serving process's side: starts the helper when it is first asked, shares it among visitors, ends it when idle."""

from __future__ import annotations

import atexit
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO

from emrs_core.errors import InspectionError
from emrs_core.training.inside import LookRequest, NetworkLook
from emrs_core.training.inside_wire import Message, pack_request, read_message, unpack_look, write_message

logger = logging.getLogger(__name__)

WORKER = "emrs_core.training.inspect_worker"
ROOT = Path(__file__).resolve().parents[2]

START_TIMEOUT_S = 90.0
"""TensorFlow takes 5 to 7 s to import on an idle machine, and ten times that on a busy small one."""
LOOK_TIMEOUT_S = 30.0
"""A look takes a tenth of a second; the first of each layer up to one."""
QUEUE_TIMEOUT_S = 45.0
"""Longest wait behind other visitors before one is told to try again."""
IDLE_S = 180.0
"""After this long without a question the helper goes: it holds 0.8 GB."""
END_TIMEOUT_S = 2.0
KEPT_LINES = 20
"""Of what the helper wrote to standard error, for the log if it stops: TensorFlow greets with ten lines each time."""

QUIET = {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1"}
ONE_THREAD = {"OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
"""One face at a time gains nothing from more, and the other cores belong to the live pictures."""


class Inspector:
    """Looks inside the network of ``folder`` by means of one child process. Any thread; callers take turns.

    ``command`` starts another helper than our own.
    """

    def __init__(
        self,
        folder: Path,
        *,
        command: Sequence[str] | None = None,
        start_timeout_s: float = START_TIMEOUT_S,
        look_timeout_s: float = LOOK_TIMEOUT_S,
        queue_timeout_s: float = QUEUE_TIMEOUT_S,
        idle_s: float = IDLE_S,
    ) -> None:
        self._command = list(command or (sys.executable, "-m", WORKER, str(folder.resolve())))
        self._start_timeout_s, self._look_timeout_s = start_timeout_s, look_timeout_s
        self._queue_timeout_s, self._idle_s = queue_timeout_s, idle_s
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._idle: threading.Timer | None = None

    @property
    def ready(self) -> bool:
        """Whether the helper runs, so that the next look comes at once."""
        child = self._child
        return child is not None and child.alive

    def look(self, request: LookRequest) -> NetworkLook:
        """What the network makes of one face; starts the helper if need be.

        Raises InspectionError when the helper cannot start, is too slow, has stopped or refuses; the next call starts
        it afresh where that can help.
        """
        if not self._turn.acquire(timeout=self._queue_timeout_s):
            raise InspectionError("Other visitors are looking inside the network just now. Try again in a moment.")
        try:
            self._keep_awake()
            answer = self._running_child().ask(pack_request(request), self._look_timeout_s)
            return unpack_look(_checked(answer))
        except _ChildStoppedError as exc:
            self._end()
            raise InspectionError(str(exc)) from None
        finally:
            self._sleep_later()
            self._turn.release()

    def close(self) -> None:
        """End the helper now; a look that is going on fails. Safe to call twice."""
        self._keep_awake()
        self._end()

    def _running_child(self) -> _Child:
        if self._child is not None and self._child.alive:
            return self._child
        self._end()
        self._child = _Child(self._command)
        atexit.register(self.close)
        try:
            _checked(self._child.answer(self._start_timeout_s))
        except InspectionError:
            self._end()
            raise
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            atexit.unregister(self.close)
            child.end()

    def _keep_awake(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _sleep_later(self) -> None:
        self._idle = threading.Timer(self._idle_s, self._fall_asleep)
        self._idle.daemon = True
        self._idle.start()

    def _fall_asleep(self) -> None:
        if self._turn.acquire(blocking=False):  # somebody who is looking starts a timer of their own afterwards
            try:
                self._end()
            finally:
                self._turn.release()


class _ChildStoppedError(Exception):
    """The child is gone or must go; the message is for a person."""


class _Child:
    """One process and the thread that hears its answers."""

    def __init__(self, command: Sequence[str]) -> None:
        environment = {**os.environ, **ONE_THREAD, **QUIET}
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=ROOT,
                env=environment,
            )
        except OSError as exc:
            raise _ChildStoppedError(
                f"The helper that looks inside the network could not be started ({exc.strerror}). Try again later."
            ) from exc
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._requests = self._process.stdin
        self._answers: SimpleQueue[Message | None] = SimpleQueue()
        self._last_lines: deque[bytes] = deque(maxlen=KEPT_LINES)
        self._readers = (
            threading.Thread(target=_listen, args=(self._process.stdout, self._answers), daemon=True),
            threading.Thread(target=_overhear, args=(self._process.stderr, self._last_lines), daemon=True),
        )
        for reader in self._readers:
            reader.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, message: Message, timeout_s: float) -> Message:
        try:
            write_message(self._requests, message)
        except OSError:
            raise _ChildStoppedError(self._gone()) from None
        return self.answer(timeout_s)

    def answer(self, timeout_s: float) -> Message:
        try:
            message = self._answers.get(timeout=timeout_s)
        except Empty:
            raise _ChildStoppedError(
                f"The helper that looks inside the network gave no answer within {timeout_s:.0f} s and was ended. "
                "The machine may be busy: try again."
            ) from None
        if message is None:
            raise _ChildStoppedError(self._gone())
        return message

    def end(self) -> None:
        """Ask by closing its input, then insist. Returns when the process is gone."""
        for insist in (self._close_input, self._process.terminate, self._process.kill):
            insist()
            try:
                self._process.wait(END_TIMEOUT_S)
                break
            except subprocess.TimeoutExpired:
                continue
        for reader in self._readers:
            reader.join(END_TIMEOUT_S)

    def _close_input(self) -> None:
        try:
            self._requests.close()
        except OSError:  # unsent bytes of a request that nobody will read
            return

    def _gone(self) -> str:
        try:
            status = f"exit status {self._process.wait(END_TIMEOUT_S)}"
        except subprocess.TimeoutExpired:
            status = "its answers ended"
        last = b"".join(self._last_lines).decode(errors="replace")
        logger.warning("the network's inspector stopped (%s); its last words:\n%s", status, last)
        return (
            f"The helper that looks inside the network stopped ({status}). Try again: it is started afresh. "
            "If it stops again, the machine may be short of memory (0.8 GB is needed); the server's log may say why."
        )


def _listen(stream: IO[bytes], answers: SimpleQueue[Message | None]) -> None:
    """Hand over messages as they come; None when they end or make no sense."""
    with stream:
        try:
            while (message := read_message(stream)) is not None:
                answers.put(message)
        except (OSError, ValueError):  # closed, or bytes that are none of ours: both mean that it is over
            pass
    answers.put(None)


def _overhear(stream: IO[bytes], lines: deque[bytes]) -> None:
    """Read along, so that the helper never waits for room to write."""
    with stream:
        lines.extend(stream)


def _checked(answer: Message) -> Message:
    if "error" in answer.fields:
        raise InspectionError(answer.fields["error"])
    return answer
