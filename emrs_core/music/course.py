"""One song after the other: what is on, what follows it, and what a song that is over means for the rest."""

from __future__ import annotations

from collections.abc import Callable

from emrs_core.listening import SKIP_S, Listening, NowPlaying, PlayerReport
from emrs_core.music.advising import Advising
from emrs_core.music.last_seen import LastSeen
from emrs_core.music.opinions import Opinions
from emrs_core.music.plane import track_point
from emrs_core.music.queue import SongQueue
from emrs_core.music.safety import SafetyAdvice
from emrs_core.music.telling import Telling
from emrs_core.music.wish import Wish
from emrs_core.protocols import Catalogue, Clock
from emrs_core.segments import SongSegment
from emrs_core.types import AffectPoint, Track

SECONDS_PER_MINUTE = 60.0


class Course:
    """A song that is over is learned from, counts for the safety watch, and moves a path. Not thread-safe; the visit
    guards it."""

    def __init__(
        self,
        catalogue: Catalogue,
        clock: Clock,
        queue: SongQueue,
        opinions: Opinions,
        wish: Callable[[], Wish],
        telling: Telling,
    ) -> None:
        """``wish``: what the person wants now."""
        self._catalogue = catalogue
        self._clock = clock
        self._queue = queue
        self._opinions = opinions
        self._wish = wish
        self._listening = Listening(telling.of_begin, telling.of_end)
        self._advising = Advising()
        self._seen = LastSeen()

    # -- the listener --------------------------------------------------------------------------------------------

    def see(self, mood: AffectPoint | None) -> None:
        """Where the listener is seen to be now; None when nobody can tell."""
        self._seen.see(mood, self._clock.now_s())

    def seen(self) -> AffectPoint | None:
        """Where the listener is, as far as anybody can tell."""
        return self._seen.at(self._clock.now_s())

    def mood(self) -> AffectPoint | None:
        """The same; unseen, the mood that the songs are for."""
        shown = self._queue.shown
        return self.seen() or (shown.start if shown is not None else None)

    # -- what is on ----------------------------------------------------------------------------------------------

    @property
    def now(self) -> NowPlaying | None:
        return self._listening.now

    def segments(self) -> tuple[SongSegment, ...]:
        """The songs that were on, in order; the one that is on counts until now."""
        return self._listening.until(self._clock.now_s())

    def play(self, track: Track) -> None:
        """The person put that song on."""
        self._over(self._listening.stop(self._clock.now_s(), chose_another=True))
        self._open(track)
        self._advising.release()

    def next(self) -> Track | None:
        """On to the song after the one that is on; None when nothing is, or nothing follows."""
        ended = self._listening.stop(self._clock.now_s(), chose_another=True)
        return None if ended is None else self._go_on_after(ended)

    def hear(self, report: PlayerReport) -> bool:
        """The player's word. True when its song came to its end: the next one is on then, if there is one."""
        ended = self._listening.hear(report, self._clock.now_s())
        if ended is not None:
            self._go_on_after(ended)
        return ended is not None

    def stop(self) -> None:
        """The person put nothing on."""
        self._over(self._listening.stop(self._clock.now_s()))
        self._advising.release()

    def leave(self) -> None:
        """The page with the player is left; ``come_back`` once it is there again."""
        self._listening.leave(self._clock.now_s())

    def come_back(self) -> None:
        self._listening.come_back(self._clock.now_s())

    # -- offers --------------------------------------------------------------------------------------------------

    @property
    def offer(self) -> SafetyAdvice | None:
        """What waits for the person's answer."""
        return self._advising.offer

    def answer(self, take: Callable[[SafetyAdvice], None] | None) -> None:
        """The offer is gone, and music that paused for it goes on. ``take``: the person's yes, which changes the wish
        to what was offered; the list leads there then."""
        offer, held_after = self._advising.answered()
        if take is not None and offer is not None:
            take(offer)
            self._queue.onward(self._wish(), self.seen(), asked=True)
        if held_after is not None:
            self._open_after(held_after)

    # -- within --------------------------------------------------------------------------------------------------

    def _go_on_after(self, ended: SongSegment) -> Track | None:
        self._over(ended)
        return None if self._advising.holds(ended.track_id) else self._open_after(ended.track_id)

    def _open_after(self, track_id: str) -> Track | None:
        queue, refused = self._queue, self._opinions.refused
        track = queue.following(track_id, refused)
        if track is None and queue.onward(self._wish(), self.seen(), asked=False) is not None:
            track = queue.following(track_id, refused) or queue.following(track_id, refused, any_mood=True)
        if track is not None:
            self._open(track)
        return track

    def _open(self, track: Track) -> None:
        self._listening.open(track, self._clock.now_s())
        self._queue.opened(track)

    def _over(self, segment: SongSegment | None) -> None:
        """A song is over: the list goes on from there, and what the player said of it is learned."""
        if segment is None:
            return
        self._queue.after(segment.track_id, self.seen())
        self._opinions.learn(segment, self.mood())
        on_for_s = segment.ended_s - segment.began_s if segment.heard_s is None else segment.heard_s
        track = self._catalogue.get(segment.track_id)
        if on_for_s >= SKIP_S and track is not None:
            minutes, goal = on_for_s / SECONDS_PER_MINUTE, self._wish().goal
            self._advising.take(self._advising.watch.heard(track_point(track), self.seen(), minutes, goal))
