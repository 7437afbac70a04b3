"""How tests are dealt out when several run side by side (``pytest -n 2``): a file each, with two exceptions.

Browser tests stay together on one worker and come when the other workers have nothing left: a browser, its camera and a
server already fill two cores. Those that empty the one PostgreSQL database that the environment names never meet.
"""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

BROWSER = "tests/e2e/"
ONE_DATABASE = ("tests/contract/test_timeline_stores.py", "tests/integration/test_timeline_migration.py")

ENDING_AT = 2
"""Tests that a worker still has when it is told that no more come: xdist keeps the last ones back until it knows."""


def scope_of(nodeid: str) -> str:
    """What is run as one piece, in its order: all of it by the same worker."""
    if nodeid.startswith(BROWSER):
        return BROWSER
    file = nodeid.partition("::")[0]
    return ONE_DATABASE[0] if file in ONE_DATABASE else file


class Dealer(LoadScopeScheduling):
    """Deals in the order of collection, in which the browser tests are the last."""

    def __init__(self, config: pytest.Config, log: Any = None) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)

    def _reschedule(self, node: WorkerController) -> None:
        """With only the browser tests left, a worker out of work ends, and the last one takes them."""
        others_work = any(other is not node and not other.shutting_down for other in self.nodes)
        if list(self.workqueue) == [BROWSER] and others_work:
            if self._pending_of(self.assigned_work[node]) <= ENDING_AT:
                node.shutdown()
        else:
            super()._reschedule(node)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Dealer:
    return Dealer(config, log)
