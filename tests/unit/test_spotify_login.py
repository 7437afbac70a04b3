"""The consent: PKCE, the state that is good once, scopes, tokens kept and renewed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import StorageError, UsageError
from emrs_core.music.spotify.access import CONSENT_LIVES_S, FAILED_LATELY_S, RENEW_BEFORE_S, VisitorAccess
from emrs_core.music.spotify.failures import (
    BrokenAnswer,
    ConnectionEnded,
    ConsentTooOld,
    NotConnected,
    ServiceDown,
    Unreachable,
)
from emrs_core.music.spotify.logins import LOGIN_LIVES_S, MOST_EACH, PendingLogins
from emrs_core.music.spotify.oauth import Grant, SpotifyAccounts, challenge_of, new_verifier
from emrs_core.music.spotify.scopes import SCOPES, Step, covers, scopes_for
from emrs_core.music.spotify.tokens import MOST_KEPT, MemoryTokenStore, SealedTokenStore, TokenStore
from emrs_core.testing.clock import FakeClock

BACK = "http://127.0.0.1:8501/spotify/callback"


def grant(access: str = "access-0", expires_at_s: float = 3600.0, consented_at_s: float = 0.0) -> Grant:
    return Grant(access, "refresh-0", expires_at_s, SCOPES[Step.LISTEN], consented_at_s)


@dataclass(frozen=True, slots=True)
class ScriptedAccounts(SpotifyAccounts):
    """Answers the token endpoint's questions from a list; ``asked`` holds the forms. An exception is raised."""

    answers: list[Any] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)

    def _post(self, form: dict[str, str]) -> dict[str, Any]:
        self.asked.append(form)
        time.sleep(0.01)  # long enough for other threads to come
        answer = (
            self.answers.pop(0) if self.answers else {"access_token": f"access-{len(self.asked)}", "expires_in": 3600}
        )
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)


def scripted(clock: FakeClock, *answers: Any) -> ScriptedAccounts:
    return ScriptedAccounts("client", "https://accounts.example", clock.now_s, list(answers))


# -- PKCE ------------------------------------------------------------------------------------------------------------


def test_the_challenge_is_that_of_the_standard() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"  # RFC 7636, appendix B
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_every_verifier_is_another_of_the_length_allowed() -> None:
    verifiers = {new_verifier() for _ in range(50)}
    assert len(verifiers) == 50
    assert all(43 <= len(verifier) <= 128 for verifier in verifiers)


def test_the_consent_address_holds_the_hash_and_never_the_verifier() -> None:
    url = scripted(FakeClock()).consent_url(BACK, {"b", "a"}, "the-state", "the-verifier")
    query = parse_qs(urlsplit(url).query)
    assert query["scope"] == ["a b"]
    assert query["redirect_uri"] == [BACK]
    assert query["code_challenge_method"] == ["S256"]
    assert query["code_challenge"] == [challenge_of("the-verifier")]
    assert "the-verifier" not in url
    assert "secret" not in url


def test_a_code_becomes_a_grant() -> None:
    clock = FakeClock(100.0)
    answer = {"access_token": "A", "refresh_token": "R", "expires_in": 3600, "scope": "user-top-read user-library-read"}
    accounts = scripted(clock, answer)
    got = accounts.exchange("the-code", "the-verifier", BACK, frozenset({"asked"}))
    assert (got.access_token, got.refresh_token) == ("A", "R")
    assert got.expires_at_s == 3700.0
    assert got.consented_at_s == 100.0
    assert got.scopes == SCOPES[Step.LISTEN]
    assert accounts.asked[0]["code_verifier"] == "the-verifier"
    assert "client_secret" not in accounts.asked[0]
    assert "'A'" not in repr(got)
    assert "'R'" not in repr(got)


def test_an_answer_that_names_no_scopes_granted_those_asked_for() -> None:
    answer = {"access_token": "A", "refresh_token": "R", "expires_in": 3600}
    assert scripted(FakeClock(), answer).exchange("c", "v", BACK, frozenset({"asked"})).scopes == {"asked"}


def test_the_newest_refresh_token_is_kept_and_the_old_one_where_none_came() -> None:
    accounts = scripted(
        FakeClock(),
        {"access_token": "A", "refresh_token": "R1", "expires_in": 3600},
        {"access_token": "B", "expires_in": 3600},
    )
    first = accounts.refresh(grant())
    second = accounts.refresh(first)
    assert (first.refresh_token, second.refresh_token) == ("R1", "R1")
    assert second.scopes == SCOPES[Step.LISTEN]
    assert second.consented_at_s == 0.0


@pytest.mark.parametrize(
    "answer",
    [
        {"expires_in": 3600},
        {"access_token": "", "expires_in": 3600},
        {"access_token": 7, "expires_in": 3600},
        {"access_token": "A"},
        {"access_token": "A", "expires_in": "soon"},
        {"access_token": "A", "expires_in": True},
    ],
)
def test_an_answer_that_lacks_something_is_a_broken_one(answer: dict[str, Any]) -> None:
    with pytest.raises(BrokenAnswer):
        scripted(FakeClock(), answer).refresh(grant())


# -- scopes ----------------------------------------------------------------------------------------------------------


def test_a_login_asks_for_the_least() -> None:
    assert scopes_for(Step.LISTEN) == {"user-top-read", "user-library-read"}


@pytest.mark.parametrize("step", Step)
def test_each_step_asks_for_its_own_and_keeps_what_was_granted(step: Step) -> None:
    asked = scopes_for(step, {"user-library-modify"})
    assert SCOPES[step] | {"user-library-modify"} <= asked
    assert covers(asked, step)
    assert not any("email" in scope or "public" in scope for scope in asked)


def test_a_step_that_does_not_exist_is_named() -> None:
    with pytest.raises(UsageError, match="listen, playlist, like, player"):
        Step.parse("everything")


# -- logins under way ------------------------------------------------------------------------------------------------


def test_a_state_is_good_once_and_for_its_visitor_alone() -> None:
    logins = PendingLogins(FakeClock().now_s)
    login = logins.begin("ada", SCOPES[Step.LISTEN], BACK, "/music")
    assert logins.take("ben", login.state) is None
    assert logins.take("ada", "another") is None
    assert logins.take("ada", login.state) is login
    assert logins.take("ada", login.state) is None


def test_a_login_lives_ten_minutes() -> None:
    clock = FakeClock()
    logins = PendingLogins(clock.now_s)
    early, late = (logins.begin(name, SCOPES[Step.LISTEN], BACK, "/") for name in ("ada", "ben"))
    clock.advance(LOGIN_LIVES_S - 1)
    assert logins.take("ada", early.state) is early
    clock.advance(1)
    assert logins.take("ben", late.state) is None
    assert not logins.knows("ben")


def test_two_tabs_may_log_in_at_once_and_the_oldest_of_many_go() -> None:
    logins = PendingLogins(FakeClock().now_s)
    begun = [logins.begin("ada", SCOPES[Step.LISTEN], BACK, "/") for _ in range(MOST_EACH + 2)]
    assert logins.take("ada", begun[0].state) is None
    assert logins.take("ada", begun[-1].state) is begun[-1]
    assert logins.take("ada", begun[-2].state) is begun[-2]


@given(st.text())
def test_no_guessed_state_opens_a_login(guess: str) -> None:
    logins = PendingLogins(FakeClock().now_s)
    login = logins.begin("ada", SCOPES[Step.LISTEN], BACK, "/")
    assert (logins.take("ada", guess) is login) == (guess == login.state)


def test_secrets_of_a_login_do_not_show() -> None:
    login = PendingLogins(FakeClock().now_s).begin("ada", SCOPES[Step.LISTEN], BACK, "/")
    assert login.state not in repr(login)
    assert login.verifier not in repr(login)


# -- tokens at rest --------------------------------------------------------------------------------------------------


@pytest.fixture(params=["memory", "sealed"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TokenStore:
    if request.param == "memory":
        return MemoryTokenStore()
    return SealedTokenStore(tmp_path / "spotify", Fernet.generate_key().decode())


def test_a_grant_comes_back_as_it_was_and_to_its_visitor_alone(store: TokenStore) -> None:
    store.put("ada", grant())
    assert store.get("ada") == grant()
    assert store.get("ben") is None
    store.put("ada", grant("access-1"))
    assert store.get("ada") == grant("access-1")


def test_an_erased_grant_is_gone_and_erasing_nothing_is_fine(store: TokenStore) -> None:
    store.put("ada", grant())
    store.delete("ada")
    store.delete("ada")
    assert store.get("ada") is None


def test_nothing_readable_lies_in_the_folder(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    SealedTokenStore(tmp_path, key).put("the-visitor", grant())
    (file,) = tmp_path.iterdir()
    for secret in (b"access-0", b"refresh-0", b"the-visitor"):
        assert secret not in file.read_bytes()
    assert "the-visitor" not in file.name
    assert SealedTokenStore(tmp_path, key).get("the-visitor") == grant()


@pytest.mark.parametrize("damage", [b"", b"nonsense", None])
def test_a_damaged_or_foreign_file_is_an_error_and_can_be_erased(tmp_path: Path, damage: bytes | None) -> None:
    SealedTokenStore(tmp_path, Fernet.generate_key().decode()).put("ada", grant())
    (file,) = tmp_path.iterdir()
    if damage is not None:
        file.write_bytes(damage)
    other = SealedTokenStore(tmp_path, Fernet.generate_key().decode())
    with pytest.raises(StorageError, match="EMRS_SPOTIFY_TOKEN_KEY"):
        other.get("ada")
    other.delete("ada")
    assert other.get("ada") is None


def test_memory_does_not_grow_for_ever() -> None:
    store = MemoryTokenStore()
    for number in range(MOST_KEPT + 5):
        store.put(str(number), grant())
    assert store.get("4") is None
    assert store.get("5") is not None


# -- renewal ---------------------------------------------------------------------------------------------------------


def access_to(accounts: SpotifyAccounts, held: Grant | None = None) -> tuple[VisitorAccess, MemoryTokenStore]:
    store = MemoryTokenStore()
    store.put("ada", held or grant())
    return VisitorAccess("ada", store, accounts), store


def test_a_token_is_used_until_a_minute_before_its_end() -> None:
    clock = FakeClock()
    accounts = scripted(clock)
    access, store = access_to(accounts)
    clock.advance(3600 - RENEW_BEFORE_S - 1)
    assert access.token() == "access-0"
    clock.advance(1)
    assert access.token() == "access-1"
    held = store.get("ada")
    assert held is not None
    assert held.access_token == "access-1"


def test_many_threads_renew_once() -> None:
    accounts = scripted(FakeClock(10_000.0))
    access, _ = access_to(accounts)
    start = threading.Barrier(8)

    def ask() -> str:
        start.wait()
        return access.token()

    with ThreadPoolExecutor(8) as pool:
        tokens = {future.result() for future in [pool.submit(ask) for _ in range(8)]}
    assert tokens == {"access-1"}
    assert len(accounts.asked) == 1


def test_a_rejected_token_is_renewed_once_for_all_who_had_it() -> None:
    accounts = scripted(FakeClock())
    access, _ = access_to(accounts)
    assert access.token(rejected="access-0") == "access-1"
    assert access.token(rejected="access-0") == "access-1"
    assert len(accounts.asked) == 1


@pytest.mark.parametrize(("age_s", "kind"), [(0.0, ConnectionEnded), (CONSENT_LIVES_S, ConsentTooOld)])
def test_a_consent_that_ended_is_erased(age_s: float, kind: type[Exception]) -> None:
    clock = FakeClock(age_s + 10_000)
    access, store = access_to(scripted(clock, ConnectionEnded()), grant(consented_at_s=10_000.0))
    with pytest.raises(ConnectionEnded) as caught:
        access.token()
    assert type(caught.value) is kind
    assert store.get("ada") is None
    with pytest.raises(NotConnected):
        access.token()


def test_a_failed_renewal_keeps_the_grant_and_is_not_repeated_at_once() -> None:
    clock = FakeClock(10_000.0)
    accounts = scripted(clock, ServiceDown(), Unreachable())
    access, store = access_to(accounts)
    for _ in range(3):
        with pytest.raises(ServiceDown):
            access.token()
    assert len(accounts.asked) == 1
    assert store.get("ada") is not None
    clock.advance(FAILED_LATELY_S)
    with pytest.raises(Unreachable):
        access.token()
    clock.advance(FAILED_LATELY_S)
    assert access.token() == "access-3"


class Slow:
    """A renewal that waits until it is let go."""

    def __init__(self) -> None:
        asked, go = threading.Event(), threading.Event()

        @dataclass(frozen=True, slots=True)
        class Waiting(ScriptedAccounts):
            def _post(self, form: dict[str, str]) -> dict[str, Any]:
                asked.set()
                assert go.wait(5)
                return {"access_token": "late", "expires_in": 3600}

        self.go = go
        self.access, self.store = access_to(Waiting("client", "https://accounts.example", FakeClock(10_000.0).now_s))
        self.pool = ThreadPoolExecutor(1)
        self.token = self.pool.submit(self.access.token)
        assert asked.wait(5)


def test_nobody_else_waits_for_a_renewal_under_way() -> None:
    slow = Slow()
    assert slow.access.grant() == grant()  # answers while the other thread still waits
    assert not slow.token.done()
    slow.go.set()
    assert slow.token.result(5) == "late"


def test_disconnecting_while_a_renewal_is_under_way_leaves_nothing() -> None:
    slow = Slow()
    slow.access.close()
    slow.go.set()
    with pytest.raises(NotConnected):
        slow.token.result(5)
    assert slow.store.get("ada") is None
    with pytest.raises(NotConnected):
        slow.access.token()


def test_a_renewal_under_way_does_not_replace_a_newer_consent() -> None:
    slow = Slow()
    newer = grant("newer", expires_at_s=20_000.0)
    slow.access.move("ada-2", newer)
    slow.go.set()
    assert slow.token.result(5) == "newer"
    assert slow.store.get("ada-2") == newer
    assert slow.store.get("ada") is None


def test_a_moved_grant_is_found_under_the_new_id_alone() -> None:
    access, store = access_to(scripted(FakeClock()))
    access.move("ada-2", grant("access-9"))
    assert store.get("ada") is None
    assert access.token() == "access-9"
    access.close()
    assert store.get("ada-2") is None
