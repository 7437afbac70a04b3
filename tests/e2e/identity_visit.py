"""A browser at a dashboard where one can sign in, and what its person does there."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Locator, expect

from emrs_core.testing.identity.people import Account
from emrs_core.testing.identity.server import IdentityServer
from emrs_core.ui import hooks
from emrs_core.ui.timeline.files_view import OTHERS
from emrs_core.ui.timeline.page import GONE
from tests.e2e.live_page import PAGE_TIMEOUT_MS, LivePage
from tests.e2e.server import Server
from tests.e2e.states import timelines


def write_secrets(home: Path, identity: IdentityServer) -> None:
    """What the dashboard is told of the provider, where Streamlit looks for it."""
    folder = home / "user" / ".streamlit"
    folder.mkdir(parents=True)
    (folder / "secrets.toml").write_text(identity.secrets_toml(), encoding="utf-8")


def rows(server: Server) -> list[tuple[str, str, str]]:
    """Id, owner and study of every session in the dashboard's database; empty without one."""
    path = server.data_dir / "sessions.db"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as connection:
        if not connection.execute("SELECT name FROM sqlite_master WHERE name = 'emrs_sessions'").fetchall():
            return []  # it is being made
        found = connection.execute("SELECT id, owner, study FROM emrs_sessions ORDER BY started_at, id").fetchall()
    return [(str(session), str(owner), str(study)) for session, owner, study in found]


class Signing:
    """One visitor and the way to the provider and back."""

    def __init__(self, live: LivePage, url: str) -> None:
        self.live, self.page, self.url = live, live.page, url

    @property
    def badge(self) -> Locator:
        return self.live.part(hooks.SIGN_IN_BADGE)

    def sign_in(self, person: Account) -> None:
        """By the link that every page has, through the provider's page, and back."""
        self.badge.get_by_role("link", name="Sign in").click(timeout=PAGE_TIMEOUT_MS)
        self.page.locator(f'button[value="{person.subject}"]').click(timeout=PAGE_TIMEOUT_MS)
        expect(self.badge).to_contain_text(person.name, timeout=PAGE_TIMEOUT_MS)

    def cancel(self) -> None:
        """Go to the provider, and come back without signing in."""
        self.badge.get_by_role("link", name="Sign in").click(timeout=PAGE_TIMEOUT_MS)
        self.page.get_by_role("button", name="Cancel").click(timeout=PAGE_TIMEOUT_MS)
        expect(self.badge.get_by_role("link", name="Sign in")).to_be_visible(timeout=PAGE_TIMEOUT_MS)

    def sign_out(self) -> None:
        self.live.part(hooks.SIGN_OUT).get_by_role("button").click()
        expect(self.badge.get_by_role("link", name="Sign in")).to_be_visible(timeout=PAGE_TIMEOUT_MS)
        expect(self.live.part(hooks.MODE_NOTE)).to_contain_text("Guest visit", timeout=PAGE_TIMEOUT_MS)

    def expect_note(self, text: str) -> None:
        expect(self.live.part(hooks.MODE_NOTE)).to_contain_text(re.compile(text), timeout=PAGE_TIMEOUT_MS)

    # -- the Timelines page --------------------------------------------------------------------------------------

    @property
    def sessions(self) -> Locator:
        """The rows of the list."""
        return timelines.rows(self.live)

    def session_ids(self) -> list[str]:
        return [str(one) for one in self.sessions.evaluate_all("rows => rows.map(row => row.dataset.sessionId)")]

    def row(self, session_id: str) -> Locator:
        return timelines.row(self.live, session_id)

    def name_condition(self, condition: str) -> None:
        """Put the session that is open into that condition; new here, and nothing else is offered of another's."""
        self.live.part(hooks.SESSIONS_ASSIGN).get_by_role("button").first.click(timeout=PAGE_TIMEOUT_MS)
        box = self.live.part(hooks.ASSIGN_CONDITION).locator("input").first
        expect(box).to_be_visible(timeout=PAGE_TIMEOUT_MS)
        expect(self.live.part(hooks.ASSIGN_STUDY)).to_have_count(0)
        expect(self.live.part(hooks.ASSIGN_PARTICIPANT)).to_have_count(0)
        box.fill(condition)
        box.press("Enter")
        self.live.part(hooks.ASSIGN).get_by_role("button").click()
        expect(self.live.part(hooks.SESSION_HEAD)).to_contain_text(condition, timeout=PAGE_TIMEOUT_MS)

    def expect_sessions(self, *ids: str) -> None:
        """Exactly these are listed."""
        expect(self.sessions).to_have_count(len(ids), timeout=PAGE_TIMEOUT_MS)
        assert set(self.session_ids()) == set(ids)

    def open_session(self, session_id: str) -> None:
        """By the address, as somebody would who was told the id or made it up."""
        self.page.goto(f"{self.url}/timelines?session={session_id}")
        expect(self.live.part(hooks.TIMELINES_BACK)).to_be_visible(timeout=PAGE_TIMEOUT_MS)

    def expect_nothing_there(self) -> None:
        expect(self.live.part(hooks.TIMELINES)).to_contain_text(GONE, timeout=PAGE_TIMEOUT_MS)
        expect(self.live.part(hooks.SESSIONS_DELETE)).to_have_count(0)
        expect(self.live.part(hooks.SESSIONS_EXPORT)).to_have_count(0)

    def expect_no_way_to_delete(self) -> None:
        self.live.part(hooks.SESSIONS_DELETE).get_by_role("button").first.click(timeout=PAGE_TIMEOUT_MS)
        expect(self.page.get_by_text(OTHERS)).to_be_visible(timeout=PAGE_TIMEOUT_MS)
        expect(self.live.part(hooks.SESSIONS_SURE)).to_have_count(0)
        self.page.keyboard.press("Escape")
