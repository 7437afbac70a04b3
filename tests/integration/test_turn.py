"""A real coturn: pictures over it alone, where both sides are forbidden every direct way; and asked by STUN."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from aiortc import RTCConfiguration, RTCIceGatherer, RTCIceTransport, RTCIceTransportPolicy
from streamlit_webrtc.config import compile_rtc_configuration

from emrs_core.settings import Mode, Settings
from emrs_core.ui.ice import has_relay, ice_configuration
from tests import coturn
from tests.integration.peers import Client, background_loop, connected_client, make_worker

PICTURES = 15


class Echo:
    """Sends every picture back as it came."""

    def on_frame(self, frame: av.VideoFrame) -> av.VideoFrame:
        return frame

    def on_ended(self) -> None:
        """Nothing to free."""


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[coturn.Relay]:
    with coturn.relay(tmp_path) as running:
        yield running


def relay_only(setting: str) -> RTCConfiguration:
    """The connection's configuration from that value of EMRS_ICE_SERVERS, with every other way forbidden."""
    offered = ice_configuration(Settings.from_mapping({"EMRS_ICE_SERVERS": setting}), Mode.HOSTED)
    assert has_relay(offered)
    configuration = compile_rtc_configuration(offered)
    configuration.iceTransportPolicy = RTCIceTransportPolicy.RELAY
    return configuration


def test_pictures_go_through_the_relay_that_the_setting_names(relay: coturn.Relay) -> None:
    configuration = relay_only(relay.setting)

    async def run(loop: asyncio.AbstractEventLoop) -> tuple[Client, set[tuple[str, str]]]:
        worker = await asyncio.to_thread(make_worker, loop, Echo(), configuration)
        try:
            async with connected_client(worker, configuration) as client:
                await client.until_received(PICTURES)
                return client, client.path_types()
        finally:
            await asyncio.to_thread(worker.stop)

    with background_loop() as loop:
        client, path = asyncio.run(run(loop))
    assert len(client.received) >= PICTURES
    assert path == {("relay", "relay")}
    assert relay.log().count("ALLOCATE processed, success") == 2  # one address for each side


def test_the_stun_server_that_the_setting_names_tells_the_address_that_others_see(relay: coturn.Relay) -> None:
    assert "srflx" not in gathered(json.dumps([]))
    assert "srflx" in gathered(json.dumps([{"urls": f"stun:127.0.0.1:{relay.port}"}]))


def gathered(setting: str) -> set[str]:
    """The kinds of addresses that the server offers with that value of EMRS_ICE_SERVERS."""
    offered = ice_configuration(Settings.from_mapping({"EMRS_ICE_SERVERS": setting}), Mode.HOSTED)
    assert not has_relay(offered)

    async def gather() -> set[str]:
        gatherer = RTCIceGatherer(compile_rtc_configuration(offered).iceServers)
        await gatherer.gather()
        found = {candidate.type for candidate in gatherer.getLocalCandidates()}
        await RTCIceTransport(gatherer).stop()  # closes its sockets
        return found

    return asyncio.run(gather())
