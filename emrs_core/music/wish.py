"""What a person wants from the music: where to, how long, and what not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from emrs_core.errors import UsageError
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal, check_length
from emrs_core.types import AffectPoint

DEFAULT_SONGS = 12
"""Fills rows of two, three and four."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The person's choice; it stays until they choose otherwise. Length in songs or in minutes.

    Without either, a list has its goal's own length (for ``guide`` that of the path). ``target`` is where ``guide`` and
    ``contrast`` lead; None leaves that to the goal. Raises UsageError for a length that cannot be, or for two.
    """

    goal: Goal = Goal.STAY
    target: AffectPoint | None = None
    songs: int | None = DEFAULT_SONGS
    minutes: float | None = None
    filters: Filters = field(default_factory=Filters)

    def __post_init__(self) -> None:
        check_length(self.songs, self.minutes)

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        target, filters = self.target, self.filters
        return {
            "goal": str(self.goal),
            "target": None if target is None else [target.valence, target.arousal],
            "songs": self.songs,
            "minutes": self.minutes,
            "filters": {
                "genres": sorted(filters.genres),
                "decades": sorted(filters.decades),
                "tempo": None if filters.tempo is None else list(filters.tempo),
                "explicit": filters.explicit,
                "novelty": filters.novelty,
            },
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Wish:
        """What ``to_dict`` gave; a key that is missing has its default. Raises UsageError for anything else."""
        plain = cls()
        try:
            return cls(
                goal=Goal(kept.get("goal", plain.goal)),
                target=_point(kept.get("target")),
                songs=_number(kept.get("songs", plain.songs if kept.get("minutes") is None else None), int),
                minutes=_number(kept.get("minutes"), float),
                filters=_filters(kept.get("filters", {})),
            )
        except (TypeError, ValueError, AttributeError, IndexError) as exc:
            raise UsageError(f"Expected a wish as it was kept, got {dict(kept)!r}: {exc}.") from exc


def _filters(kept: Mapping[str, Any]) -> Filters:
    tempo = kept.get("tempo")
    return Filters(
        genres=frozenset(str(name) for name in kept.get("genres", ())),
        decades=frozenset(int(decade) for decade in kept.get("decades", ())),
        tempo=None if tempo is None else (float(tempo[0]), float(tempo[1])),
        explicit=bool(kept.get("explicit", True)),
        novelty=float(kept.get("novelty", 0.0)),
    )


def _point(kept: Any) -> AffectPoint | None:
    if kept is None:
        return None
    valence, arousal = kept
    return AffectPoint(float(valence), float(arousal))


def _number(kept: Any, kind: type[Any]) -> Any:
    return None if kept is None else kind(kept)
