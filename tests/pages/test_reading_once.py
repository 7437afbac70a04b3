"""What the Timelines page shows is asked of the store once, and then only what was added to it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from emrs_core.testing.timeline import make_samples
from emrs_core.timeline.events import Marker
from emrs_core.timeline.sql import store as sql_store
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.ui import hooks
from emrs_core.ui.timeline.compare_chart import MOST
from emrs_core.ui.timeline.page import COMPARE, PEOPLE
from tests.pages import review_use
from tests.pages.harness import Dashboard
from tests.pages.timelines_use import ids, open_session, store_of, tick


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the database was asked for a list or a session, and how many samples came out of it."""
    counted: Counter[str] = Counter()

    def count(name: str) -> None:
        plain = getattr(SqlTimelineStore, name)

        def counting(*arguments: Any) -> Any:
            counted[name] += 1
            return plain(*arguments)

        monkeypatch.setattr(SqlTimelineStore, name, counting)

    def decode(chunks: Any) -> Any:
        samples = decode_plainly(chunks)
        counted["samples"] += len(samples)
        return samples

    decode_plainly = sql_store.chunks.decode
    monkeypatch.setattr(sql_store.chunks, "decode", decode)
    for name in ("read", "list"):
        count(name)
    return counted


def view(page: Dashboard, name: str) -> Dashboard:
    page.app.session_state[hooks.TIMELINES_VIEW] = name
    return page.run()


def test_the_list_is_read_once_a_run_whatever_is_done_with_it(demo: Dashboard, asked: Counter[str]) -> None:
    demo.run()
    assert asked == {"list": 1}
    tick(demo, "demo-1", "demo-2")
    assert asked == {"list": 2}
    view(demo, PEOPLE)
    assert asked == {"list": 3}
    demo.app.selectbox(key=hooks.PARTICIPANT).select("DEMO-A")
    assert "sessions** of" in demo.run().text()
    assert asked == {"list": 4}


def test_an_open_session_is_read_once_however_often_the_page_is_drawn(demo: Dashboard, asked: Counter[str]) -> None:
    open_session(demo, "demo-1")
    samples = len(review_use.kept(demo, "demo-1").samples)
    asked.clear()
    for _ in range(3):
        demo.run()
    assert asked == {"list": 3}  # what *Assign* offers
    store_of(demo).append("demo-1", (), [Marker(t_s=3.0, label="added since")])
    demo.run()
    assert (asked["read"], asked["samples"]) == (0, 0)
    assert "added since" in [item["text"] for item in review_use.lane(demo, "markers")]
    open_session(demo, "demo-2")
    open_session(demo, "demo-1")
    assert asked["read"] == 2
    assert asked["samples"] >= samples


def test_of_a_running_session_only_what_was_added_is_read(page: Dashboard, asked: Counter[str]) -> None:
    session_id = review_use.keep(page, make_samples(4000), end=False)
    asked.clear()
    for turn in range(3):
        store_of(page).append(session_id, make_samples(8, 500.0 + turn))
        page.run()
    assert asked["read"] == 0
    assert asked["samples"] == 24
    assert review_use.chart(page)["whole"][1] > 502


def test_sessions_side_by_side_are_read_once(demo: Dashboard, asked: Counter[str]) -> None:
    tick(demo, *ids(demo)[:MOST])
    view(demo, COMPARE)
    assert asked["read"] == MOST
    demo.app.selectbox(key=hooks.COMPARED_QUANTITY).select_index(1)
    demo.run()
    demo.run()
    assert asked["read"] == MOST


@pytest.mark.parametrize("leave", [lambda page: page.open("Live"), lambda page: view(page, PEOPLE)])
def test_what_is_not_shown_any_more_is_let_go_of(demo: Dashboard, asked: Counter[str], leave: Any) -> None:
    tick(demo, "demo-1", "demo-2")
    view(demo, COMPARE)
    assert len(demo.visit().shown._shown) == 2
    leave(demo)
    assert demo.visit().shown._shown == {}


def test_a_session_that_is_gone_is_let_go_of(demo: Dashboard, asked: Counter[str]) -> None:
    open_session(demo, "demo-1")
    assert list(demo.visit().shown._shown) == ["demo-1"]
    store_of(demo).delete("demo-1")
    demo.run()
    assert demo.visit().shown._shown == {}
