"""What the tests of the Timelines page do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from emrs_core.timeline.store import KeptSessions
from emrs_core.ui import state
from emrs_core.ui.timeline import list_view
from emrs_core.ui.timeline.choice import PARAMETER
from tests.pages.harness import Dashboard

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@dataclass
class Upload:
    name: str
    data: bytes

    def getvalue(self) -> bytes:
        return self.data


def store_of(page: Dashboard) -> KeptSessions:
    return state.sessions(page.visit())


def listed(page: Dashboard) -> list[dict[str, Any]]:
    part = page.part("sessions")
    return [] if part is None else part["rows"]


def ids(page: Dashboard) -> list[str]:
    return [row["id"] for row in listed(page)]


def tick(page: Dashboard, *session_ids: str) -> Dashboard:
    list_view.tick(page.visit().timelines, {"ids": list(session_ids), "on": True})
    return page.run()


def open_session(page: Dashboard, session_id: str) -> Dashboard:
    page.app.query_params[PARAMETER] = session_id
    return page.run()


def press(page: Dashboard, key: str) -> Dashboard:
    page.button(key).click()
    return page.run()


def told(page: Dashboard) -> str:
    return "\n".join(str(element.value) for kind in ("success", "error") for element in page.app.get(kind))
