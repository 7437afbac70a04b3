"""Two WebRTC peers in one process: a client that plays a camera, and the worker that the dashboard itself uses."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.contrib.media import MediaRelay
from streamlit_webrtc.webrtc import WebRtcMode, WebRtcWorker

SIGNALLING_TIMEOUT_S = 20.0
HANG_UP_TIMEOUT_S = 10.0
FPS = 15
WIDTH, HEIGHT = 320, 240


class PlainCamera(VideoStreamTrack):
    """Frames of one grey level that rises by one with each, 15 a second, so that pictures can be told apart.

    After ``last`` of them, if that is set, none comes any more.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0
        self.last: int | None = None

    async def recv(self) -> av.VideoFrame:
        if self.sent == self.last:
            await asyncio.Event().wait()
        await asyncio.sleep(1 / FPS)
        image = np.full((HEIGHT, WIDTH, 3), 40 + self.sent % 150, np.uint8)
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = self.sent, Fraction(1, FPS)
        self.sent += 1
        return frame


@contextmanager
def background_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """An event loop on a thread of its own: the part that Streamlit's plays in the dashboard."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="loopback-server")
    thread.start()
    try:
        yield loop
    finally:
        try:
            asyncio.run_coroutine_threadsafe(_finish_tasks(), loop).result(2 * HANG_UP_TIMEOUT_S)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(10)
            loop.close()


async def _finish_tasks() -> None:
    """Wait until everything on this loop has ended. Raises TimeoutError.

    A connection that is just being closed counts as closed for ``WebRtcWorker.stop``, which then returns at once: a
    loop stopped there would leave the connection's sockets open, for a later test to stumble over.
    """
    async with asyncio.timeout(HANG_UP_TIMEOUT_S):
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others)


UNUSED = (
    "source_video_track",
    "source_audio_track",
    "sink_video_track",
    "sink_audio_track",
    "player_factory",
    "in_recorder_factory",
    "out_recorder_factory",
    "queued_video_frames_callback",
    "audio_frame_callback",
    "queued_audio_frames_callback",
    "on_audio_ended",
    "video_processor_factory",
    "audio_processor_factory",
)
"""What the dashboard leaves out of the streamer."""


def make_worker(loop: asyncio.AbstractEventLoop, feed: Any, configuration: RTCConfiguration) -> WebRtcWorker[Any, Any]:
    """The streamer's worker, as ``webrtc_streamer`` builds it, with the feed's callbacks and no Streamlit around it."""

    async def build() -> WebRtcWorker[Any, Any]:  # on the loop, or the library opens another one and forgets it
        return WebRtcWorker(
            mode=WebRtcMode.SENDRECV,
            rtc_configuration=configuration,
            video_frame_callback=feed.on_frame,
            on_video_ended=feed.on_ended,
            async_processing=False,
            video_receiver_size=4,
            audio_receiver_size=4,
            sendback_video=True,
            sendback_audio=True,
            loop=loop,
            relay=MediaRelay(),
            **dict.fromkeys(UNUSED),  # type: ignore[arg-type]
        )

    return asyncio.run_coroutine_threadsafe(build(), loop).result(10)


@dataclass
class Client:
    """What the playing side saw."""

    connection: RTCPeerConnection
    camera: PlainCamera = field(default_factory=PlainCamera)
    received: list[av.VideoFrame] = field(default_factory=list)
    arrival: asyncio.Event = field(default_factory=asyncio.Event)

    async def until_received(self, count: int, timeout_s: float = 20.0) -> None:
        """Wait until that many pictures came back. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while len(self.received) < count:
                self.arrival.clear()
                await self.arrival.wait()

    def path_types(self) -> set[tuple[str, str]]:
        """Through what the pictures really go: the kinds of both sides' addresses in use, (own, other)."""
        pairs = [
            pair
            for transceiver in self.connection.getTransceivers()
            for pair in transceiver.sender.transport.transport._connection._nominated.values()
        ]
        return {(pair.local_candidate.type, pair.remote_candidate.type) for pair in pairs}


@asynccontextmanager
async def connected_client(worker: WebRtcWorker[Any, Any], configuration: RTCConfiguration) -> AsyncIterator[Client]:
    """Connect a camera to the worker; hang up when the block ends."""
    client = Client(RTCPeerConnection(configuration))

    @client.connection.on("track")
    def on_track(track: Any) -> None:
        readers.append(asyncio.ensure_future(_read(track, client)))

    readers: list[asyncio.Future[None]] = []
    client.connection.addTrack(client.camera)
    await client.connection.setLocalDescription(await client.connection.createOffer())
    offer = client.connection.localDescription.sdp
    answer = await asyncio.to_thread(worker.process_offer, offer, "offer", SIGNALLING_TIMEOUT_S)
    await client.connection.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
    try:
        yield client
    finally:
        await client.connection.close()
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


async def _read(track: Any, client: Client) -> None:
    while True:
        client.received.append(await track.recv())
        client.arrival.set()
