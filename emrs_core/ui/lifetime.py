"""The server's beginning and end: what studies keep no longer goes at the start, what waits is written at the stop."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Final
from weakref import WeakSet

from emrs_core.bootstrap import may_hold_sessions
from emrs_core.errors import EmrsError
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.ui import resources

logger = logging.getLogger(__name__)

CLOSE_TIMEOUT_S: Final = 5.0
"""For all sessions together; service managers wait ten seconds or more before they kill."""
LOOK_EVERY_S: Final = 3600.0
"""A session's time may be over while guests alone come, for whom nobody opens the store."""

THREAD: Final = "emrs-retire"


@cache
def keepers() -> WeakSet[SessionKeeper]:
    """Those of the visits that are open, of the whole process."""
    return WeakSet()


@asynccontextmanager
async def lifetime(app: object) -> AsyncIterator[None]:  # noqa: ARG001 - the signature is Starlette's
    """What ``dashboard.py`` gives to ``st.App``: studies keep their sessions no longer than they say, although nobody
    comes; sessions are over, not interrupted, when the server is stopped."""
    retiring = asyncio.create_task(_retire_again_and_again())
    yield
    retiring.cancel()
    await asyncio.to_thread(_end_sessions)


async def _retire_again_and_again() -> None:
    """On threads that neither the start nor the stop waits for: a database may be slow, or out of reach."""
    while True:
        threading.Thread(target=retire, name=THREAD, daemon=True).start()
        await asyncio.sleep(LOOK_EVERY_S)


def retire() -> None:
    """Open the kept sessions, if there may be any, which erases what studies keep no longer. Trouble is logged."""
    try:
        settings = resources.current_settings()
        if may_hold_sessions(settings):
            resources.opener(settings.data_dir, settings.database_url)()
    except EmrsError as exc:
        logger.warning("kept sessions could not be looked through for those whose time is over: %s", exc)


def _end_sessions() -> None:
    open_now = list(keepers())
    for keeper in open_now:
        keeper.end()
    for keeper in open_now:
        keeper.close(CLOSE_TIMEOUT_S / len(open_now))
