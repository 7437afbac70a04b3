"""What one may not see does not exist, and what one may not change stays as it is, whatever one tries."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import AccessDenied, EmrsError, TimelineError, TimelineNotFound
from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline.access import AccessibleSessions, Viewer
from emrs_core.timeline.events import (
    Amended,
    Baseline,
    ConsentGiven,
    Excluded,
    Marker,
    Note,
    Withdrawn,
)
from emrs_core.timeline.sessions import Participant, SessionFacts, Timeline
from emrs_core.timeline.store import Consent, KeptSessions, PeopleStore, SessionQuery, TimelineStore
from tests.access_world import INFOS, ME, OTHER, REVIEWER, STUDY, make_world, report

Call = Callable[[KeptSessions], Any]


def outcome(call: Call, store: KeptSessions) -> object:
    """What a caller learns: the answer, or the error's kind and words."""
    try:
        answer = call(store)
    except EmrsError as exc:
        return type(exc), str(exc)
    return summary_of(answer)


def summary_of(answer: object) -> object:
    """Something that can be compared: samples are arrays."""
    if isinstance(answer, Timeline):
        return answer.info, tuple(answer.samples), answer.events
    if hasattr(answer, "timelines"):
        return answer.participant, answer.consents, tuple(map(summary_of, answer.timelines))
    return answer


SESSIONS = st.sampled_from([*INFOS, "nobody"])
CODES = st.sampled_from(["P1", "P2", "P3"])
QUERIES = st.builds(
    SessionQuery,
    owner=st.sampled_from([None, ME.owner_id, OTHER.owner_id]),
    study=st.sampled_from([None, "S1", ""]),
    participant=st.one_of(st.none(), CODES),
    text=st.sampled_from(["", "secret", "P2"]),
    limit=st.sampled_from([None, 1, 2]),
    offset=st.integers(0, 2),
)


def calls(sessions: st.SearchStrategy[str] = SESSIONS, codes: st.SearchStrategy[str] = CODES) -> st.SearchStrategy[Any]:
    """Anything that can be asked for or done with a session or a participant of that name."""
    return st.one_of(
        sessions.map(lambda i: lambda s: s.read(i)),
        sessions.map(lambda i: lambda s: s.info(i)),
        sessions.map(lambda i: lambda s: s.reread(Timeline(make_info(id=i)))),
        sessions.map(lambda i: lambda s: s.delete(i)),
        sessions.map(lambda i: lambda s: s.end(i, NOON)),
        sessions.map(lambda i: lambda s: s.append(i, ())),
        sessions.map(lambda i: lambda s: s.append(i, make_samples(3, 9.0))),
        sessions.map(lambda i: lambda s: s.append(i, (), [Note(t_s=1, text="n", id=f"note-{i}")])),
        sessions.map(lambda i: lambda s: s.append(i, (), [Withdrawn(t_s=1, id="w", target_id=f"report-{i}", at=NOON)])),
        sessions.map(lambda i: lambda s: s.describe(i, SessionFacts(study="S1", participant="P1"))),
        QUERIES.map(lambda q: lambda s: s.list(q)),
        codes.map(lambda c: lambda s: s.consents(c)),
        codes.map(lambda c: lambda s: s.export_all(c)),
        codes.map(lambda c: lambda s: s.erase_all(c)),
        codes.map(lambda c: lambda s: s.withdraw_consent(c, NOON)),
        st.sampled_from(["S1", "no study"]).map(lambda n: lambda s: s.drop_study(n)),
        st.just(lambda s: s.participants()),
        st.just(lambda s: s.studies()),
        st.just(lambda s: s.retire(NOON + timedelta(days=90))),
        st.just(lambda s: s.put_study(replace(STUDY, retention_days=0))),
        st.sampled_from(["S1", "S2"]).map(lambda n: lambda s: s.change_study("S1", replace(STUDY, name=n, phq2=False))),
        st.just(lambda s: s.put_participant(Participant("P1", tags=("x",)))),
    )


@given(st.lists(calls(), max_size=8))
def test_what_a_person_may_not_see_does_not_exist(tried: list[Call]) -> None:
    """Each answer, and each error to the letter, is the one of a store without others' sessions."""
    full = make_world().seen_by(ME)
    without = make_world(leave_out=lambda info: info.owner != ME.owner_id).seen_by(ME)
    for call in tried:
        assert outcome(call, full) == outcome(call, without)


@given(st.lists(calls(codes=st.just("P1")), max_size=8))
def test_sessions_outside_studies_do_not_exist_for_a_reviewer(tried: list[Call]) -> None:
    full = make_world().seen_by(REVIEWER)
    without = make_world(leave_out=lambda info: info.study == "").seen_by(REVIEWER)
    for call in tried:
        assert outcome(call, full) == outcome(call, without)


@pytest.mark.parametrize("viewer", [ME, REVIEWER, Viewer.guest()], ids=["person", "reviewer", "guest"])
@given(tried=st.lists(calls(), max_size=12))
def test_nobody_erases_ends_or_falsifies_what_is_others(viewer: Viewer, tried: list[Call]) -> None:
    world = make_world()
    for call in tried:
        outcome(call, world.seen_by(viewer))
    for info in INFOS.values():
        if info.owner == viewer.owner_id:
            continue
        kept = world.store.read(info.id)
        assert kept.info == info
        assert list(kept.samples) == make_samples(4)
        assert [e for e in kept.events if not isinstance(e, Note)] == [report(info.id), theirs_marker(info.id)]
    assert [replace(one, withdrawn_at=None) for one in world.store.consents("P2")] == [Consent("P2", "v1", NOON)]
    assert world.store.studies() == (STUDY,)


def theirs_marker(session_id: str) -> Marker:
    return Marker(t_s=1.0, label="theirs", id=f"marker-{session_id}")


@given(st.lists(calls(), max_size=8))
def test_the_owner_of_the_machine_meets_no_limit(tried: list[Call]) -> None:
    limited, bare = make_world().seen_by(Viewer.owner()), make_world().store
    for call in tried:
        assert outcome(call, limited) == outcome(call, bare)


def test_every_method_of_a_store_is_ruled() -> None:
    """A method that a store gains has to be thought of here."""
    wanted = {
        name
        for protocol in (TimelineStore, PeopleStore)
        for name, _ in inspect.getmembers(protocol, inspect.isfunction)
        if not name.startswith("_")
    }
    assert len(wanted) >= 16
    assert {name for name in wanted if not hasattr(AccessibleSessions, name)} == set()


def test_a_guest_finds_nothing_in_a_store_of_others() -> None:
    guest = make_world().seen_by(Viewer.guest())
    assert guest.list() == ()
    assert guest.participants() == ()
    with pytest.raises(TimelineNotFound):
        guest.read("theirs")


def test_a_reviewer_sees_studies_marks_and_notes() -> None:
    world = make_world()
    view = world.seen_by(REVIEWER)
    assert [each.info.id for each in view.list()] == ["their_study", "my_study"]
    mark, part = Marker(t_s=2, label="here"), Excluded(t_s=3, until_s=4, reason="phone")
    better = Amended(t_s=2, target_id=mark.id, replacement=Marker(t_s=2.5, label="here"), at=NOON)
    view.append("their_study", (), [mark, part])
    view.append("their_study", (), [better])
    view.append("their_study", (), [Withdrawn(t_s=2, target_id=better.id, at=NOON)])
    view.append("their_study", (), [Withdrawn(t_s=1, target_id="marker-their_study", at=NOON)])
    assert len(world.store.read("their_study").events) == 7


def test_a_reviewer_names_condition_and_tags_nothing_else() -> None:
    world = make_world()
    view, facts = world.seen_by(REVIEWER), INFOS["their_study"].facts
    named = replace(facts, condition="guide", tags=("good",))
    view.describe("their_study", named)
    assert world.store.info("their_study").facts == named
    for other in (replace(facts, study=""), replace(facts, participant="P1"), replace(facts, title="x")):
        with pytest.raises(AccessDenied, match="study, participant and title"):
            view.describe("their_study", other)
    with pytest.raises(TimelineNotFound):
        view.describe("theirs", named)


@pytest.mark.parametrize(
    "event",
    [
        Withdrawn(t_s=1, target_id="report-their_study", at=NOON),
        Withdrawn(t_s=1, target_id="nothing", at=NOON),
        Withdrawn(t_s=1, id="itself", target_id="itself", at=NOON),
        Amended(t_s=1, target_id="marker-their_study", replacement=report("x"), at=NOON),
        Amended(t_s=1, target_id="report-their_study", replacement=Note(t_s=1, text="n"), at=NOON),
        report("another"),
        Baseline(t_s=1, until_s=2, probabilities=(1, 0, 0, 0, 0, 0, 0), looks=5),
        ConsentGiven(t_s=0, version="v1", at=NOON),
    ],
)
def test_a_reviewer_cannot_put_words_into_a_participants_mouth(event: Any) -> None:
    world = make_world()
    with pytest.raises(AccessDenied):
        world.seen_by(REVIEWER).append("their_study", (), [event])
    assert len(world.store.read("their_study").events) == 2


def test_a_reviewer_cannot_hide_a_report_behind_a_marker_of_the_same_id() -> None:
    world = make_world()
    disguise = Marker(t_s=1, label="x", id="report-their_study")
    taken = Withdrawn(t_s=1, target_id="report-their_study", at=NOON)
    with pytest.raises(AccessDenied):
        world.seen_by(REVIEWER).append("their_study", (), [disguise, taken])


def test_a_reviewer_cannot_delete_end_or_erase_what_is_others() -> None:
    view = make_world().seen_by(REVIEWER)
    for call in (lambda: view.delete("their_study"), lambda: view.end("their_study", NOON)):
        with pytest.raises(AccessDenied, match="only by them"):
            call()
    with pytest.raises(AccessDenied, match="cannot erase"):
        view.erase_all("P2")
    for change in (view.put_study, lambda study: view.change_study("S1", study)):
        with pytest.raises(AccessDenied, match="agreed"):
            change(replace(STUDY, retention_days=None))


def test_nobody_records_in_anothers_name_or_under_their_id() -> None:
    view = make_world().seen_by(ME)
    with pytest.raises(AccessDenied, match="whoever records"):
        view.begin(make_info(owner=OTHER.owner_id))
    with pytest.raises(TimelineError, match="taken"):
        view.begin(make_info(id="theirs", owner=ME.owner_id))
    view.begin(INFOS["mine"])  # again changes nothing
    assert len(view.read("mine").samples) == 4


def test_asking_for_anothers_sessions_by_their_id_finds_nothing() -> None:
    view = make_world().seen_by(ME)
    assert view.list(SessionQuery(owner=OTHER.owner_id)) == ()
    assert len(view.list(SessionQuery(owner=ME.owner_id))) == 2


def test_a_reviewer_adds_no_readings_and_keeps_no_session_alive() -> None:
    view = make_world().seen_by(REVIEWER)
    with pytest.raises(AccessDenied):
        view.append("their_study", make_samples(3, 9.0), [Note(t_s=1, text="beside a note")])
    with pytest.raises(AccessDenied):
        view.append("their_study", ())
