"""Viewers that cost next to nothing themselves: aiortc peers that send a clip encoded once and count what returns."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import av
import psutil
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from benchmarks.context import ROOT
from benchmarks.rows import BenchmarkError
from emrs_core.types import ImageArray

BIT_RATE = 1_000_000  # what a browser settles at for 640x480
STOP_TIMEOUT_S = 10.0


def encoded(frames: Iterable[ImageArray], fps: int) -> list[bytes]:
    """VP8 packets, one a frame, with a key frame a second (these senders cannot make one when asked)."""
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, av.VideoCodecContext)
    packets: list[bytes] = []
    for index, image in enumerate(frames):
        if index == 0:
            codec.height, codec.width = image.shape[:2]
            codec.pix_fmt, codec.bit_rate, codec.gop_size = "yuv420p", BIT_RATE, fps
            codec.framerate, codec.time_base = Fraction(fps), Fraction(1, fps)
            codec.options = {"deadline": "good", "cpu-used": "2", "lag-in-frames": "0"}
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame.pts, frame.time_base = index, Fraction(1, fps)
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return packets + [bytes(packet) for packet in codec.encode(None)]


class ClipTrack(MediaStreamTrack):
    """The packets in a loop, at their rate by the clock: a late one is followed by the next at its own time."""

    kind = "video"

    def __init__(self, packets: list[bytes], fps: int) -> None:
        super().__init__()
        self._packets, self._fps = packets, fps
        self._started_s: float | None = None
        self.sent = 0

    async def recv(self) -> av.Packet:
        if self._started_s is None:
            self._started_s = time.monotonic()
        await asyncio.sleep(self._started_s + self.sent / self._fps - time.monotonic())
        packet = av.Packet(self._packets[self.sent % len(self._packets)])
        packet.pts, packet.time_base = self.sent, Fraction(1, self._fps)
        self.sent += 1
        return packet


@dataclass
class Viewer:
    """One peer; ``returned`` counts the pictures that came back."""

    track: ClipTrack
    connection: RTCPeerConnection = field(default_factory=lambda: RTCPeerConnection(RTCConfiguration(iceServers=[])))
    returned: int = 0

    async def connect(self, server: ViewerServer) -> None:
        self.connection.on("track", lambda track: asyncio.ensure_future(self._count(track)))
        self.connection.addTrack(self.track)
        await self.connection.setLocalDescription(await self.connection.createOffer())
        answer = await asyncio.to_thread(server.ask, {"offer": self.connection.localDescription.sdp})
        await self.connection.setRemoteDescription(RTCSessionDescription(answer["answer"], "answer"))

    async def _count(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                await track.recv()
            except MediaStreamError:
                return
            self.returned += 1


class ViewerServer:
    """``benchmarks.viewer_server`` in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._usage = psutil.Process(process.pid)

    def ask(self, request: dict[str, Any]) -> Any:
        """Send a request, wait for its answer. One at a time. Raises BenchmarkError when the server has ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())
        except (BrokenPipeError, ValueError):
            raise BenchmarkError("the server of the viewers ended; its last words stand above") from None

    def cpu_s(self) -> float:
        """CPU seconds so far, of all threads."""
        times = self._usage.cpu_times()
        return float(times.user + times.system)


@contextmanager
def viewer_server() -> Iterator[ViewerServer]:
    """Start it; stop it when the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.viewer_server"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield ViewerServer(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
