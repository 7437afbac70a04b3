"""Three browsers at one server: a guest, a participant who signs in, and a reviewer. Nobody sees what is not theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from emrs_core.testing.identity.people import ADA, BEN, REVIEWER_EMAIL, ROSA
from emrs_core.testing.identity.server import IdentityServer
from emrs_core.testing.identity.server import running as identity_running
from emrs_core.timeline.access import person_id
from emrs_core.ui import hooks
from tests.e2e.identity_visit import Signing, rows, write_secrets
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server, running

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
    yield lambda clip="astronaut": Signing(visit(clip, url=dashboard.url))
    told = [*identity.provider.told, *(text for who in (ADA, BEN, ROSA) for text in (who.email, who.subject))]
    log = dashboard.log()
    assert not [secret for secret in told if secret in log]
    assert "Traceback" not in log
    kept = b"".join(path.read_bytes() for path in dashboard.data_dir.rglob("*") if path.is_file())
    assert not [secret for secret in told if secret.encode() in kept]
    assert identity.provider.refused == []


def test_a_guest_leaves_nothing(come: Come, dashboard: Server) -> None:
    guest = come()
    guest.expect_note("Guest visit")
    before = rows(dashboard)
    guest.live.agree()
    guest.live.start()
    guest.live.expect_mood("Happy")
    guest.live.stop()
    assert rows(dashboard) == before


def test_a_participant_signs_in_and_keeps_a_session(come: Come, dashboard: Server, identity: IdentityServer) -> None:
    ada = come()
    ada.sign_in(ADA)
    ada.expect_note("Signed in")
    expect(ada.live.part(hooks.CONSENT)).to_contain_text("under your account")
    ada.live.agree()
    ada.live.start()
    ada.live.expect_mood("Happy")
    ada.live.until(lambda: len(rows(dashboard)) == 1, 10_000, "a session in the database")
    ada.live.stop()
    assert rows(dashboard)[0][1:] == (person_id(identity.url, ADA.subject), "")
    ada.sign_out()
