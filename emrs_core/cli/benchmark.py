"""``benchmark``: speed and memory, as ratios to a baseline measured in the same run."""

from __future__ import annotations

import ast
import csv
import io
import json
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from emrs_core.errors import UsageError
from emrs_core.storage import write_atomically

ROOT = Path(__file__).resolve().parents[2]
BENCHMARKS_DIR = ROOT / "benchmarks"
PREFIX = "bench_"
EXIT_FAILED = 1
TABLE_FORMATS = (".md", ".csv")

Row = dict[str, Any]


@click.command(epilog="Example: python -m emrs_core benchmark analysis runtime --json")
@click.argument("names", nargs=-1, metavar="[NAME...]")
@click.option("--list", "only_list", is_flag=True, help="Say which benchmarks there are, and run none.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")
@click.option("--out", type=click.Path(path_type=Path), help="Also write the table to a file, .md or .csv.")
@click.option(
    "--folder", default=BENCHMARKS_DIR, type=click.Path(path_type=Path), help="Where the bench_*.py files are."
)
def benchmark(names: tuple[str, ...], only_list: bool, as_json: bool, out: Path | None, folder: Path) -> None:
    """Run the benchmarks called NAME, or all of them. Needs the packages of requirements-dev.txt.

    Figures hold for this machine and only if nothing else runs on it. A benchmark that cannot run here says why on
    standard error, the others are done, and the exit status is 1.
    """
    chosen = _chosen(folder, names)
    if out is not None and out.suffix not in TABLE_FORMATS:
        raise UsageError(f"The table is written as {' or '.join(TABLE_FORMATS)}, not as {out.name!r}.")
    if only_list:
        click.echo(_listing(chosen, as_json))
        return
    rows, failed = _run_all(chosen)
    if out is not None:
        write_atomically(out, (_csv(rows) if out.suffix == ".csv" else _markdown(rows)).encode())
    click.echo(json.dumps(rows, indent=2) if as_json else _markdown(rows))
    if failed:
        sys.exit(EXIT_FAILED)


def _chosen(folder: Path, names: Sequence[str]) -> dict[str, Path]:
    """The benchmark files by name. Raises UsageError for a folder without any and for a name that is none of them."""
    known = {path.stem.removeprefix(PREFIX): path for path in sorted(folder.glob(f"{PREFIX}*.py"))}
    if not known:
        raise UsageError(
            f"There are no benchmarks in {folder}. They come with the project's repository, not with the package "
            "alone: run this from a checkout, or name their folder with --folder."
        )
    for name in names:
        if name not in known:
            raise UsageError(f"There is no benchmark called {name!r}. Use one of: {', '.join(known)}.")
    return {name: known[name] for name in dict.fromkeys(names or known)}


def _listing(chosen: dict[str, Path], as_json: bool) -> str:
    about = {name: _first_line(path) for name, path in chosen.items()}
    if as_json:
        return json.dumps([{"name": name, "about": line} for name, line in about.items()], indent=2)
    width = max(map(len, about))
    return "\n".join(f"{name:<{width}}  {line}" for name, line in about.items())


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))  # without paying for its imports
    return (docstring or "").partition("\n")[0]


def _run_all(chosen: dict[str, Path]) -> tuple[list[Row], list[str]]:
    """The rows of all that could run, and the names of the others; progress goes to standard error."""
    rows: list[Row] = []
    failed: list[str] = []
    for number, (name, path) in enumerate(chosen.items(), start=1):
        click.echo(f"[{number}/{len(chosen)}] {name} ...", err=True)
        start = time.monotonic()
        try:
            rows += _run(path)
        except _FailedError as exc:
            failed.append(name)
            click.echo(f"{name}: {exc}", err=True)
        else:
            click.echo(f"[{number}/{len(chosen)}] {name} took {time.monotonic() - start:.0f} s", err=True)
    return rows, failed


class _FailedError(Exception):
    """Why one benchmark has no rows."""


def _run(path: Path) -> list[Row]:
    """One benchmark in a process of its own, so that none weighs on another's memory or CPU time."""
    command = [sys.executable, "-m", "benchmarks", str(path.resolve())]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False)
    try:
        result = json.loads(done.stdout)
    except ValueError:
        raise _FailedError(f"ended with status {done.returncode} and without a result") from None
    if "error" in result:
        raise _FailedError(result["error"])
    rows: list[Row] = result["rows"]
    return rows


def _markdown(rows: Sequence[Row]) -> str:
    processors = ", ".join(dict.fromkeys(row["cpu"] for row in rows)) or "nothing"
    head = [
        f"Measured in one run on {processors}; {platform.system()}, Python {platform.python_version()}.",
        "",
        "| what | ours | baseline | ratio | unit | note |",
        "|---|---:|---:|---:|---|---|",
    ]
    columns = ("name", "ours", "baseline", "ratio", "unit", "note")
    lines = ["| " + " | ".join(_cell(row[column]) for column in columns) + " |" for row in rows]
    return "\n".join([*head, *lines]) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("|", "\\|").replace("\n", " ")


def _csv(rows: Sequence[Row]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["name", "ours", "baseline", "ratio", "unit", "cpu", "note"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()
