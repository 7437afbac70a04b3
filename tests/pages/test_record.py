"""Recording on the Live page, in every state: kept, not kept, waiting, asked, calibrated, named."""

from __future__ import annotations

import pytest

from emrs_core.timeline.access import Role
from emrs_core.timeline.events import Marker, Note, ReportMoment, SelfReport, Withdrawn
from emrs_core.timeline.habits import AskedWhen
from emrs_core.types import Emotion
from emrs_core.ui import hooks, state
from emrs_core.ui.record import row
from emrs_core.ui.record.asking import EVERY_S
from emrs_core.ui.record.link import GUEST_LABEL, LABEL
from emrs_core.ui.record.presses import PressKind
from emrs_core.ui.record.report_view import QUESTIONS
from tests.pages.harness import Dashboard
from tests.pages.record_use import kept, press, report, row_of, watching
from tests.waiting import wait_until


class TestRow:
    def test_before_the_agreement_nothing_is_shown(self, dashboard: Dashboard) -> None:
        dashboard.run()
        assert dashboard.part("record") is None
        assert dashboard.part("sam") is None
        assert not dashboard.has_button(hooks.KEEP_NOT)

    def test_ready_then_kept_with_its_time(self, dashboard: Dashboard) -> None:
        ready = row_of(dashboard.run().agree())
        assert (ready["tone"], ready["text"], ready["timed"]) == ("ready", row.READY[Role.OWNER], False)
        now = row_of(dashboard.press_start().see(Emotion.HAPPY, seconds=5))
        assert (now["tone"], now["text"], now["timed"], now["live"]) == ("kept", "This session is kept", True, True)
        assert now["now_s"] == pytest.approx(5.0, abs=0.2)

    def test_not_kept_leaves_no_row_and_can_be_taken_back(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        first = row_of(dashboard)["session"]
        dashboard.button(hooks.KEEP_NOT).click()
        gone = row_of(dashboard.run())
        assert (gone["tone"], gone["text"], gone["live"]) == ("declined", row.DECLINED, False)
        assert not dashboard.has_button(hooks.CALIBRATE)
        wait_until(lambda: not state.sessions(dashboard.visit()).list())
        dashboard.button(hooks.KEEP).click()
        again = row_of(dashboard.run())
        assert again["live"]
        assert again["session"] != first

    def test_trouble_with_the_database_is_said_and_the_page_goes_on(self, dashboard: Dashboard) -> None:
        (dashboard.data_dir / "sessions.db").mkdir()
        watching(dashboard)
        wait_until(lambda: dashboard.visit().keep.status.problem is not None)  # type: ignore[union-attr]
        dashboard.run()
        assert (row_of(dashboard)["tone"], row_of(dashboard)["text"]) == ("waiting", row.WAITING)
        assert "readings and events wait in memory" in dashboard.text()
        assert dashboard.part("mood") is not None

    def test_a_guest_is_told_that_it_ends_and_finds_the_way_out(self, dashboard: Dashboard) -> None:
        dashboard.environment(EMRS_MODE="hosted")
        watching(dashboard)
        assert row_of(dashboard)["text"] == "Kept until you leave"
        assert "ends with your visit" in dashboard.text()
        (link,) = [one.proto for one in dashboard.app.get("page_link") if one.proto.label == GUEST_LABEL]
        assert link.query_string == f"session={row_of(dashboard)['session']}"
        assert not dashboard.has_button(hooks.FACTS_SAVE)


class TestMarks:
    def test_marks_and_notes_are_kept_and_listed_the_newest_first(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        press(dashboard, PressKind.MARK, "Marker", 2.0)
        press(dashboard, PressKind.NOTE, "she laughs 🎧", 3.0)
        assert [(e["kind"], e["text"], e["t_s"]) for e in row_of(dashboard)["entries"]] == [
            ("note", "she laughs 🎧", 3.0),
            ("mark", "Marker", 2.0),
        ]
        assert [(e.t_s, e.label) for e in kept(dashboard, Marker)] == [(2.0, "Marker")]
        assert [e.text for e in kept(dashboard, Note)] == ["she laughs 🎧"]

    def test_one_is_taken_back(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        marker = press(dashboard, PressKind.MARK, "Marker")
        undo = press(dashboard, PressKind.UNDO, marker)
        assert row_of(dashboard)["entries"] == []
        assert set(row_of(dashboard)["taken"]) == {marker, undo}
        assert [e.target_id for e in kept(dashboard, Withdrawn)] == [marker]

    def test_labels_and_keys_are_the_persons_own(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        assert row_of(dashboard)["keys"] == {"mark": "m", "note": "n"}
        dashboard.app.text_area[0].set_value("Laugh\nFrown")
        dashboard.app.text_input[0].set_value("X")
        dashboard.app.text_input[1].set_value("")
        dashboard.button(hooks.MARK_KEYS_SAVE).click()
        dashboard.run()
        assert row_of(dashboard)["labels"] == ["Laugh", "Frown"]
        assert row_of(dashboard)["keys"] == {"mark": "x", "note": ""}

        assert row_of(dashboard.come_back())["labels"] == ["Laugh", "Frown"]

    def test_one_key_for_both_is_refused(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        dashboard.app.text_input[1].set_value("m")
        dashboard.button(hooks.MARK_KEYS_SAVE).click()
        dashboard.run()
        assert "Two different keys" in dashboard.text()
        assert row_of(dashboard)["keys"] == {"mark": "m", "note": "n"}

    def test_labels_that_cannot_be_read_are_said_and_written_anew(self, dashboard: Dashboard) -> None:
        path = dashboard.data_dir / "recording.json"
        path.write_text('{"labels": [')
        watching(dashboard)
        assert "Labels and keys for recording" in dashboard.text()
        assert row_of(dashboard)["labels"] == ["Marker"]
        dashboard.button(hooks.MARK_KEYS_SAVE).click()
        assert "Labels and keys for recording" not in dashboard.run().text()
        assert '"Marker"' in path.read_text()


class TestReports:
    def test_before_is_offered_after_the_agreement_and_can_be_left_alone(self, dashboard: Dashboard) -> None:
        dashboard.run().agree()
        part = dashboard.part("sam")
        assert part is not None
        assert [len(scale["figures"]) for scale in part["rows"]] == [9, 9]
        assert part["rows"][0]["figures"][0]["words"] == "1 of 9: unpleasant"
        assert QUESTIONS[ReportMoment.BEFORE] in dashboard.text()
        dashboard.button(hooks.REPORT_SKIP).click()
        dashboard.run()
        assert dashboard.part("sam") is None
        assert kept(dashboard, SelfReport) == []

    def test_whoever_chooses_a_mood_by_hand_is_not_asked_for_it_again(self, dashboard: Dashboard) -> None:
        dashboard.run().agree()
        dashboard.visit().way_wanted = state.Way.HAND
        assert dashboard.run().part("sam") is None
        dashboard.button(hooks.REPORT_NOW).click()
        assert dashboard.run().part("sam") is not None

    def test_after_is_offered_at_stop_and_then_word_and_face_stand_together(self, dashboard: Dashboard) -> None:
        dashboard.run().agree()
        report(dashboard, ReportMoment.BEFORE, 5, 3)
        dashboard.press_start().see(Emotion.HAPPY, seconds=20)
        assert dashboard.part("sam") is None
        dashboard.playing = False
        dashboard.run()
        assert QUESTIONS[ReportMoment.AFTER] in dashboard.text()
        assert dashboard.kept() is not None  # all is written, as it is by the time that somebody has tapped twice
        report(dashboard, ReportMoment.AFTER, 8, 3)
        assert "After less before: **pleasant +3, energetic ±0 of nine steps**" in dashboard.text()
        assert "| After | +0.75 · \N{MINUS SIGN}0.50 | +0." in dashboard.text()
        assert LABEL in [one.proto.label for one in dashboard.app.get("page_link")]
        assert [e.moment for e in kept(dashboard, SelfReport)] == [ReportMoment.BEFORE, ReportMoment.AFTER]
        dashboard.button(hooks.SAID_UNDO).click()
        dashboard.run()
        assert "After less before" not in dashboard.text()
        assert len(kept(dashboard, Withdrawn)) == 1

    def test_said_without_a_face_has_dashes(self, dashboard: Dashboard) -> None:
        dashboard.run().agree().press_start().see(None, seconds=20)
        dashboard.playing = False
        dashboard.run()
        report(dashboard, ReportMoment.AFTER, 5, 5)
        assert "| After | 0.00 · 0.00 | – | – |" in dashboard.text()

    def test_now_and_then_on_the_plane_until_it_is_switched_off(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        dashboard.clock.advance(EVERY_S)
        assert dashboard.run().part("grid") is not None
        dashboard.button(hooks.REPORT_NEVER).click()
        dashboard.run()
        assert dashboard.part("grid") is None
        dashboard.clock.advance(10 * EVERY_S)
        assert dashboard.run().part("grid") is None
        often = dashboard.app.selectbox(key=hooks.REPORT_OFTEN)
        assert often.value is AskedWhen.ENDS
        often.set_value(AskedWhen.OFTEN)
        assert dashboard.run().part("grid") is not None

    def test_whoever_wants_to_be_left_alone_is_so_in_the_next_visit_too(self, dashboard: Dashboard) -> None:
        dashboard.run().agree().button(hooks.REPORT_NEVER).click()
        assert dashboard.run().part("sam") is None
        assert dashboard.come_back().part("record") is not None
        assert dashboard.part("sam") is None

    def test_it_can_be_said_at_any_time(self, dashboard: Dashboard) -> None:
        watching(dashboard)
        assert dashboard.part("sam") is None  # what is asked before ends with Start
        dashboard.button(hooks.REPORT_NOW).click()
        assert dashboard.run().part("grid") is not None
        report(dashboard, ReportMoment.DURING, 7, 6)
        assert dashboard.part("grid") is None
        assert [(e.valence, e.arousal) for e in kept(dashboard, SelfReport)] == [(7, 6)]
