"""Visitors: ids that change with a login, logins that belong to one browser, and an end that leaves nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from emrs_core.errors import StreamingError
from emrs_core.music.spotify.client import SpotifyService
from emrs_core.music.spotify.connections import IDLE_S
from emrs_core.music.spotify.failures import ConnectionEnded, NotAllowListed, OwnerWithoutPremium, ServiceDown
from emrs_core.music.spotify.outcomes import SENTENCES, Outcome
from emrs_core.music.spotify.scopes import SCOPES, Step
from emrs_core.music.spotify.tokens import MemoryTokenStore, SealedTokenStore
from emrs_core.streaming import ServiceAccount, ServiceTrack
from emrs_core.testing.catalogues import FakeCatalogue, make_track
from emrs_core.testing.music_service import service_track
from emrs_core.testing.scripted_spotify import BACK, Visitors


class Spotify:
    """The Web API in memory: who asks is who stands in the token."""

    def __init__(self) -> None:
        self.refusal: StreamingError | None = None

    def account(self, service: SpotifyService) -> ServiceAccount:
        if self.refusal is not None:
            raise self.refusal
        person = service._session._tokens.token().removeprefix("access-")
        return ServiceAccount(person, person.title())


@pytest.fixture
def spotify(monkeypatch: pytest.MonkeyPatch) -> Spotify:
    spotify = Spotify()
    monkeypatch.setattr(SpotifyService, "account", lambda service: spotify.account(service))
    monkeypatch.setattr(SpotifyService, "saved", lambda self, limit=200: (service_track(1),))
    monkeypatch.setattr(SpotifyService, "top", lambda self, limit=50: ())
    return spotify


@pytest.fixture
def world(spotify: Spotify) -> Visitors:
    return Visitors()


def test_after_the_login_another_id_is_connected_and_the_old_one_opens_nothing(world: Visitors) -> None:
    before, state, _ = world.begin()
    after = world.connections.finish(before, state, "ada").visitor
    assert after not in (None, before)
    assert world.connections.of(before) is None
    assert world.store.get(before) is None
    connection = world.connections.of(after)
    assert connection is not None
    assert connection.account == ServiceAccount("ada", "Ada")
    assert connection.allows(Step.LISTEN)
    assert not connection.allows(Step.PLAYLIST)


def test_an_id_that_was_not_made_here_is_replaced(world: Visitors) -> None:
    planted = "x" * 43
    visitor, _, _ = world.begin(planted)
    assert visitor != planted
    again, _, _ = world.begin(visitor)
    assert again == visitor


def test_a_login_finished_in_another_browser_connects_nobody(world: Visitors) -> None:
    visitor, state, _ = world.begin()
    assert world.connections.finish(None, state, "ada").outcome is Outcome.ELSEWHERE
    assert world.connections.finish("x" * 43, state, "ada").outcome is Outcome.ELSEWHERE
    other, _, _ = world.begin()
    ended = world.connections.finish(other, state, "ada")
    assert (ended.outcome, ended.visitor) == (Outcome.EXPIRED, None)
    assert world.connections.of(other) is None
    assert world.connections.finish(visitor, state, "ada").outcome is Outcome.CONNECTED


def test_a_redirect_replayed_connects_nobody(world: Visitors) -> None:
    visitor, state, _ = world.begin()
    after = world.connections.finish(visitor, state, "ada").visitor
    assert world.connections.finish(visitor, state, "ada").outcome is Outcome.ELSEWHERE
    assert world.connections.finish(after, state, "ben").outcome is Outcome.EXPIRED
    connection = world.connections.of(after)
    assert connection is not None
    assert connection.account.id == "ada"


def test_a_wrong_state_leaves_the_right_one_open(world: Visitors) -> None:
    visitor, state, _ = world.begin()
    assert world.connections.finish(visitor, "guess", "ada").outcome is Outcome.EXPIRED
    assert world.connections.finish(visitor, state, "ada").outcome is Outcome.CONNECTED


def test_whoever_says_no_at_spotify_is_told_so(world: Visitors) -> None:
    visitor, state, _ = world.begin()
    ended = world.connections.finish(visitor, state, error="access_denied")
    assert (ended.outcome, ended.next_path, ended.visitor) == (Outcome.DECLINED, "/music", None)
    assert world.connections.of(visitor) is None


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [(NotAllowListed(), Outcome.NOT_LISTED), (OwnerWithoutPremium(), Outcome.OWNER_WITHOUT_PREMIUM)],
)
def test_an_account_that_may_not_use_the_app_keeps_no_token(
    world: Visitors, spotify: Spotify, refusal: StreamingError, outcome: Outcome
) -> None:
    spotify.refusal = refusal
    visitor, state, _ = world.begin()
    ended = world.connections.finish(visitor, state, "cleo")
    assert (ended.outcome, ended.visitor) == (outcome, None)
    assert isinstance(world.store, MemoryTokenStore)
    assert world.store._grants == {}


def test_a_token_endpoint_in_trouble_ends_the_login_and_no_more(world: Visitors) -> None:
    world.accounts.broken.append(ServiceDown())
    visitor, state, _ = world.begin()
    assert world.connections.finish(visitor, state, "ada").outcome is Outcome.FAILED
    world.accounts.broken.clear()
    world.log_in("ada", visitor)


def test_a_web_api_in_trouble_does_not_cost_the_login(world: Visitors, spotify: Spotify) -> None:
    spotify.refusal = ServiceDown()
    connection = world.connections.of(world.log_in("ada"))
    assert connection is not None
    assert connection.account.name == "a Spotify listener"
    spotify.refusal = None
    assert connection.ask_account().name == "Ada"
    assert connection.account.name == "Ada"


def test_two_visitors_see_only_their_own(world: Visitors) -> None:
    ada, ben = world.log_in("ada"), world.log_in("ben")
    names = [connection.account.name for visitor in (ada, ben) if (connection := world.connections.of(visitor))]
    assert names == ["Ada", "Ben"]
    assert world.connections.disconnect(ada)
    assert world.connections.of(ada) is None
    assert world.connections.of(ben) is not None


def test_allowing_more_keeps_what_the_listener_had(world: Visitors) -> None:
    first = world.log_in("ada")
    connection = world.connections.of(first)
    assert connection is not None
    connection.take_part(FakeCatalogue([make_track(1)]))
    visitor, state, asked = world.begin(first, Step.PLAYLIST)
    assert visitor == first
    assert asked == SCOPES[Step.LISTEN] | SCOPES[Step.PLAYLIST]
    second = world.connections.finish(visitor, state, "ada").visitor
    same = world.connections.of(second)
    assert same is connection
    assert same.familiar is not None
    assert same.allows(Step.PLAYLIST)
    assert world.connections.of(first) is None


def test_another_account_begins_with_nothing_of_the_one_before(world: Visitors) -> None:
    first = world.log_in("ada")
    ada = world.connections.of(first)
    assert ada is not None
    ada.take_part(FakeCatalogue([make_track(1)]))
    ben = world.connections.of(world.log_in("ben", first))
    assert ben is not None
    assert (ben.account.id, ben.familiar) == ("ben", None)
    assert ada.familiar is None
    assert not ada.alive()


def test_disconnecting_leaves_nothing(world: Visitors) -> None:
    visitor = world.log_in("ada")
    connection = world.connections.of(visitor)
    assert connection is not None
    connection.take_part(FakeCatalogue([make_track(1)]))
    world.begin(visitor, ticket="t" * 20)
    assert world.connections.disconnect(visitor)
    assert not world.connections.disconnect(visitor)
    assert isinstance(world.store, MemoryTokenStore)
    assert world.store._grants == {}
    assert world.connections.of(visitor) is None
    assert world.connections.take_ticket(visitor) is None
    assert (connection.familiar, connection.account.id) == (None, "")
    connection.take_part(FakeCatalogue([make_track(1)]))  # an answer that was under way
    assert connection.familiar is None


def test_a_consent_that_spotify_ended_takes_everything_with_it(world: Visitors) -> None:
    visitor = world.log_in("ada")
    connection = world.connections.of(visitor)
    assert connection is not None
    connection.take_part(FakeCatalogue([make_track(1)]))
    world.accounts.broken.append(ConnectionEnded())
    world.clock.advance(3600)
    with pytest.raises(ConnectionEnded):
        connection.access.token()
    assert world.connections.of(visitor) is None
    assert connection.familiar is None


def test_what_the_page_left_with_is_handed_over_once(world: Visitors) -> None:
    visitor, state, _ = world.begin(ticket="the-ticket")
    after = world.connections.finish(visitor, state, "ada").visitor
    assert world.connections.take_ticket(visitor) is None
    assert world.connections.take_ticket(after) == "the-ticket"
    assert world.connections.take_ticket(after) is None


def test_also_after_a_no_or_a_closed_tab(world: Visitors) -> None:
    visitor, state, _ = world.begin(ticket="the-ticket")
    world.connections.finish(visitor, state, error="access_denied")
    assert world.connections.take_ticket(visitor) == "the-ticket"
    closed, _, _ = world.begin(ticket="another")
    assert world.connections.take_ticket(closed) == "another"


def test_a_sealed_connection_outlives_a_restart(spotify: Spotify, tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    visitor = Visitors(SealedTokenStore(tmp_path, key)).log_in("ada")
    later = Visitors(SealedTokenStore(tmp_path, key))
    connection = later.connections.of(visitor)
    assert connection is not None
    assert connection.ask_account().id == "ada"
    assert later.connections.disconnect(visitor)
    assert list(tmp_path.iterdir()) == []


def test_a_browser_not_seen_for_half_a_day_is_forgotten(world: Visitors) -> None:
    gone, here = world.log_in("ada"), world.log_in("ben")
    for _ in range(13):
        world.clock.advance(IDLE_S / 12)
        assert world.connections.of(here) is not None
    assert world.store.get(gone) is None
    assert world.connections.of(gone) is None
    world.clock.advance(IDLE_S * 2)
    assert world.connections.of(here) is not None, "a computer that slept is no browser that was closed"


def test_what_is_kept_over_restarts_is_not_forgotten_for_being_idle(spotify: Spotify, tmp_path: Path) -> None:
    world = Visitors(SealedTokenStore(tmp_path, Fernet.generate_key().decode()), idle_s=None)
    visitor = world.log_in("ada")
    world.clock.advance(IDLE_S * 2)
    assert world.connections.of(None) is None
    assert world.store.get(visitor) is not None


def test_one_connection_without_its_own_songs_asks_for_none(world: Visitors) -> None:
    connection = world.connections.of(world.log_in("ada"))
    assert connection is not None
    assert connection.familiar is None
    familiar = connection.take_part(FakeCatalogue([make_track(1)]))
    assert [song.theirs for song in familiar.matched] == [ServiceTrack(*_facts(service_track(1)))]
    connection.leave_out()
    assert connection.familiar is None


def _facts(track: ServiceTrack) -> tuple[Any, ...]:
    return tuple(getattr(track, name) for name in ServiceTrack.__slots__)


def test_every_outcome_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Outcome)


def test_ids_and_addresses_do_not_show(world: Visitors) -> None:
    begun = world.connections.begin(None, Step.LISTEN, BACK, "/")
    ended = world.connections.finish(begun.visitor, "x")
    for shown in (repr(begun), repr(ended)):
        assert begun.visitor not in shown
        assert "state=" not in shown
