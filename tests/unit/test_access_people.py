"""Studies, participants and agreements: who keeps them, and what a person learns and erases of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from emrs_core.errors import AccessDenied
from emrs_core.testing.timeline import NOON, make_info
from emrs_core.timeline.sessions import Participant, Study
from emrs_core.timeline.store import Consent, SessionQuery
from tests.access_world import ME, OTHER, REVIEWER, STUDY, make_world


def test_a_reviewer_keeps_studies_and_participants() -> None:
    world = make_world()
    view = world.seen_by(REVIEWER)
    view.put_study(Study("S2", retention_days=7))
    view.put_study(Study("S2", retention_days=9))
    view.put_study(replace(STUDY, phq2=True))
    view.put_participant(Participant("P9", ("guide",)))
    assert {study.name for study in view.studies()} == {"S1", "S2"}
    assert [person.code for person in view.participants()] == ["P1", "P2", "P9"]
    record = view.export_all("P2")
    assert [timeline.info.id for timeline in record.timelines] == ["their_study"]
    assert view.erase_all("P9") == 0


def test_a_participant_sees_takes_out_and_erases_what_is_their_own() -> None:
    world = make_world()
    view = world.seen_by(ME)
    assert view.participants() == (Participant("P1", conditions=("calm",)),)
    assert view.consents("P1") == (Consent("P1", "v1", NOON),)
    assert [each.info.id for each in view.export_all("P1").timelines] == ["mine", "my_study"]
    assert view.erase_all("P1") == 2
    assert view.list() == ()
    assert world.store.consents("P1") == ()
    assert len(world.store.list()) == 2


def test_a_code_that_two_people_use_tells_neither_of_the_other() -> None:
    world = make_world()
    view = world.seen_by(ME)
    view.begin(make_info(4, id="claim", owner=ME.owner_id, participant="P2"))
    assert [person.code for person in view.participants()] == ["P1"]
    assert view.consents("P2") == ()
    record = view.export_all("P2")
    assert ([each.info.id for each in record.timelines], record.participant) == (["claim"], Participant("P2"))
    with pytest.raises(AccessDenied, match="somebody else's"):
        view.put_consent(Consent("P2", "v1", NOON))
    with pytest.raises(AccessDenied):
        view.put_participant(Participant("P2", tags=("mine",)))
    assert view.erase_all("P2") == 1
    assert len(world.store.list(SessionQuery(participant="P2"))) == 2
    assert world.store.consents("P2") == (Consent("P2", "v1", NOON),)


def test_somebody_uses_the_code_that_they_were_given() -> None:
    world = make_world()
    world.store.put_participant(Participant("P5", ("calm",)))
    view = world.seen_by(ME)
    view.put_participant(Participant("P5"))  # says nothing new
    view.put_consent(Consent("P5", "v1", NOON))
    with pytest.raises(AccessDenied, match="leads the study"):
        view.put_participant(Participant("P5", ("other",)))
    assert world.store.participants()[-1] == Participant("P5", ("calm",))
    with pytest.raises(AccessDenied):
        view.put_study(Study("mine"))
    with pytest.raises(AccessDenied):
        view.retire(NOON)


def test_codes_that_wait_for_somebody_are_shown_to_nobody_else() -> None:
    world = make_world()
    world.store.put_participant(Participant("P5"))
    assert [person.code for person in world.seen_by(ME).participants()] == ["P1"]
    assert [person.code for person in world.seen_by(REVIEWER).participants()] == ["P1", "P2", "P5"]


def test_a_code_in_anothers_session_cannot_be_described() -> None:
    world = make_world()
    world.store.begin(make_info(5, owner=OTHER.owner_id, participant="P7"))
    with pytest.raises(AccessDenied, match="somebody else's"):
        world.seen_by(ME).put_participant(Participant("P7"))
    assert "P7" not in [person.code for person in world.store.participants()]
