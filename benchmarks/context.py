"""What a benchmark may know of the place it runs in."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CPUINFO = Path("/proc/cpuinfo")
REPEATS = 3
"""Runs whose median counts: enough to leave out one that something else on the machine disturbed."""


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to every ``run``. ``tmp_dir`` exists, is empty and is removed afterwards."""

    tmp_dir: Path
    processor: str
    repeats: int = REPEATS
    shared_dir: Path | None = None  # holds fer2013/ where there is one; many benchmarks need none


def shared_dir() -> Path | None:
    """The folder of data that are not part of the project: EMRS_SHARED_DIR, or ``shared`` beside the checkout."""
    folder = Path(os.environ.get("EMRS_SHARED_DIR") or ROOT.parent / "shared")
    return folder if folder.is_dir() else None


def processor_name() -> str:
    """Model, number of logical processors, and whether it has the int8 instructions that 8-bit networks use."""
    fields = _cpuinfo()
    model = fields.get("model name") or platform.processor() or platform.machine() or "unknown processor"
    vnni = ", VNNI" if {"avx512_vnni", "avx_vnni"} & set(fields.get("flags", "").split()) else ""
    return f"{model}, {os.cpu_count()} CPUs{vnni}"


def _cpuinfo() -> dict[str, str]:
    """The first processor's entry on Linux; empty on other systems."""
    try:
        first = CPUINFO.read_text(encoding="utf-8").split("\n\n")[0]
    except OSError:
        return {}
    pairs = (line.partition(":") for line in first.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}
