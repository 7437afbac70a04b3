"""The server's side of ``bench_viewers``: many visits in one process, without Streamlit around them.

A line of JSON comes in on standard input and one goes out: ``{"offer": SDP}`` -> ``{"answer": SDP}`` starts a viewer,
``{"figures": true}`` -> a list with what each viewer's feed has counted; ``{"look": LAYER or null}`` -> the seconds
that a look inside the network took. The end of the input ends the process.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
import time
from typing import Any

import numpy as np
from aiortc import RTCConfiguration

from emrs_core.bootstrap import build_services, new_feed, new_inspector, new_session
from emrs_core.live.feed import LiveFeed
from emrs_core.settings import Settings
from emrs_core.training.inside import LookRequest
from emrs_core.vision.preprocess import FACE_SIZE_PX
from tests.integration.peers import SIGNALLING_TIMEOUT_S, background_loop, make_worker

NO_SERVERS = RTCConfiguration(iceServers=[])


def serve(loop: asyncio.AbstractEventLoop) -> None:
    services, inspector = build_services(Settings.from_mapping({})), new_inspector()
    face = np.random.default_rng(0).integers(0, 256, (FACE_SIZE_PX, FACE_SIZE_PX)).astype(np.uint8)
    feeds: list[LiveFeed] = []
    workers: list[Any] = []
    for line in sys.stdin:
        request = json.loads(line)
        if "offer" in request:
            feeds.append(new_feed(new_session(services)))
            workers.append(make_worker(loop, feeds[-1], NO_SERVERS))
            answer: object = {"answer": workers[-1].process_offer(request["offer"], "offer", SIGNALLING_TIMEOUT_S).sdp}
        elif "look" in request:
            started_s = time.monotonic()
            inspector.look(LookRequest(face, request["look"]))
            answer = time.monotonic() - started_s
        else:
            answer = [_figures(feed) for feed in feeds]
        print(json.dumps(answer), flush=True)
    inspector.close()
    for worker in workers:
        worker.stop()


def _figures(feed: LiveFeed) -> dict[str, Any]:
    snapshot = feed.snapshot()
    stats = snapshot.stats
    return {
        "received": stats.received,
        "analysed": stats.received - stats.dropped,  # all but the one that may be waiting: it is one of hundreds
        "delay_ms": stats.delay_ms,
        "errors": stats.errors,
        "faces": len(snapshot.analysis.faces) if snapshot.analysis else 0,
    }


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # Streamlit, imported by the streamer, misses its runtime at every step
    with background_loop() as running:
        serve(running)
    sys.stdout.flush()
    os._exit(0)  # decoder threads of hung-up peers are no daemons and would be waited for
