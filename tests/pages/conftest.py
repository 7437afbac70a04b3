"""The dashboard under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from emrs_core.bootstrap import build_catalogue
from emrs_core.timeline.access.viewer import OWNER_ID
from emrs_core.timeline.demo.keeping import add_demo
from tests.pages.harness import Dashboard
from tests.pages.spotify_world import SpotifyWorld
from tests.pages.timelines_use import NOW, store_of


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


@pytest.fixture
def page(dashboard: Dashboard) -> Dashboard:
    """The Timelines page of the owner, with nothing kept."""
    return dashboard.run().open("Timelines")


@pytest.fixture
def demo(page: Dashboard) -> Dashboard:
    """The same with the demo data."""
    add_demo(store_of(page), build_catalogue().tracks(), NOW, OWNER_ID)
    return page.run()


@pytest.fixture
def guest(dashboard: Dashboard) -> Dashboard:
    """The Timelines page of a guest."""
    dashboard.environment(EMRS_MODE="hosted")
    return dashboard.run().open("Timelines")
