"""How a person feels beside what their face shows: learned from the points they drag, shown, reset at will."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from emrs_core.errors import StorageError
from emrs_core.music.taste.events import MOOD_DRAGGED, MoodDragged
from emrs_core.music.taste.feedback import new_id
from emrs_core.music.taste.log import EventLog
from emrs_core.types import AffectPoint

PRIOR_WEIGHT = 3.0
"""Drags that the assumption "no difference" is worth.

The ratio of two variances: a person's single answer about their mood strays by about .35 around their habit, habits by
about .2 around zero, the error of an emotion's point on the plane; (.35 / .2)^2 = 3.
"""


@dataclass(frozen=True, slots=True)
class Offset:
    """What to add to the face's point, each in [-2, 2]; learned from ``count`` answers."""

    valence: float
    arousal: float
    count: int


def shrunk_offset(drags: Sequence[MoodDragged]) -> Offset:
    """The mean difference, shrunk towards none: sum(d) / (n + 3). The order does not matter.

    The posterior mean of a normal mean with a normal prior around 0; see ``PRIOR_WEIGHT``.
    """
    weight = len(drags) + PRIOR_WEIGHT
    return Offset(
        valence=sum(drag.person.valence - drag.face.valence for drag in drags) / weight,
        arousal=sum(drag.person.arousal - drag.face.arousal for drag in drags) / weight,
        count=len(drags),
    )


class MoodOffset:
    """One person's offset, kept in their profile's log. Safe from any thread.

    ``apply`` answers from memory once the store was read; what another visit of the same person adds counts after the
    next look at the store.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log

    @property
    def value(self) -> Offset:
        """What was learned. Raises StorageError."""
        return shrunk_offset(self._drags())

    def learn(self, face: AffectPoint, person: AffectPoint, instead_of: str | None = None) -> str:
        """The face was read at ``face`` while the person put themselves at ``person``.

        Returns the answer's id; ``instead_of`` that of an earlier one, which it replaces. Raises StorageError;
        the earlier answer stands then.
        """
        drag = MoodDragged(new_id(), datetime.now(UTC), face, person)
        self._log.add(drag)
        if instead_of is not None:
            self._log.remove((instead_of,))
        return drag.id

    def apply(self, point: AffectPoint) -> AffectPoint:
        """Where this person probably is when the face is read at ``point``: kept on the plane. Never raises.

        ``point`` itself while what was learned cannot be read.
        """
        try:
            offset = self.value
        except StorageError:
            return point
        return AffectPoint(_clamp(point.valence + offset.valence), _clamp(point.arousal + offset.arousal))

    def reset(self) -> None:
        """Forget every drag. Raises StorageError."""
        self._log.refresh()
        self._log.remove(drag.id for drag in self._drags())

    def _drags(self) -> tuple[MoodDragged, ...]:
        return tuple(event for event in self._log.of(MOOD_DRAGGED) if isinstance(event, MoodDragged))


def _clamp(value: float) -> float:
    return max(-1.0, min(1.0, value))
