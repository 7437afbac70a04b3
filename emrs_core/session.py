"""One listener's visit: what the camera or the person says about the mood, and the songs that follow from it."""

from __future__ import annotations

import threading
from collections import deque
from itertools import islice

from emrs_core.affect import nearest_emotion, point_of
from emrs_core.errors import UsageError
from emrs_core.mood import MoodTracker
from emrs_core.music.history import SECONDS_PER_HOUR, Heard
from emrs_core.music.recommend import recommend
from emrs_core.music.refresh import SongListPolicy
from emrs_core.protocols import Catalogue, Clock, SessionListener
from emrs_core.types import (
    AffectPoint,
    Emotion,
    Frame,
    FrameAnalysis,
    ImageArray,
    MoodSample,
    MoodSource,
    MoodState,
    SongList,
    Track,
)
from emrs_core.vision.pipeline import FaceAnalyser

HISTORY_SAMPLES = 6000
"""Ten minutes at ten samples a second, about 6 MB: what the live chart can scroll back to."""
REMEMBERED_SONGS = 400
"""Shown songs that the next lists hold back; about half of the built-in catalogue, so that it never runs dry."""
DEFAULT_LIST_SIZE = 12
"""Fills rows of two, three and four."""
LIST_SIZES = range(5, 21)


class ListenerSession:
    """Everything one visit knows, in memory only. Every method may be called from any thread.

    ``observe`` is meant for the analysis thread alone (the analyser keeps track of faces from frame to frame);
    the others answer at once, while a frame is being analysed too.
    """

    def __init__(self, analyser: FaceAnalyser, catalogue: Catalogue, clock: Clock, seed: int = 0) -> None:
        self._analyser = analyser
        self._catalogue = catalogue
        self._clock = clock
        self._seed = seed
        self._lock = threading.Lock()
        self.listener: SessionListener | None = None  # set it before the first frame
        self._list_size = DEFAULT_LIST_SIZE
        self._begin()

    def _begin(self) -> None:
        self._tracker = MoodTracker()
        self._policy = SongListPolicy()
        self._history: deque[MoodSample] = deque(maxlen=HISTORY_SAMPLES)
        self._source = MoodSource.CAMERA
        self._songs: SongList | None = None
        self._shown: deque[tuple[str, float]] = deque(maxlen=REMEMBERED_SONGS)
        self._turn = 0
        self._playing: Track | None = None
        self._playing_since_s = 0.0

    # -- what the camera says ------------------------------------------------------------------------------------

    def observe(self, frame: Frame) -> FrameAnalysis:
        """Analyse one frame of the stream and let mood, history and songs follow. ``frame.t_s`` is this clock's."""
        analysis = self._analyser.analyse(frame)
        with self._lock:
            before = self._tracker.state
            mood = self._tracker.update(analysis)
            if self.listener is not None:
                self.listener.observed(analysis, mood)
            if analysis.estimate is not None or mood.kind is not before.kind:
                self._history.append(MoodSample(analysis.estimate, mood))
            if self._source is MoodSource.CAMERA:
                target = self._policy.observe(mood)
                if target is not None:
                    self._renew(target, mood.slow.label if mood.slow else mood.label, MoodSource.CAMERA)
        return analysis

    def read_still(self, image: ImageArray, source: MoodSource) -> FrameAnalysis:
        """Read one picture, (H, W, 3) uint8 BGR. A readable face sets the songs; without one nothing changes.

        Raises ImageError for anything but such an array.
        """
        analysis = self._analyser.analyse_still(image)
        if analysis.estimate is not None:
            with self._lock:
                self._source = source
                point = point_of(analysis.estimate.probabilities)
                self._renew(point, analysis.estimate.label, source)
        return analysis

    # -- what the person says ------------------------------------------------------------------------------------

    def choose_mood(self, point: AffectPoint, label: Emotion | None = None) -> SongList:
        """The person's own word outranks the camera until ``follow_camera``. Returns the songs for it."""
        with self._lock:
            self._source = MoodSource.HAND
            return self._renew(point, label or nearest_emotion(point), MoodSource.HAND)

    def follow_camera(self) -> None:
        """Let the camera steer again: its list comes as soon as the slow mood is known."""
        with self._lock:
            self._source = MoodSource.CAMERA
            self._policy = SongListPolicy()

    def set_list_size(self, size: int) -> None:
        """How many songs a list holds, from now on and for the one shown. Raises UsageError outside 5-20."""
        if size not in LIST_SIZES:
            raise UsageError(f"A list holds {LIST_SIZES.start} to {LIST_SIZES.stop - 1} songs, not {size}.")
        with self._lock:
            if size == self._list_size:
                return
            self._list_size = size
            if self._songs is not None:
                self._list(self._songs.target, self._songs.label, self._songs.source)

    def other_songs(self) -> SongList | None:
        """Other songs for the same mood; None while there is no list yet."""
        with self._lock:
            shown = self._songs
            return None if shown is None else self._renew(shown.target, shown.label, shown.source)

    def play(self, track_id: str) -> Track:
        """Take that song as playing. Raises UsageError for an id that the catalogue does not have."""
        track = self._catalogue.get(track_id)
        if track is None:
            raise UsageError(f"There is no song with the id {track_id!r} in the catalogue.")
        with self._lock:
            self._end_song()
            self._playing, self._playing_since_s = track, self._clock.now_s()
            if self.listener is not None:
                self.listener.song_started(self._playing_since_s, track)
        return track

    def stop_playing(self) -> None:
        with self._lock:
            self._end_song()

    def forget(self) -> None:
        """Erase mood, history, songs and what is playing, as if the visit began now."""
        with self._lock:
            self._begin()
            if self.listener is not None:
                self.listener.forgot()

    # -- what the pages show -------------------------------------------------------------------------------------

    @property
    def clock(self) -> Clock:
        return self._clock

    def elapsed_s(self) -> float:
        return self._clock.now_s()

    def mood(self) -> MoodState:
        with self._lock:
            return self._tracker.state

    def songs(self) -> SongList | None:
        with self._lock:
            return self._songs

    @property
    def source(self) -> MoodSource:
        with self._lock:
            return self._source

    @property
    def list_size(self) -> int:
        with self._lock:
            return self._list_size

    @property
    def now_playing(self) -> Track | None:
        with self._lock:
            return self._playing

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

    def _renew(self, target: AffectPoint, label: Emotion | None, source: MoodSource) -> SongList:
        """Another list: the songs of the one before are now known, and chance falls anew."""
        if self._songs is not None:
            self._shown.extend((item.track.id, self._songs.made_at_s) for item in self._songs.items)
            self._turn += 1
        return self._list(target, label, source)

    def _list(self, target: AffectPoint, label: Emotion | None, source: MoodSource) -> SongList:
        now_s = self._clock.now_s()
        heard = [Heard(track_id, (now_s - t_s) / SECONDS_PER_HOUR) for track_id, t_s in self._shown]
        items = recommend(self._catalogue, target, n=self._list_size, seed=self._seed + self._turn, history=heard)
        version = self._songs.version + 1 if self._songs else 1
        self._songs = SongList(version, source, target, label, items, now_s)
        if self.listener is not None:
            self.listener.songs_shown(now_s, tuple(item.track.id for item in items), target, str(source), "stay")
        return self._songs

    def _end_song(self) -> None:
        if self._playing is not None and self.listener is not None:
            began_s = self._playing_since_s
            self.listener.song_ended(self._clock.now_s(), self._playing.id, began_s, "click")
        self._playing = None
