"""The consent: PKCE, the state that is good once, scopes, tokens kept and renewed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import UsageError
from emrs_core.music.spotify.failures import (
    BrokenAnswer,
)
from emrs_core.music.spotify.logins import LOGIN_LIVES_S, MOST_EACH, PendingLogins
from emrs_core.music.spotify.oauth import challenge_of, new_verifier
from emrs_core.music.spotify.scopes import SCOPES, Step, covers, scopes_for
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.scripted_spotify import BACK, grant, scripted

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
