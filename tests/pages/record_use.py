"""What a person does and sees of the recording on the Live page."""

from __future__ import annotations

from typing import Any, TypeVar

from emrs_core.timeline.events import Event, ReportMoment, SelfReport, new_id
from emrs_core.types import Emotion
from emrs_core.ui.record.presses import Press, PressKind
from tests.pages.harness import Dashboard

E = TypeVar("E", bound=Event)


def watching(dashboard: Dashboard, seconds: float = 5.0) -> Dashboard:
    return dashboard.run().agree().press_start().see(Emotion.HAPPY, seconds=seconds)


def row_of(dashboard: Dashboard) -> dict[str, Any]:
    part = dashboard.part("record")
    assert part is not None
    return part


def kept(dashboard: Dashboard, kind: type[E]) -> list[E]:
    timeline = dashboard.kept()
    return [event for event in timeline.events if isinstance(event, kind)] if timeline else []


def press(dashboard: Dashboard, kind: PressKind, text: str, t_s: float = 2.0) -> str:
    """What a key or a button in the browser says."""
    visit, press_id = dashboard.visit(), new_id()
    visit.record.take(Press(press_id, kind, t_s, text), visit.keep)
    dashboard.run()
    return press_id


def report(dashboard: Dashboard, moment: ReportMoment, valence: int, arousal: int) -> None:
    """Two taps, or one on the plane."""
    visit = dashboard.visit()
    visit.record.say(SelfReport(t_s=visit.keep.now_s(), moment=moment, valence=valence, arousal=arousal), visit.keep)
    visit.record.asking.close(visit.session.elapsed_s())
    dashboard.run()
