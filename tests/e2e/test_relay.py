"""The dashboard's stream over a real relay alone: the browser is forbidden every direct way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import coturn
from tests.e2e import browser as browsers
from tests.e2e.live_page import LivePage
from tests.e2e.server import running

RELAY_ONLY = """
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration) { super({ ...configuration, iceTransportPolicy: "relay" }); }
};
"""


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[coturn.Relay]:
    with coturn.relay(tmp_path) as running_relay:
        yield running_relay


def test_the_stream_crosses_the_relay_that_the_setting_names(
    browser_with: Callable[[str], Browser], relay: coturn.Relay, tmp_path: Path
) -> None:
    with running(tmp_path, EMRS_MODE="hosted", EMRS_ICE_SERVERS=relay.setting) as server:
        context = browsers.visitor(browser_with("astronaut"))
        context.add_init_script(RELAY_ONLY)
        live = LivePage(context.new_page(), server.url)
        live.agree()
        live.start()
        live.expect_mood("Happy")
        live.leave()
    assert "username=<emrs>" in relay.log()
    assert "ALLOCATE processed, success" in relay.log()


def test_without_a_relay_such_a_browser_is_told_so(browser_with: Callable[[str], Browser], tmp_path: Path) -> None:
    with running(tmp_path, EMRS_MODE="hosted", EMRS_ICE_SERVERS="[]") as server:
        context = browsers.visitor(browser_with("astronaut"))
        context.add_init_script(RELAY_ONLY)
        live = LivePage(context.new_page(), server.url)
        live.agree()
        live.stream.get_by_role("button", name="Start").click(timeout=30_000)
        live.page.get_by_text("no relay (TURN) set up").wait_for(timeout=60_000)
        context.close()
