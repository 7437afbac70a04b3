"""Three browsers at one server: a guest, a participant who signs in, and a reviewer. Nobody sees what is not theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from emrs_core.bootstrap import SESSIONS_FILE
from emrs_core.testing.identity.people import ADA, BEN, MALLORY, REVIEWER_EMAIL, ROSA
from emrs_core.testing.identity.server import IdentityServer
from emrs_core.testing.identity.server import running as identity_running
from emrs_core.testing.timeline import make_info, make_samples
from emrs_core.timeline.access import person_id
from emrs_core.timeline.events import Marker
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.types import Emotion
from emrs_core.ui import hooks
from tests.e2e.identity_visit import Signing, rows, write_secrets
from tests.e2e.live_page import PAGE_TIMEOUT_MS, LivePage
from tests.e2e.server import Server, running
from tests.e2e.states import people
from tests.e2e.states.record import name_session

Visit = Callable[..., LivePage]
Come = Callable[..., Signing]


@pytest.fixture(scope="module")
def identity() -> Iterator[IdentityServer]:
    with identity_running() as server:
        yield server


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory, identity: IdentityServer) -> Iterator[Server]:
    """A dashboard for guests, where one can sign in and Rosa is a reviewer."""
    home = tmp_path_factory.mktemp("access")
    write_secrets(home, identity)
    with running(home, EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]", EMRS_REVIEWERS=REVIEWER_EMAIL) as server:
        yield server


@pytest.fixture
def come(visit: Visit, dashboard: Server, identity: IdentityServer) -> Iterator[Come]:
    """Somebody new; at the end no secret and nobody's name stands in the log or in the database."""
    yield lambda clip="astronaut": Signing(visit(clip, url=dashboard.url), dashboard.url)
    told = [*identity.provider.told, *(text for who in (ADA, BEN, ROSA) for text in (who.email, who.subject))]
    log = dashboard.log()
    assert not [secret for secret in told if secret in log]
    assert "Traceback" not in log
    kept = b"".join(path.read_bytes() for path in dashboard.data_dir.rglob("*") if path.is_file())
    assert not [secret for secret in told if secret.encode() in kept]
    assert identity.provider.refused == []


def record(live: LivePage) -> None:
    """Agree, and let the camera look for a while."""
    live.agree()
    live.start()
    live.expect_mood("Happy")
    live.stop()


def test_three_browsers(come: Come, dashboard: Server, identity: IdentityServer) -> None:
    """Each sees their own; the reviewer the study too; whatever id stands in the address."""
    guest, ada, rosa = come("room"), come(), come("room")
    guest.expect_note("Guest visit")
    record_by_hand(guest.live)
    assert rows(dashboard) == []

    ada.sign_in(ADA)
    ada.expect_note("Signed in")
    expect(ada.live.part(hooks.CONSENT)).to_contain_text("under your account")
    assert rows(dashboard) == []  # nothing before the agreement
    record(ada.live)
    ada.live.until(lambda: len(rows(dashboard)) == 1, 10_000, "a session in the database")
    ((private, owner, study),) = rows(dashboard)
    assert (owner, study) == (person_id(identity.url, ADA.subject), "")
    shared = put_into_study(dashboard, owner)

    ada.live.go_to("Timelines")
    ada.expect_sessions(private, shared)
    guest.live.go_to("Timelines")
    expect(guest.sessions).to_have_count(1, timeout=PAGE_TIMEOUT_MS)
    assert not {private, shared} & set(guest.session_ids())

    rosa.sign_in(ROSA)
    expect(rosa.badge).to_contain_text("reviewer")
    rosa.live.go_to("Timelines")
    rosa.expect_sessions(shared)
    rosa.open_session(shared)
    rosa.expect_no_way_to_delete()
    for session in (private, "nobody"):
        rosa.open_session(session)
        rosa.expect_nothing_there()
    assert len(rows(dashboard)) == 2

    for session in (private, shared, "nobody"):
        guest.open_session(session)
        guest.expect_nothing_there()
    ada.open_session(private)
    expect(ada.live.part(hooks.SESSIONS_DELETE)).to_be_visible(timeout=PAGE_TIMEOUT_MS)
    ada.sign_out()
    for session in (private, shared, "nobody"):
        ada.open_session(session)
        ada.expect_nothing_there()


def record_by_hand(live: LivePage) -> None:
    """Agree, and choose a mood: that is a session too."""
    live.agree()
    live.choose_by_hand(Emotion.HAPPY)
    live.expect_songs()


def put_into_study(dashboard: Server, owner: str) -> str:
    """A second session of the same person, in a study; returns its id."""
    store = StoreOpener(f"sqlite:///{dashboard.data_dir / SESSIONS_FILE}")()
    info = make_info(owner=owner, study="S1", participant="P01", title="Visit 1")
    store.begin(info)
    store.append(info.id, make_samples(400), [Marker(t_s=2.0, label="start")])
    store.end(info.id, info.started_at)
    store.close()
    return info.id


def test_another_person_and_one_who_claims_the_reviewers_address_see_nothing(come: Come, dashboard: Server) -> None:
    kept = [session for session, _, _ in rows(dashboard)]
    assert kept
    for person in (BEN, MALLORY):
        other = come("room")
        other.sign_in(person)
        expect(other.badge).not_to_contain_text("reviewer")
        other.live.go_to("Timelines")
        expect(other.live.part(hooks.SESSIONS)).to_be_visible(timeout=PAGE_TIMEOUT_MS)
        expect(other.sessions).to_have_count(0)
        for session in kept:
            other.open_session(session)
            other.expect_nothing_there()


def test_the_visit_comes_along_and_what_it_recorded_is_kept_on_request(come: Come, dashboard: Server) -> None:
    before = len(rows(dashboard))
    ben = come("room")
    record_by_hand(ben.live)
    songs = ben.live.track_ids()
    ben.sign_in(BEN)
    ben.live.expect_mood("Happy")
    assert ben.live.expect_songs() == songs
    ben.live.agree()
    ben.live.part(hooks.SIGN_IN_KEEP).get_by_role("button").click(timeout=PAGE_TIMEOUT_MS)
    expect(ben.live.part(hooks.SIGN_IN_KEEP)).to_have_count(0, timeout=PAGE_TIMEOUT_MS)
    assert len(rows(dashboard)) > before


def test_whoever_cancels_is_the_guest_they_were(come: Come) -> None:
    guest = come("room")
    record_by_hand(guest.live)
    guest.cancel()
    guest.expect_note("Guest visit")
    guest.live.expect_mood("Happy")
    expect(guest.live.part(hooks.CONSENT)).to_have_count(0)


def test_a_person_puts_a_session_into_a_study_and_only_reviewers_see_it_there(come: Come, dashboard: Server) -> None:
    """By the form on the Live page; the reviewer names its condition, and its owner sees that."""
    rosa, ada, ben = come("room"), come("room"), come("room")
    rosa.sign_in(ROSA)
    rosa.live.go_to("Timelines")
    people.show(rosa.live)
    people.make_study(rosa.live)

    before = rows(dashboard)
    ada.sign_in(ADA)
    record_by_hand(ada.live)
    ada.live.until(lambda: len(rows(dashboard)) > len(before), 10_000, "a session in the database")
    (session,) = {one for one, _, _ in rows(dashboard)} - {one for one, _, _ in before}
    rosa.open_session(session)
    rosa.expect_nothing_there()
    name_session(ada.live, people.STUDY, "P-11")
    ada.live.until(lambda: session in in_study(dashboard, people.STUDY), 10_000, "it is in the study")

    rosa.live.go_to("Timelines")
    expect(rosa.row(session)).to_contain_text("P-11", timeout=PAGE_TIMEOUT_MS)
    rosa.open_session(session)
    rosa.name_condition("calm")
    rosa.expect_no_way_to_delete()
    ben.sign_in(BEN)
    ben.live.go_to("Timelines")
    expect(ben.live.part(hooks.SESSIONS)).to_be_visible(timeout=PAGE_TIMEOUT_MS)
    expect(ben.row(session)).to_have_count(0)
    ben.open_session(session)
    ben.expect_nothing_there()
    ada.open_session(session)
    expect(ada.live.part(hooks.SESSION_HEAD)).to_contain_text("calm", timeout=PAGE_TIMEOUT_MS)


def in_study(dashboard: Server, study: str) -> list[str]:
    return [session for session, _, named in rows(dashboard) if named == study]
