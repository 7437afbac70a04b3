"""Everything learned of one person, behind one door."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emrs_core.music.features import CatalogueFeatures, features_of
from emrs_core.music.taste.correction import ReadingCorrection
from emrs_core.music.taste.events import FEEDBACK, MOOD_DRAGGED, READING_ANSWERED, body_of, kind_of
from emrs_core.music.taste.facts import TasteFact, taste_facts
from emrs_core.music.taste.feedback import Feedback, FeedbackKind
from emrs_core.music.taste.log import EventLog
from emrs_core.music.taste.model import TasteModel
from emrs_core.music.taste.offset import MoodOffset, Offset
from emrs_core.music.taste.store import ProfileStore
from emrs_core.protocols import Catalogue, Clock
from emrs_core.types import Emotion

EXPORT_FORM = 1


@dataclass(frozen=True, slots=True)
class TasteSummary:
    """What was learned. ``facts`` strongest first; ``gone`` opinions are about songs that the catalogue has no more.

    ``conviction``: probability that the person has preferences at all, 0 without opinions. ``reading``: by what factor
    each emotion is read more or less readily; ``answers`` it rests on.
    """

    opinions: Mapping[FeedbackKind, int]
    since: datetime | None
    facts: tuple[TasteFact, ...]
    conviction: float
    gone: int
    offset: Offset
    reading: Mapping[Emotion, float]
    answers: int

    @property
    def empty(self) -> bool:
        """Nothing was learned yet."""
        return not (self.opinions or self.offset.count or self.answers)


class ListenerProfile:
    """One person's opinions and corrections, and what follows from them. Every method may be called from any thread.

    Every method but ``offset.apply`` and ``correction.apply`` may raise StorageError, and then has changed nothing.
    Those two leave what they are given as it is while the store cannot be read.
    """

    def __init__(self, store: ProfileStore, catalogue: Catalogue, clock: Clock | None = None) -> None:
        self._log = EventLog(store, clock)
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._model: tuple[tuple[Feedback, ...], TasteModel] = ((), TasteModel())
        self.offset = MoodOffset(self._log)
        self.correction = ReadingCorrection(self._log)

    def add(self, feedback: Feedback) -> None:
        """Learn an opinion; one that was added before changes nothing."""
        self._log.add(feedback)

    def undo(self) -> Feedback | None:
        """Take the last opinion back, as if it had never been, and return it; None when there is none."""
        event = self._log.remove_last(FEEDBACK)
        return event if isinstance(event, Feedback) else None

    def feedback(self) -> tuple[Feedback, ...]:
        """All opinions, oldest first, those of other visits of the same person too."""
        self._log.refresh()
        return tuple(event for event in self._log.of(FEEDBACK) if isinstance(event, Feedback))

    def preference(self) -> TasteModel:
        """The taste as it is known now; the same object until something is learned or undone."""
        feedback = self.feedback()
        with self._lock:
            if self._model[0] != feedback:
                self._model = (feedback, TasteModel(feedback))
            return self._model[1]

    def summary(self) -> TasteSummary:
        """What the page "what I learned about your taste" says."""
        model, feedback = self.preference(), self.feedback()
        features = self._features()
        fitted = model.fitted(features)
        return TasteSummary(
            opinions=dict(Counter(event.kind for event in feedback)),
            since=min((event.at for event in feedback), default=None),
            facts=() if fitted is None else taste_facts(fitted),
            conviction=0.0 if fitted is None else fitted.conviction,
            gone=sum(event.track_id not in features.row_of for event in feedback),
            offset=self.offset.value,
            reading=self.correction.factors,
            answers=self.correction.answers,
        )

    def export(self) -> bytes:
        """Everything kept, as JSON in UTF-8: each event with its id, kind, time and facts, the oldest first."""
        self._log.refresh()
        events = [event for kind in (FEEDBACK, MOOD_DRAGGED, READING_ANSWERED) for event in self._log.of(kind)]
        entries: list[dict[str, Any]] = [
            {"id": event.id, "kind": kind_of(event), "at": event.at.isoformat(), **body_of(event)}
            for event in sorted(events, key=lambda event: event.at)
        ]
        return (json.dumps({"form": EXPORT_FORM, "events": entries}, indent=2) + "\n").encode()

    def erase(self) -> None:
        """Forget everything, on the disk too. Works on a damaged store as well."""
        self._log.erase()

    def _features(self) -> CatalogueFeatures:
        return features_of(self._catalogue)
