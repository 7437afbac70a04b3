from __future__ import annotations

import subprocess
import sys

import pytest

from emrs_core.memory import return_freed_memory

CHURN = """
import sys, threading, numpy as np
from pathlib import Path
from emrs_core.memory import return_freed_memory
if sys.argv[1] == "on": assert return_freed_memory()
def visitor():
    kept = []
    for i in range(400):
        pictures = [np.ones(n, np.uint8) for n in (900_000, 460_000, 1_900_000)]
        kept.append(bytes(40_000))
barrier = [threading.Thread(target=visitor) for _ in range(8)]
[t.start() for t in barrier]; [t.join() for t in barrier]
print(int(Path("/proc/self/statm").read_text().split()[1]) * 4096)
"""


def resident_bytes(switch: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", CHURN, switch], capture_output=True, text=True, check=True, timeout=120
    )
    return int(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc's settings exist on Linux only")
def test_pictures_that_came_and_went_leave_less_behind() -> None:
    assert return_freed_memory()
    assert resident_bytes("on") < resident_bytes("off")
