"""Loads one benchmark file and runs it. A benchmark is any ``bench_*.py`` with ``run(context) -> list of rows``."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.context import Context, processor_name, shared_dir
from benchmarks.rows import BenchmarkError, complete

Run = Callable[[Context], Sequence[Mapping[str, Any]]]


def load(path: Path) -> Run:
    """The ``run`` of that file. Raises BenchmarkError when the file has none."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise BenchmarkError(f"{path} should be a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look themselves up there
    spec.loader.exec_module(module)
    run: Run | None = getattr(module, "run", None)
    if not callable(run):
        raise BenchmarkError(f"{path.name} should have a function run(context)")
    return run


def measure(path: Path) -> list[dict[str, Any]]:
    """Run one benchmark in this process; every row comes back complete, with the processor's name."""
    with tempfile.TemporaryDirectory(prefix="emrs-benchmark-") as folder:
        context = Context(Path(folder), processor_name(), shared_dir=shared_dir())
        return [complete(row, context.processor) for row in load(path)(context)]
