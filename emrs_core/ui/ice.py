"""Which STUN and TURN servers browser and server use to find each other."""

from __future__ import annotations

from typing import Any

from streamlit_webrtc.credentials import get_available_ice_servers

from emrs_core.settings import Mode, Settings


def ice_configuration(settings: Settings, mode: Mode) -> dict[str, Any]:
    """The ``rtc_configuration`` for a visitor of that mode. Script thread; may ask a TURN provider (10 s at most).

    ``EMRS_ICE_SERVERS`` wins. Without it the owner at the machine itself needs none, and for a guest the Cloudflare,
    Twilio or Hugging Face credentials in the environment are turned into short-lived ones (kept for an hour, valid
    for two), or, when there are none, a public STUN server stands in, which many networks do not let through.
    Call it on every run: handing the streamer no servers makes it keep the first credentials for ever.
    """
    if settings.ice_servers is not None:
        return {"iceServers": [dict(server) for server in settings.ice_servers]}
    if mode is Mode.LOCAL:
        return {"iceServers": []}
    return {"iceServers": [dict(server) for server in get_available_ice_servers()]}


def has_relay(configuration: dict[str, Any]) -> bool:
    """Whether a TURN server is among them; without one a strict network cannot be crossed."""
    urls = [server.get("urls", "") for server in configuration["iceServers"]]
    flat = [url for entry in urls for url in ([entry] if isinstance(entry, str) else entry)]
    return any(url.startswith(("turn:", "turns:")) for url in flat)
