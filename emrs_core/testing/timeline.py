"""Sessions for tests, and what every store of sessions and people promises."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from emrs_core.errors import ConsentWithdrawn, TimelineError, TimelineNotFound
from emrs_core.timeline.events import Amended, Event, Marker, Note, Sample, SongStarted, new_id
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.sessions import Participant, SessionFacts, SessionInfo, SessionState, Study
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.store import Consent, SessionQuery, is_withdrawn
from emrs_core.types import AffectPoint, QualityIssue

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SEVENTHS = (0.125, 0.125, 0.125, 0.25, 0.125, 0.125, 0.125)  # exact in 32 bits
AnyStore = SqlTimelineStore | MemoryTimelineStore


def make_info(number: int = 0, **facts: object) -> SessionInfo:
    """A session of the owner's that began ``number`` hours after noon."""
    defaults: dict[str, object] = {"id": new_id(), "owner": "local", "started_at": NOON + timedelta(hours=number)}
    return SessionInfo(**{**defaults, **facts})  # type: ignore[arg-type]


def make_samples(count: int, start_s: float = 0.0, valence: float = 0.5) -> list[Sample]:
    """Eight looks a second at a happy face; every fourth cannot be read."""
    bad = (QualityIssue.TOO_DARK, QualityIssue.BLURRED)
    return [
        Sample(start_s + k / 8, "unsure", None, SEVENTHS, True, bad)
        if k % 4 == 3
        else Sample(start_s + k / 8, "happy", SEVENTHS, SEVENTHS, True, (), AffectPoint(valence, -0.25))
        for k in range(count)
    ]


class TimelineStoreContract:
    """What ``TimelineStore`` promises; every store's test class inherits this and gives the fixture."""

    @pytest.fixture
    def store(self) -> AnyStore:
        """An empty store."""
        raise NotImplementedError

    def test_a_session_comes_back_as_it_was_written(self, store: AnyStore) -> None:
        info = make_info(tags=("a", "b"), title="Erste 🎵 جلسة", participant="P 01", synthetic=True, condition="calm")
        samples = [*make_samples(20), Sample(2.5, "no_face", None, None, False)]
        events: list[Event] = [Marker(t_s=0.5, label="go"), Note(t_s=1.0, text="\u202eمرحبا 🎧 \u0000 'x'; DROP")]
        events.append(Amended(t_s=1.5, target_id=events[0].id, replacement=Marker(t_s=0.6, label="start"), at=NOON))
        store.begin(info)
        store.append(info.id, samples[:9], events[:1])
        store.append(info.id, samples[9:], events[1:])
        read = store.read(info.id)
        assert read.info == info
        assert store.info(info.id) == info
        assert list(read.samples) == samples
        assert list(read.events) == events

    def test_ending_changes_the_state_alone(self, store: AnyStore) -> None:
        info, samples = make_info(), make_samples(50)
        store.begin(info)
        for k in range(0, 50, 10):
            store.append(info.id, samples[k : k + 10])
        store.end(info.id, NOON + timedelta(minutes=1))
        store.end(info.id, NOON + timedelta(minutes=9))
        read = store.read(info.id)
        assert read.info.state is SessionState.ENDED
        assert read.info.ended_at == NOON + timedelta(minutes=1)
        assert list(read.samples) == samples

    def test_writing_again_changes_nothing(self, store: AnyStore) -> None:
        info, samples = make_info(), make_samples(20)
        marker, song = Marker(t_s=1, label="m"), SongStarted(t_s=2, track_id="t", title="T", artist="A")
        store.begin(info)
        store.append(info.id, samples, [marker, song, marker])
        before = store.list()
        store.begin(info)
        store.append(info.id, samples, [marker, song])
        store.append(info.id, samples[5:9], [Marker(t_s=9, label="another", id=marker.id)])
        store.end(info.id, NOON)
        store.append(info.id, samples[3:], [song])
        assert list(store.read(info.id).samples) == samples
        assert store.read(info.id).events == (marker, song)
        after = store.list()
        assert (after[0].samples, after[0].songs, after[0].sparkline) == (20, 1, before[0].sparkline)

    def test_what_comes_out_of_order_is_read_in_order(self, store: AnyStore) -> None:
        info, samples = make_info(), make_samples(30)
        late, early = Marker(t_s=9, label="late"), Marker(t_s=1, label="early")
        store.begin(info)
        store.append(info.id, samples[20:], [late])
        store.append(info.id, [*samples[10:15], *samples[2:5]], [early])
        store.append(info.id, samples)
        assert list(store.read(info.id).samples) == samples
        assert store.read(info.id).events == (early, late)
        assert store.list()[0].samples == 30

    def test_a_jump_of_the_clock_is_kept_as_it_came(self, store: AnyStore) -> None:
        info, samples = make_info(), [*make_samples(4), *make_samples(4, 1e9), *make_samples(4, -50.0)]
        store.begin(info)
        store.append(info.id, samples)
        assert [s.t_s for s in store.read(info.id).samples] == sorted(s.t_s for s in samples)
        assert store.list()[0].length_s == pytest.approx(1e9, abs=1)

    def test_review_adds_to_an_ended_session(self, store: AnyStore) -> None:
        info, note = make_info(), Note(t_s=3, text="later")
        store.begin(info)
        store.end(info.id, NOON)
        store.append(info.id, (), [note])
        assert store.read(info.id).events == (note,)
        assert store.read(info.id).info.state is SessionState.ENDED

    def test_facts_are_put_right_and_nothing_else_changes(self, store: AnyStore) -> None:
        info, other, samples = make_info(title="draft", participant="P1", tags=("a",)), make_info(1), make_samples(9)
        facts = SessionFacts("Sleep", "P\u202e2", "calm", ("b", "c"), "Größe 🎧")
        for one in (info, other):
            store.begin(one)
        store.append(info.id, samples)
        store.describe(info.id, facts)
        read = store.read(info.id)
        assert read.info.facts == facts
        assert read.info == info.described(facts)
        assert list(read.samples) == samples
        assert store.read(other.id).info == other
        assert [s.info.id for s in store.list(SessionQuery(participant="P\u202e2", tag="b"))] == [info.id]
        store.end(info.id, NOON)
        store.describe(info.id, SessionFacts())
        assert store.read(info.id).info.facts == SessionFacts()
        assert store.read(info.id).info.state is SessionState.ENDED

    def test_ten_thousand_markers(self, store: AnyStore) -> None:
        info, markers = make_info(), [Marker(t_s=k / 10, label=f"m{k}") for k in range(10_000)]
        store.begin(info)
        store.append(info.id, (), markers)
        store.append(info.id, (), markers)
        assert store.read(info.id).events == tuple(markers)

    def test_the_list_says_length_share_songs_and_course(self, store: AnyStore) -> None:
        info = make_info()
        store.begin(info)
        song = SongStarted(t_s=0.5, track_id="t", title="T", artist="A")
        store.append(info.id, [*make_samples(8, valence=0.5), *make_samples(8, 2.0, valence=-0.5)], [song])
        (summary,) = store.list()
        assert summary.info == info
        assert (summary.samples, summary.songs) == (16, 1)
        assert summary.length_s == pytest.approx(2.875)
        assert summary.valid_face_share == pytest.approx(0.75)
        assert summary.sparkline == (0.5, None, -0.5)

    def test_the_list_is_filtered_and_comes_newest_first(self, store: AnyStore) -> None:
        infos = [make_info(k, owner="abc"[k], study="S1" if k else "", tags=(f"t{k}",)) for k in range(3)]
        infos[1] = make_info(1, id=infos[1].id, owner="b", study="S1", title="Größe", participant="P7", synthetic=True)
        for info in infos:
            store.begin(info)

        def places(**wanted: object) -> list[int]:
            return [infos.index(s.info) for s in store.list(SessionQuery(**wanted))]  # type: ignore[arg-type]

        assert places() == [2, 1, 0]
        assert places(owner="a") == [0]
        assert places(study="S1") == [2, 1]
        assert places(text="GRÖSSE") == [1]
        assert places(participant="P7") == places(synthetic=True) == [1]
        assert places(tag="t2") == [2]
        assert places(since=infos[1].started_at, until=infos[2].started_at) == [1]
        assert places(limit=1, offset=1) == [1]

    def test_a_deleted_session_is_gone(self, store: AnyStore) -> None:
        kept, gone = make_info(), make_info(1)
        for info in (kept, gone):
            store.begin(info)
            store.append(info.id, make_samples(9), [Marker(t_s=1, label="x")])
        store.delete(gone.id)
        assert [summary.info for summary in store.list()] == [kept]
        assert len(store.read(kept.id).samples) == 9
        with pytest.raises(TimelineNotFound):
            store.read(gone.id)

    def test_a_session_that_is_not_there_is_said_to_be_missing(self, store: AnyStore) -> None:
        calls = (store.read, store.info, store.delete, lambda i: store.append(i, ()), lambda i: store.end(i, NOON))
        for call in (*calls, lambda i: store.describe(i, SessionFacts())):
            with pytest.raises(TimelineNotFound, match="nobody"):
                call("nobody")

    @pytest.mark.parametrize("t_s", [math.nan, math.inf])
    def test_a_time_that_is_no_number_is_refused_and_nothing_of_it_is_kept(self, store: AnyStore, t_s: float) -> None:
        info = make_info()
        store.begin(info)
        with pytest.raises(TimelineError):
            store.append(info.id, make_samples(3), [Marker(t_s=t_s, label="x")])
        with pytest.raises(TimelineError):
            store.append(info.id, [*make_samples(3), Sample(t_s, "happy", None, None)])
        assert len(store.read(info.id).samples) == 0


class PeopleStoreContract:
    """What ``PeopleStore`` promises; every store's test class inherits this and gives the fixture."""

    @pytest.fixture
    def store(self) -> AnyStore:
        """An empty store."""
        raise NotImplementedError

    def test_studies_and_participants_are_kept_and_replaced(self, store: AnyStore) -> None:
        store.put_study(Study("B", retention_days=30))
        store.put_study(Study("A"))
        store.put_study(Study("B", retention_days=7, phq2=True))
        store.put_participant(Participant("P1", ("calm",), ("🎧",)))
        store.put_participant(Participant("P1", ("calm", "guide")))
        assert store.studies() == (Study("A"), Study("B", 7, True))
        assert store.participants() == (Participant("P1", ("calm", "guide")),)

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
