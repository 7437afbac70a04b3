"""The dashboard under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.harness import Dashboard
from tests.pages.spotify_world import SpotifyWorld


@pytest.fixture
def dashboard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Dashboard]:
    """On the owner's own machine, with nothing seen and nothing agreed to."""
    dashboard = Dashboard(monkeypatch, tmp_path)
    yield dashboard
    dashboard.close()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> SpotifyWorld:
    """A dashboard with a Client ID at Spotify, and nobody connected."""
    return SpotifyWorld(monkeypatch)
