"""The music of one visit: what the person wants, the list, what plays, and what they say about it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from emrs_core.errors import UsageError
from emrs_core.listening import NowPlaying, PlayerReport, together
from emrs_core.music.course import Course
from emrs_core.music.filters import NoSongsLeft
from emrs_core.music.goals import Goal
from emrs_core.music.keeping import Keeping
from emrs_core.music.opinions import Opinions
from emrs_core.music.preference import Preference, SumOfPreferences
from emrs_core.music.queue import MoodChoice, SongList, SongQueue
from emrs_core.music.safety import SafetyAdvice
from emrs_core.music.taste.feedback import Feedback, FeedbackKind
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.telling import Telling
from emrs_core.music.wish import Wish
from emrs_core.music.wish_store import WishStore
from emrs_core.protocols import Catalogue, Clock, SessionListener
from emrs_core.segments import SongSegment
from emrs_core.types import AffectPoint, Track


class MusicVisit:
    """Safe from any thread. What cannot be written down is told by ``storage_problem``; the music goes on."""

    def __init__(
        self, catalogue: Catalogue, clock: Clock, seed: int, profile: ListenerProfile, wishes: WishStore
    ) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._seed = seed
        self._profile = profile
        self._wishes = wishes
        self._lock = threading.RLock()
        self._keeping = Keeping()
        self._wish = self._keeping.read(wishes.get, Wish())
        self._other_preference: Callable[[], Preference | None] | None = None
        self._elsewhere: Callable[[], tuple[SongSegment, ...]] | None = None
        self._telling = Telling(clock)
        self._begin()

    def _begin(self) -> None:
        self._opinions = Opinions(self._profile, self._keeping)
        self._queue = SongQueue(self._catalogue, self._clock, self._seed, self._preference, self._telling.of_list)
        self._queue.remember(self._opinions.heard_lately())
        self._course = Course(
            self._catalogue, self._clock, self._queue, self._opinions, lambda: self._wish, self._telling
        )
        self._began_s = self._clock.now_s()

    # -- the mood ------------------------------------------------------------------------------------------------

    def mood_is(self, mood: MoodChoice) -> SongList | None:
        """Songs for that mood, at once; None where the filters leave none (see ``problem``)."""
        with self._lock:
            return self._queue.for_mood(mood, self._wish)

    def mood_moved(self, mood: MoodChoice) -> None:
        """The camera saw the mood move: other songs. A path that is being heard changes after its song, not within."""
        with self._lock:
            on_a_path = self._wish.goal is Goal.GUIDE and self._queue.shown is not None
            if not (on_a_path and self._course.now is not None):
                self._queue.for_mood(mood, self._wish, asked=False)

    def see(self, mood: AffectPoint | None) -> None:
        """Where the listener is seen to be now; None when nobody can tell."""
        with self._lock:
            self._course.see(mood)

    def mood(self) -> MoodChoice | None:
        """The mood that the songs are for; there is one even where the filters leave no song for it."""
        with self._lock:
            return self._queue.mood

    @property
    def catalogue(self) -> Catalogue:
        return self._catalogue

    def songs(self) -> SongList | None:
        with self._lock:
            return self._queue.shown

    def other_songs(self) -> SongList | None:
        """Other songs for the same mood; None while there is no mood."""
        with self._lock:
            return self._queue.others(self._wish)

    # -- the wish ------------------------------------------------------------------------------------------------

    @property
    def wish(self) -> Wish:
        with self._lock:
            return self._wish

    def set_wish(self, wish: Wish) -> SongList | None:
        """What the person wants from now on; remembered. The list follows at once, if there is a mood."""
        with self._lock:
            if wish == self._wish:
                return self._queue.shown
            self._wish = wish
            self._keeping.write(lambda: self._wishes.put(wish))
            return self._queue.for_wish(wish)

    def loosen(self) -> SongList | None:
        """Take off the filters that leave no song, as ``problem`` names them."""
        with self._lock:
            problem, wish = self._queue.problem, self._wish
            if problem is None:
                return self._queue.shown
            return self.set_wish(replace(wish, filters=wish.filters.without(*problem.loosen)))

    @property
    def problem(self) -> NoSongsLeft | None:
        """Why there is no list although there is a mood."""
        with self._lock:
            return self._queue.problem

    @property
    def storage_problem(self) -> str | None:
        """What could not be read or written down last, None when all is well."""
        with self._lock:
            return self._keeping.problem

    def also_prefer(self, preference: Callable[[], Preference | None] | None) -> None:
        """Another source of taste beside what is learned, asked whenever a list is made; None takes it away."""
        with self._lock:
            self._other_preference = preference

    # -- what plays ----------------------------------------------------------------------------------------------

    def play(self, track_id: str) -> Track:
        """Put that song on. Raises UsageError for an id that the catalogue does not have."""
        track = self._known(track_id)
        with self._lock:
            self._course.play(track)
        return track

    def next_song(self) -> Track | None:
        """The song after the one that is on; from other songs for the same mood where the list is at its end."""
        with self._lock:
            return self._course.next()

    def player_said(self, report: PlayerReport) -> bool:
        """Take the player's word. True when its song came to its end: the next one is on then, if there is one."""
        with self._lock:
            return self._course.hear(report)

    def stop_playing(self) -> None:
        with self._lock:
            self._course.stop()

    def playing(self) -> NowPlaying | None:
        with self._lock:
            return self._course.now

    def also_hears(self, segments: Callable[[], tuple[SongSegment, ...]] | None) -> None:
        """Where the listener hears songs too, on a device of their own; None takes it away."""
        with self._lock:
            self._elsewhere = segments

    def page_left(self) -> None:
        """The page with the player is left for a login; ``page_back`` once it is there again."""
        with self._lock:
            self._course.leave()

    def page_back(self) -> None:
        with self._lock:
            self._course.come_back()

    def segments(self) -> tuple[SongSegment, ...]:
        """The songs that were on, here and elsewhere, the earliest first; the one that is on here counts until now."""
        with self._lock:
            here, elsewhere, began_s = self._course.segments(), self._elsewhere, self._began_s
        return together(here, elsewhere() if elsewhere is not None else (), began_s)

    @property
    def advice(self) -> SafetyAdvice | None:
        """An offer that waits for the person's answer."""
        with self._lock:
            return self._course.offer

    def answer_advice(self, accept: bool) -> None:
        """Take the offer or leave it; either way it is not made again soon, and music that paused for it goes on."""

        def take(offer: SafetyAdvice) -> None:
            self._wish = wish = offer.accepted(self._wish)
            self._keeping.write(lambda: self._wishes.put(wish))

        with self._lock:
            self._course.answer(take if accept else None)

    # -- what the person says about songs ------------------------------------------------------------------------

    def rate(self, track_id: str, kind: FeedbackKind) -> None:
        """Take the person's opinion of a song; another one right after it replaces it, the same one takes it back.

        Raises UsageError for an unknown song. What cannot be written down is not taken: ``storage_problem`` says so.
        """
        self._known(track_id)
        with self._lock:
            before = self._opinions.marks
            self._opinions.rate(track_id, kind, self._course.mood())
            self._telling.of_opinions(before, self._opinions.marks)

    def undo(self) -> Feedback | None:
        """Take the last opinion back; None when there is none, or it cannot be (see ``storage_problem``)."""
        with self._lock:
            before, taken = self._opinions.marks, self._opinions.undo()
            self._telling.of_opinions(before, self._opinions.marks)
            return taken

    def last_opinion(self) -> Feedback | None:
        """What ``undo`` takes back, as long as the person said it just now."""
        with self._lock:
            return self._opinions.last

    def marks(self) -> Mapping[str, FeedbackKind]:
        """What the person said in this visit, by the song's id; the last word counts."""
        with self._lock:
            return self._opinions.marks

    def tell(self, listener: SessionListener | None) -> None:
        """From now on tell that one of lists, songs and opinions; None tells nobody."""
        with self._lock:
            self._telling.listener = listener

    def forget_taste(self) -> None:
        """Erase what was learned of the person and what they wish. Raises StorageError when a file stays."""
        with self._lock:
            self._opinions.erase()
            self._wishes.erase()
            self._wish = Wish()

    def forget(self) -> None:
        """Begin anew: no list, nothing on, no marks. What was learned and wished before stays."""
        with self._lock:
            self._begin()

    # -- within --------------------------------------------------------------------------------------------------

    def _known(self, track_id: str) -> Track:
        track = self._catalogue.get(track_id)
        if track is None:
            raise UsageError(f"There is no song with the id {track_id!r} in the catalogue.")
        return track

    def _preference(self) -> Preference | None:
        own, other = self._opinions.preference(), self._other_preference and self._other_preference()
        known = [preference for preference in (own, other) if preference is not None]
        return SumOfPreferences(known) if known else None
