"""Sessions of any length for the benchmarks of the timelines, and stores filled with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import numpy as np

from emrs_core.timeline.events import Event, Marker, MoodChanged, Note, SongEnded, SongStarted
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.timeline.sessions import SessionInfo
from emrs_core.timeline.sql import chunks
from emrs_core.timeline.sql.store import SqlTimelineStore

RATE = 10
"""Samples a second: the most that a session keeps."""
HOUR = 3600 * RATE
HOURS_8 = 8 * HOUR
DWELL = 30
"""Samples that a calm mood stays."""
SONG_S, MARKER_S = 240, 60
WRITTEN_AT_ONCE = RATE // 2
"""Samples of one write of the recorder."""
START = datetime(2026, 1, 1, tzinfo=UTC)
NO_FACE = MOOD_NAMES.index("no_face")


def columns(count: int, seed: int = 0) -> Samples:
    """So many samples, ten a second, of a face whose reading wanders and which leaves now and then."""
    rng = np.random.default_rng(seed)
    face = np.repeat(rng.random(count // DWELL + 1) > 0.05, DWELL)[:count]
    smoothed = rng.dirichlet(np.ones(7), count).astype(np.float32)
    raw = smoothed[rng.permutation(count)]
    point = np.tanh(np.cumsum(rng.normal(0, 0.02, (count, 2)), axis=0)).astype(np.float32)
    for values in (raw, smoothed, point):
        values[~face] = np.nan
    mood = np.repeat(rng.integers(0, 7, count // DWELL + 1), DWELL)[:count].astype(np.int8)
    mood[~face] = NO_FACE
    return Samples(np.arange(count) / RATE, mood, raw, smoothed, face, np.zeros(count, np.uint8), point)


def happenings(samples: Samples) -> list[Event]:
    """What goes with those samples: each change of the mood, a song every four minutes, a marker a minute, notes."""
    end_s = int(samples.t_s[-1])
    events: list[Event] = [
        MoodChanged(
            t_s=float(samples.t_s[k]), before=MOOD_NAMES[samples.mood[k - 1]], after=MOOD_NAMES[samples.mood[k]]
        )
        for k in np.flatnonzero(np.diff(samples.mood)) + 1
    ]
    for t_s in range(0, end_s, SONG_S):
        events.append(SongStarted(t_s=float(t_s), track_id=str(t_s), title=f"Song {t_s}", artist="Somebody"))
        events.append(SongEnded(t_s=t_s + SONG_S - 5.0, track_id=str(t_s), began_s=float(t_s), source="player"))
    events += [Marker(t_s=float(t_s), label="stimulus") for t_s in range(0, end_s, MARKER_S)]
    events += [Note(t_s=float(t_s), text="shifted in the chair") for t_s in range(30, end_s, 10 * MARKER_S)]
    return events


def put_session(store: SqlTimelineStore, session_id: str, samples: Samples, *, ended: bool = True) -> None:
    """Those samples and what goes with them as a session that began at START.

    They come as the recorder writes them, two rows for each second; the end lays them together.
    """
    store.begin(SessionInfo(session_id, "local", START, participant="P1", study="Benchmark"))
    with patch.object(chunks, "ROWS_A_CHUNK", WRITTEN_AT_ONCE):
        store.append(session_id, samples, happenings(samples))
    if ended:
        store.end(session_id, START + timedelta(seconds=float(samples.t_s[-1])))


def put_many(store: SqlTimelineStore, count: int, samples: Samples) -> None:
    """So many short sessions, one an hour before START, of twenty participants in four studies."""
    for number in range(count):
        info = SessionInfo(
            f"s{number}", "local", START - timedelta(hours=number + 1), study=f"Study {number % 4}",
            participant=f"P{number % 20:02d}", title=f"Session {number}",
        )  # fmt: skip
        store.begin(info)
        store.append(info.id, samples)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def with_store(url: str, use: Callable[[SqlTimelineStore], None]) -> None:
    """Open that database, use it, and let go of it."""
    store = SqlTimelineStore.open(url)
    try:
        use(store)
    finally:
        store.close()
