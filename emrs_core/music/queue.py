"""The songs of one visit: made for a mood and a wish, kept while they are heard, planned on song by song."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import TypedDict

from emrs_core.affect import nearest_emotion
from emrs_core.music.filters import Filters, NoSongsLeft
from emrs_core.music.goals import Goal, plan
from emrs_core.music.history import SECONDS_PER_HOUR, Heard
from emrs_core.music.journey import Journey
from emrs_core.music.plane import track_point
from emrs_core.music.preference import Preference
from emrs_core.music.ranking.pool import WINDOW
from emrs_core.music.ranking.selection import MAX_LOW_IN_A_ROW, is_low
from emrs_core.music.recommend import recommend_along, replan
from emrs_core.music.wish import Wish
from emrs_core.protocols import Catalogue, Clock
from emrs_core.types import AffectPoint, Emotion, MoodSource, Recommendation, Track

REMEMBERED_SONGS = 400
"""Shown songs that the next lists hold back; about half of the built-in catalogue, so that it never runs dry."""


@dataclass(frozen=True, slots=True)
class MoodChoice:
    """The mood that songs are chosen for, and where it came from."""

    point: AffectPoint
    source: MoodSource
    label: Emotion

    @classmethod
    def of(cls, point: AffectPoint, source: MoodSource, label: Emotion | None = None) -> MoodChoice:
        """With the nearest emotion's name where none is given."""
        return cls(point, source, label or nearest_emotion(point))


@dataclass(frozen=True, slots=True)
class SongList:
    """A list as shown: it stays as it is until a newer ``version`` replaces it. The first ``behind`` songs are over.

    ``asked``: the person just did something to get this list; it did not come by itself.
    """

    version: int
    mood: MoodChoice
    wish: Wish
    target: AffectPoint  # where the list as a whole aims
    items: tuple[Recommendation, ...]
    made_at_s: float
    behind: int = 0
    asked: bool = True

    @property
    def source(self) -> MoodSource:
        return self.mood.source

    @property
    def label(self) -> Emotion:
        return self.mood.label

    @property
    def start(self) -> AffectPoint:
        return self.mood.point

    def place_of(self, track_id: str) -> int | None:
        """Where in the list that song is, from 0."""
        return next((place for place, item in enumerate(self.items) if item.track.id == track_id), None)


class SongQueue:
    """Makes the lists. Every method may raise CatalogueError for a catalogue without songs. Not thread-safe.

    Filters that leave nothing are no error here: then there is no list, and ``problem`` says which filter to loosen.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        clock: Clock,
        seed: int,
        preference: Callable[[], Preference | None],
        on_list: Callable[[SongList], None] = lambda _: None,
    ) -> None:
        """``on_list`` is told of each list that is made, and of each path that is planned anew."""
        self._on_list = on_list
        self._catalogue = catalogue
        self._clock = clock
        self._seed = seed
        self._preference = preference
        self._shown: deque[tuple[str, float]] = deque(maxlen=REMEMBERED_SONGS)
        self._opened: deque[Track] = deque(maxlen=WINDOW - 1)  # what was on lately, the song that is on included
        self._before: tuple[str, ...] = ()  # what was on before the list
        self._turn = self._version = 0
        self._mood: MoodChoice | None = None
        self._list: SongList | None = None
        self._journey: Journey | None = None  # of a list that guides
        self._problem: NoSongsLeft | None = None

    @property
    def shown(self) -> SongList | None:
        return self._list

    @property
    def mood(self) -> MoodChoice | None:
        return self._mood

    @property
    def problem(self) -> NoSongsLeft | None:
        return self._problem

    def remember(self, heard: Iterable[Heard]) -> None:
        """Songs of earlier visits, to be left in peace for a while."""
        now_s = self._clock.now_s()
        self._shown.extend((song.track_id, now_s - SECONDS_PER_HOUR * song.hours_ago) for song in heard)

    def opened(self, track: Track) -> None:
        """That song was put on: what comes after it keeps the rules beside it, in this list and in the next."""
        self._opened.append(track)

    def for_mood(self, mood: MoodChoice, wish: Wish, *, asked: bool = True) -> SongList | None:
        """A list for that mood. The songs of the one before are now known, and chance falls anew."""
        if self._list is not None:
            self._shown.extend((item.track.id, self._list.made_at_s) for item in self._list.items)
            self._turn += 1
        self._mood = mood
        return self._make(mood, wish, asked)

    def for_wish(self, wish: Wish) -> SongList | None:
        """The list for the same mood as the person wants it now; None while there is no mood."""
        return None if self._mood is None else self._make(self._mood, wish, asked=True)

    def others(self, wish: Wish, *, asked: bool = True) -> SongList | None:
        """Other songs for the same mood and wish; None while there is no mood."""
        return None if self._mood is None else self.for_mood(self._mood, wish, asked=asked)

    def onward(self, wish: Wish, seen: AffectPoint | None, *, asked: bool) -> SongList | None:
        """What follows when a list is over or given up.

        A path leads on from where the listener is seen or, unseen, was led to. Otherwise the mood stays: a place that
        the person chose by hand is not moved by what is seen.
        """
        shown = self._list
        if shown is None or Goal.GUIDE not in (wish.goal, shown.wish.goal):
            return self.others(wish, asked=asked)
        reached = seen or (shown.target if shown.wish.goal is Goal.GUIDE else shown.start)
        return self.for_mood(MoodChoice.of(reached, shown.source), wish, asked=asked)

    def after(self, track_id: str, seen: AffectPoint | None) -> None:
        """That song of the list is over: what is left of a path is planned anew from where the listener now is.

        ``seen``: the mood then, None when nothing was seen. Songs passed over on the way count as heard.
        """
        shown = self._list
        place = None if shown is None else shown.place_of(track_id)
        if shown is None or place is None or place < shown.behind:
            return
        self._list = replace(shown, behind=place + 1)
        if self._journey is not None:
            for _ in range(shown.behind, place):
                self._journey = self._journey.after_song(None)
            self._journey = self._journey.after_song(seen)
            if seen is not None:
                self._list = self._replanned(self._list, self._journey)

    def following(self, track_id: str, refused: Collection[str], *, any_mood: bool = False) -> Track | None:
        """The song of the list after that one, or the first where that one is not in it; never a refused one.

        Nor a third sad one in a row: songs passed over, or a list that just began, could bring one after two. With
        ``any_mood`` that is allowed.
        """
        if self._list is None:
            return None
        place = self._list.place_of(track_id)
        after = self._list.items[0 if place is None else place + 1 :]
        coming = [item for item in after if item.track.id not in refused]
        lately = list(self._opened)[-MAX_LOW_IN_A_ROW:]
        sad_enough = len(lately) == MAX_LOW_IN_A_ROW and all(is_low(track_point(track)) for track in lately)
        if sad_enough and not any_mood:
            coming = [item for item in coming if not is_low(item.point)]
        return coming[0].track if coming else None

    def _make(self, mood: MoodChoice, wish: Wish, asked: bool) -> SongList | None:
        self._problem = None
        self._before = tuple(track.id for track in self._opened)
        route = plan(mood.point, wish.goal, wish.target, wish.songs, wish.minutes)
        try:
            items = recommend_along(self._catalogue, route, **self._terms(wish))
            if not items and self._before:  # nothing but sad songs is left: better those than silence
                self._before = ()
                items = recommend_along(self._catalogue, route, **self._terms(wish))
        except NoSongsLeft as exc:
            self._list, self._journey, self._problem = None, None, exc
            return None
        self._version += 1
        self._list = SongList(self._version, mood, wish, route.target, items, self._clock.now_s(), asked=asked)
        own_length = wish.songs is None and wish.minutes is None
        guides = wish.goal is Goal.GUIDE
        self._journey = Journey.begin(route, len(items), own_length) if guides else None
        self._on_list(self._list)
        return self._list

    def _replanned(self, shown: SongList, journey: Journey) -> SongList:
        over = shown.items[: shown.behind]
        played = [item.track.id for item in over]
        rest = replan(self._catalogue, journey, played=played, **self._terms(shown.wish))
        self._version += 1
        songs = replace(shown, version=self._version, items=over + rest, asked=False)
        self._on_list(songs)
        return songs

    def _terms(self, wish: Wish) -> _Terms:
        now_s = self._clock.now_s()
        return {
            "filters": wish.filters,
            "seed": self._seed + self._turn,
            "history": [Heard(track_id, (now_s - t_s) / SECONDS_PER_HOUR) for track_id, t_s in self._shown],
            "preference": self._preference(),
            "before": self._before,
        }


class _Terms(TypedDict):
    """What the ranking is told beside the route."""

    filters: Filters
    seed: int
    history: list[Heard]
    preference: Preference | None
    before: tuple[str, ...]
