"""A million songs in under 300 MB, and a million rows with broken ones among them in bounded memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from emrs_core.music.catalogues.importing import guess
from emrs_core.music.catalogues.reading import SourceTable
from emrs_core.music.catalogues.store import CatalogueStore
from emrs_core.testing.large_catalogues import broken_csv, large_table, write_stored

MILLION = 1_000_000
MOST_MB = 300.0
OWN_MB = 120.0
"""Of it what the program holds itself: the ranking's own columns. Titles and numbers stay on the disk, mapped."""
IMPORT_MB = 150.0
"""A batch of rows as text and as columns, a row group, and what the allocators keep."""

PEAK = """
def peak_mb():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1e3
"""
"""Not ``ru_maxrss``, which a child process inherits from whoever started it."""

LOAD = f"""{PEAK}
import json, psutil, sys
from pathlib import Path
import pyarrow.compute, pyarrow.parquet
from emrs_core.music.catalogues.store import CatalogueStore
from emrs_core.music.recommend import recommend
from emrs_core.types import AffectPoint

def now_mb():
    return psutil.Process().memory_info().rss / 1e6

def own_mb():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1e3

before, own_before = now_mb(), own_mb()
catalogue = CatalogueStore(Path(sys.argv[1])).open("large")
features = catalogue.features
loaded, own = now_mb() - before, own_mb() - own_before
found = catalogue.get(catalogue.tracks()[123_456].id).title
songs = recommend(catalogue, AffectPoint(0.5, 0.5), n=20)
peak = peak_mb() - before
facts = {{"songs": len(features), "found": found, "list": len(songs)}}
print(json.dumps({{**facts, "loaded_mb": loaded, "own_mb": own, "peak_mb": peak}}))
"""

IMPORT = f"""{PEAK}
import json, psutil, sys
from pathlib import Path
import pyarrow.compute, pyarrow.parquet
from emrs_core.music.catalogues.importing import guess
from emrs_core.music.catalogues.reading import SourceTable
from emrs_core.music.catalogues.store import CatalogueStore

before = psutil.Process().memory_info().rss / 1e6
table = SourceTable(Path(sys.argv[1]), "broken.csv")
report = CatalogueStore(Path(sys.argv[2])).add("broken", table, guess(table))
peak = peak_mb() - before
print(json.dumps({{"added": report.added, "refused": report.refused, "peak_mb": peak}}))
"""


def measured(repository: Path, program: str, *arguments: Path) -> dict[str, float]:
    """What a process of its own prints: nothing else weighs on its memory."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True, timeout=170)
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the kernel's count of resident memory")
def test_a_million_songs_are_loaded_and_ranked_in_300_mb(repository: Path, tmp_path: Path) -> None:
    write_stored(large_table(MILLION), CatalogueStore(tmp_path).path_of("large"))
    for opened in ("unpacked and opened", "opened again"):
        answer = measured(repository, LOAD, tmp_path)
        assert (answer["songs"], answer["list"]) == (MILLION, 20)
        assert answer["found"] == "A song of a usual length 123456"

        assert answer["loaded_mb"] < MOST_MB, (opened, answer)
        assert answer["peak_mb"] < MOST_MB, (opened, answer)
        print(opened, answer)
    assert answer["own_mb"] < OWN_MB, answer


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the kernel's count of resident memory")
def test_a_million_rows_with_a_hundredth_broken_come_in_with_bounded_memory(repository: Path, tmp_path: Path) -> None:
    rows = MILLION
    with (tmp_path / "broken.csv").open("w", encoding="utf-8") as file:
        file.writelines(broken_csv(rows))
    answer = measured(repository, IMPORT, tmp_path / "broken.csv", tmp_path / "store")
    assert (answer["added"], answer["refused"]) == (0.99 * rows, 0.01 * rows)

    assert answer["peak_mb"] < IMPORT_MB, answer


def test_each_broken_row_is_told_and_no_neighbour_is_lost(tmp_path: Path) -> None:
    table = SourceTable("".join(broken_csv(600)).encode(), "broken.csv")
    store = CatalogueStore(tmp_path)
    report = store.add("broken", table, guess(table))
    assert (report.added, report.refused) == (594, 6)
    assert [error.row for error in report.errors] == [101, 201, 301, 401, 501, 601]
    reasons = [error.reason for error in report.errors]
    assert "number from 0 to 1" in reasons[0]
    assert "never closed" in reasons[1]
    assert reasons[2] == "expected 10 cells as in the first row, got 2"
