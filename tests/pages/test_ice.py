"""Which STUN and TURN servers a visitor gets: from a setting, from a service that the environment names, or none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit_webrtc import credentials

from emrs_core.settings import Mode, Settings
from emrs_core.ui.ice import has_relay, ice_configuration

SERVICES = {
    "get_cloudflare_ice_servers": ("CLOUDFLARE_TURN_KEY_ID", "CLOUDFLARE_TURN_KEY_API_TOKEN"),
    "get_twilio_ice_servers": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    "get_hf_ice_servers": ("HF_TOKEN",),
}
"""Who is asked, and what ``.env.example`` calls the credentials."""
RELAY = {"urls": "turn:relay.example", "username": "u", "credential": "c"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No service is named, and none is asked over the network."""
    for service, names in SERVICES.items():
        monkeypatch.setattr(credentials, service, _never)
        for name in names:
            monkeypatch.delenv(name, raising=False)
    credentials.get_available_ice_servers.clear()
    yield
    credentials.get_available_ice_servers.clear()


def _never(*arguments: Any, **named: Any) -> list[Any]:
    raise AssertionError("nobody may be asked")


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_the_environment_names_gives_guests_a_relay(
    monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    for name in SERVICES[service]:
        monkeypatch.setenv(name, "secret")
    monkeypatch.setattr(credentials, service, lambda *arguments, **named: [RELAY])
    configuration = ice_configuration(Settings(), Mode.HOSTED)
    assert RELAY in configuration["iceServers"]
    assert has_relay(configuration)


def test_without_any_a_guest_gets_a_public_stun_server() -> None:
    configuration = ice_configuration(Settings(), Mode.HOSTED)
    assert [server["urls"].partition(":")[0] for server in configuration["iceServers"]] == ["stun"]
    assert not has_relay(configuration)


def test_the_owner_at_the_machine_needs_none() -> None:
    assert ice_configuration(Settings(), Mode.LOCAL) == {"iceServers": []}


@pytest.mark.parametrize("mode", [Mode.LOCAL, Mode.HOSTED])
def test_the_setting_wins_for_everybody(monkeypatch: pytest.MonkeyPatch, mode: Mode) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    assert ice_configuration(Settings(ice_servers=(RELAY,)), mode) == {"iceServers": [RELAY]}
    assert ice_configuration(Settings(ice_servers=()), mode) == {"iceServers": []}


@pytest.mark.parametrize(
    ("urls", "relay"),
    [("turn:a", True), ("turns:a?transport=tcp", True), ("stun:a", False), (["stun:a", "turn:b"], True), ([], False)],
)
def test_a_relay_is_known_by_its_address(urls: str | list[str], relay: bool) -> None:
    assert has_relay({"iceServers": [{"urls": urls}]}) is relay
