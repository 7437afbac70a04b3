"""Settings: read once from the environment (or from Streamlit's secrets, which the pages pass in), then frozen."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import platformdirs

from emrs_core.errors import SettingsError

APP_NAME = "emrs"
SPOTIFY_EMBED_API_URL = "https://open.spotify.com/embed/iframe-api/v1"
"""The script of Spotify's iFrame API: https://developer.spotify.com/documentation/embeds/references/iframe-api"""
APP_VERSION = "0.1.0"
"""As in ``pyproject.toml``; kept with each session."""
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Mode(StrEnum):
    """``AUTO`` decides per visitor; the other two hold for everybody."""

    AUTO = "auto"
    LOCAL = "local"
    HOSTED = "hosted"


@dataclass(frozen=True, slots=True)
class SpotifySettings:
    """How to reach Spotify; without a ``client_id`` the dashboard shows how to get one. The key never shows."""

    client_id: str = ""
    accounts_url: str = "https://accounts.spotify.com"
    api_url: str = "https://api.spotify.com/v1"
    redirect_uri: str = ""  # "": made from the address that the browser uses
    token_key: str = field(default="", repr=False)  # "": connections live in memory

    @property
    def configured(self) -> bool:
        """Whether anybody can connect at all."""
        return bool(self.client_id)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set from outside; ``.env.example`` explains each. Secrets never show in ``repr``."""

    mode: Mode = Mode.AUTO
    data_dir: Path = field(default_factory=lambda: Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)))
    ice_servers: tuple[Mapping[str, Any], ...] | None = field(default=None, repr=False)
    model: Path | None = None  # the network that serves, from ``models/`` unless absolute; None: the VGG-16
    spotify_embed_api_url: str = SPOTIFY_EMBED_API_URL
    spotify: SpotifySettings = field(default_factory=SpotifySettings)
    database_url: str | None = field(default=None, repr=False)  # None: a file in ``data_dir``
    reviewers: frozenset[str] = field(default=frozenset(), repr=False)  # e-mail addresses, subjects or ids of people

    @classmethod
    def from_mapping(cls, values: Mapping[str, str]) -> Settings:
        """Settings from names like ``EMRS_MODE``; unknown and empty ones are ignored.

        Raises SettingsError naming the setting, what was expected and what came (never a secret's value).
        """
        given = {name: value.strip() for name, value in values.items() if name.startswith("EMRS_") and value.strip()}
        settings: dict[str, Any] = {}
        if "EMRS_MODE" in given:
            settings["mode"] = _mode(given["EMRS_MODE"])
        if "EMRS_DATA_DIR" in given:
            settings["data_dir"] = Path(given["EMRS_DATA_DIR"]).expanduser()
        if "EMRS_MODEL" in given:
            settings["model"] = Path(given["EMRS_MODEL"]).expanduser()
        if "EMRS_ICE_SERVERS" in given:
            settings["ice_servers"] = _ice_servers(given["EMRS_ICE_SERVERS"])
        if "EMRS_SPOTIFY_EMBED_API_URL" in given:
            settings["spotify_embed_api_url"] = _web_address("EMRS_SPOTIFY_EMBED_API_URL", given)
        if "EMRS_DATABASE_URL" in given:
            settings["database_url"] = _database_url(given["EMRS_DATABASE_URL"])
        if "EMRS_REVIEWERS" in given:
            settings["reviewers"] = _reviewers(given["EMRS_REVIEWERS"])
        return cls(**settings, spotify=_spotify(given))


def visitor_mode(mode: Mode, host_header: str | None) -> Mode:
    """LOCAL or HOSTED for the visitor whose browser sent that Host header (``name``, ``name:port`` or ``[::1]:port``).

    With AUTO, a loopback name means the browser runs on this very machine: its user is the owner. A missing header
    counts as a guest, the careful reading.
    """
    if mode is not Mode.AUTO:
        return mode
    return Mode.LOCAL if _host_name(host_header or "") in LOOPBACK_HOSTS else Mode.HOSTED


def _host_name(header: str) -> str:
    header = header.strip().lower()
    if header.startswith("["):  # an IPv6 literal keeps its own colons
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def _mode(value: str) -> Mode:
    try:
        return Mode(value.lower())
    except ValueError:
        raise SettingsError(f"EMRS_MODE must be auto, local or hosted, got {value!r}.") from None


def _web_address(name: str, given: Mapping[str, str]) -> str:
    parts = urlsplit(given[name])
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(f"{name} must be a web address like {SPOTIFY_EMBED_API_URL}, got {given[name]!r}.")
    return given[name]


def _database_url(value: str) -> str:
    if not value.startswith(("postgresql://", "postgresql+psycopg://", "sqlite:///")):
        raise SettingsError(
            "EMRS_DATABASE_URL must be like postgresql://user:password@host/name or sqlite:////folder/sessions.db; "
            f"it begins with {value.partition(':')[0]!r}."
        )
    return value


def _reviewers(value: str) -> frozenset[str]:
    names = frozenset(re.split(r"[\s,;]+", value.strip(",; "))) - {""}
    if not all(re.fullmatch(r"[^@]+(@[^@]+)?", name) for name in names):
        raise SettingsError(
            "EMRS_REVIEWERS must be e-mail addresses, or subjects or ids of people, with commas between; one of the "
            f"{len(names)} is none of these."
        )
    return names


def _ice_servers(value: str) -> tuple[Mapping[str, Any], ...]:
    expected = (
        'EMRS_ICE_SERVERS must be a JSON list like [{"urls": "turn:host:3478", "username": "...", "credential": "..."}]'
    )
    try:
        servers = json.loads(value)
    except json.JSONDecodeError as exc:
        raise SettingsError(f"{expected}; it is not JSON (character {exc.pos}).") from None
    if not isinstance(servers, list) or not all(isinstance(s, dict) and s.get("urls") for s in servers):
        raise SettingsError(f"{expected}; every entry needs at least 'urls'.")
    return tuple(servers)


def _spotify(given: Mapping[str, str]) -> SpotifySettings:
    settings = {}
    for name, check in (
        ("client_id", _client_id),
        ("accounts_url", _service_url),
        ("api_url", _service_url),
        ("redirect_uri", _service_url),
        ("token_key", _token_key),
    ):
        variable = f"EMRS_SPOTIFY_{name.upper()}"
        if variable in given:
            settings[name] = check(variable, given[variable])
    return SpotifySettings(**settings)


def _client_id(name: str, value: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z._-]{1,64}", value):
        raise SettingsError(f"{name} must be the Client ID of your app, 32 letters and digits, got {value!r}.")
    return value


def _service_url(name: str, value: str) -> str:
    """An address without a slash at its end. Plain http is for this machine alone: tokens travel there."""
    parts = urlsplit(value)
    loopback = parts.hostname in LOOPBACK_HOSTS
    if (
        not parts.hostname
        or parts.query
        or parts.fragment
        or not (parts.scheme == "https" or (parts.scheme == "http" and loopback))
    ):
        raise SettingsError(f"{name} must be an https address (or http on this machine), got {value!r}.")
    return value.rstrip("/")


def _token_key(name: str, value: str) -> str:
    try:
        right = len(base64.b64decode(value, altchars=b"-_", validate=True)) == 32
    except (binascii.Error, ValueError):
        right = False
    if not right:
        raise SettingsError(
            f"{name} must be 32 random bytes in URL-safe base64; docs/spotify.md shows how to make one."
        )
    return value
