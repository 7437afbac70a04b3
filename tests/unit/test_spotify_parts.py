"""Behind the Spotify page: the address to register, questions asked beside the script, visits kept for a login."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from emrs_core.errors import UsageError
from emrs_core.testing.clock import FakeClock
from emrs_core.ui.parking import KEPT_S, MOST_PARKED, Parking
from emrs_core.ui.spotify.address import Address, address_of
from emrs_core.ui.spotify.calls import Answer, Calls

# -- the address -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "redirect", "open_at"),
    [
        ("http://127.0.0.1:8501/spotify", "http://127.0.0.1:8501/spotify/callback", None),
        ("http://[::1]:8501/spotify", "http://[::1]:8501/spotify/callback", None),
        (
            "http://localhost:8501/spotify",
            "http://127.0.0.1:8501/spotify/callback",
            "http://127.0.0.1:8501/spotify",
        ),
        ("http://localhost/spotify", "http://127.0.0.1/spotify/callback", "http://127.0.0.1/spotify"),
        ("https://music.example.org/spotify", "https://music.example.org/spotify/callback", None),
        ("https://example.org/emrs/spotify?x=1#y", "https://example.org/emrs/spotify/callback", None),
        ("https://example.org/", "https://example.org/spotify/callback", None),
        ("http://192.168.1.5:8501/spotify", None, None),
        ("http://emrs.example.org/spotify", None, None),
        (None, None, None),
    ],
)
def test_the_redirect_address_keeps_to_spotifys_rules(page: str | None, redirect: str | None, open_at: str) -> None:
    assert address_of(page) == Address(redirect, open_at)


# -- questions -------------------------------------------------------------------------------------------------------


class ByHand(Executor):
    """Runs what it was given when told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, fn))
        return future

    def finish(self) -> None:
        for future, fn in self.waiting:
            try:
                future.set_result(fn())
            except Exception as exc:  # noqa: BLE001 - as an executor does
                future.set_exception(exc)
        self.waiting.clear()


def fail(error: Exception) -> Any:
    raise error


def test_a_question_is_asked_once_and_answered_later() -> None:
    executor, asked = ByHand(), []
    calls = Calls(executor)
    for _ in range(3):
        calls.ask("who", lambda: asked.append(1) or "Ada")
    assert calls.answer("who") is None
    assert calls.waiting
    assert not calls.take_in()
    executor.finish()
    assert calls.take_in()
    assert not calls.take_in()  # told once, whether or not anybody shows it: a page is not redrawn for ever
    assert calls.answer("who") == Answer("Ada")
    assert not calls.waiting
    assert asked == [1]


def test_asking_again_lets_the_old_answer_go() -> None:
    executor = ByHand()
    calls = Calls(executor)
    calls.ask("who", lambda: "Ada")
    executor.finish()
    assert calls.answer("who") == Answer("Ada")
    calls.ask("who", lambda: "Ben")
    assert calls.answer("who") is None


def test_a_failure_for_people_is_an_answer_and_any_other_is_raised_once() -> None:
    executor = ByHand()
    calls = Calls(executor)
    problem = UsageError("Too many. Take fewer.")
    calls.ask("meant", lambda: fail(problem))
    calls.ask("unmeant", lambda: fail(RuntimeError("broken")))
    executor.finish()
    assert calls.answer("meant") == Answer(failure=problem)
    with pytest.raises(RuntimeError, match="broken"):
        calls.answer("unmeant")
    assert calls.answer("unmeant") is None


def test_what_was_dropped_never_comes_back() -> None:
    executor = ByHand()
    calls = Calls(executor)
    calls.ask("one", lambda: 1)
    calls.ask("two", lambda: 2)
    calls.drop("one")
    executor.finish()
    assert calls.answer("one") is None
    assert calls.answer("two") == Answer(2)
    calls.clear()
    assert calls.answer("two") is None


def test_the_shared_threads_do_not_hold_the_script_up() -> None:
    gate = threading.Event()
    calls = Calls()
    calls.ask("slow", lambda: gate.wait(10))
    assert calls.answer("slow") is None
    gate.set()
    for _ in range(500):
        if calls.answer("slow") is not None:
            break
        threading.Event().wait(0.01)
    assert calls.answer("slow") == Answer(True)


# -- visits kept -----------------------------------------------------------------------------------------------------


def test_a_ticket_is_good_once() -> None:
    parking = Parking[str](FakeClock())
    ticket = parking.park("visit")
    assert parking.take(ticket) == "visit"
    assert parking.take(ticket) is None


def test_tickets_cannot_be_guessed_and_unknown_ones_get_nothing() -> None:
    parking = Parking[str](FakeClock())
    tickets = {parking.park("visit") for _ in range(50)}
    assert len(tickets) == 50
    assert all(len(ticket) >= 32 for ticket in tickets)
    assert parking.take(None) is None
    assert parking.take("") is None
    assert parking.take("nobody") is None


def test_what_is_parked_too_long_is_gone_unless_parked_again() -> None:
    clock = FakeClock()
    parking = Parking[str](clock)
    old, fresh = parking.park("old"), parking.park("fresh")
    clock.advance(KEPT_S - 1)
    parking.park("fresh", fresh)
    clock.advance(2)
    assert parking.take(old) is None
    assert parking.take(fresh) == "fresh"


def test_only_so_many_are_kept() -> None:
    parking = Parking[int](FakeClock())
    tickets = [parking.park(number) for number in range(MOST_PARKED + 5)]
    assert [parking.take(ticket) for ticket in tickets[:5]] == [None] * 5
    assert parking.take(tickets[5]) == 5
