"""Kept sessions as files: peak memory and time of exporting a million samples in each format, and of importing them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.context import ROOT, Context
from benchmarks.made_up_sessions import columns, put_session, sqlite_url, with_store
from benchmarks.rows import BenchmarkError, Row, verdict

MILLION = 1_000_000
PEAK_MB = 500.0
"""Target, for the whole process."""
FORMATS = ("csv", "parquet", "xlsx", "json")
TIMEOUT_S = 1_800.0

COMMAND = """
import json, sys, time
begin = time.process_time()
sys.argv[0] = "emrs_core"
from emrs_core.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
lines = open("/proc/self/status").read().splitlines()
peak_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print(json.dumps({"mb": peak_kb / 1e3, "s": time.process_time() - begin}))
"""
"""The command line as it is, in a process of its own. Not ``ru_maxrss``, which a child inherits from its parent."""
PANDAS = f"""
import sys
sys.argv[0:1] = []
import json, time
begin = time.process_time()
from pathlib import Path
from benchmarks.made_up_sessions import columns
from benchmarks.plain_sessions import frame_of
import pandas as pd
form, path = sys.argv
if form == "import":
    pd.read_json(path, orient="records")
else:
    frame = frame_of(columns({MILLION}))
    dict(csv=lambda: frame.to_csv(path), parquet=lambda: frame.to_parquet(path),
         json=lambda: frame.to_json(path, orient="records"))[form]()
lines = open("/proc/self/status").read().splitlines()
peak_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print(json.dumps({{"mb": peak_kb / 1e3, "s": time.process_time() - begin}}))
"""


def run(context: Context) -> list[dict[str, Any]]:
    if not sys.platform.startswith("linux"):
        raise BenchmarkError("reads the kernel's count of resident memory, so it runs on Linux alone")
    folder = context.tmp_dir
    url = sqlite_url(folder / "million.db")
    with_store(url, lambda store: put_session(store, "million", columns(MILLION)))
    rows: list[Row] = []
    for form in FORMATS:
        ours = _process(COMMAND, url, "export", "million", "--format", form, "--out", str(folder / form))
        plain = None if form == "xlsx" else _process(PANDAS, url, form, str(folder / f"plain.{form}"))
        rows += _rows(f"export of {MILLION:,} samples, {form}", ours, plain)
    target = sqlite_url(folder / "imported.db")
    ours = _process(COMMAND, target, "sessions", "import", str(folder / "json" / "million.json"))
    plain = _process(PANDAS, target, "import", str(folder / "plain.json"))
    rows += _rows(f"import of {MILLION:,} samples, json", ours, plain)
    return [row.as_dict(context.processor) for row in rows]


def _rows(name: str, ours: dict[str, float], plain: dict[str, float] | None) -> list[Row]:
    pandas = "baseline: pandas, without the figures" if plain else "pandas takes too long and too much to compare with"
    mb, seconds = (plain["mb"], plain["s"]) if plain else (None, None)
    note = f"{verdict(ours['mb'], under=PEAK_MB)}; the whole process; {pandas}"
    return [Row(f"{name}: most memory", ours["mb"], mb, "MB", note), Row(f"{name}: time", ours["s"], seconds, "s CPU")]


def _process(program: str, url: str, *arguments: str) -> dict[str, float]:
    """What the program prints last, run alone: nothing else weighs on its memory."""
    command = [sys.executable, "-c", program, *arguments]
    environment = {**os.environ, "EMRS_DATABASE_URL": url}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=TIMEOUT_S
    )
    last = done.stdout.strip().rpartition("\n")[2]
    if done.returncode or not last:
        raise BenchmarkError(f"{' '.join(arguments)}: {done.stderr.strip().rpartition(chr(10))[2]}")
    answer: dict[str, float] = json.loads(last)
    return answer
