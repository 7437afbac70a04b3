"""A neutral face that was calibrated once counts in the participant's later sessions."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from emrs_core.testing.timeline import NOON, make_info
from emrs_core.timeline.events import Baseline, SettingsRecorded, Withdrawn
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.neutral_face import earlier_neutral_face, same_network

SOURCE = SettingsRecorded(t_s=0, model_name="m", model_sha256="a" * 64, app_version="1", settings=(("live_head", "x"),))
FACE = (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4)


def a_session(store: MemoryTimelineStore, days_ago: int, *events: Baseline, **facts: str) -> str:
    info = replace(make_info(**{"participant": "P07", **facts}), started_at=NOON - timedelta(days=days_ago))
    store.begin(info)
    source = replace(SOURCE, id=f"source-{info.id}")
    store.append(info.id, (), [source, *events])
    return info.id


def neutral(looks: int = 50) -> Baseline:
    return Baseline(t_s=5.0, until_s=15.0, probabilities=FACE, looks=looks)


def test_the_latest_one_before_counts_with_its_own_moment() -> None:
    store = MemoryTimelineStore()
    a_session(store, 3, neutral(30), id="first")
    a_session(store, 2, neutral(40), id="second")
    a_session(store, 1, id="third")
    a_session(store, -1, neutral(60), id="later")
    found = earlier_neutral_face(store, "P07", NOON, SOURCE)
    assert found is not None
    assert (found.looks, found.probabilities) == (40, FACE)
    assert found.t_s == 5.0 - 2 * 86_400
    assert found.until_s - found.t_s == 10.0
    assert found.id not in [event.id for event in store.read("second").events]


def test_what_was_taken_over_can_be_taken_over_again() -> None:
    store = MemoryTimelineStore()
    a_session(store, 3, neutral(), id="first")
    began_at = NOON - timedelta(days=1)
    between = earlier_neutral_face(store, "P07", began_at, SOURCE)
    assert between is not None
    a_session(store, 1, between, id="second")
    found = earlier_neutral_face(store, "P07", NOON, SOURCE)
    assert found is not None
    assert found.t_s == 5.0 - 3 * 86_400


def test_a_clock_that_was_set_back_puts_it_into_no_session() -> None:
    store = MemoryTimelineStore()
    a_session(store, 0, neutral(), id="a moment ago")
    found = earlier_neutral_face(store, "P07", NOON + timedelta(seconds=1), SOURCE)
    assert found is not None
    assert (found.t_s, found.until_s) == (-10.0, 0.0)


def test_one_that_was_taken_away_counts_no_more() -> None:
    store, face = MemoryTimelineStore(), neutral()
    session_id = a_session(store, 2, face)
    store.append(session_id, (), [Withdrawn(t_s=5.0, target_id=face.id, at=NOON)])
    assert earlier_neutral_face(store, "P07", NOON, SOURCE) is None


@pytest.mark.parametrize("participant", ["", "P08"])
def test_nobody_gets_another_persons(participant: str) -> None:
    store = MemoryTimelineStore()
    a_session(store, 2, neutral())
    a_session(store, 1, neutral(), id="nobody", participant="")
    assert earlier_neutral_face(store, participant, NOON, SOURCE) is None


@pytest.mark.parametrize(
    "source", [None, replace(SOURCE, model_sha256="b" * 64), replace(SOURCE, settings=(("live_head", "y"),))]
)
def test_another_network_reads_another_neutral_face(source: SettingsRecorded | None) -> None:
    store = MemoryTimelineStore()
    a_session(store, 2, neutral())
    assert not same_network(source, SOURCE)
    assert earlier_neutral_face(store, "P07", NOON, source) is None
    assert earlier_neutral_face(store, "P07", NOON, replace(SOURCE, id="other", app_version="2")) is not None
