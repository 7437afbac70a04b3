"""Every fault of the stand-in, seen through the real adapter: the right sentence, in seconds, asked once or twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from emrs_core.errors import StreamingError
from emrs_core.music.spotify import failures, oauth, transport
from emrs_core.music.spotify.connection import SpotifyConnection
from emrs_core.music.spotify.connections import SpotifyConnections
from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.music.spotify.scopes import Step
from emrs_core.testing.catalogues import FakeCatalogue, grid_tracks
from emrs_core.testing.spotify.connect import come_back, connect, connections_to
from emrs_core.testing.spotify.faults import FaultKind
from emrs_core.testing.spotify.login import REDIRECT_URI
from emrs_core.testing.spotify.server import StubServer, running

SONGS = grid_tracks()
IDS = [song.id for song in SONGS]
SECONDS = 8.0
"""The longest that any call may take, however Spotify fails."""
IMPATIENT_S = (0.5, 0.5)
"""Timeouts where no answer comes, so that these tests need not wait as long as a person would."""
SLOW_S = 0.25

Use = Callable[[SpotifyConnection], object]

USES: dict[str, Use] = {
    "account": lambda c: c.service.account(),
    "saved": lambda c: c.service.saved(),
    "top": lambda c: c.service.top(),
    "search": lambda c: c.service.search("song", "artist"),
    "like": lambda c: c.service.like(IDS[0]),
    "save": lambda c: c.service.save("Evening", IDS[:3], "list"),
    "devices": lambda c: c.service.devices(),
    "play": lambda c: c.service.play(IDS[:2]),
    "queue": lambda c: c.service.queue(IDS[0]),
    "pause": lambda c: c.service.pause(),
    "next": lambda c: c.service.next(),
    "now playing": lambda c: c.service.now_playing(),
    "take part": lambda c: c.take_part(FakeCatalogue(SONGS)),
}
COMMANDS = ("play", "queue", "pause", "next")
READS = tuple(name for name in USES if name not in ("like", "save", *COMMANDS))


@dataclass(frozen=True)
class Case:
    """A fault, whom it hits, the error that a page gets, and words of its sentence."""

    kind: FaultKind
    error: type[StreamingError]
    says: str
    uses: tuple[str, ...] = tuple(USES)
    options: dict[str, Any] = field(default_factory=dict)
    calls: int = 1  # at most so many requests before giving up

    def __str__(self) -> str:
        return f"{self.kind} {self.options or ''}".strip()


CASES = [
    Case(FaultKind.NOT_ALLOW_LISTED, failures.NotAllowListed, "not on the app's list"),
    Case(FaultKind.OWNER_WITHOUT_PREMIUM, failures.OwnerWithoutPremium, "owner has Premium"),
    Case(FaultKind.LISTENER_WITHOUT_PREMIUM, failures.ListenerWithoutPremium, "only Premium accounts", COMMANDS),
    Case(FaultKind.NO_ACTIVE_DEVICE, failures.NoActiveDevice, "no device of yours", COMMANDS),
    Case(FaultKind.REVOKED, failures.ConnectionEnded, "Connect again", calls=2),
    Case(FaultKind.SIX_MONTHS, failures.ConnectionEnded, "Connect again", calls=2),
    Case(FaultKind.QUOTA, failures.QuotaExceeded, "used up"),
    Case(FaultKind.RATE_LIMIT, failures.RateLimited, "Try again in 7 seconds"),
    Case(FaultKind.RATE_LIMIT, failures.RateLimited, "Try again in 3 hours", options={"retry_after_s": 3 * 3600}),
    Case(FaultKind.SERVER_ERROR, failures.ServiceDown, "trouble of its own"),
    Case(FaultKind.SERVER_ERROR, failures.ServiceDown, "trouble of its own", options={"status": 500}),
    Case(FaultKind.TIMEOUT, failures.TooSlow, "too long"),
    Case(FaultKind.DROPPED, failures.Unreachable, "cannot be reached"),
    Case(FaultKind.TRUNCATED, failures.BrokenAnswer, "cannot be read", READS),
    Case(FaultKind.TRUNCATED, failures.BrokenAnswer, "Spotify's answer", ("save",)),
    Case(FaultKind.CUT_OFF, failures.BrokenAnswer, "cannot be read", (*READS, "save")),
    Case(
        FaultKind.REMOVED_FIELD, failures.BrokenAnswer, "lacks “items”", ("saved", "top", "search"), {"name": "items"}
    ),
    Case(FaultKind.REMOVED_FIELD, failures.BrokenAnswer, "lacks “name”", ("saved", "top", "devices"), {"name": "name"}),
    Case(FaultKind.REMOVED_FIELD, failures.BrokenAnswer, "lacks “id”", ("save",), {"name": "id"}),
]
NO_FAILURES = {
    FaultKind.EXPIRED: "a refresh cures it; see below",
    FaultKind.NO_PLAYER: "nothing plays: that is an answer; see below",
    FaultKind.SLOW: "an answer after all; see below",
}


@pytest.fixture
def stub() -> Iterator[StubServer]:
    with running(SONGS) as server:
        yield server


@contextmanager
def patience(kind: FaultKind) -> Iterator[None]:
    """Short where silence is what is tested; else the product's own, which a busy machine does not use up."""
    with pytest.MonkeyPatch.context() as patch:
        if kind is FaultKind.TIMEOUT:
            for module in (transport, oauth):
                patch.setattr(module, "TIMEOUT_S", IMPATIENT_S)
        yield


def test_the_table_knows_every_fault() -> None:
    assert {case.kind for case in CASES} | NO_FAILURES.keys() == set(FaultKind)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_failure_is_a_sentence_in_seconds(stub: StubServer, case: Case) -> None:
    for name in case.uses:
        connections = connections_to(stub)  # as new: a pause that Spotify asked for would answer for the next one
        connection = connections.of(connect(connections, stub))
        assert connection is not None
        stub.stub.world.people["ada"].player.play(IDS[:2])  # so that there is something to tell
        before, began = len(stub.state()["calls"]), time.monotonic()
        stub.fail(case.kind, **case.options)
        with patience(case.kind), pytest.raises(StreamingError) as caught:
            USES[name](connection)
        stub.heal()
        assert isinstance(caught.value, case.error), (name, caught.value)
        assert case.says in str(caught.value), name
        assert str(caught.value).endswith("."), name
        assert time.monotonic() - began < SECONDS, name
        assert len(stub.state()["calls"]) - before <= case.calls, name


@pytest.mark.parametrize("kind", [FaultKind.RATE_LIMIT, FaultKind.QUOTA])
def test_spotify_is_left_alone_while_it_wants_a_pause(
    stub: StubServer, connection: SpotifyConnection, kind: FaultKind
) -> None:
    stub.fail(kind, times=1)
    with pytest.raises(failures.RateLimited):
        connection.service.top()
    before = len(stub.state()["calls"])
    with pytest.raises(failures.RateLimited) as caught:
        connection.service.devices()
    assert isinstance(caught.value, failures.QuotaExceeded) is (kind is FaultKind.QUOTA)
    assert len(stub.state()["calls"]) == before


def test_an_expired_token_is_no_failure(stub: StubServer, connection: SpotifyConnection) -> None:
    stub.fail(FaultKind.EXPIRED)
    assert connection.service.account().name == "Ada"
    assert stub.state()["users"][0]["refreshes"] == 1


def test_nothing_playing_is_no_failure(stub: StubServer, connection: SpotifyConnection) -> None:
    connection.service.play(IDS[:1])
    stub.fail(FaultKind.NO_PLAYER)
    assert connection.service.now_playing() is None


def test_a_slow_answer_is_waited_for(stub: StubServer, connection: SpotifyConnection) -> None:
    stub.fail(FaultKind.SLOW, hang_s=SLOW_S)
    assert connection.service.account().name == "Ada"


def test_a_free_account_is_told_so(stub: StubServer, connections: SpotifyConnections) -> None:
    connection = connections.of(connect(connections, stub, "ben"))
    assert connection is not None
    with pytest.raises(failures.ListenerWithoutPremium):
        connection.service.play(IDS[:1])
    assert connection.service.saved()  # everything else works


def test_a_permission_that_was_not_asked_for_yet(stub: StubServer, connections: SpotifyConnections) -> None:
    connection = connections.of(connect(connections, stub, steps=(Step.LISTEN,)))
    assert connection is not None
    with pytest.raises(failures.MissingPermission):
        connection.service.save("Evening", IDS[:1], "list")
    assert not connection.allows(Step.PLAYLIST)


def test_nobody_answers_at_all(connections: SpotifyConnections, stub: StubServer) -> None:
    connection = connections.of(connect(connections, stub))
    assert connection is not None
    stub.close()
    with pytest.raises(failures.Unreachable):
        connection.service.account()


class TestTokenEndpoint:
    """What goes wrong while a token is renewed reaches the page like any other failure, and is cured like it."""

    @pytest.mark.parametrize(
        ("kind", "error"),
        [
            (FaultKind.SERVER_ERROR, failures.ServiceDown),
            (FaultKind.RATE_LIMIT, failures.RateLimited),
            (FaultKind.TIMEOUT, failures.TooSlow),
            (FaultKind.DROPPED, failures.Unreachable),
            (FaultKind.TRUNCATED, failures.BrokenAnswer),
        ],
    )
    def test_a_renewal_that_fails_can_be_repeated(
        self, stub: StubServer, kind: FaultKind, error: type[StreamingError]
    ) -> None:
        offset_s = 0.0
        connections = connections_to(stub, now_s=lambda: time.time() + offset_s)
        connection = connections.of(connect(connections, stub))
        assert connection is not None
        stub.fail(FaultKind.EXPIRED)
        stub.fail(kind, path="/api/token")
        with patience(kind), pytest.raises(error):
            connection.service.account()
        stub.heal()
        offset_s = 10.0
        if kind is FaultKind.TRUNCATED:
            return  # the new tokens were in the lost half: the old refresh token is spent, as it would be at Spotify
        assert connection.service.account().name == "Ada"

    @pytest.mark.parametrize("event", [FaultKind.REVOKED, FaultKind.SIX_MONTHS])
    def test_an_ended_consent_is_erased(
        self, stub: StubServer, connections: SpotifyConnections, event: FaultKind
    ) -> None:
        visitor = connect(connections, stub)
        connection = connections.of(visitor)
        assert connection is not None
        connection.take_part(FakeCatalogue(SONGS))
        stub.fail(event)
        with pytest.raises(failures.ConnectionEnded):
            connection.service.account()
        assert connections.of(visitor) is None
        assert connection.familiar is None


class TestLogin:
    def finish(self, connections: SpotifyConnections, stub: StubServer, person: str = "ada") -> Outcome:
        begun = connections.begin(None, Step.LISTEN, REDIRECT_URI, "/music")
        return connections.finish(begun.visitor, **come_back(stub, begun.consent_url, person)).outcome

    def test_somebody_who_is_not_on_the_list(self, connections: SpotifyConnections, stub: StubServer) -> None:
        assert self.finish(connections, stub, "cleo") is Outcome.NOT_LISTED

    def test_declined(self, connections: SpotifyConnections, stub: StubServer) -> None:
        assert self.finish(connections, stub, "") is Outcome.DECLINED

    def test_an_owner_without_premium(self, connections: SpotifyConnections, stub: StubServer) -> None:
        stub.fail(FaultKind.OWNER_WITHOUT_PREMIUM)
        assert self.finish(connections, stub) is Outcome.OWNER_WITHOUT_PREMIUM

    @pytest.mark.parametrize(
        "kind",
        [FaultKind.SERVER_ERROR, FaultKind.TIMEOUT, FaultKind.DROPPED, FaultKind.TRUNCATED, FaultKind.RATE_LIMIT],
    )
    def test_the_token_endpoint_fails(self, connections: SpotifyConnections, stub: StubServer, kind: FaultKind) -> None:
        stub.fail(kind, path="/api/token")
        with patience(kind):
            assert self.finish(connections, stub) is Outcome.FAILED

    def test_a_state_is_good_once_even_when_the_login_failed(
        self, connections: SpotifyConnections, stub: StubServer
    ) -> None:
        begun = connections.begin(None, Step.LISTEN, REDIRECT_URI, "/music")
        back = come_back(stub, begun.consent_url, "ada")
        stub.fail(FaultKind.SERVER_ERROR, path="/api/token", times=1)
        assert connections.finish(begun.visitor, **back).outcome is Outcome.FAILED
        before = len(stub.state()["calls"])
        assert connections.finish(begun.visitor, **back).outcome in (Outcome.EXPIRED, Outcome.ELSEWHERE)
        assert len(stub.state()["calls"]) == before  # the code is not even tried

    def test_a_replayed_code_and_a_foreign_state(self, connections: SpotifyConnections, stub: StubServer) -> None:
        begun = connections.begin(None, Step.LISTEN, REDIRECT_URI, "/music")
        back = come_back(stub, begun.consent_url, "ada")
        other = connections.begin(None, Step.LISTEN, REDIRECT_URI, "/music")
        assert connections.finish(other.visitor, **back).outcome is Outcome.EXPIRED  # another's state
        assert connections.finish(None, **back).outcome is Outcome.ELSEWHERE  # a browser without the cookie
        first = connections.finish(begun.visitor, **back)
        assert first.outcome is Outcome.CONNECTED
        again = connections.finish(first.visitor, **back)
        assert again.outcome in (Outcome.EXPIRED, Outcome.ELSEWHERE)
        assert connections.of(begun.visitor) is None  # the id from before the login opens nothing
        assert connections.of(first.visitor) is not None
