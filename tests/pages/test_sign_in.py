"""Signing in, from inside the dashboard: who is offered what, what is kept for whom, what comes along."""

from __future__ import annotations

from dataclasses import fields
from types import NoneType
from typing import Any

import pytest

from emrs_core.consent import CONSENT_VERSION, SIGNED_IN_VERSION
from emrs_core.errors import TimelineNotFound
from emrs_core.testing.timeline import make_info, make_samples
from emrs_core.timeline.access import OWNER_ID, Role, Viewer, person_id
from emrs_core.timeline.events import ConsentGiven
from emrs_core.types import Emotion
from emrs_core.ui import parking, state
from emrs_core.ui.sign_in import way_back, words
from tests.pages.harness import Dashboard
from tests.waiting import wait_until

ISSUER = "https://id.example.org"
ORIGIN = "https://emrs.example.org"
SECRETS = {
    "auth": {
        "redirect_uri": f"{ORIGIN}/oauth2callback",
        "cookie_secret": "0123456789abcdef",
        "client_id": "emrs",
        "client_secret": "hush",
        "server_metadata_url": f"{ISSUER}/.well-known/openid-configuration",
    }
}
ADA = {"is_logged_in": True, "iss": ISSUER, "sub": "ada", "name": "Ada *<b>*", "email": "ada@example.org"}
ROSA = ADA | {"sub": "rosa", "name": "Rosa", "email": "rosa@example.org", "email_verified": True}
UNCHANGING = (str, bool, NoneType)
"""Kinds of values that two visits may have in common."""
ADA_ID = person_id(ISSUER, "ada")


@pytest.fixture
def server(dashboard: Dashboard) -> Dashboard:
    """A server for guests, on which one can sign in and Rosa is a reviewer."""
    dashboard.environment(EMRS_MODE="hosted", EMRS_REVIEWERS="rosa@example.org")
    dashboard.app.secrets.update(SECRETS)
    dashboard.app.context = {"url": f"{ORIGIN}/"}
    return dashboard


def signed_in(server: Dashboard, claims: dict[str, Any]) -> Dashboard:
    server.app.user = dict(claims)
    return server.run()


def watch(server: Dashboard) -> Dashboard:
    return server.agree().press_start().see(Emotion.HAPPY, seconds=10)


def links(server: Dashboard) -> str:
    return "".join(element.proto.body for element in server.app.get("html") if "sign-in?" in element.proto.body)


def test_without_a_provider_nothing_is_offered(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_MODE="hosted")
    dashboard.run().open("Your data")
    assert words.SIGN_IN not in dashboard.text()
    assert links(dashboard) == ""


def test_on_ones_own_machine_nothing_is_offered_and_the_owner_stays_the_owner(server: Dashboard) -> None:
    server.environment(EMRS_MODE="local")
    signed_in(server, ADA)
    assert links(server) == ""
    assert server.visit().viewer == Viewer.owner()
    assert "On your own machine" in server.text()


def test_a_guest_is_offered_to_sign_in_on_every_page(server: Dashboard) -> None:
    server.run()
    assert "sign-in?provider=default&amp;resume=" in links(server)
    server.open("Your data")
    assert "Sign in to keep sessions" in server.text()
    assert links(server).count("sign-in?") == 2


def test_opened_at_another_address_the_way_to_the_right_one_is_shown(server: Dashboard) -> None:
    server.app.context = {"url": "https://other.example.org/"}
    server.run().open("Your data")
    assert links(server) == ""
    assert ORIGIN in server.text()


def test_several_providers_have_a_link_each(server: Dashboard) -> None:
    auth = server.app.secrets["auth"]
    own = {name: auth.pop(name) for name in ("client_id", "client_secret", "server_metadata_url")}
    auth |= {"google": own, "lab": own, "half": {"client_id": "x"}, "with_underscore": own}
    server.run()
    assert "Sign in with Google" in links(server)
    assert "Sign in with Lab" in links(server)
    assert links(server).count("provider=") == 2


def test_who_signed_in_is_said_and_their_name_is_text(server: Dashboard) -> None:
    signed_in(server, ADA)
    assert "Signed in." in server.text()
    assert "Ada *&lt;b&gt;*" in server.text()
    server.open("Your data")
    assert ADA_ID in server.text()
    assert r"**Ada \*\<b\>\***" in server.text()
    assert "reviewer" not in server.text().split("Your account")[1].split("Your agreement")[0]


def test_a_reviewer_is_told_what_they_may(server: Dashboard) -> None:
    signed_in(server, ROSA).open("Your data")
    assert "You are a **reviewer**" in server.text()


def test_a_persons_agreement_says_that_sessions_are_kept(server: Dashboard) -> None:
    signed_in(server, ADA)
    assert "this server's database under your account" in server.text()
    assert SIGNED_IN_VERSION in server.text()
    timeline = watch(server).kept()
    assert timeline is not None
    assert timeline.info.owner == ADA_ID
    assert [e.version for e in timeline.events if isinstance(e, ConsentGiven)] == [SIGNED_IN_VERSION]
    assert (server.data_dir / "sessions.db").exists()
    assert server.visit().memory.list() == ()


def test_what_one_person_keeps_does_not_exist_for_another(server: Dashboard) -> None:
    timeline = watch(signed_in(server, ADA)).kept()
    assert timeline is not None
    server.close()
    signed_in(server, ADA | {"sub": "ben"})
    sessions = state.sessions(server.visit())
    assert sessions.list() == ()
    with pytest.raises(TimelineNotFound):
        sessions.read(timeline.info.id)


def test_signing_out_ends_the_session_and_leaves_a_guest(server: Dashboard) -> None:
    timeline = watch(signed_in(server, ADA)).kept()
    assert timeline is not None
    before = server.visit()
    server.button("sign-out").click()
    server.app.user = {}
    server.playing = False
    server.run()
    after = server.visit()
    assert after is not before
    assert (after.viewer, after.consent.get()) == (Viewer.guest(), None)
    assert state.sessions(after).list() == ()
    assert before.keep.session_id is None


def test_a_connection_that_comes_back_as_somebody_else_begins_anew(server: Dashboard) -> None:
    before = watch(signed_in(server, ADA)).visit()
    after = signed_in(server, ROSA).visit()
    assert after is not before
    assert after.viewer.owner_id == person_id(ISSUER, "rosa")
    assert after.consent.get() is None
    assert before.keep.session_id is None


def test_the_visit_comes_along_and_the_agreement_does_not(server: Dashboard) -> None:
    guest = watch(server.run()).visit()
    assert guest.consent.get() is not None
    mood = guest.session.mood()
    come_back_as(server, guest, ADA)
    person = server.visit()
    assert person.viewer.role is Role.PERSON
    assert person.session.mood() == mood
    assert person.consent.get() is None
    assert not (server.data_dir / "sessions.db").exists()  # nothing is kept before the agreement
    assert "Should it be kept" not in server.text()


def come_back_as(server: Dashboard, guest: state.Visit, claims: dict[str, Any]) -> None:
    """Back from the provider in a new browser session."""
    ticket = parking.visits().ticket(guest, guest.ticket)
    parking.visits().hold(ticket)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(way_back, "_ticket", lambda: ticket)  # the cookie, which needs a real browser
        patch.setattr(state, "new_session", lambda services, mode: server.new_session())
        before, server.playing = server.app, False
        server.app = server.new_browser_session()
        server.app.secrets, server.app.context, server.app.user = before.secrets, before.context, dict(claims)
        server.run()


def test_what_was_recorded_before_is_kept_when_the_person_says_so(server: Dashboard) -> None:
    guest = watch(server.run()).visit()
    wait_until(lambda: bool(guest.memory.list()))
    come_back_as(server, guest, ADA)
    server.agree()
    assert "Should it be kept under your account" in server.text()
    server.button("sign-in-keep").click()
    server.run()
    (summary,) = state.sessions(server.visit()).list()
    assert summary.info.owner == ADA_ID
    timeline = state.sessions(server.visit()).read(summary.info.id)
    versions = [event.version for event in timeline.events if isinstance(event, ConsentGiven)]
    assert versions == [CONSENT_VERSION, SIGNED_IN_VERSION]
    assert server.visit().memory.list() == ()


def test_what_was_recorded_before_is_forgotten_when_the_person_says_so(server: Dashboard) -> None:
    guest = watch(server.run()).visit()
    wait_until(lambda: bool(guest.memory.list()))
    come_back_as(server, guest, ADA)
    server.agree().button("sign-in-forget").click()
    server.run()
    assert "Should it be kept" not in server.text()
    assert state.sessions(server.visit()).list() == ()


def test_whoever_changed_their_mind_is_the_guest_they_were(server: Dashboard) -> None:
    guest = watch(server.run()).visit()
    agreed = guest.consent.get()
    come_back_as(server, guest, {})
    assert server.visit().viewer == Viewer.guest()
    assert server.visit().consent.get() == agreed


def test_a_persons_visit_is_handed_to_nobody_else(server: Dashboard) -> None:
    person = watch(signed_in(server, ADA)).visit()
    come_back_as(server, person, ROSA)
    assert server.visit().session is not person.session
    assert server.visit().session.history() == ()
    assert server.visit().viewer.owner_id == person_id(ISSUER, "rosa")


def test_a_provider_that_names_nobody_is_told_on_the_page(server: Dashboard) -> None:
    signed_in(server, {"is_logged_in": True, "email": "ada@example.org"})
    assert "no issuer or no subject" in server.text()


def test_an_owners_sessions_are_not_a_persons(server: Dashboard) -> None:
    signed_in(server, ROSA)
    info = make_info(owner=OWNER_ID)
    store = state.resources.load().open_sessions()
    store.begin(info)
    store.append(info.id, make_samples(3))
    assert state.sessions(server.visit()).list() == ()


def test_the_page_that_was_left_shares_nothing_with_the_one_that_goes_on(server: Dashboard) -> None:
    guest = watch(server.run()).visit()
    come_back_as(server, guest, ADA)
    person = server.visit()
    shared = [part.name for part in fields(person) if getattr(person, part.name) is getattr(guest, part.name)]
    assert {name for name in shared if not isinstance(getattr(person, name), UNCHANGING)} == set()
    assert guest.viewer == Viewer.guest()
    assert guest.session.history() == ()
