"""Settings: read once from the environment (or from Streamlit's secrets, which the pages pass in), then frozen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import platformdirs

from emrs_core.errors import SettingsError

APP_NAME = "emrs"
APP_VERSION = "0.1.0"
"""As in ``pyproject.toml``; kept with each session."""
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


class Mode(StrEnum):
    """``AUTO`` decides per visitor; the other two hold for everybody."""

    AUTO = "auto"
    LOCAL = "local"
    HOSTED = "hosted"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set from outside; ``.env.example`` explains each. Secrets never show in ``repr``."""

    mode: Mode = Mode.AUTO
    data_dir: Path = field(default_factory=lambda: Path(platformdirs.user_data_dir(APP_NAME, appauthor=False)))
    ice_servers: tuple[Mapping[str, Any], ...] | None = field(default=None, repr=False)
    database_url: str | None = field(default=None, repr=False)  # None: a file in ``data_dir``

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
        if "EMRS_ICE_SERVERS" in given:
            settings["ice_servers"] = _ice_servers(given["EMRS_ICE_SERVERS"])
        if "EMRS_DATABASE_URL" in given:
            settings["database_url"] = _database_url(given["EMRS_DATABASE_URL"])
        return cls(**settings)


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


def _database_url(value: str) -> str:
    if not value.startswith(("postgresql://", "postgresql+psycopg://", "sqlite:///")):
        raise SettingsError(
            "EMRS_DATABASE_URL must be like postgresql://user:password@host/name or sqlite:////folder/sessions.db; "
            f"it begins with {value.partition(':')[0]!r}."
        )
    return value


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
