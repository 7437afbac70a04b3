"""Behind the Spotify page: the address to register, questions asked beside the script, visits kept for a login."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import Executor, Future
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from emrs_core.errors import UsageError
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.plane import track_point
from emrs_core.music.preference import Preference
from emrs_core.music.recommend import recommend
from emrs_core.music.spotify.familiar import TOP_REWARD, FamiliarSongs
from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.testing.clock import FakeClock
from emrs_core.types import AffectPoint
from emrs_core.ui.parking import KEPT_S, MOST_HELD, MOST_TICKETS, Parking
from emrs_core.ui.spotify.address import Address, address_of
from emrs_core.ui.spotify.calls import Answer, Calls
from emrs_core.ui.spotify.songs import own_songs_of

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


class Thing:
    """Anything that may be parked."""


def test_a_ticket_is_good_once() -> None:
    thing, parking = Thing(), Parking[Thing](FakeClock())
    ticket = parking.ticket(thing)
    assert parking.take(ticket) is thing
    assert parking.take(ticket) is None


def test_tickets_cannot_be_guessed_and_unknown_ones_get_nothing() -> None:
    thing, parking = Thing(), Parking[Thing](FakeClock())
    tickets = {parking.ticket(thing) for _ in range(50)}
    assert len(tickets) == 50
    assert all(len(ticket) >= 32 for ticket in tickets)
    for nothing in (None, "", "nobody"):
        parking.hold(nothing)
        assert parking.take(nothing) is None


def test_only_a_login_keeps_a_visit_whose_page_is_gone() -> None:
    parking = Parking[Thing](FakeClock())
    left, looked_at = Thing(), Thing()
    tickets = parking.ticket(left), parking.ticket(looked_at)
    parking.hold(tickets[0])
    kept = weakref.ref(left)
    del left, looked_at
    gc.collect()
    assert parking.take(tickets[1]) is None
    assert parking.take(tickets[0]) is kept() is not None


def test_what_is_held_too_long_is_gone_and_a_login_begins_the_time_anew() -> None:
    clock = FakeClock()
    parking = Parking[Thing](clock)
    old, fresh = Thing(), Thing()
    tickets = parking.ticket(old), parking.ticket(fresh)
    clock.advance(KEPT_S - 1)
    parking.hold(tickets[1])
    clock.advance(2)
    assert parking.take(tickets[0]) is None
    assert parking.take(tickets[1]) is fresh


def test_only_so_many_are_kept() -> None:
    parking = Parking[Thing](FakeClock())
    things = [Thing() for _ in range(MOST_TICKETS + 5)]
    tickets = [parking.ticket(thing) for thing in things]
    for ticket in tickets[-MOST_HELD - 1 :]:
        parking.hold(ticket)
    taken = [parking.take(ticket) for ticket in tickets]
    assert taken[:5] == [None] * 5
    assert taken[5 : -MOST_HELD - 1] == things[5 : -MOST_HELD - 1]
    assert taken[-MOST_HELD - 1] is None
    assert taken[-MOST_HELD:] == things[-MOST_HELD:]


# -- own songs in the list -------------------------------------------------------------------------------------------

MOOD = AffectPoint(0.5, 0.5)


class Wish:
    """A preference that answers what the test says."""

    def __init__(self, rewards: NDArray[np.float32] | None) -> None:
        self.answer = rewards

    def rewards(
        self, features: CatalogueFeatures, start: AffectPoint, rng: np.random.Generator
    ) -> NDArray[np.float32] | None:
        return self.answer


def ids(preference: Preference | None = None) -> list[str]:
    songs = recommend(FakeCatalogue(), MOOD, n=10, preference=preference)
    return [song.track.id for song in songs]


def test_an_own_song_comes_up_before_songs_that_fit_a_little_better() -> None:
    plain, tracks = ids(), FakeCatalogue().tracks()
    others = [track for track in tracks if track.id not in plain]
    own = min(others, key=lambda track: track_point(track).distance_to(MOOD))
    rewards = np.zeros(len(tracks), np.float32)
    rewards[list(tracks).index(own)] = TOP_REWARD
    assert own.id in ids(Wish(rewards))


@pytest.mark.parametrize("rewards", [None, np.zeros(100, np.float32), np.full(100, np.nan, np.float32)])
def test_a_preference_that_knows_nothing_leaves_the_plain_list(rewards: NDArray[np.float32] | None) -> None:
    assert ids(Wish(rewards)) == ids()


def test_own_songs_are_looked_up_each_time_so_that_what_was_erased_counts_no_more() -> None:
    class Connected:
        familiar: FamiliarSongs | None = FamiliarSongs()

    connection = Connected()
    ask = own_songs_of(connection)  # type: ignore[arg-type]
    assert ask is not None
    assert ask() is connection.familiar
    connection.familiar = None
    assert ask() is None
    assert own_songs_of(None) is None
