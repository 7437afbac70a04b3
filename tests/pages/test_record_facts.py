"""Recording on the Live page: the neutral face, and what a session belongs to."""

from __future__ import annotations

import pytest

from emrs_core.timeline.calibration import CALIBRATION_S
from emrs_core.timeline.events import Baseline, Phq2
from emrs_core.timeline.sessions import Study
from emrs_core.timeline.statistics.baseline import baseline_of
from emrs_core.types import Emotion
from emrs_core.ui import hooks, state
from emrs_core.ui.record.phq2_view import ANSWERS, CRISIS
from tests.pages.harness import Dashboard
from tests.pages.record_use import kept, row_of, watching
from tests.waiting import wait_until


class TestNeutralFace:
    def test_ten_seconds_become_a_baseline(self, dashboard: Dashboard) -> None:
        watching(dashboard).button(hooks.CALIBRATE).click()
        dashboard.run()
        assert "Look at the dot" in dashboard.text()
        dashboard.see(Emotion.NEUTRAL, seconds=CALIBRATION_S + 1)
        assert "Your neutral face is noted" in dashboard.text()
        (baseline,) = kept(dashboard, Baseline)
        assert baseline.t_s == pytest.approx(5.0, abs=0.2)
        assert baseline.looks >= 90
        dashboard.button(hooks.CALIBRATION_CLOSE).click()
        dashboard.run()
        assert "neutral face is noted" not in dashboard.text()

    def test_a_face_that_is_lost_is_said_and_it_can_begin_again(self, dashboard: Dashboard) -> None:
        watching(dashboard).button(hooks.CALIBRATE).click()
        dashboard.run().see(Emotion.NEUTRAL, seconds=4).see(None, seconds=CALIBRATION_S)
        assert "only 4 of ten seconds" in dashboard.text()
        assert kept(dashboard, Baseline) == []
        dashboard.button(hooks.CALIBRATE_AGAIN).click()
        assert "Look at the dot" in dashboard.run().text()

    def test_it_needs_the_camera(self, dashboard: Dashboard) -> None:
        dashboard.run().agree()
        assert dashboard.button(hooks.CALIBRATE).disabled


class TestNeutralFaceOfAParticipant:
    """Calibrated once, it counts in the participant's later sessions until there is a new one."""

    def first_session(self, dashboard: Dashboard) -> Baseline:
        fill(watching(dashboard), agreed=True, Participant="P07")
        dashboard.button(hooks.CALIBRATE).click()
        dashboard.run().see(Emotion.NEUTRAL, seconds=CALIBRATION_S + 1)
        assert "noted in this session" in dashboard.run().text()
        (baseline,) = kept(dashboard, Baseline)
        dashboard.button(hooks.NEXT_SESSION).click()
        dashboard.run().see(Emotion.HAPPY, seconds=3)
        return baseline

    def test_it_counts_in_the_next_session_under_the_same_code(self, dashboard: Dashboard) -> None:
        first = self.first_session(dashboard)
        assert kept(dashboard, Baseline) == []
        fill(dashboard, Participant="P07")
        (now,) = kept(dashboard, Baseline)
        assert now.probabilities == first.probabilities
        assert now.t_s < 0
        assert "Neutral face: the one of" in dashboard.run().text()

    def test_it_goes_when_the_code_was_somebody_elses(self, dashboard: Dashboard) -> None:
        self.first_session(dashboard)
        fill(dashboard, Participant="P07")
        fill(dashboard, agreed=True, Participant="P08")
        timeline = dashboard.kept()
        assert timeline is not None
        assert baseline_of(timeline) is None
        assert "Neutral face: the one of" not in dashboard.run().text()

    def test_a_new_one_takes_its_place(self, dashboard: Dashboard) -> None:
        self.first_session(dashboard)
        fill(dashboard, Participant="P07").button(hooks.CALIBRATE).click()
        dashboard.run().see(Emotion.SAD, seconds=CALIBRATION_S + 1)
        timeline = dashboard.kept()
        assert timeline is not None
        last = baseline_of(timeline)
        assert last is not None
        assert last.t_s > 0
        assert "noted in this session" in dashboard.run().text()


def fill(dashboard: Dashboard, agreed: bool = False, **facts: str) -> Dashboard:
    for label, value in facts.items():
        (field,) = [one for one in dashboard.app.text_input if one.label.startswith(label)]
        field.set_value(value)
    (box,) = [one for one in dashboard.app.checkbox if "agreed to the study" in one.label]
    box.set_value(agreed)
    dashboard.button(hooks.FACTS_SAVE).click()
    return dashboard.run()


class TestFacts:
    def test_a_session_is_named_while_it_runs(self, dashboard: Dashboard) -> None:
        fill(watching(dashboard), Study="Sleep", Condition="calm", Tags="a, b", Title="First evening 🌙")
        wait_until(lambda: bool(dashboard.kept()) and dashboard.kept().info.study == "Sleep")  # type: ignore[union-attr]
        timeline = dashboard.kept()
        assert timeline is not None
        assert (timeline.info.condition, timeline.info.tags, timeline.info.title) == (
            "calm",
            ("a", "b"),
            "First evening 🌙",
        )

    def test_a_participant_without_agreement_is_refused_until_there_is_one(self, dashboard: Dashboard) -> None:
        fill(watching(dashboard), Participant="P07")
        assert "No agreement of P07 stands" in dashboard.text()
        assert dashboard.visit().keep.facts.participant == ""
        fill(dashboard, agreed=True, Participant="P07")
        assert dashboard.visit().keep.facts.participant == "P07"
        assert len(state.sessions(dashboard.visit()).consents("P07")) == 1

    def test_the_next_session_keeps_the_study_and_forgets_the_person(self, dashboard: Dashboard) -> None:
        fill(watching(dashboard), agreed=True, Participant="P07", Study="Sleep")
        first = row_of(dashboard)["session"]
        dashboard.button(hooks.NEXT_SESSION).click()
        dashboard.run().see(Emotion.SAD, seconds=3)
        assert row_of(dashboard)["session"] != first
        facts = dashboard.visit().keep.facts
        assert (facts.study, facts.participant) == ("Sleep", "")
        wait_until(lambda: len(state.sessions(dashboard.visit()).list()) == 2)

    def test_a_study_that_asks_the_two_questions(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        state.sessions(dashboard.visit()).put_study(Study("Mood", phq2=True))
        fill(dashboard, Study="Mood").run()
        assert CRISIS in dashboard.text()
        assert "no diagnosis" in dashboard.text()
        dashboard.app.radio[0].set_value(1)
        dashboard.button(f"{hooks.PHQ2}-keep").click()
        dashboard.run()
        assert "Both questions need an answer" in dashboard.text()
        dashboard.app.radio[1].set_value(len(ANSWERS) - 1)
        dashboard.button(f"{hooks.PHQ2}-keep").click()
        dashboard.run()
        assert CRISIS not in dashboard.text()
        assert [(e.interest, e.mood) for e in kept(dashboard, Phq2)] == [(1, 3)]

    def test_the_next_session_of_the_study_is_asked_again(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        state.sessions(dashboard.visit()).put_study(Study("Mood", phq2=True))
        fill(dashboard, Study="Mood").run().button(f"{hooks.PHQ2}-skip").click()
        dashboard.run().button(hooks.NEXT_SESSION).click()
        assert CRISIS in dashboard.run().run().text()

    def test_the_two_questions_can_be_left_out_and_are_asked_nowhere_else(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        state.sessions(dashboard.visit()).put_study(Study("Mood", phq2=True))
        fill(dashboard, Study="Mood").run().button(f"{hooks.PHQ2}-skip").click()
        assert CRISIS not in dashboard.run().text()
        assert kept(dashboard, Phq2) == []
        fill(dashboard, Study="Other")
        assert CRISIS not in dashboard.text()
