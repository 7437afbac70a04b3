"""The server's beginning and end: what still waits to be written when it stops is written then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Final
from weakref import WeakSet

from emrs_core.timeline.keeping import SessionKeeper

CLOSE_TIMEOUT_S: Final = 5.0
"""For all sessions together; service managers wait ten seconds or more before they kill."""


@cache
def keepers() -> WeakSet[SessionKeeper]:
    """Those of the visits that are open, of the whole process."""
    return WeakSet()


@asynccontextmanager
async def lifetime(app: object) -> AsyncIterator[None]:  # noqa: ARG001 - the signature is Starlette's
    """What ``dashboard.py`` gives to ``st.App``: sessions are over, not interrupted, when the server is stopped."""
    yield
    await asyncio.to_thread(_end_sessions)


def _end_sessions() -> None:
    open_now = list(keepers())
    for keeper in open_now:
        keeper.end()
    for keeper in open_now:
        keeper.close(CLOSE_TIMEOUT_S / len(open_now))
