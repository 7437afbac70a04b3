"""The pure parts of recording on the Live page: what is pressed, when is asked, what is typed, what is drawn."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.consent import ConsentRecord
from emrs_core.errors import UsageError
from emrs_core.testing.clock import FakeClock
from emrs_core.testing.timeline import NOON
from emrs_core.timeline.events import Marker, Note, ReportMoment, SelfReport, Withdrawn, new_id
from emrs_core.timeline.habits import DEFAULT_LABELS, MAX_LABELS, AskedWhen, Keys, RecordHabits, read_labels
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.sessions import Participant, SessionFacts, Study
from emrs_core.ui.record.asking import EVERY_S, SHOWN_S, WATCHED_S, Asking
from emrs_core.ui.record.desk import RecordDesk
from emrs_core.ui.record.naming import MAX_LENGTH, Agreed, asks_phq2, facts_from, name_session
from emrs_core.ui.record.presses import MAX_NOTE, Press, PressKind, read_presses

ID = "0123456789abcdef" * 2


def said(**facts: Any) -> dict[str, Any]:
    return {"id": ID, "kind": "mark", "text": "go", "t_s": 3.0} | facts


def kept() -> tuple[SessionKeeper, MemoryTimelineStore, FakeClock]:
    clock, store = FakeClock(), MemoryTimelineStore()
    keep = SessionKeeper(lambda: store, clock, "local")
    keep.begin(ConsentRecord("v", NOON))
    return keep, store, clock


class TestPresses:
    def test_a_mark_and_a_note_become_events_of_the_time_of_the_press(self) -> None:
        mark, note = read_presses([said(), said(kind="note", text=" Ünï 🎧 ")], now_s=9.0)
        assert mark.event() == Marker(t_s=3.0, label="go", id=ID)
        assert note.event() == Note(t_s=3.0, text="Ünï 🎧", id=ID)

    @pytest.mark.parametrize(("t_s", "expected"), [(-2.0, 0.0), (4.0, 4.0), (99.0, 9.0)])
    def test_no_moment_lies_outside_of_the_session(self, t_s: float, expected: float) -> None:
        assert read_presses([said(t_s=t_s)], now_s=9.0)[0].t_s == expected

    @pytest.mark.parametrize(
        "strange",
        [
            None, "text", {}, [None], [[]], [{}], [said(id="../x")], [said(kind="other")], [said(text="  ")],
            [said(t_s="soon")], [said(t_s=float("nan"))], [said(t_s=None)],
        ],
    )  # fmt: skip
    def test_what_our_script_does_not_say_is_left_out(self, strange: Any) -> None:
        assert read_presses(strange, now_s=9.0) == ()

    def test_a_very_long_note_is_cut(self) -> None:
        assert len(read_presses([said(kind="note", text="x" * 9_999)], 9.0)[0].text) == MAX_NOTE


class TestDesk:
    def test_what_the_browser_says_again_is_kept_once(self) -> None:
        keep, store, _ = kept()
        desk, press = RecordDesk(), Press(ID, PressKind.MARK, 1.0, "go")
        desk.follow(keep.session_id)
        desk.take(press, keep)
        desk.take(press, keep)
        keep.close()
        assert [e for e in store.read(desk.session_id or "").events if isinstance(e, Marker)] == [press.event()]
        assert list(desk.entries) == [press.event()]

    def test_taking_back_withdraws_and_leaves_the_history(self) -> None:
        keep, store, _ = kept()
        desk = RecordDesk()
        desk.follow(keep.session_id)
        desk.take(Press(ID, PressKind.MARK, 1.0, "go"), keep)
        desk.take(Press(new_id(), PressKind.UNDO, 2.0, ID), keep)
        desk.take(Press(new_id(), PressKind.UNDO, 3.0, "f" * 32), keep)  # of nothing that is there
        keep.close()
        events = store.read(desk.session_id or "").events
        assert [e.target_id for e in events if isinstance(e, Withdrawn)] == [ID]
        assert [e.id for e in events if isinstance(e, Marker)] == [ID]
        assert not desk.entries

    def test_another_session_begins_with_an_empty_desk_and_the_same_labels(self) -> None:
        keep, _, _ = kept()
        desk = RecordDesk(habits=RecordHabits(("a", "b")))
        desk.follow("one")
        desk.get_used_to(RecordHabits(("a", "b"), asked=AskedWhen.ENDS))
        desk.take(Press(ID, PressKind.MARK, 1.0, "go"), keep)
        desk.say(SelfReport(t_s=1, moment=ReportMoment.AFTER, valence=5, arousal=5), keep)
        desk.calibrate_from(1.0)
        desk.follow("two")
        assert (list(desk.entries), desk.reports, desk.said_shown, desk.calibration_shown) == ([], [], False, False)
        assert (desk.habits.labels, desk.asking.asked) == (("a", "b"), AskedWhen.ENDS)
        keep.close()

    @pytest.mark.parametrize(
        ("text", "labels"),
        [
            ("", DEFAULT_LABELS),
            (" , \n,", DEFAULT_LABELS),
            ("Laugh\nfrown, Laugh", ("Laugh", "frown")),
            (",".join("abcdefghijkl"), tuple("abcdefghi")),
        ],
    )
    def test_labels_as_typed(self, text: str, labels: tuple[str, ...]) -> None:
        assert read_labels(text) == labels
        assert len(labels) <= MAX_LABELS


class TestAsking:
    def test_before_is_asked_until_it_is_answered(self) -> None:
        asking = Asking()
        assert asking.due(0, False) is ReportMoment.BEFORE
        assert asking.due(500, False) is ReportMoment.BEFORE
        asking.close(600)
        assert asking.due(700, False) is None

    def test_before_ends_with_the_start(self) -> None:
        asking = Asking()
        assert asking.due(100, False) is ReportMoment.BEFORE
        assert asking.due(101, True) is None

    def test_after_is_asked_at_stop_and_no_more_once_answered(self) -> None:
        asking = Asking()
        asking.due(0, True)
        assert asking.due(WATCHED_S, False) is ReportMoment.AFTER
        asking.close(WATCHED_S + 1)
        assert asking.due(WATCHED_S + 2, False) is None
        asking.due(100, True)
        assert asking.due(200, False) is ReportMoment.AFTER

    def test_a_camera_that_was_on_for_a_moment_is_nothing_to_be_asked_about(self) -> None:
        asking = Asking()
        asking.due(0, True)
        assert asking.due(WATCHED_S - 1, False) is None

    def test_during_at_most_every_ten_minutes_and_never_for_long(self) -> None:
        asking = Asking()
        asking.due(0, True)
        asking.close(0)
        asked = [second for second in range(7200) if asking.due(second, True) is ReportMoment.DURING]
        begins = [second for second in asked if second - 1 not in asked]
        assert begins[0] == EVERY_S
        assert all(later - earlier >= EVERY_S for earlier, later in pairwise(begins))
        assert len(asked) <= len(begins) * (SHOWN_S + 1)

    def test_an_answer_counts_from_when_it_was_given(self) -> None:
        asking = Asking()
        asking.due(0, True)
        asking.close(500)
        assert asking.due(EVERY_S + 100, True) is None
        assert asking.due(500 + EVERY_S, True) is ReportMoment.DURING

    @pytest.mark.parametrize(("asked", "ends"), [(AskedWhen.ENDS, True), (AskedWhen.NEVER, False)])
    def test_asked_less_it_is_quiet_unless_one_wants_to_say_it(self, asked: AskedWhen, ends: bool) -> None:
        asking = Asking(asked)
        assert (asking.due(0, False) is ReportMoment.BEFORE) is ends
        asking.due(0, True)
        asking.close(0)
        assert not any(asking.due(second, True) for second in range(0, 3600, 10))
        asking.want()
        assert asking.due(3600, True) is ReportMoment.DURING
        asking.close(3601)
        assert asking.due(3602, True) is None
        assert (asking.due(3700, False) is ReportMoment.AFTER) is ends

    @given(st.lists(st.tuples(st.floats(0, 400), st.booleans(), st.booleans()), max_size=60))
    def test_during_needs_a_camera_that_is_on_and_after_one_that_was(
        self, steps: list[tuple[float, bool, bool]]
    ) -> None:
        asking, now_s, ever = Asking(), 0.0, False
        for gap_s, playing, answered in steps:
            now_s, ever = now_s + gap_s, ever or playing
            moment = asking.due(now_s, playing)
            assert moment is not ReportMoment.DURING or playing
            assert moment is not ReportMoment.AFTER or (ever and not playing)
            if moment and answered:
                asking.close(now_s)
                assert asking.due(now_s, playing) is None


class TestNaming:
    def test_a_participant_needs_an_agreement_on_record(self) -> None:
        keep, store, _ = kept()
        facts = facts_from(" Sleep ", "P1", "calm", "a, b,a", "")
        assert facts == SessionFacts("Sleep", "P1", "calm", ("a", "b"), "")
        with pytest.raises(UsageError, match="No agreement of P1"):
            name_session(keep, store, facts, None, NOON)
        assert (keep.facts, store.studies(), store.participants()) == (SessionFacts(), (), ())
        name_session(keep, store, facts, Agreed("v2"), NOON)
        assert keep.facts == facts
        assert [(one.version, one.at) for one in store.consents("P1")] == [("v2", NOON)]
        assert store.participants() == (Participant("P1"),)
        store.put_participant(Participant("P1", ("calm", "lively"), ("a",)))
        name_session(keep, store, SessionFacts(participant="P1", title="again"), None, NOON)
        assert store.participants() == (Participant("P1", ("calm", "lively"), ("a",)),)
        keep.close()

    def test_an_agreement_that_was_taken_back_does_not_stand(self) -> None:
        keep, store, _ = kept()
        name_session(keep, store, SessionFacts(participant="P1"), Agreed("v1"), NOON)
        store.withdraw_consent("P1", NOON + timedelta(hours=1))
        with pytest.raises(UsageError, match="No agreement of P1 stands"):
            name_session(keep, store, SessionFacts(participant="P1"), None, NOON)
        name_session(keep, store, SessionFacts(participant="P1"), Agreed("v1"), NOON + timedelta(hours=2))
        keep.close()

    def test_a_study_that_is_there_keeps_its_rules(self) -> None:
        keep, store, _ = kept()
        store.put_study(Study("Sleep", retention_days=30, phq2=True))
        name_session(keep, store, SessionFacts(study="Sleep"), None, NOON)
        assert store.studies() == (Study("Sleep", retention_days=30, phq2=True),)
        assert asks_phq2(store, "Sleep")
        assert not asks_phq2(store, "Other")
        keep.close()

    def test_what_is_too_long_is_refused_with_its_name(self) -> None:
        with pytest.raises(UsageError, match="The condition may have"):
            facts_from("", "", "x" * (MAX_LENGTH + 1), "", "")
        with pytest.raises(UsageError, match="The tag may have"):
            facts_from("", "", "", "a," + "x" * (MAX_LENGTH + 1), "")

    def test_facts_reach_the_store_and_the_next_session(self) -> None:
        keep, store, _ = kept()
        keep.describe(SessionFacts(title="one"))
        keep.add(Marker(t_s=0, label="x"))
        keep.close()
        keep.begin(ConsentRecord("v", NOON))
        keep.add(Marker(t_s=0, label="x"))
        keep.close()
        assert [summary.info.title for summary in store.list()] == ["one", "one"]


class TestHabits:
    def test_they_come_back_as_they_were(self) -> None:
        habits = RecordHabits(("Laugh", "ضحك 🎧"), Keys("x", ""), AskedWhen.NEVER)
        assert RecordHabits.from_dict(habits.to_dict()) == habits

    @pytest.mark.parametrize(
        "kept",
        [
            None, [], {}, {"labels": "a", "mark": "m", "note": "n", "asked": "often"},
            {"labels": ["a"], "mark": 5, "note": "n", "asked": "often"},
            {"labels": ["a"], "mark": "m", "note": "m", "asked": "often"},
            {"labels": ["a"], "mark": "mm", "note": "n", "asked": "often"},
            {"labels": ["a"], "mark": "m", "note": "n", "asked": "hourly"},
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, kept: Any) -> None:
        with pytest.raises(UsageError):
            RecordHabits.from_dict(kept)

    def test_two_keys_may_both_be_none(self) -> None:
        assert Keys("", "") != Keys()
