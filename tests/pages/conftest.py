"""The dashboard under test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.harness import Dashboard


@pytest.fixture
def dashboard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Dashboard:
    """On the owner's own machine, with nothing seen and nothing agreed to."""
    return Dashboard(monkeypatch, tmp_path)
