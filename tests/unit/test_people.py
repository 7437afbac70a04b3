"""Codes that say nothing; studies renamed and looked ahead for; erasure with a report."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random

import pytest

from emrs_core.errors import TimelineError, TimelineNotFound
from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline import codes
from emrs_core.timeline.export.files import file_stem
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.people import erase_participant, outlook
from emrs_core.timeline.sessions import Participant, Study
from emrs_core.timeline.store import Consent


def test_codes_are_new_and_look_like_nobody() -> None:
    rng, taken = Random(1), set[str]()
    for _ in range(2_000):
        code = codes.new_code(taken, rng)
        assert code not in taken
        assert codes.checked_code(code) == code
        assert codes.tells(code) is None
        taken.add(code)
    assert codes.new_code(()) != codes.new_code(())


def test_a_code_that_is_taken_is_drawn_again() -> None:
    first = codes.new_code((), Random(7))
    assert codes.new_code({first}, Random(7)) != first


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("Anna", "a name or a word"),
        ("müller", "a name or a word"),
        ("李小龙", "a name or a word"),
        ("a.b@x.org", "an e-mail address"),
        ("1984-05-23", "a date, perhaps of birth"),
        ("23.5.1984", "a date, perhaps of birth"),
        ("P-7K4M2", None),
        ("P01", None),
        ("BCD-FGH", None),
        ("BCDa", "a name or a word"),
        ("017", None),
    ],
)
def test_a_telling_code_is_noticed(code: str, meaning: str | None) -> None:
    assert codes.tells(code) == meaning


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "x" * 41])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(TimelineError):
        codes.checked_code(text)


@pytest.fixture
def store() -> MemoryTimelineStore:
    """A study with a session on each of three days, of two participants."""
    made = MemoryTimelineStore()
    made.put_study(Study("Sleep", retention_days=2))
    for day in range(3):
        info = make_info(24 * day, id=f"s{day}", study="Sleep", participant=f"P{day % 2}", title=f"day {day}")
        made.begin(info)
        made.append(info.id, make_samples(8))
    made.put_participant(Participant("P0"))
    made.put_consent(Consent("P0", "v1", NOON))
    return made


def test_the_outlook_says_what_goes_when(store: MemoryTimelineStore) -> None:
    seen = outlook(store.studies()[0], store.list(), NOON + timedelta(days=2, hours=1))
    assert [summary.info.id for summary in seen.over] == ["s0"]
    assert seen.next_at == NOON + timedelta(days=3)
    assert len(seen.sessions) == 3
    assert seen.participants == ("P0", "P1")
    for_ever = outlook(Study("Sleep"), store.list(), NOON + timedelta(days=900))
    assert (for_ever.over, for_ever.next_at) == ((), None)
    assert [s.info.id for s in seen.over] == list(store.retire(NOON + timedelta(days=2, hours=1)))


def test_erasure_says_what_went(store: MemoryTimelineStore) -> None:
    erased = erase_participant(store, "P0")
    assert (erased.sessions, erased.samples, erased.consents, erased.described) == (2, 16, 1, True)
    assert erased.sentence == "Erased P0: 2 sessions of 0 minutes with 16 readings, 1 agreement, the record."
    assert [s.info.participant for s in store.list()] == ["P1"]
    with pytest.raises(TimelineNotFound):
        erase_participant(store, "P0")


def test_what_is_written_while_erasing_is_noticed(store: MemoryTimelineStore) -> None:
    class Busy(MemoryTimelineStore):
        def erase_all(self, participant: str) -> int:
            count = super().erase_all(participant)
            self.begin(make_info(participant=participant))
            return count

    busy = Busy()
    busy.begin(make_info(participant="P0"))
    with pytest.raises(TimelineError, match="erase again"):
        erase_participant(busy, "P0")


def test_each_code_has_a_file_name_of_its_own() -> None:
    codes = ["P07", "P 07", "P_07", "P/07", "رمز", "شفرة", "", "x" * 64, "x" * 65, "x" * 66]
    stems = [file_stem(code) for code in codes]
    assert stems[0] == "P07"
    assert len(set(stems)) == len(codes)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,73}", stem) for stem in stems)
