"""Edits of a review: what may be kept, and what was done so far."""

from __future__ import annotations

from datetime import timedelta

import pytest

from emrs_core.errors import UsageError
from emrs_core.testing.timeline import NOON, make_info
from emrs_core.timeline.edits import LABEL_CHARS, TEXT_CHARS, Reviewable, amended, checked, edits_of, withdrawn
from emrs_core.timeline.events import Event, Excluded, Marker, Note
from emrs_core.timeline.review import current
from emrs_core.timeline.sessions import Timeline


def of(*events: Event) -> Timeline:
    return Timeline(make_info(), events=events)


@pytest.mark.parametrize(
    "event",
    [
        Marker(t_s=1, label="  "),
        Marker(t_s=1, label="x" * (LABEL_CHARS + 1)),
        Note(t_s=1, text="\n"),
        Note(t_s=1, text="x" * (TEXT_CHARS + 1)),
        Marker(t_s=-0.1, label="x"),
        Marker(t_s=60.1, label="x"),
        Excluded(t_s=5, until_s=5),
        Excluded(t_s=5, until_s=4),
        Excluded(t_s=5, until_s=61),
    ],
)
def test_what_makes_no_sense_is_refused(event: Reviewable) -> None:
    with pytest.raises(UsageError):
        checked(event, 60.0)


def test_text_is_trimmed_and_kept_in_every_script() -> None:
    assert checked(Note(t_s=1, text="  مرحبا 🎧\n"), 60.0).text == "مرحبا 🎧"  # type: ignore[union-attr]
    assert checked(Excluded(t_s=0, until_s=60, reason=" phone "), 60.0).reason == "phone"  # type: ignore[union-attr]


def test_an_event_is_put_right_only_by_one_of_its_kind() -> None:
    with pytest.raises(UsageError, match="kind"):
        amended(Marker(t_s=1, label="a"), Note(t_s=1, text="a"), NOON)


def test_the_history_says_what_was_edited_and_what_of_it_was_taken_back() -> None:
    marker, note = Marker(t_s=1, label="a"), Note(t_s=2, text="n")
    first = amended(marker, Marker(t_s=3, label="b"), NOON)
    second = withdrawn(note, NOON + timedelta(minutes=1))
    third = withdrawn(second, NOON + timedelta(minutes=2))
    timeline = of(marker, note, third, second, first)
    edits = edits_of(timeline)
    assert [edit.event for edit in edits] == [first, second, third]
    assert [edit.about for edit in edits] == [marker, note, second]
    assert [edit.undone for edit in edits] == [False, True, False]
    assert [edit.restored for edit in edits] == [False, False, True]
    assert [e.t_s for e in current(timeline).events] == [2, 3]


def test_an_edit_of_what_is_not_kept_has_nothing_that_it_is_about() -> None:
    (edit,) = edits_of(of(withdrawn(Marker(t_s=1, label="gone"), NOON)))
    assert edit.about is None
