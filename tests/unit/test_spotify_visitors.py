"""Whatever many visitors do in whatever order, each has their own account or none, and nothing of others is left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.music.spotify import connections, logins
from emrs_core.music.spotify.client import SpotifyService
from emrs_core.music.spotify.logins import PendingLogins
from emrs_core.music.spotify.oauth import Grant
from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.music.spotify.tokens import MemoryTokenStore
from emrs_core.streaming import ServiceAccount
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.scripted_spotify import BACK, Visitors

PEOPLE = ("ada", "ben", "cleo")


@pytest.fixture(scope="module", autouse=True)
def account() -> Iterator[None]:
    """Whose token it is, the Web API says it is."""

    def account(service: SpotifyService) -> ServiceAccount:
        person = service._session._tokens.token().removeprefix("access-")
        return ServiceAccount(person, person.title())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SpotifyService, "account", account)
        yield


class MindfulStore(MemoryTokenStore):
    """Counts what it holds."""

    def held(self) -> dict[str, Grant]:
        return dict(self._grants)


DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["log in", "again", "decline", "replay", "wrong state", "swap", "disconnect", "wait"]),
        st.integers(0, 2),  # the browser
        st.sampled_from(PEOPLE),
    ),
    max_size=25,
)


@given(DEEDS)
def test_each_browser_has_whoever_logged_in_there_last(deeds: list[tuple[str, int, str]]) -> None:
    store = MindfulStore()
    world = Visitors(store)
    cookies: list[str | None] = [None, None, None]
    people: list[str | None] = [None, None, None]
    used = [("", "nobody")] * 3
    for deed, browser, person in deeds:
        cookie, other = cookies[browser], cookies[(browser + 1) % 3]
        match deed:
            case "log in" | "again":
                cookies[browser], state, _ = world.begin(cookie)
                ended = world.connections.finish(cookies[browser], state, person)
                cookies[browser], people[browser], used[browser] = ended.visitor, person, (state, person)
            case "decline":
                cookies[browser], state, _ = world.begin(cookie)
                world.connections.finish(cookies[browser], state, error="access_denied")
            case "replay":
                assert world.connections.finish(cookie, *used[browser]).outcome is not Outcome.CONNECTED
            case "wrong state":
                assert world.connections.finish(cookie, "guess", person).outcome is not Outcome.CONNECTED
            case "swap" if cookie != other:
                _, state, _ = world.begin(cookie)
                assert world.connections.finish(other, state, person).outcome is not Outcome.CONNECTED
            case "disconnect":
                world.connections.disconnect(cookie)
                people[browser] = None
            case "wait":
                world.clock.advance(100)
        connected = [world.connections.of(cookie) for cookie in cookies]
        assert [each.account.id if each else None for each in connected] == people
        assert len(store.held()) == sum(each is not None for each in connected)


def test_more_visitors_than_there_is_room_for_lose_the_oldest_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTED", 2)
    store = MindfulStore()
    world = Visitors(store)
    first, second, third = (world.log_in(person) for person in PEOPLE)
    assert world.connections.of(first) is None
    assert set(store.held()) == {second, third}


def test_nobody_fills_the_memory_with_logins_never_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logins, "MOST_VISITORS", 3)
    pending = PendingLogins(FakeClock().now_s)
    states = [pending.begin(f"visitor-{n}", frozenset(), BACK, "/").state for n in range(5)]
    assert [pending.take(f"visitor-{n}", state) is not None for n, state in enumerate(states)] == [
        False,
        False,
        True,
        True,
        True,
    ]
