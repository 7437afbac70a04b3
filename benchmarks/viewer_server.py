"""The server's side of ``bench_viewers``: many visits in one process, without Streamlit around them.

A line of JSON comes in on standard input and one goes out: ``{"offer": SDP}`` -> ``{"answer": SDP}`` starts a viewer,
``{"figures": true}`` -> a list with what each viewer's feed has counted. The end of the input ends the process.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from typing import Any

from aiortc import RTCConfiguration

from emrs_core.bootstrap import build_services, new_feed, new_session
from emrs_core.live.feed import LiveFeed
from emrs_core.settings import Settings
from tests.integration.peers import SIGNALLING_TIMEOUT_S, background_loop, make_worker

NO_SERVERS = RTCConfiguration(iceServers=[])


def serve(loop: asyncio.AbstractEventLoop) -> None:
    services = build_services(Settings.from_mapping({}))
    feeds: list[LiveFeed] = []
    workers: list[Any] = []
    for line in sys.stdin:
        request = json.loads(line)
        if "offer" in request:
            feeds.append(new_feed(new_session(services)))
            workers.append(make_worker(loop, feeds[-1], NO_SERVERS))
            answer: object = {"answer": workers[-1].process_offer(request["offer"], "offer", SIGNALLING_TIMEOUT_S).sdp}
        else:
            answer = [_figures(feed) for feed in feeds]
        print(json.dumps(answer), flush=True)
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
