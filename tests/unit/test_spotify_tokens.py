"""Grants: kept in memory or sealed, renewed in time by one thread for all, erased for good."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from emrs_core.errors import StorageError
from emrs_core.music.spotify.access import CONSENT_LIVES_S, FAILED_LATELY_S, RENEW_BEFORE_S, VisitorAccess
from emrs_core.music.spotify.failures import (
    ConnectionEnded,
    ConsentTooOld,
    NotConnected,
    ServiceDown,
    Unreachable,
)
from emrs_core.music.spotify.oauth import Grant, SpotifyAccounts
from emrs_core.music.spotify.tokens import MOST_KEPT, MemoryTokenStore, SealedTokenStore, TokenStore
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.scripted_spotify import ScriptedAccounts, grant, scripted

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
