"""One listener's visit: what the camera or the person says about the mood, and the songs that follow from it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import replace
from itertools import islice

from emrs_core.affect import point_of
from emrs_core.mood import MoodTracker
from emrs_core.music.queue import MoodChoice, SongList
from emrs_core.music.refresh import SongListPolicy
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.store import MemoryProfileStore
from emrs_core.music.visit import MusicVisit
from emrs_core.music.wish_store import MemoryWishStore, WishStore
from emrs_core.protocols import Catalogue, Clock, SessionListener
from emrs_core.types import (
    AffectPoint,
    Emotion,
    EmotionEstimate,
    Frame,
    FrameAnalysis,
    ImageArray,
    MoodKind,
    MoodSample,
    MoodSource,
    MoodState,
)
from emrs_core.vision.pipeline import FaceAnalyser

HISTORY_SAMPLES = 6000
"""Ten minutes at ten samples a second, about 6 MB: what the live chart can scroll back to."""
ANSWERED_LOOKS = 9
"""Looks, about a second of them, that "was the emotion right?" is about: the label on the page is as old."""
SAME_ANSWER_S = 10.0
"""Moving the point again within that sets the last answer right instead of giving another: a slow drag, a few arrow
keys, one look at the list between."""


class ListenerSession:
    """What one visit knows of the mood; the rest is ``music``'s. Every method may be called from any thread.

    ``observe`` is meant for the analysis thread alone (the analyser keeps track of faces from frame to frame);
    the others answer at once, while a frame is being analysed too.
    """

    def __init__(
        self,
        analyser: FaceAnalyser,
        catalogue: Catalogue,
        clock: Clock,
        seed: int = 0,
        profile: ListenerProfile | None = None,
        wishes: WishStore | None = None,
    ) -> None:
        """Without ``profile`` and ``wishes``, what is learned and wished ends with the visit."""
        self._analyser = analyser
        self._clock = clock
        self._lock = threading.Lock()
        self.profile = profile or ListenerProfile(MemoryProfileStore(), catalogue)
        self.music = MusicVisit(catalogue, clock, seed, self.profile, wishes or MemoryWishStore())
        self._listener: SessionListener | None = None
        self._begin()

    def _begin(self) -> None:
        self._tracker = MoodTracker()
        self._policy = SongListPolicy()
        self._history: deque[MoodSample] = deque(maxlen=HISTORY_SAMPLES)
        self._looks: deque[tuple[float, ...]] = deque(maxlen=ANSWERED_LOOKS)  # as read, before any correction
        self._source = MoodSource.CAMERA
        self._felt_last: tuple[str, float] | None = None  # the last answer's id, and when it was given

    # -- what the camera says ------------------------------------------------------------------------------------

    def observe(self, frame: Frame) -> FrameAnalysis:
        """Analyse one frame of the stream and let mood, history and songs follow. ``frame.t_s`` is this clock's.

        What comes back is the reading as corrected for this person.
        """
        analysis = self._analyser.analyse(frame)
        with self._lock:
            if analysis.estimate is not None:
                self._looks.append(analysis.estimate.probabilities)
                analysis = replace(analysis, estimate=self._corrected(analysis.estimate))
            before = self._tracker.state
            mood = self._tracker.update(analysis)
            if analysis.estimate is not None or mood.kind is not before.kind:
                self._history.append(MoodSample(analysis.estimate, mood))
            self.music.see(self._seen(mood))
            if self._source is MoodSource.CAMERA:
                self._follow(mood)
            listener = self._listener
        if listener is not None:
            listener.observed(analysis, mood)
        return analysis

    def read_still(self, image: ImageArray, source: MoodSource) -> FrameAnalysis:
        """Read one picture, (H, W, 3) uint8 BGR. A readable face sets the songs; without one nothing changes.

        Raises ImageError for anything but such an array.
        """
        analysis = self._analyser.analyse_still(image)
        if analysis.estimate is None:
            return analysis
        estimate = self._corrected(analysis.estimate)
        with self._lock:
            self._source = source
            point = self._felt(point_of(estimate.probabilities))
            self.music.mood_is(MoodChoice.of(point, source, estimate.label))
        return replace(analysis, estimate=estimate)

    # -- what the person says ------------------------------------------------------------------------------------

    def choose_mood(self, point: AffectPoint, label: Emotion | None = None) -> SongList | None:
        """The person's own word outranks the camera until ``follow_camera``. Returns the songs for it."""
        with self._lock:
            self._source = MoodSource.HAND
            return self.music.mood_is(MoodChoice.of(point, MoodSource.HAND, label))

    def feel(self, point: AffectPoint) -> SongList | None:
        """The exact place where the person says they are: the same, and how a face seen now differs from it is learned.

        Said again within ``SAME_ANSWER_S`` it is one answer. Raises StorageError when it cannot be kept; the songs have
        followed then all the same.
        """
        songs = self.choose_mood(point)
        face = self.face_point()
        if face is not None:
            now_s = self._clock.now_s()
            with self._lock:
                last = self._felt_last
            same = last is not None and now_s - last[1] < SAME_ANSWER_S
            answer = self.profile.offset.learn(face, point, instead_of=last[0] if last and same else None)
            with self._lock:
                self._felt_last = answer, now_s
        return songs

    def correct_reading(self, true: Emotion) -> None:
        """The answer to "was the emotion right?": what the face of the last second was read as, and what was true.

        Nothing while no face was read. Raises StorageError when it cannot be kept.
        """
        with self._lock:
            looks = tuple(self._looks)
        if looks:
            read = tuple(sum(column) / len(looks) for column in zip(*looks, strict=True))
            self.profile.correction.learn(read, true)

    def follow_camera(self) -> None:
        """Let the camera steer again: its list comes as soon as the slow mood is known."""
        with self._lock:
            self._source = MoodSource.CAMERA
            self._policy = SongListPolicy()

    def forget(self) -> None:
        """Erase mood, history, songs and what is playing, as if the visit began now. What was learned stays."""
        with self._lock:
            self._begin()
            self.music.forget()
            listener = self._listener
        if listener is not None:
            listener.forgot()

    def tell(self, listener: SessionListener | None) -> None:
        """From now on tell that one what happens; None tells nobody."""
        with self._lock:
            self._listener = listener
        self.music.tell(listener)

    # -- what the pages show -------------------------------------------------------------------------------------

    @property
    def clock(self) -> Clock:
        return self._clock

    def elapsed_s(self) -> float:
        return self._clock.now_s()

    def mood(self) -> MoodState:
        with self._lock:
            return self._tracker.state

    def face_point(self) -> AffectPoint | None:
        """Where the face alone puts the slow mood now, before this person's offset; None while nobody can tell."""
        mood = self.mood()
        readable = mood.kind in (MoodKind.EMOTION, MoodKind.UNSURE) and mood.slow is not None and mood.slow.ready
        return mood.slow.point if readable and mood.slow is not None else None

    def mood_point(self) -> AffectPoint | None:
        """Where the listener is taken to be: by face and offset while the camera steers, else as they said."""
        face = self.face_point() if self.source is MoodSource.CAMERA else None
        if face is not None:
            return self._felt(face)
        mood = self.music.mood()
        return mood.point if mood else None

    def songs(self) -> SongList | None:
        return self.music.songs()

    @property
    def source(self) -> MoodSource:
        with self._lock:
            return self._source

    def history(self, max_points: int = 400, seconds: float | None = None) -> tuple[MoodSample, ...]:
        """The latest ``seconds`` (all by default) thinned evenly to at most ``max_points``, the newest always kept."""
        with self._lock:
            samples = list(self._history)
        if seconds is not None and samples:
            since_s = samples[-1].mood.t_s - seconds
            samples = [sample for sample in samples if sample.mood.t_s >= since_s]
        step = max(1, -(-len(samples) // max_points))
        return tuple(reversed(list(islice(reversed(samples), 0, None, step))))

    # -- within --------------------------------------------------------------------------------------------------

    def _follow(self, mood: MoodState) -> None:
        target = self._policy.observe(mood)
        if target is not None:
            label = mood.slow.label if mood.slow else mood.label
            self.music.mood_moved(MoodChoice.of(self._felt(target), MoodSource.CAMERA, label))

    def _seen(self, mood: MoodState) -> AffectPoint | None:
        if mood.kind is not MoodKind.EMOTION or mood.slow is None or not mood.slow.ready:
            return None
        return self._felt(mood.slow.point)

    def _felt(self, point: AffectPoint) -> AffectPoint:
        """Where this person probably is when their face says ``point``."""
        return self.profile.offset.apply(point)

    def _corrected(self, estimate: EmotionEstimate) -> EmotionEstimate:
        return EmotionEstimate(estimate.t_s, self.profile.correction.apply(estimate.probabilities))
