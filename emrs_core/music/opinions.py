"""What a person says about songs in one visit, and what is learned from how they heard them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from emrs_core.music.history import SECONDS_PER_HOUR, Heard
from emrs_core.music.keeping import Keeping
from emrs_core.music.preference import Preference
from emrs_core.music.taste.feedback import Feedback, FeedbackKind
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.segments import SongSegment
from emrs_core.types import AffectPoint

REFUSALS = frozenset({FeedbackKind.DISLIKE, FeedbackKind.WRONG_MOOD})
"""What a song is passed over for, for the rest of the visit."""
LATELY_H = 48.0
"""Songs heard longer ago are fresh again: four half-lives of the ranking's memory (``ranking.scoring``)."""


class Opinions:
    """The visit's side of a listener's profile. Not thread-safe; the visit guards it."""

    def __init__(self, profile: ListenerProfile, keeping: Keeping) -> None:
        self._profile = profile
        self._keeping = keeping
        self._marks: dict[str, FeedbackKind] = {}
        self._last: Feedback | None = None

    @property
    def last(self) -> Feedback | None:
        """What ``undo`` takes back, as long as it was said just now; skips and play-throughs are not said."""
        return self._last

    @property
    def marks(self) -> Mapping[str, FeedbackKind]:
        """What was said in this visit, by the song's id; the last word counts."""
        return MappingProxyType(dict(self._marks))

    @property
    def refused(self) -> frozenset[str]:
        """Songs that should not come on by themselves."""
        return frozenset(song for song, kind in self._marks.items() if kind in REFUSALS)

    def rate(self, track_id: str, kind: FeedbackKind, mood: AffectPoint | None) -> None:
        """Take an opinion; another one right after it replaces it, the same one takes it back."""
        said_before = self._marks.get(track_id)
        if self._last is not None and self._last.track_id == track_id:
            self.undo()
        if said_before is kind:
            return
        said = Feedback.now(kind, track_id, mood)
        if self._keeping.write(lambda: self._profile.add(said)):
            self._marks[track_id] = kind
            self._last = said

    def undo(self) -> Feedback | None:
        """Take the newest opinion back, of whatever visit; None when there is none, or it cannot be."""
        self._last = None
        taken = self._keeping.read(self._profile.undo, None)
        if taken is not None:
            self._marks.pop(taken.track_id, None)
        return taken

    def learn(self, segment: SongSegment, mood: AffectPoint | None) -> None:
        """Learn from a song that is over, if the player said that it was skipped or heard to the end."""
        if segment.skipped or segment.played_through:
            kind = FeedbackKind.SKIP if segment.skipped else FeedbackKind.PLAYED_THROUGH
            self._last = None  # the newest opinion is now one that nobody gave on purpose
            self._keeping.write(lambda: self._profile.add(Feedback.now(kind, segment.track_id, mood)))

    def preference(self) -> Preference | None:
        """The taste so far; None where it cannot be read: plain ranking, rather than no music."""
        return self._keeping.read(self._profile.preference, None)

    def heard_lately(self) -> list[Heard]:
        """Songs that something is known of since two days, the oldest first."""
        now = datetime.now(UTC)
        nothing: tuple[Feedback, ...] = ()
        known = self._keeping.read(self._profile.feedback, nothing)
        ages = [(opinion.track_id, (now - opinion.at).total_seconds() / SECONDS_PER_HOUR) for opinion in known]
        return [Heard(track_id, max(0.0, hours)) for track_id, hours in ages if hours < LATELY_H]

    def erase(self) -> None:
        """Forget all that was ever learned of the person. Raises StorageError when it cannot be."""
        self._profile.erase()
        self._marks, self._last, self._keeping.problem = {}, None, None
