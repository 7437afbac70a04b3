"""What a person does and sees in one session's view."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any

import numpy as np

from emrs_core.bootstrap import build_catalogue
from emrs_core.testing.timeline import NOON, make_info
from emrs_core.timeline.demo.keeping import add_demo
from emrs_core.timeline.events import (
    Event,
    Sample,
)
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import Timeline
from emrs_core.ui import state
from tests.pages.harness import Dashboard

RIGHT_TO_LEFT = "\u202eمرحبا 🎧 <b>bold</b>"


def keep(
    page: Dashboard, samples: Samples | list[Sample] = (), events: Iterable[Event] = (), end: bool = True, **facts: Any
) -> str:
    """A session in the owner's store, open on the page."""
    store = state.sessions(page.visit())
    info = make_info(**facts)
    store.begin(info)
    store.append(info.id, samples, list(events))
    if end:
        store.end(info.id, NOON)
    return show(page, info.id)


def show(page: Dashboard, session_id: str) -> str:
    page.app.query_params["session"] = session_id
    page.open("Timelines")
    return session_id


def demo(page: Dashboard, session_id: str = "demo-1") -> str:
    add_demo(state.sessions(page.visit()), build_catalogue().tracks(), NOON)
    return show(page, session_id)


def chart(page: Dashboard) -> dict[str, Any]:
    part = page.part("timeline")
    assert part is not None
    return part


def lane(page: Dashboard, name: str) -> list[dict[str, Any]]:
    return next((lane["items"] for lane in chart(page)["lanes"] if lane["name"] == name), [])


def series(page: Dashboard, name: str) -> tuple[np.ndarray, np.ndarray]:
    trace = next(trace for trace in chart(page)["figure"]["data"] if trace["name"] == name)
    x, y = (np.frombuffer(base64.b64decode(trace[k]["bdata"]), f"<{trace[k]['dtype']}") for k in "xy")
    return x, y


def kept(page: Dashboard, session_id: str) -> Timeline:
    return state.sessions(page.visit()).read(session_id)


def fill(page: Dashboard, start: str, end: str, value: str) -> None:
    """The text field whose key begins and ends so."""
    fields = [*page.app.text_input, *page.app.text_area]
    (field,) = [f for f in fields if f.key and f.key.startswith(start) and f.key.endswith(end)]
    field.input(value)


def press(page: Dashboard, start: str, end: str = "") -> Dashboard:
    (button,) = [b for b in page.app.button if b.key and b.key.startswith(start) and b.key.endswith(end)]
    button.click()
    return page.run()


def choose(page: Dashboard, event: Event) -> Dashboard:
    page.visit().review.chosen = event.id
    return page.run()
