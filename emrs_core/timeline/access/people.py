"""Studies, participants and consents as one viewer may see and change them."""

from __future__ import annotations

from datetime import datetime

from emrs_core.errors import AccessDenied, TimelineNotFound
from emrs_core.timeline.access.viewer import Role, Viewer
from emrs_core.timeline.sessions import Participant, SessionInfo, SessionSummary, Study
from emrs_core.timeline.store import Consent, KeptSessions, ParticipantRecord, SessionQuery


class AccessiblePeople:
    """The people's half of ``AccessibleSessions``.

    Everybody may see the studies: one has to know how long a study keeps what one gives to it. Reviewers make studies
    and participants. Anybody else knows the participants that are them: codes in their own sessions and nobody else's.
    """

    def __init__(self, store: KeptSessions, viewer: Viewer) -> None:
        self._store = store
        self.viewer = viewer

    def put_study(self, study: Study) -> None:
        self._check_study(study.name, study)
        self._store.put_study(study)

    def change_study(self, name: str, changed: Study) -> int:
        self._check_study(name, changed)
        if changed.name != name and self.viewer.role is not Role.OWNER:
            for other in (name, changed.name):  # sessions may stand under a name that is no study yet
                if self._of_others(SessionQuery(study=other)):
                    raise AccessDenied(
                        f"Sessions of others stand under {other!r}. Only who runs the server can give that study "
                        "another name."
                    )
        return self._store.change_study(name, changed)

    def studies(self) -> tuple[Study, ...]:
        return self._store.studies()

    def drop_study(self, name: str) -> None:
        if not self._keeps_people:
            raise AccessDenied("Studies are taken away by reviewers and by the owner of the machine.")
        self._store.drop_study(name)

    def put_participant(self, participant: Participant) -> None:
        if not self._keeps_people:
            known = [person.code for person in self._store.participants()]
            if participant == Participant(participant.code) and participant.code in known:
                return  # it says nothing new
            if participant.code in known and not self._is_mine(participant.code):
                raise AccessDenied(f"The participant {participant.code!r} is described by whoever leads the study.")
            self._check_free(participant.code)
        self._store.put_participant(participant)

    def participants(self) -> tuple[Participant, ...]:
        if self._keeps_people:
            return self._store.participants()
        codes = {summary.info.participant for summary in self._mine()} - {""}
        stored = {person.code: person for person in self._store.participants() if person.code in codes}
        return tuple(stored[code] for code in sorted(stored) if not self._others(code))

    def put_consent(self, consent: Consent) -> None:
        if not self._keeps_people:
            self._check_free(consent.participant)
        self._store.put_consent(consent)

    def consents(self, participant: str) -> tuple[Consent, ...]:
        if self._keeps_people or self._is_mine(participant):
            return self._store.consents(participant)
        return ()

    def withdraw_consent(self, participant: str, at: datetime) -> None:
        if not self._keeps_people and not self._is_mine(participant):
            raise _nobody(participant)
        self._store.withdraw_consent(participant, at)

    def export_all(self, participant: str) -> ParticipantRecord:
        if self.viewer.role is Role.OWNER:
            return self._store.export_all(participant)
        seen = [each.info for each in self._of(participant) if self.viewer.sees(each.info)]
        known = {person.code: person for person in self.participants()}
        consents = self.consents(participant)
        if not seen and participant not in known and not consents:
            raise _nobody(participant)
        timelines = tuple(self._store.read(info.id) for info in sorted(seen, key=_beginning))
        return ParticipantRecord(known.get(participant, Participant(participant)), consents, timelines)

    def erase_all(self, participant: str) -> int:
        if self.viewer.role is Role.OWNER:
            return self._store.erase_all(participant)
        mine = [each.info.id for each in self._of(participant) if self.viewer.owns(each.info)]
        others = self._others(participant)
        if self.viewer.reviewer and others:
            raise AccessDenied(
                f"The participant {participant!r} has sessions of others, which a reviewer cannot erase. They can, and "
                "who runs the server."
            )
        if not mine and not self.viewer.reviewer:
            raise _nobody(participant)
        if not others:
            return self._store.erase_all(participant)
        for session_id in mine:
            self._store.delete(session_id)
        return len(mine)

    def retire(self, now: datetime) -> tuple[str, ...]:
        if self.viewer.role is not Role.OWNER:
            raise AccessDenied("What studies keep no longer is erased by the server itself, when it starts.")
        return self._store.retire(now)

    def _check_study(self, name: str, changed: Study) -> None:
        """Whether the viewer may make that of the study ``name``, which need not be there yet."""
        if not self._keeps_people:
            raise AccessDenied("Studies are made and changed by reviewers and by the owner of the machine.")
        before = next((each for each in self._store.studies() if each.name == name), None)
        differs = changed.retention_days != (before.retention_days if before else None)
        if differs and self.viewer.role is not Role.OWNER and self._of_others(SessionQuery(study=name)):
            raise AccessDenied(
                f"The study {name!r} holds sessions of others, who agreed to how long they are kept. Only who "
                "runs the server can change that."
            )

    @property
    def _keeps_people(self) -> bool:
        """Whether the viewer looks after studies and participants."""
        return self.viewer.role is Role.OWNER or self.viewer.reviewer

    def _mine(self) -> tuple[SessionSummary, ...]:
        return self._store.list(SessionQuery(owner=self.viewer.owner_id))

    def _of(self, participant: str) -> tuple[SessionSummary, ...]:
        return self._store.list(SessionQuery(participant=participant))

    def _of_others(self, query: SessionQuery) -> bool:
        return any(not self.viewer.owns(summary.info) for summary in self._store.list(query))

    def _others(self, participant: str) -> bool:
        """Whether somebody else records under that code too."""
        return self._of_others(SessionQuery(participant=participant))

    def _is_mine(self, participant: str) -> bool:
        """Whether that code stands for the viewer: in own sessions, and in nobody else's."""
        return bool(self._of(participant)) and not self._others(participant)

    def _check_free(self, participant: str) -> None:
        if self._others(participant):
            raise AccessDenied(f"The code {participant!r} is somebody else's here. Use the one that you were given.")


def _nobody(participant: str) -> TimelineNotFound:
    return TimelineNotFound(f"Nothing is kept of a participant with the code {participant!r}.")


def _beginning(info: SessionInfo) -> datetime:
    return info.started_at
