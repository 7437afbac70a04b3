"""Whether one can sign in here: the section [auth] of Streamlit's secrets, which Streamlit itself reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

DEFAULT: Final = "default"
"""What Streamlit calls a provider whose settings stand in [auth] itself."""
SHARED: Final = frozenset({"redirect_uri", "cookie_secret"})
OWN: Final = frozenset({"client_id", "client_secret", "server_metadata_url"})
"""What Streamlit needs of each provider. Source: docs.streamlit.io, st.login."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Providers by Streamlit's names for them, and the one origin (``https://host:port``) where signing in works."""

    providers: tuple[str, ...]
    origin: str

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    def works_at(self, url: str | None) -> bool:
        """Whether that page lies where people are sent back to: cookies belong to one origin."""
        return url is not None and _origin(url) == self.origin


def configured() -> SignIn | None:
    """None without a whole section [auth]: then nothing is offered. Any thread."""
    section = _section()
    if not section.keys() >= SHARED:
        return None
    named = [name for name, part in section.items() if isinstance(part, Mapping) and part.keys() >= OWN]
    providers = ([DEFAULT] if section.keys() >= OWN else []) + [name for name in named if "_" not in name]
    address = str(section["redirect_uri"]).replace("{port}", str(st.get_option("server.port")))
    return SignIn(tuple(providers), _origin(address)) if providers else None


def _section() -> Mapping[str, Any]:
    if not st.secrets.load_if_toml_exists():
        return {}
    section = st.secrets.get("auth")
    return section if isinstance(section, Mapping) else {}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
