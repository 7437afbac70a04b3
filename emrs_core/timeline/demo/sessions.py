"""Three made-up participants with eight sessions: affect from ``demo.process``, songs, remarks, self-reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from emrs_core.timeline.demo.process import SONG_PULL, Moment, moments
from emrs_core.timeline.events import (
    Baseline,
    ConsentGiven,
    Event,
    Excluded,
    FaceFound,
    FaceLost,
    Marker,
    MoodChanged,
    Note,
    ReportMoment,
    SelfReport,
    SettingsRecorded,
    SongEnded,
    SongRated,
    SongsShown,
    SongStarted,
)
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import Participant, SessionInfo, SessionState, Timeline
from emrs_core.types import EMOTIONS, AffectPoint, Emotion, Track

SEED = 20_26
STUDY = "Demo study (synthetic)"
PARTICIPANTS = (
    Participant("DEMO-A", ("guide", "stay"), ("synthetic",)),
    Participant("DEMO-B", ("guide", "stay"), ("synthetic",)),
    Participant("DEMO-C", ("stay",), ("synthetic",)),
)
HOMES = {"DEMO-A": (-0.45, -0.25), "DEMO-B": (0.15, 0.1), "DEMO-C": (-0.2, 0.35)}
"""Where each participant's affect comes to rest."""
PLAN = (
    ("DEMO-A", "guide", 14), ("DEMO-A", "guide", 12), ("DEMO-A", "stay", 10), ("DEMO-B", "guide", 12),
    ("DEMO-B", "stay", 9), ("DEMO-B", "guide", 11), ("DEMO-C", "stay", 13), ("DEMO-C", "stay", 8),
)  # fmt: skip
"""Participant, condition and minutes of each session."""
PAUSED_SESSION, CUT_SESSION = 3, 7  # one has a gap, one ended without saying so
SONG_S = (75.0, 150.0)  # shortest and longest listening
PAUSE_S = 12.0  # between songs
CALIBRATION_S = 10.0


@dataclass(frozen=True, slots=True)
class _Song:
    track: Track
    start_s: float
    end_s: float
    place: AffectPoint


def demo_sessions(tracks: Sequence[Track], now: datetime, seed: int = SEED) -> Iterator[Timeline]:
    """The eight sessions, the oldest first, the last one the day before ``now`` (aware). Same seed, same sessions.

    ``tracks`` are the songs to choose from, at least one.
    """
    for number, (code, condition, minutes) in enumerate(PLAN):
        rng = np.random.default_rng((seed, number))
        cut = number == CUT_SESSION
        started = (now - timedelta(days=2 * (len(PLAN) - number) - 1)).replace(
            hour=17, minute=5 * number, microsecond=0
        )
        info = SessionInfo(
            id=f"demo-{number + 1}",
            owner="local",
            started_at=started,
            state=SessionState.INTERRUPTED if cut else SessionState.ENDED,
            ended_at=None if cut else started + timedelta(minutes=minutes),
            study=STUDY,
            participant=code,
            condition=condition,
            tags=("synthetic",),
            title=f"Synthetic session {number + 1}",
            synthetic=True,
        )
        yield _session(info, minutes * 60.0, tracks, rng)


def _session(info: SessionInfo, length_s: float, tracks: Sequence[Track], rng: np.random.Generator) -> Timeline:
    home = AffectPoint(*HOMES[info.participant])
    songs = _songs(tracks, length_s, info.condition, rng)

    def set_point(t_s: float) -> AffectPoint:
        song = next((s for s in songs if s.start_s <= t_s < s.end_s), None)
        return home if song is None else _between(home, song.place, SONG_PULL)

    paused = (300.0, 345.0) if info.id == f"demo-{PAUSED_SESSION}" else (0.0, 0.0)
    seen = list(moments(length_s, set_point, rng, paused))
    interrupted = info.state is SessionState.INTERRUPTED
    events = [*_beginning(info, seen), *_changes(seen), *_song_events(songs, info.condition, rng)]
    events += _remarks(songs, length_s)
    events += _reports(seen, length_s, interrupted, rng)
    named = [replace(e, id=rng.bytes(16).hex()) for e in sorted(events, key=lambda e: e.t_s) if e.t_s <= length_s]
    return Timeline(info, Samples.of(m.sample for m in seen), tuple(named))


def _songs(tracks: Sequence[Track], length_s: float, condition: str, rng: np.random.Generator) -> list[_Song]:
    """Songs one after the other; guided sessions take pleasanter ones as they go on."""
    songs, t_s = [], 45.0
    by_valence = sorted(tracks, key=lambda track: (track.valence, track.id))
    while t_s + SONG_S[0] < length_s - 40:
        progress = t_s / length_s if condition == "guide" else 0.5
        middle = progress * (len(by_valence) - 1)
        track = by_valence[int(np.clip(rng.normal(middle, 0.1 * len(by_valence)), 0, len(by_valence) - 1))]
        end_s = min(t_s + float(rng.uniform(*SONG_S)), length_s - 35)
        place = AffectPoint(2 * track.valence - 1, 2 * track.energy - 1)
        songs.append(_Song(track, round(t_s, 2), round(end_s, 2), place))
        t_s = end_s + PAUSE_S
    return songs


def _beginning(info: SessionInfo, seen: Sequence[Moment]) -> list[Event]:
    neutral = tuple(0.82 if e is Emotion.NEUTRAL else 0.03 for e in EMOTIONS)
    looks = sum(1 for m in seen if m.sample.t_s <= CALIBRATION_S and m.sample.raw)
    return [
        ConsentGiven(t_s=0.0, version="synthetic", at=info.started_at),
        SettingsRecorded(t_s=0.0, model_name="synthetic", model_sha256="", app_version="synthetic"),
        Baseline(t_s=0.0, until_s=CALIBRATION_S, probabilities=neutral, looks=looks),
    ]


def _changes(seen: Sequence[Moment]) -> Iterator[Event]:
    for before, after in pairwise(seen):
        a, b = before.sample, after.sample
        if a.mood != b.mood:
            yield MoodChanged(t_s=b.t_s, before=a.mood, after=b.mood)
        if a.face != b.face:
            yield FaceFound(t_s=b.t_s) if b.face else FaceLost(t_s=b.t_s)


def _song_events(songs: Sequence[_Song], condition: str, rng: np.random.Generator) -> Iterator[Event]:
    for song in songs:
        track, heard_s = song.track, song.end_s - song.start_s
        skipped = bool(rng.random() < 0.15)
        yield SongsShown(
            t_s=song.start_s - 5, track_ids=(track.id,), target=song.place, origin="camera", goal=condition
        )
        yield SongStarted(t_s=song.start_s, track_id=track.id, title=track.title, artist=track.artist)
        yield SongEnded(
            t_s=song.end_s, track_id=track.id, began_s=song.start_s, source="player", heard_s=heard_s, skipped=skipped,
            played_through=not skipped,
        )  # fmt: skip
        if rng.random() < 0.4:
            yield SongRated(t_s=song.end_s - 10, track_id=track.id, verdict="dislike" if skipped else "like")


def _remarks(songs: Sequence[_Song], length_s: float) -> Iterator[Event]:
    yield Marker(t_s=30.0, label="eyes open")
    yield Note(t_s=length_s / 2, text="Synthetic note: shifted in the chair")
    if songs:
        yield Marker(t_s=songs[0].start_s + 20, label="smiled at the chorus")
    yield Excluded(t_s=length_s - 30, until_s=length_s - 25, reason="Synthetic: somebody came in")


def _reports(seen: Sequence[Moment], length_s: float, cut: bool, rng: np.random.Generator) -> Iterator[Event]:
    """What the person would say: the true affect on nine steps, half a step of error."""
    asked = [(ReportMoment.BEFORE, 0.0), (ReportMoment.DURING, length_s / 2)]
    asked += [] if cut else [(ReportMoment.AFTER, length_s)]
    for moment, t_s in asked:
        around = [m.affect for m in seen if abs(m.sample.t_s - t_s) <= 30]
        steps = [
            int(np.clip(round(5 + 4 * float(np.mean(values)) + rng.normal(0, 0.5)), 1, 9))
            for values in ([p.valence for p in around], [p.arousal for p in around])
        ]
        yield SelfReport(t_s=t_s, moment=moment, valence=steps[0], arousal=steps[1])


def _between(a: AffectPoint, b: AffectPoint, share: float) -> AffectPoint:
    return AffectPoint(a.valence + share * (b.valence - a.valence), a.arousal + share * (b.arousal - a.arousal))
