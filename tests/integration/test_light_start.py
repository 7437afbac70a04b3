"""What only some visits need is loaded when it is asked for: the dashboard starts faster and smaller without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = {"scipy", "sqlalchemy", "alembic", "tensorflow", "keras", "spotipy"}
START = "import emrs_core.bootstrap, emrs_core.ui.frame"
TIMELINES = (
    "import emrs_core.ui.record.said_view, emrs_core.ui.timeline.session.opened, emrs_core.ui.timeline.summary_view"
)
FIGURES = """
from datetime import UTC, datetime
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionInfo, Timeline
from emrs_core.timeline.events import Sample
from emrs_core.timeline.statistics.summary import summarise
from emrs_core.types import AffectPoint
looks = [Sample(float(t), "happy", None, None, point=AffectPoint(t % 7 / 7, 0)) for t in range(60)]
summarise(Timeline(SessionInfo("s", "local", datetime(2026, 5, 1, tzinfo=UTC)), Samples.of(looks)))
"""
LIVE_PATH = """
import time
import av
import cv2
from emrs_core.bootstrap import build_services, new_feed, new_session
from emrs_core.settings import Mode, Settings
from emrs_core.testing.clock import FakeClock
clock = FakeClock()
session = new_session(build_services(Settings()), Mode.HOSTED, clock)
feed = new_feed(session)
picture = av.VideoFrame.from_ndarray(cv2.imread("emrs_core/ui/samples/face.jpg"), format="bgr24")
for _ in range(120):
    clock.advance(0.1)
    seen = session.clock.now_s()
    feed.on_frame(picture)
    while (latest := feed.snapshot().analysis) is None or latest.t_s < seen:
        time.sleep(0.001)
feed.close()
assert session.mood().label == "happy" and len(session.songs().items) > 5
"""


def loaded_by(script: str, repository: Path) -> set[str]:
    """Which of HEAVY a process of its own has after that script."""
    script += "\nimport sys\nprint(*{name.partition('.')[0] for name in sys.modules})"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=repository, capture_output=True, text=True, check=True, timeout=120
    )
    return HEAVY.intersection(run.stdout.splitlines()[-1].split())


def test_the_dashboard_starts_without_them(repository: Path) -> None:
    assert loaded_by(START, repository) == set()


def test_from_the_camera_to_mood_and_songs_without_them(repository: Path) -> None:
    assert loaded_by(LIVE_PATH, repository) == set()


def test_opening_a_session_needs_no_scipy_and_its_figures_do(repository: Path) -> None:
    assert "scipy" not in loaded_by(TIMELINES, repository)
    assert "scipy" in loaded_by(TIMELINES + FIGURES, repository)
