"""What one visit remembers of the session that is being kept: the last marks and notes, and how one makes them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from emrs_core.errors import StorageError
from emrs_core.timeline.events import Baseline, Marker, Note, ReportMoment, SelfReport, Withdrawn
from emrs_core.timeline.habits import HabitStore, MemoryHabitStore, RecordHabits
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.ui.record.asking import Asking
from emrs_core.ui.record.presses import Press, PressKind

REMEMBERED: Final = 200
"""Marks and notes that can be taken back live, and presses known to be taken; review reaches all."""


@dataclass(slots=True, eq=False)
class RecordDesk:
    """Script thread only. What belongs to a session is forgotten when another one begins."""

    store: HabitStore = field(default_factory=MemoryHabitStore)
    habits: RecordHabits = field(default_factory=RecordHabits)
    habits_problem: str | None = None  # why they could not be read or kept
    session_id: str | None = None
    entries: deque[Marker | Note] = field(default_factory=lambda: deque(maxlen=REMEMBERED))  # the newest first
    taken: deque[str] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    reports: list[SelfReport] = field(default_factory=list)
    asking: Asking = field(default_factory=Asking)
    noted: bool = False  # a report was just taken, and not yet said so
    said_shown: bool = False
    phq2_due: bool = False
    study_asks_phq2: bool = False
    calibrating_since_s: float | None = None  # of the visit's clock, while it lasts
    calibration_problem: str | None = None
    calibration_shown: bool = False
    baseline: Baseline | None = None
    baseline_from: datetime | None = None  # when it was taken, where that was in an earlier session

    def follow(self, session_id: str | None) -> None:
        """That session is being kept now; None for none."""
        if session_id == self.session_id:
            return
        self.session_id = session_id
        self.entries.clear()
        self.taken.clear()
        self.reports.clear()
        self.asking = Asking(self.habits.asked)
        self.said_shown, self.phq2_due = False, self.study_asks_phq2
        self.baseline = self.baseline_from = None
        self.close_calibration()

    def in_study(self, asks_phq2: bool, *, changed: bool) -> None:
        """The session's study is named; whether it asks the two questions, once in each session."""
        self.study_asks_phq2 = asks_phq2
        self.phq2_due = asks_phq2 and (changed or self.phq2_due)

    # -- how one records -----------------------------------------------------------------------------------------

    @classmethod
    def of(cls, store: HabitStore) -> RecordDesk:
        """A desk with the habits that are kept there; the usual ones when they cannot be read."""
        try:
            return cls(store, store.get())
        except StorageError as exc:
            return cls(store, habits_problem=str(exc))

    def get_used_to(self, habits: RecordHabits) -> None:
        """From now on so, for good where that can be kept."""
        self.habits = habits
        self.asking.asked = habits.asked
        try:
            self.store.put(habits)
            self.habits_problem = None
        except StorageError as exc:
            self.habits_problem = str(exc)

    # -- marks and notes -----------------------------------------------------------------------------------------

    def take(self, press: Press, keep: SessionKeeper) -> None:
        """Keep what was said, once; the browser says it until it knows that it was heard."""
        if press.id in self.taken:
            return
        self.taken.append(press.id)
        if press.kind is not PressKind.UNDO:
            event = press.event()
            self.entries.appendleft(event)
            keep.add(event)
            return
        target = next((entry for entry in self.entries if entry.id == press.text), None)
        if target is not None:
            self.entries.remove(target)
            keep.add(Withdrawn(t_s=press.t_s, target_id=target.id, at=datetime.now(UTC)))

    # -- the person's own word -----------------------------------------------------------------------------------

    def say(self, report: SelfReport, keep: SessionKeeper) -> None:
        """Keep a self-report; after the last one all of them are shown beside the face."""
        keep.add(report)
        self.reports.append(report)
        self.said_shown = report.moment is ReportMoment.AFTER
        self.noted = not self.said_shown

    def unsay(self, keep: SessionKeeper) -> None:
        """Take the last self-report back."""
        if self.reports:
            report = self.reports.pop()
            keep.add(Withdrawn(t_s=keep.now_s(), target_id=report.id, at=datetime.now(UTC)))
        self.said_shown = False

    def close_said(self) -> None:
        self.said_shown = False

    # -- the neutral face ----------------------------------------------------------------------------------------

    def calibrate_from(self, visit_s: float) -> None:
        """A calibration begins."""
        self.calibrating_since_s, self.calibration_problem, self.calibration_shown = visit_s, None, True

    def calibrated(self, baseline: Baseline | None, problem: str | None) -> None:
        """A calibration ended: with a baseline, or with the reason why there is none."""
        self.calibrating_since_s, self.calibration_problem = None, problem
        if baseline is not None:
            self.baseline, self.baseline_from = baseline, None

    def close_calibration(self) -> None:
        self.calibrating_since_s, self.calibration_problem, self.calibration_shown = None, None, False
