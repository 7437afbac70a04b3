"""The seams. Every real adapter and its fake pass the same contract tests in ``emrs_core.testing``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from emrs_core.segments import SongSegment
from emrs_core.streaming import Device, NowPlaying, SavedPlaylist, ServiceAccount, ServiceTrack
from emrs_core.types import AffectPoint, FaceBox, FrameAnalysis, ImageArray, MoodState, Track


class Clock(Protocol):
    """A monotonic clock in seconds. MUST never run backwards. Any thread."""

    def now_s(self) -> float: ...


class FaceDetector(Protocol):
    """Finds faces in one picture, without memory of the one before.

    MUST return boxes in pixels of the given picture, largest first, none twice; an empty tuple when there is no face.
    MUST accept any size from 426x240 to 1920x1080 and find faces from 60 px. MAY be called from one thread at a
    time only; make one per session. Raises ImageError for anything but a non-empty (H, W, 3) uint8 BGR array.
    ``near`` says where faces just were: it MUST find those that are still there, in about that size, and MAY leave out
    all others.
    """

    def detect(self, image: ImageArray, near: Sequence[FaceBox] = ()) -> tuple[FaceBox, ...]: ...


class EmotionModel(Protocol):
    """Reads faces that ``vision.preprocess.face_crop`` has cut out.

    MUST be safe to call from several threads. MUST give the same answer for the same face.
    """

    def predict(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(N, 48, 48) grey uint8 -> (N, 7) calibrated probabilities in the order of EMOTIONS, each row summing to 1.

        Raises ImageError for another shape or type.
        """
        ...

    def warm_up(self) -> None:
        """Pay the cost of the first prediction now. Call it before a camera starts."""
        ...


class Catalogue(Protocol):
    """The songs to choose from. MUST be immutable after construction, so any thread may read it."""

    def tracks(self) -> Sequence[Track]:
        """All songs, in a stable order, each id once."""
        ...

    def get(self, track_id: str) -> Track | None: ...


class MusicLibrary(Protocol):
    """The listener's own songs at a music service, and its search.

    Every method asks over the network, returns or raises within seconds, never waits for a limit to pass and never
    prompts. Any thread; better not a script thread where several answers are needed. Raises StreamingError (see
    ``errors``), each child with what to do; UsageError for an id that cannot exist.
    """

    def account(self) -> ServiceAccount: ...

    def saved(self, limit: int = 200) -> tuple[ServiceTrack, ...]:
        """The songs the listener saved, newest first, at most ``limit``."""
        ...

    def top(self, limit: int = 50) -> tuple[ServiceTrack, ...]:
        """The songs the service counts as the listener's favourites of the last months, at most 50."""
        ...

    def search(self, title: str, artist: str = "", limit: int = 10) -> tuple[ServiceTrack, ...]:
        """Songs of about that title and artist, best first; at most 10. Raises UsageError without any word."""
        ...

    def like(self, track_id: str) -> None:
        """Put the song among the listener's saved ones. Twice is once."""
        ...


class PlaylistWriter(Protocol):
    """Keeps a list of songs as a playlist in the listener's account. Threads and errors as for MusicLibrary."""

    def save(self, name: str, track_ids: Sequence[str], key: str) -> SavedPlaylist:
        """A private playlist of that name with exactly these songs in this order.

        ``key`` names the list (its version): saving the same songs under the same key again MUST NOT make a second
        playlist, not even when the first attempt failed half-way. Raises UsageError for an empty name or list.
        """
        ...


class RemotePlayer(Protocol):
    """Plays on a device of the listener's own. ``device_id`` None: the active one.

    Threads and errors as for MusicLibrary; a free account, or no active device, is a StreamingError that says so.
    """

    def devices(self) -> tuple[Device, ...]: ...

    def play(self, track_ids: Sequence[str], device_id: str | None = None) -> None:
        """Play these songs one after the other, from now. Raises UsageError for an empty list."""
        ...

    def queue(self, track_id: str, device_id: str | None = None) -> None: ...

    def pause(self, device_id: str | None = None) -> None: ...

    def next(self, device_id: str | None = None) -> None: ...

    def now_playing(self) -> NowPlaying | None:
        """None when no device plays or has played lately."""
        ...


class MusicService(MusicLibrary, PlaylistWriter, RemotePlayer, Protocol):
    """One listener's account at a music service, in all three roles."""


class SessionListener(Protocol):
    """Is told what happens in a visit, in the visit's seconds. MUST return at once and never raise. Any thread."""

    def observed(self, analysis: FrameAnalysis, mood: MoodState) -> None:
        """A frame was analysed, and this is the mood with it."""
        ...

    def songs_shown(self, t_s: float, track_ids: tuple[str, ...], target: AffectPoint, origin: str, goal: str) -> None:
        """A list appeared; ``origin`` is the ``MoodSource`` of the mood that chose it."""
        ...

    def song_started(self, t_s: float, track: Track) -> None: ...

    def song_ended(self, segment: SongSegment) -> None: ...

    def song_rated(self, t_s: float, track_id: str, verdict: str) -> None: ...

    def forgot(self) -> None:
        """The person erased the visit: what was told before must not stay anywhere."""
        ...
