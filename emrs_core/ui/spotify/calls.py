"""Questions to Spotify, asked beside the script: a slow answer never holds a page up."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from emrs_core.errors import EmrsError

WORKERS: Final = 8
"""Simultaneous questions of all visitors together; each ends by the client's own timeout, in seconds."""


@cache
def workers() -> Executor:
    """The threads that wait for Spotify, shared by all visitors."""
    return ThreadPoolExecutor(WORKERS, thread_name_prefix="emrs-spotify")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question: a value, a failure with a sentence for a person, or an error of our own."""

    value: Any = None
    failure: EmrsError | None = None
    error: BaseException | None = None


class Calls:
    """One visitor's questions by name. Script thread only; the questions themselves run on ``workers``."""

    def __init__(self, executor: Executor | None = None) -> None:
        self._executor = executor
        self._under_way: dict[str, Future[Any]] = {}
        self._answers: dict[str, Answer] = {}

    def ask(self, name: str, question: Callable[[], Any], *, keep: bool = False) -> None:
        """Ask unless that very question is under way: a second press changes nothing.

        The old answer goes, unless it is to be kept until the new one comes.
        """
        if name in self._under_way:
            return
        if not keep:
            self._answers.pop(name, None)
        self._under_way[name] = (self._executor or workers()).submit(question)

    def answer(self, name: str) -> Answer | None:
        """The latest answer; None while there is none. Raises, once, an error that is not meant for a person."""
        self._take_in(name)
        answer = self._answers.get(name)
        if answer is not None and answer.error is not None:
            del self._answers[name]
            raise answer.error
        return answer

    def take_in(self) -> bool:
        """Take in all answers that have come. Whether there were any that nobody had looked at, each told once."""
        return sum(self._take_in(name) for name in list(self._under_way)) > 0

    def _take_in(self, name: str) -> bool:
        future = self._under_way.get(name)
        if future is None or not future.done():
            return False
        del self._under_way[name]
        error = future.exception()
        if error is None:
            self._answers[name] = Answer(future.result())
        elif isinstance(error, EmrsError):
            self._answers[name] = Answer(failure=error)
        else:
            self._answers[name] = Answer(error=error)
        return True

    def asked(self, name: str) -> bool:
        """Whether that question is under way or answered."""
        return name in self._under_way or name in self._answers

    def waits_for(self, name: str) -> bool:
        """Whether that question is under way, or its answer not yet looked at."""
        return name in self._under_way

    @property
    def waiting(self) -> bool:
        """Whether anything is."""
        return bool(self._under_way)

    def worked(self, name: str) -> bool:
        """Whether that question was answered, and nobody dropped the answer yet. Never raises."""
        self._take_in(name)
        answer = self._answers.get(name)
        return answer is not None and answer.failure is None and answer.error is None

    def drop(self, name: str) -> None:
        """Forget an answer; one still under way comes to nothing."""
        self._under_way.pop(name, None)
        self._answers.pop(name, None)

    def clear(self) -> None:
        """Forget everything."""
        self._under_way.clear()
        self._answers.clear()
