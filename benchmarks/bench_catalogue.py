"""A million songs: memory and time to open them, to find one by its id, and to bring a broken table of them in."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.context import ROOT, Context
from benchmarks.rows import BenchmarkError, Row, verdict
from emrs_core.music.catalogues.store import CatalogueStore
from emrs_core.testing.large_catalogues import broken_csv, large_table, write_stored

SONGS = 1_000_000
LOOKUPS = 1000
MOST_MB = 300.0
TIMEOUT_S = 900

HEAD = """
import csv, json, sys, time
from pathlib import Path
import psutil, pyarrow.compute, pyarrow.parquet
from emrs_core.music.catalogues.importing import guess
from emrs_core.music.catalogues.reading import SourceTable
from emrs_core.music.catalogues.store import CatalogueStore
from emrs_core.testing.catalogues import numbered_id
from emrs_core.types import Track

def now_mb():
    return psutil.Process().memory_info().rss / 1e6

def status_mb(name):
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1e3

def peak_mb():
    return status_mb("VmHWM")

before, own_before, begin = now_mb(), status_mb("RssAnon"), time.process_time()
"""
OPEN = f"""{HEAD}
catalogue = CatalogueStore(Path(sys.argv[1])).open("large")
features = catalogue.features
spent, used, own = time.process_time() - begin, now_mb() - before, status_mb("RssAnon") - own_before
begin = time.process_time()
for row in range(0, len(catalogue), len(catalogue) // {LOOKUPS}):
    assert catalogue.get(numbered_id(row)).title
lookup = (time.process_time() - begin) / {LOOKUPS}
peak = peak_mb() - before
print(json.dumps({{"s": spent, "mb": used, "own_mb": own, "peak_mb": peak, "lookup_us": lookup * 1e6}}))
"""
PLAIN = f"""{HEAD}
table = pyarrow.parquet.read_table(sys.argv[1] + "/large.parquet").to_pylist()
tracks = [Track(**row) for row in table]
by_id = {{track.id: track for track in tracks}}
table.clear()
own = status_mb("RssAnon") - own_before
spent = time.process_time() - begin
print(json.dumps({{"s": spent, "mb": now_mb() - before, "own_mb": own, "peak_mb": peak_mb() - before}}))
"""
IMPORT = f"""{HEAD}
table = SourceTable(Path(sys.argv[1]), "broken.csv")
report = CatalogueStore(Path(sys.argv[2])).add("broken", table, guess(table))
spent = time.process_time() - begin
print(json.dumps({{"s": spent, "peak_mb": peak_mb() - before, "added": report.added, "refused": report.refused}}))
"""
READ = f"""{HEAD}
with open(sys.argv[1], encoding="utf-8", newline="") as file:
    rows = sum(1 for _ in csv.DictReader(file))
print(json.dumps({{"s": time.process_time() - begin}}))
"""


def run(context: Context) -> list[dict[str, Any]]:
    if not sys.platform.startswith("linux"):
        raise BenchmarkError("reads the kernel's count of resident memory, so it runs on Linux alone")
    write_stored(large_table(SONGS), CatalogueStore(context.tmp_dir).path_of("large"))
    first, ours = (_process(OPEN, context.tmp_dir) for _ in range(2))  # the first unpacks the columns
    plain = _process(PLAIN, context.tmp_dir)
    table = context.tmp_dir / "broken.csv"
    with table.open("w", encoding="utf-8") as file:
        file.writelines(broken_csv(SONGS))
    brought, read = _process(IMPORT, table, context.tmp_dir), _process(READ, table)
    if brought["refused"] != SONGS // 100 or brought["added"] != SONGS - SONGS // 100:
        raise BenchmarkError(f"expected one row in a hundred to be refused, got {brought}")
    million = f"{SONGS:,} songs"
    objects = "baseline: a Track object for each row, and a dictionary"
    own, unpacked = f"the rest is mapped; {objects}", f"unpacked and written too; {objects}"
    rows = [
        Row(f"memory of {million}", ours["mb"], plain["mb"], "MB", f"{verdict(ours['mb'], under=MOST_MB)}; {objects}"),
        Row(f"memory of {million}, the program's own", ours["own_mb"], plain["own_mb"], "MB", own),
        Row(f"most memory while {million} are opened", ours["peak_mb"], plain["peak_mb"], "MB", objects),
        Row(f"most memory while {million} are opened first", first["peak_mb"], plain["peak_mb"], "MB", objects),
        Row(f"opening {million}", ours["s"], plain["s"], "s CPU", objects),
        Row(f"opening {million} first", first["s"], plain["s"], "s CPU", unpacked),
        Row("a song by its id", ours["lookup_us"], None, "µs CPU", f"mean of {LOOKUPS}, each for the first time"),
        Row(f"bringing in {SONGS:,} rows, 1 % broken", brought["s"], read["s"], "s CPU",
            "checked, without duplicates, stored; baseline: csv.DictReader alone"),
        Row(f"most memory while {SONGS:,} rows come in", brought["peak_mb"], None, "MB", "beyond the program itself"),
    ]  # fmt: skip
    return [row.as_dict(context.processor) for row in rows]


def _process(program: str, *arguments: Path) -> dict[str, float]:
    """What the program prints, run in a process of its own: nothing else weighs on its memory."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    begin_s = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise BenchmarkError(f"a part ended with {done.returncode} after {time.monotonic() - begin_s:.0f} s: {last}")
    answer: dict[str, float] = json.loads(done.stdout)
    return answer
