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
from tests.e2e.live_page import PAGE_TIMEOUT_MS, LivePage
from tests.e2e.server import Server


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
        found = connection.execute("SELECT id, owner, study FROM emrs_sessions ORDER BY started_at, id").fetchall()
    return [(str(session), str(owner), str(study)) for session, owner, study in found]


class Signing:
    """One visitor and the way to the provider and back."""

    def __init__(self, live: LivePage) -> None:
        self.live, self.page = live, live.page

    @property
    def badge(self) -> Locator:
        return self.live.part(hooks.SIGN_IN_BADGE)

    def sign_in(self, person: Account) -> None:
        """By the link that every page has, through the provider's page, and back."""
        self.badge.get_by_role("link", name="Sign in").click(timeout=PAGE_TIMEOUT_MS)
        self.page.locator(f'button[value="{person.subject}"]').click(timeout=PAGE_TIMEOUT_MS)
        expect(self.badge).to_contain_text(person.name, timeout=PAGE_TIMEOUT_MS)

    def sign_out(self) -> None:
        self.live.part(hooks.SIGN_OUT).get_by_role("button").click()
        expect(self.badge.get_by_role("link", name="Sign in")).to_be_visible(timeout=PAGE_TIMEOUT_MS)
        expect(self.live.part(hooks.MODE_NOTE)).to_contain_text("Guest visit", timeout=PAGE_TIMEOUT_MS)

    def expect_note(self, text: str) -> None:
        expect(self.live.part(hooks.MODE_NOTE)).to_contain_text(re.compile(text), timeout=PAGE_TIMEOUT_MS)
