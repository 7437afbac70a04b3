"""Four labelled faces of FER2013's PublicTest, from the folder beside the checkout; never part of the project.

Chosen once: at least eight of the ten FER+ annotators agree with the label, the cascade finds the enlarged face in
every position of the clip, and the first released network reads it with a probability over .98.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

ROWS = {"happy": 28871, "sad": 29560, "angry": 29548, "neutral": 28769}
"""Row numbers in the original fer2013.csv."""


def shared_face(shared_dir: Path, emotion: str) -> NDArray[np.uint8]:
    """The (48, 48) grey picture. A missing table or row is a failure, not a skip: the folder must be whole."""
    table = pq.read_table(shared_dir / "fer2013" / "fer2013.parquet", columns=["row", "emotion", "png"])
    row = table.filter(pc.equal(table["row"], ROWS[emotion]))
    assert row.num_rows == 1, f"row {ROWS[emotion]} is missing from the shared FER2013 table"
    return np.asarray(cv2.imdecode(np.frombuffer(row["png"][0].as_py(), np.uint8), cv2.IMREAD_GRAYSCALE), np.uint8)
