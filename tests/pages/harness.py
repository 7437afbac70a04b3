"""The dashboard in memory: real pages and a real session, with a scripted face, songs, clock and stream."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from emrs_core.bootstrap import Services, new_keeper
from emrs_core.session import ListenerSession
from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.models import FakeEmotionModel, probabilities_of
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.sessions import Timeline
from emrs_core.types import (
    AffectPoint,
    Emotion,
    EmotionEstimate,
    Face,
    FaceBox,
    FaceQuality,
    Frame,
    FrameAnalysis,
    ImageArray,
    LiveSnapshot,
    LiveStats,
    QualityIssue,
)
from emrs_core.ui import camera, navigation, resources, state
from tests.waiting import wait_until

FACE = FaceBox(200, 100, 160, 160)
PICTURE = np.zeros((4, 4, 3), np.uint8)
RATE_HZ = 10
UNSURE = (0.2, 0.1, 0.1, 0.2, 0.1, 0.1, 0.2)
PAGES = {
    "Live": "live",
    "Music": "music",
    "Your taste": "taste",
    "Catalogue": "catalogue",
    "Spotify": "spotify",
    "Timelines": "timelines",
    "How it works": "about",
    "Model": "model",
    "Your data": "privacy",
}


@dataclass
class ScriptedAnalyser:
    """Sees what the test says in every frame."""

    probabilities: tuple[float, ...] | None = None  # None: nobody is there
    issues: tuple[QualityIssue, ...] = ()

    def analyse(self, frame: Frame) -> FrameAnalysis:
        if self.probabilities is None:
            return FrameAnalysis(frame.t_s)
        face = Face(FACE, FaceQuality(self.issues), is_listener=True)
        estimate = None if self.issues else EmotionEstimate(frame.t_s, self.probabilities)
        return FrameAnalysis(frame.t_s, (face,), estimate)

    def analyse_still(self, image: ImageArray) -> FrameAnalysis:
        return self.analyse(Frame(image, 0.0))


@dataclass
class FakeFeed:
    """A camera feed whose figures the test sets."""

    session: ListenerSession
    analysis: FrameAnalysis | None = None
    stats: LiveStats = field(default_factory=LiveStats)
    is_open: bool = False
    closed: int = 0

    def on_frame(self, frame: Any) -> Any:
        return frame

    def on_ended(self) -> None:
        self.close()

    def snapshot(self) -> LiveSnapshot:
        return LiveSnapshot(self.session.mood(), self.analysis, self.stats)

    def close(self, timeout_s: float = 2.0) -> None:
        self.is_open = False
        self.closed += 1


class Dashboard:
    """One browser session of the dashboard, and the world around it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.clock = FakeClock()
        self.analyser = ScriptedAnalyser()
        self.catalogue = FakeCatalogue()
        self.session = ListenerSession(self.analyser, self.catalogue, self.clock)
        self.feed = FakeFeed(self.session)
        self.playing = self.signalling = False
        self.stream_calls: list[dict[str, Any]] = []
        self._monkeypatch = monkeypatch
        self._keepers: list[SessionKeeper] = []
        resources.load.clear()
        self.environment(EMRS_MODE="local", EMRS_DATA_DIR=str(data_dir))
        for place, name, value in (
            (resources, "build_services", lambda settings: Services(settings, FakeEmotionModel(), self.catalogue)),
            (resources, "build_catalogue", lambda: self.catalogue),
            (state, "new_session", lambda services, mode: self.session),
            (state, "new_feed", lambda session: self.feed),
            (state, "new_keeper", self._new_keeper),
            (camera, "webrtc_streamer", self._stream),
            (camera, "_reset_context", lambda context: None),
        ):
            monkeypatch.setattr(place, name, value)
        self.app = self.new_browser_session()

    def environment(self, **values: str) -> None:
        for name, value in values.items():
            self._monkeypatch.setenv(name, value)

    def break_model(self, error: Exception) -> None:
        def broken(settings: object) -> Services:
            raise error

        self._monkeypatch.setattr(resources, "build_services", broken)

    def open(self, page: str = "Live") -> Dashboard:
        """Go to a page, as a click on its name would."""
        self.app.switch_page(str(navigation.ROOT / "pages" / f"{PAGES[page]}.py"))
        return self.run()

    def run(self) -> Dashboard:
        self.app.run()
        assert not self.app.exception
        return self

    def come_back(self) -> Dashboard:
        """A new browser session, as after a login elsewhere: on the server nothing ties it to the one before."""
        resources.load.clear()
        self.playing, self.stream_calls = False, []
        self._monkeypatch.setattr(state, "new_session", lambda services, mode: self.new_session())
        self.app = self.new_browser_session()
        return self.run()

    def agree(self) -> Dashboard:
        self.button("consent-agree").click()
        return self.run()

    def press_start(self) -> Dashboard:
        self.playing = self.feed.is_open = True
        return self.run()

    def see(self, emotion: Emotion | None, seconds: float = 15.0, issues: tuple[QualityIssue, ...] = ()) -> Dashboard:
        """Let the camera see that for so long, then redraw."""
        return self.see_reading(probabilities_of(emotion) if emotion else None, seconds, issues)

    def see_reading(
        self, probabilities: tuple[float, ...] | None, seconds: float = 15.0, issues: tuple[QualityIssue, ...] = ()
    ) -> Dashboard:
        self.analyser.probabilities, self.analyser.issues = probabilities, issues
        for _ in range(int(seconds * RATE_HZ)):
            self.clock.advance(1 / RATE_HZ)
            self.feed.analysis = self.session.observe(Frame(PICTURE, self.clock.now_s()))
        return self.run()

    def catalogue_point(self) -> AffectPoint:
        """A place with songs around it."""
        return AffectPoint(0.5, 0.5)

    def kept(self) -> Timeline | None:
        """The session that is being kept, as the store has it once all is written; None when nothing is."""
        visit = self.visit()
        wait_until(lambda: visit.keep.status is None or not visit.keep.status.waiting)
        found = state.sessions(visit).list()
        return state.sessions(visit).read(found[0].info.id) if found else None

    def visit(self) -> state.Visit:
        return self.app.session_state[state.VISIT_KEY]  # type: ignore[no-any-return]

    def close(self) -> None:
        """End what goes on in the background."""
        for keeper in self._keepers:
            keeper.close()

    def button(self, key: str) -> Any:
        return self.app.button(key=key)

    def has_button(self, key: str) -> bool:
        return key in [button.key for button in self.app.button]

    def text(self) -> str:
        """Everything written on the page but what our own components show."""
        kinds = ("title", "header", "markdown", "caption", "error", "warning", "info", "metric")
        values = [str(element.value) for kind in kinds for element in self.app.get(kind)]
        return "\n".join(values + [element.proto.body for element in self.app.get("html")])

    def part(self, name: str) -> dict[str, Any] | None:
        """What the page gave to our component of that name; None when it is not there."""
        for element in self.app.get("bidi_component"):
            if element.proto.component_name == f"emrs.{name}":
                return dict(json.loads(element.proto.json))
        return None

    def parts(self, name: str) -> int:
        return sum(e.proto.component_name == f"emrs.{name}" for e in self.app.get("bidi_component"))

    def new_browser_session(self) -> AppTest:
        return AppTest.from_file(str(navigation.ROOT / "emrs_core" / "ui" / "main.py"), default_timeout=20)

    def new_session(self) -> ListenerSession:
        return ListenerSession(self.analyser, self.catalogue, self.clock)

    def _new_keeper(self, *arguments: Any) -> SessionKeeper:
        self._keepers.append(new_keeper(*arguments))
        return self._keepers[-1]

    def _stream(self, **arguments: Any) -> None:
        self.stream_calls.append(arguments)
        seen = SimpleNamespace(state=SimpleNamespace(playing=self.playing, signalling=self.signalling))
        st.session_state[arguments["key"]] = seen
