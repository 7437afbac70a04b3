"""The live path over a real WebRTC connection, without a browser: whatever fails inside, pictures come back."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import av
import numpy as np
import pytest
from aiortc import RTCConfiguration

from emrs_core.clock import MonotonicClock
from emrs_core.live.feed import LiveFeed
from emrs_core.live.worker import LiveWorker
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.session import ListenerSession
from emrs_core.types import EmotionEstimate, Face, FaceBox, FaceQuality, Frame, FrameAnalysis, LiveSnapshot
from tests.integration.peers import Client, background_loop, connected_client, make_worker

NO_SERVERS = RTCConfiguration(iceServers=[])
HAPPY = (0.0, 0.0, 0.0, 0.9, 0.0, 0.0, 0.1)
PICTURES = 20


class SteadyAnalyser:
    """Sees one happy face in every frame; raises on those whose number ``fails`` picks."""

    def __init__(self, fails: Callable[[int], bool] = lambda _: False) -> None:
        self.calls = 0
        self._fails = fails

    def analyse(self, frame: Frame) -> FrameAnalysis:
        self.calls += 1
        if self._fails(self.calls):
            raise RuntimeError("this frame cannot be analysed")
        face = Face(FaceBox(100, 60, 120, 120), FaceQuality(), is_listener=True)
        return FrameAnalysis(frame.t_s, (face,), EmotionEstimate(frame.t_s, HAPPY))


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    with background_loop() as running:
        yield running


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a client saw, and how the feed stood before it hung up."""

    client: Client
    snapshot: LiveSnapshot
    was_open: bool


def stream(
    loop: asyncio.AbstractEventLoop, feed: LiveFeed, pictures: int = PICTURES, *, of: int | None = None
) -> Streamed:
    """Send a camera, which ends after ``of`` pictures, through the feed until so many came back; then hang up."""
    worker = make_worker(loop, feed, NO_SERVERS)

    async def run() -> Streamed:
        async with connected_client(worker, NO_SERVERS) as client:
            client.camera.last = of
            await client.until_received(pictures)
            return Streamed(client, feed.snapshot(), feed.is_open)

    try:
        return asyncio.run(run())
    finally:
        worker.stop()


def session_with(analyser: SteadyAnalyser) -> ListenerSession:
    return ListenerSession(analyser, CsvCatalogue.builtin(), MonotonicClock())  # type: ignore[arg-type]


def test_pictures_come_back_with_the_face_framed(loop: asyncio.AbstractEventLoop) -> None:
    client = stream(loop, LiveFeed(session_with(SteadyAnalyser()))).client
    last = client.received[-1].to_ndarray(format="bgr24").astype(np.int16)
    assert last.shape == (240, 320, 3)
    # The camera sends plain grey: whatever stands out was drawn.
    assert np.abs(last - np.median(last)).max() > 60


def test_almost_every_picture_comes_back(loop: asyncio.AbstractEventLoop) -> None:
    sent, lost = 45, 10  # by number, not by time: a busy machine is late, and loses none
    client = stream(loop, LiveFeed(session_with(SteadyAnalyser())), pictures=sent - lost, of=sent).client
    assert client.camera.sent <= sent
    assert len(client.received) >= sent - lost


def test_an_analysis_that_raises_does_not_end_the_stream(
    loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    analyser = SteadyAnalyser(fails=lambda call: call % 2 == 0)
    session = session_with(analyser)
    streamed = stream(loop, LiveFeed(session))
    assert streamed.snapshot.stats.errors >= 2
    assert analyser.calls > streamed.snapshot.stats.errors
    assert session.mood().probabilities is not None  # the frames between were read
    assert logged_errors(caplog) == 1


def test_a_callback_that_raises_does_not_end_the_stream(
    loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    broken: list[int] = []

    class Fragile(LiveFeed):
        def _process(self, frame: av.VideoFrame, worker: LiveWorker) -> av.VideoFrame:
            broken.append(1)
            raise ValueError("drawing failed")

    streamed = stream(loop, Fragile(session_with(SteadyAnalyser())))
    assert len(streamed.client.received) >= PICTURES  # the camera's own picture, where none could be drawn
    assert len(broken) >= PICTURES
    assert logged_errors(caplog) == 1


def test_hanging_up_ends_the_analysis_thread(loop: asyncio.AbstractEventLoop) -> None:
    feed = LiveFeed(session_with(SteadyAnalyser()))
    assert stream(loop, feed).was_open
    deadline = time.monotonic() + 10
    while feed.is_open and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not feed.is_open
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("emrs-live")]


def logged_errors(caplog: pytest.LogCaptureFixture) -> int:
    """How often the live path reported an exception: once for each kind, not for each frame."""
    return sum(record.name.startswith("emrs_core.live") and record.levelname == "ERROR" for record in caplog.records)
