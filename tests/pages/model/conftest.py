"""The Model page with a stand-in for the process that looks inside the network."""

from __future__ import annotations

import pytest

from emrs_core.testing.faces import FakeFaceDetector
from emrs_core.types import FaceBox
from emrs_core.ui import resources
from tests.pages.fake_inspector import FakeInspector
from tests.pages.harness import Dashboard


@pytest.fixture
def inspector(monkeypatch: pytest.MonkeyPatch) -> FakeInspector:
    fake = FakeInspector()
    monkeypatch.setattr(resources, "inspector", lambda: fake)
    return fake


@pytest.fixture
def page(dashboard: Dashboard, inspector: FakeInspector, monkeypatch: pytest.MonkeyPatch) -> Dashboard:
    monkeypatch.setattr("emrs_core.bootstrap.HaarFaceDetector", lambda: FakeFaceDetector((FaceBox(68, 54, 102, 102),)))
    return dashboard.run().open("Model")
