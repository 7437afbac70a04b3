"""A visit with the camera is kept as a session, and how it ended is known afterwards."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emrs_core.bootstrap import SESSIONS_FILE
from emrs_core.timeline.events import ConsentGiven, MoodChanged, SongsShown
from emrs_core.timeline.sessions import SessionState, Timeline
from emrs_core.timeline.sql.opening import StoreOpener
from tests.e2e.live_page import LivePage
from tests.e2e.server import STOP_TIMEOUT_S, Server, running

Visit = Callable[..., LivePage]
LATER = timedelta(minutes=1)
"""By then a session that nobody writes to any more is known to be over."""


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Server]:
    """A dashboard of the owner, for this test alone."""
    with running(tmp_path, EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as server:
        yield server


def the_session(server: Server) -> Timeline:
    """The one session kept there."""
    store = StoreOpener(f"sqlite:///{server.data_dir / SESSIONS_FILE}", now=lambda: datetime.now(UTC) + LATER)()
    try:
        (summary,) = store.list()
        return store.read(summary.info.id)
    finally:
        store.close()


def a_visit(visit: Visit, server: Server) -> LivePage:
    live = visit(url=server.url)
    live.agree()
    live.start()
    live.expect_mood("Happy")
    live.expect_songs()
    return live


def end(server: Server, how: signal.Signals) -> None:
    server.process.send_signal(how)
    server.process.wait(STOP_TIMEOUT_S)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_visit_is_kept_and_over_when_the_server_stops(visit: Visit, local: Server, how: signal.Signals) -> None:
    a_visit(visit, local)
    end(local, how)
    timeline = the_session(local)
    assert timeline.info.state is SessionState.ENDED
    kinds = {type(event) for event in timeline.events}
    assert {ConsentGiven, MoodChanged, SongsShown} <= kinds
    moods = [sample.mood for sample in timeline.samples]
    assert moods.count("happy") > len(moods) / 2
    length_s = float(timeline.samples.t_s[-1] - timeline.samples.t_s[0])
    assert 5 <= len(moods) / length_s <= 10.5


def test_a_server_that_is_killed_leaves_an_interrupted_session(visit: Visit, local: Server) -> None:
    a_visit(visit, local)
    end(local, signal.SIGKILL)
    timeline = the_session(local)
    assert timeline.info.state is SessionState.INTERRUPTED
    assert len(timeline.samples) > 20
