"""What the timelines are compared with: a row a sample in SQLite, pandas, and Plotly given every point."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.types import EMOTIONS

NAMES = tuple(str(emotion) for emotion in EMOTIONS)
DRAWN = (*(f"smoothed_{name}" for name in NAMES), "valence", "arousal")
COLUMNS = ("session", "t_s", "mood", "face", "quality", *(f"raw_{name}" for name in NAMES), *DRAWN)
SPARKLINE = 60
INSERT = f"INSERT INTO samples VALUES ({', '.join('?' * len(COLUMNS))})"


def frame_of(samples: Samples, session_id: str = "long") -> pd.DataFrame:
    """A row a sample, a column a fact."""
    facts: dict[str, object] = {
        "session": session_id, "t_s": samples.t_s, "mood": [MOOD_NAMES[code] for code in samples.mood.tolist()],
        "face": samples.face, "quality": samples.quality,
    }  # fmt: skip
    facts |= {f"raw_{name}": samples.raw[:, k] for k, name in enumerate(NAMES)}
    facts |= {f"smoothed_{name}": samples.smoothed[:, k] for k, name in enumerate(NAMES)}
    return pd.DataFrame(facts | {"valence": samples.point[:, 0], "arousal": samples.point[:, 1]})


class PlainStore:
    """One table, one row a sample, one transaction for each write."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute(f"CREATE TABLE IF NOT EXISTS samples ({', '.join(COLUMNS)})")
        self._connection.execute("CREATE INDEX IF NOT EXISTS samples_session ON samples (session, t_s)")

    def put(self, frame: pd.DataFrame) -> None:
        frame.to_sql("samples", self._connection, if_exists="append", index=False, chunksize=10_000)
        self._connection.commit()

    def add(self, row: tuple[object, ...]) -> None:
        self._connection.execute(INSERT, row)
        self._connection.commit()

    def read(self, session_id: str) -> pd.DataFrame:
        query = "SELECT * FROM samples WHERE session = ? ORDER BY t_s"
        return pd.read_sql_query(query, self._connection, params=(session_id,))

    def listing(self) -> list[tuple[str, float, float, list[float]]]:
        """For each session its length, the share with a face, and sixty means of valence for a sparkline."""
        names = [name for (name,) in self._connection.execute("SELECT DISTINCT session FROM samples")]
        return [(name, *_described(self.read(name))) for name in names]

    def close(self) -> None:
        self._connection.close()


def _described(frame: pd.DataFrame) -> tuple[float, float, list[float]]:
    bins = pd.cut(frame["t_s"], SPARKLINE, labels=False)
    return float(frame["t_s"].max()), float(frame["face"].mean()), frame.groupby(bins)["valence"].mean().tolist()


def whole_figure(frame: pd.DataFrame) -> str:
    """Plotly's JSON of every point of the nine lines."""
    lines = [go.Scattergl(x=frame["t_s"], y=frame[name], name=name) for name in DRAWN]
    return go.Figure(lines).to_json()
