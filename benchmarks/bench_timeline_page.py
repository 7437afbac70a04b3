"""The Timelines page in headless Chromium: from a click to eight hours of curves, a zoom, a list of a thousand."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, sync_playwright

from benchmarks.context import Context
from benchmarks.made_up_sessions import HOURS_8, columns, put_many, put_session, sqlite_url, with_store
from benchmarks.rows import BenchmarkError, Row, verdict
from emrs_core.bootstrap import SESSIONS_FILE
from emrs_core.ui import hooks
from tests.e2e import browser as browsers
from tests.e2e import server as servers
from tests.e2e.live_page import LivePage
from tests.e2e.states import timelines

SESSIONS, SAMPLES_EACH = 1_000, 600
OPEN_MS, LIST_MS = 1_000.0, 1_000.0
"""Targets, for the whole way there and back with the browser's drawing in it."""
CURVES = 9
ZOOMS = 3  # presses of +: each halves what is seen
TIMEOUT_MS = 60_000
SESSION = "long"


def run(context: Context) -> list[dict[str, Any]]:
    home = context.tmp_dir / "home"
    (home / "data").mkdir(parents=True)
    with_store(sqlite_url(home / "data" / SESSIONS_FILE), _fill)
    with _page(home) as live:
        timelines.open_page(live)
        _wait(timelines.rows(live).first)
        measured = [_visit(live) for _ in range(context.repeats + 1)][1:]  # the first loads the chart's script
    opened, zoomed, listed = (statistics.median(each) for each in zip(*measured, strict=True))
    way = "from the click to the drawn curves, server and browser"
    rows = [
        Row("8-hour session opened on the page", opened, None, "ms", f"{verdict(opened, under=OPEN_MS)}; {way}"),
        Row("8-hour session, a zoom on the page", zoomed, None, "ms", "from the press to the finer curves"),
        Row(f"list of {SESSIONS:,} sessions on the page", listed, None, "ms",
            f"{verdict(listed, under=LIST_MS)}; from the click to the rows, 25 at a time"),
    ]  # fmt: skip
    return [row.as_dict(context.processor) for row in rows]


def _fill(store: Any) -> None:
    put_many(store, SESSIONS, columns(SAMPLES_EACH))
    put_session(store, SESSION, columns(HOURS_8))


def _visit(live: LivePage) -> tuple[float, float, float]:
    """Milliseconds from the list to the opened session, of one zoom (the median), and back to the list."""
    row = timelines.row(live, SESSION).get_by_role("link")
    plot = live.page.locator(".emrs-timeline-plot")
    opened_ms = _timed(row.click, plot.locator(".scatterlayer .trace").nth(CURVES - 1))
    zooms_ms = []
    for _ in range(ZOOMS):
        before = plot.get_attribute("aria-label")
        finer = live.page.locator(f'.emrs-timeline-plot:not([aria-label="{before}"])')
        zooms_ms.append(_timed(live.page.get_by_role("button", name="Zoom in", exact=True).click, finer))
    back = live.part(hooks.TIMELINES_BACK).get_by_role("button")
    return opened_ms, statistics.median(zooms_ms), _timed(back.click, timelines.rows(live).first)


def _timed(act: Callable[[], object], there: Locator) -> float:
    begin_s = time.perf_counter()
    act()
    _wait(there)
    return 1000 * (time.perf_counter() - begin_s)


def _wait(there: Locator) -> None:
    there.wait_for(state="attached", timeout=TIMEOUT_MS)


@contextmanager
def _page(home: Path) -> Iterator[LivePage]:
    if browsers.executable() is None:
        raise BenchmarkError("needs Chromium or Chrome on the PATH (Debian: apt-get install chromium)")
    with servers.running(home, EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as server, sync_playwright() as driver:
        browser = browsers.launch(driver, None)
        try:
            yield LivePage(browsers.visitor(browser).new_page(), server.url)
        except (PlaywrightError, AssertionError) as exc:
            raise BenchmarkError(f"the browser did not get on: {exc}") from exc
        finally:
            browser.close()
