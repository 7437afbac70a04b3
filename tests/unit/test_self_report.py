"""What a person says of their own mood: read from the browser, taken once, drawn as figures."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from emrs_core.timeline.events import ReportMoment
from emrs_core.types import AffectPoint
from emrs_core.ui.record import report_view
from emrs_core.ui.record.desk import RecordDesk
from emrs_core.ui.record.manikins import STEPS, arousal_figure, valence_figure
from emrs_core.ui.record.report_view import read_report
from emrs_core.ui.record.said_view import place


class TestReports:
    def test_two_steps_are_a_report(self) -> None:
        report = read_report({"valence": 9, "arousal": 1.0}, ReportMoment.BEFORE, 4.0)
        assert report is not None
        assert (report.t_s, report.moment, report.valence, report.arousal) == (4.0, ReportMoment.BEFORE, 9, 1)

    @pytest.mark.parametrize(
        "strange", [None, {}, {"valence": 5}, {"valence": 0, "arousal": 5}, {"valence": 5, "arousal": 10}, "55"]
    )
    def test_anything_else_is_none(self, strange: Any) -> None:
        assert read_report(strange, ReportMoment.AFTER, 0.0) is None

    def test_a_tap_that_arrives_twice_is_one_report(self, monkeypatch: pytest.MonkeyPatch) -> None:
        keep = SimpleNamespace(session_id="s", now_s=lambda: 4.0, add=lambda event: None)
        session = SimpleNamespace(elapsed_s=lambda: 4.0)
        visit: Any = SimpleNamespace(record=RecordDesk(), keep=keep, session=session)
        tap = {"turn": report_view._turn(visit, ReportMoment.DURING), "valence": 7, "arousal": 3}
        monkeypatch.setattr(report_view.st, "session_state", {"part": {"report": tap}})
        for _ in range(2):
            report_view._take(visit, ReportMoment.DURING, "part")
        assert [(said.valence, said.arousal) for said in visit.record.reports] == [(7, 3)]
        tap["turn"] = report_view._turn(visit, ReportMoment.DURING)
        report_view._take(visit, ReportMoment.DURING, "part")
        assert len(visit.record.reports) == 2

    @pytest.mark.parametrize("figure", [valence_figure, arousal_figure])
    def test_each_step_has_a_figure_of_its_own(self, figure: Any) -> None:
        drawn = [figure(step) for step in STEPS]
        assert len(set(drawn)) == len(STEPS) == 9
        for svg in drawn:
            assert ElementTree.fromstring(svg).tag == "svg"

    def test_places_in_words(self) -> None:
        assert place(AffectPoint(0.5, -0.25)) == "+0.50 · \N{MINUS SIGN}0.25"
        assert (place(AffectPoint(0.0, -0.001)), place(None)) == ("0.00 · 0.00", "–")
