"""What every store of people promises."""

from __future__ import annotations

from datetime import timedelta

import pytest

from emrs_core.errors import ConsentWithdrawn, TimelineError, TimelineNotFound
from emrs_core.testing.timeline import NOON, AnyStore, make_info, make_samples
from emrs_core.timeline.events import Note
from emrs_core.timeline.sessions import Participant, Study
from emrs_core.timeline.store import Consent, is_withdrawn


class PeopleStoreContract:
    """What ``PeopleStore`` promises; every store's test class inherits this and gives the fixture
    ``store``: an empty store."""

    def test_studies_and_participants_are_kept_and_replaced(self, store: AnyStore) -> None:
        store.put_study(Study("B", retention_days=30))
        store.put_study(Study("A"))
        store.put_study(Study("B", retention_days=7, phq2=True))
        store.put_participant(Participant("P1", ("calm",), ("🎧",)))
        store.put_participant(Participant("P1", ("calm", "guide")))
        assert store.studies() == (Study("A"), Study("B", 7, True))
        assert store.participants() == (Participant("P1", ("calm", "guide")),)

    def test_a_study_is_renamed_with_its_sessions_in_one_go(self, store: AnyStore) -> None:
        for study in (Study("Sleep", 7), Study("taken")):
            store.put_study(study)
        for number, name in enumerate(("Sleep", "Sleep", "taken", "")):
            store.begin(make_info(number, study=name))
        assert store.change_study("Sleep", Study("Rest", 30, phq2=True)) == 2
        assert store.studies() == (Study("Rest", 30, True), Study("taken"))
        assert sorted(s.info.study for s in store.list()) == ["", "Rest", "Rest", "taken"]
        assert store.change_study("Rest", Study("Rest", 90)) == 0
        assert store.studies()[0] == Study("Rest", 90)

    @pytest.mark.parametrize(
        ("name", "changed", "error"),
        [
            ("Sleep", Study("taken"), TimelineError),
            ("Sleep", Study(" "), TimelineError),
            ("Sleep", Study("Rest", 0), TimelineError),
            ("nobody's", Study("Rest"), TimelineNotFound),
        ],
    )
    def test_a_change_that_cannot_be_leaves_the_study_as_it_was(
        self, store: AnyStore, name: str, changed: Study, error: type[TimelineError]
    ) -> None:
        for study in (Study("Sleep", 7), Study("taken")):
            store.put_study(study)
        store.begin(make_info(study="Sleep"))
        with pytest.raises(error):
            store.change_study(name, changed)
        assert store.studies() == (Study("Sleep", 7), Study("taken"))
        assert store.list()[0].info.study == "Sleep"

    def test_consents_are_kept_with_version_and_time(self, store: AnyStore) -> None:
        first, second = Consent("P1", "v1", NOON), Consent("P1", "v2", NOON + timedelta(days=1))
        for consent in (second, first, first, Consent("P2", "v1", NOON)):
            store.put_consent(consent)
        assert store.consents("P1") == (first, second)
        assert store.consents("P3") == ()

    def test_everything_of_one_participant_goes_out_and_away(self, store: AnyStore) -> None:
        self._fill(store)
        record = store.export_all("P1")
        assert record.participant == Participant("P1", ("calm",))
        assert [len(timeline.samples) for timeline in record.timelines] == [8, 8]
        assert len(record.consents) == 1
        assert store.erase_all("P1") == 2
        assert [summary.info.participant for summary in store.list()] == ["P2"]
        assert [person.code for person in store.participants()] == ["P2"]
        assert store.consents("P1") == ()
        assert len(store.export_all("P2").timelines) == 1
        for call in (store.export_all, store.erase_all):
            with pytest.raises(TimelineNotFound, match="P1"):
                call("P1")

    def test_sessions_go_when_their_study_keeps_them_no_longer(self, store: AnyStore) -> None:
        store.put_study(Study("short", retention_days=7))
        store.put_study(Study("long"))
        infos = {name: make_info(study=name) for name in ("short", "long", "", "unknown")}
        for info in infos.values():
            store.begin(info)
        assert store.retire(NOON + timedelta(days=7)) == ()
        assert store.retire(NOON + timedelta(days=7, seconds=1)) == (infos["short"].id,)
        assert {summary.info.study for summary in store.list()} == {"long", "", "unknown"}

    def _fill(self, store: AnyStore) -> None:
        for number, code in enumerate(("P1", "P2", "P1")):
            info = make_info(number, participant=code)
            store.begin(info)
            store.append(info.id, make_samples(8), [Note(t_s=1, text=f"about {code}")])
            store.put_participant(Participant(code, ("calm",)))
            store.put_consent(Consent(code, "v1", NOON))

    def test_a_consent_is_taken_back_and_can_be_given_again(self, store: AnyStore) -> None:
        first, second = Consent("P1", "v1", NOON), Consent("P1", "v1", NOON + timedelta(days=2))
        taken_back = NOON + timedelta(days=1)
        store.put_consent(first)
        assert not is_withdrawn(store.consents("P1"))
        store.withdraw_consent("P1", taken_back)
        store.withdraw_consent("P1", taken_back + timedelta(days=5))
        store.put_consent(first)  # the same one again gives nothing back
        assert store.consents("P1") == (Consent("P1", "v1", NOON, taken_back),)
        assert is_withdrawn(store.consents("P1"))
        store.put_consent(second)
        assert not is_withdrawn(store.consents("P1"))
        assert store.export_all("P1").consents[0].withdrawn_at == taken_back
        with pytest.raises(TimelineNotFound, match="P2"):
            store.withdraw_consent("P2", NOON)

    def test_nothing_more_is_recorded_once_the_consent_is_taken_back(self, store: AnyStore) -> None:
        info, other, ended = (make_info(k, participant=code) for k, code in enumerate(("P1", "P2", "P1")))
        for one in (info, other, ended):
            store.begin(one)
            store.put_consent(Consent(one.participant, "v1", NOON))
            store.append(one.id, make_samples(4))
        store.end(ended.id, NOON)
        store.withdraw_consent("P1", NOON)
        for samples in (make_samples(4, 9.0), []):
            with pytest.raises(ConsentWithdrawn, match="P1"):
                store.append(info.id, samples)
        store.append(other.id, make_samples(4, 9.0))
        store.append(ended.id, (), [Note(t_s=1, text="in review")])
        store.end(info.id, NOON)
        assert [len(store.read(one.id).samples) for one in (info, other, ended)] == [4, 8, 4]

    def test_an_empty_study_can_be_taken_away(self, store: AnyStore) -> None:
        for name in ("full", "empty"):
            store.put_study(Study(name))
        store.begin(make_info(study="full"))
        store.drop_study("empty")
        with pytest.raises(TimelineError, match="full"):
            store.drop_study("full")
        with pytest.raises(TimelineNotFound, match="empty"):
            store.drop_study("empty")
        assert store.studies() == (Study("full"),)

    @pytest.mark.parametrize("study", [Study(" "), Study("S", 0), Study("S", 36_501)])
    def test_a_study_that_makes_no_sense_is_refused(self, store: AnyStore, study: Study) -> None:
        with pytest.raises(TimelineError):
            store.put_study(study)
        assert store.studies() == ()

    def test_an_empty_code_is_nobodys_and_erases_nothing(self, store: AnyStore) -> None:
        store.begin(make_info())
        for call in (store.export_all, store.erase_all):
            with pytest.raises(TimelineError, match="code is needed"):
                call("")
        assert len(store.list()) == 1
