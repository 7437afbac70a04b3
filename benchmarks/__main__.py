"""``python -m benchmarks PATH``: one benchmark, alone in this process, as one JSON object on standard output.

``{"rows": [...]}``, or ``{"error": "one line"}`` with status 1. ``python -m emrs_core benchmark`` starts one of these
for each name, so that no benchmark's memory, threads or imports weigh on another's figures.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from benchmarks.registry import measure
from benchmarks.rows import BenchmarkError
from emrs_core.errors import EmrsError


def main(path: Path) -> int:
    answer = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not stand among the JSON
    try:
        result: dict[str, object] = {"rows": measure(path)}
    except (BenchmarkError, EmrsError, OSError, ImportError) as exc:
        result = {"error": " ".join(str(exc).split()) or type(exc).__name__}
    with os.fdopen(answer, "w", encoding="utf-8") as stream:
        stream.write(json.dumps(result))
    return 1 if "error" in result else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
