"""A researcher's way with a participant: a study, a code, an agreement, a session, everything out, everything gone."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from emrs_core.timeline.importing import parse_session
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.ui import hooks
from tests.e2e import server
from tests.e2e.live_page import LivePage
from tests.e2e.states import people as states
from tests.e2e.states import timelines as timeline_states
from tests.e2e.states.timelines import TIMEOUT_MS

Visit = Callable[..., LivePage]


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[server.Server]:
    """A dashboard of its owner, with nothing kept."""
    with server.running(tmp_path, EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as running:
        yield running


def make_participant(live: LivePage) -> str:
    """A new one under the code that was drawn, who agreed to a form."""
    states.press(live, hooks.PARTICIPANT_NEW)
    drawn = states.field(live, hooks.PARTICIPANT_CODE)
    expect(drawn).to_have_value(re.compile(r"P-\w{5}"), timeout=TIMEOUT_MS)
    code = drawn.input_value()
    states.press(live, hooks.PARTICIPANT_MAKE)
    states.told(live, f"{code} is there")
    expect(live.part(hooks.PARTICIPANT_CARD)).to_contain_text(code, timeout=TIMEOUT_MS)
    states.press(live, hooks.CONSENT_NEW)
    states.field(live, hooks.CONSENT_VERSION).fill("form 7")
    states.press(live, hooks.CONSENT_SAVE)
    expect(live.part(hooks.CONSENTS)).to_contain_text("form 7", timeout=TIMEOUT_MS)
    return code


def assign(live: LivePage, session_id: str, code: str) -> None:
    states.view_sessions(live)
    timeline_states.tick(live, session_id)
    states.press(live, hooks.SESSIONS_ASSIGN)
    for key, value in ((hooks.ASSIGN_STUDY, states.STUDY), (hooks.ASSIGN_PARTICIPANT, code)):
        states.pick(live, key, value)
    states.press(live, hooks.ASSIGN)
    states.told(live, "Assigned: 1 session.")
    expect(timeline_states.row(live, session_id)).to_contain_text(code, timeout=TIMEOUT_MS)


def test_everything_of_a_participant_goes_out_and_then_away(visit: Visit, owner: server.Server, tmp_path: Path) -> None:
    live = visit("room", url=owner.url)
    states.people(live)
    code = make_participant(live)
    assign(live, "demo-6", code)
    states.show(live)
    expect(live.part(hooks.STUDIES)).to_contain_text("1 session, 1 participant", timeout=TIMEOUT_MS)
    states.choose(live, code)

    with live.page.expect_download(timeout=TIMEOUT_MS) as waiting:
        states.press(live, hooks.PARTICIPANT_EXPORT)
    waiting.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        record = json.loads(archive.read("participant.json"))
        session = parse_session(archive.read("sessions/demo-6.json"))
    assert record["participant"]["code"] == session.info.participant == code
    assert [consent["version"] for consent in record["consents"]] == ["form 7"]
    assert session.info.study == states.STUDY

    states.press(live, hooks.PARTICIPANT_ERASE)
    states.field(live, hooks.PARTICIPANT_CONFIRM).fill(code)
    states.field(live, hooks.PARTICIPANT_CONFIRM).press("Enter")
    sure = live.part(hooks.PARTICIPANT_SURE).get_by_role("button")
    expect(sure).to_be_enabled(timeout=TIMEOUT_MS)
    sure.click()
    states.told(live, f"Erased {code}: 1 session")
    expect(live.part(hooks.PARTICIPANTS)).not_to_contain_text(code, timeout=TIMEOUT_MS)
    data = b"".join(path.read_bytes() for path in owner.data_dir.glob("sessions.db*"))
    assert code.encode() not in data
    assert b"demo-6" not in data
    with closing(SqlTimelineStore.open(f"sqlite:///{owner.data_dir}/sessions.db")) as store:
        assert len(store.list()) == timeline_states.COUNT - 1
    states.view_sessions(live)
    expect(timeline_states.rows(live)).to_have_count(timeline_states.COUNT - 1, timeout=TIMEOUT_MS)


def test_a_guest_sees_none_of_it(visit: Visit) -> None:
    live = visit("room")
    states.guest(live)
    expect(live.part(hooks.PEOPLE)).to_contain_text("a guest does not see them", timeout=TIMEOUT_MS)
    expect(live.part(hooks.STUDIES)).to_have_count(0)
