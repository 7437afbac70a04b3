"""Shows that requirements.txt resolves to wheels alone on Community Cloud's system, for every supported Python.

Community Cloud runs Debian 11 (glibc 2.31) and builds nothing: a package without a fitting wheel fails the deployment.
Asks the package index, so it is a tool and no test. Known limit: pip reads environment markers (``; python_version <
"3.12"``) with the Python it runs on, so markers are judged for that one; wheel tags are judged for the target.

Run: ``python tools/check_pins.py [--python 3.12 ...]``; exit 1 when a version does not resolve.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
NEWEST_GLIBC = 31  # Debian 11's glibc is 2.31; a manylinux_2_34 wheel would not load there
OLDEST_GLIBC = 5  # manylinux1
LEGACY_TAGS = ("manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64")
TIMEOUT_S = 600


def platform_tags() -> list[str]:
    """Every wheel platform that Debian 11 on x86-64 accepts, newest first."""
    return [f"manylinux_2_{minor}_x86_64" for minor in range(NEWEST_GLIBC, OLDEST_GLIBC - 1, -1)] + list(LEGACY_TAGS)


def resolve(python: str, requirements: Path) -> tuple[list[str], str]:
    """The pins that pip would install, as ``name==version``, or an empty list and what pip said."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--ignore-installed"]
        command += ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}"]
        command += [f"--platform={tag}" for tag in platform_tags()]
        command += [f"--target={folder}/target", f"--report={report}", "-r", str(requirements)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        if done.returncode != 0:
            return [], done.stderr.strip()
        installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    return sorted(f"{item['metadata']['name']}=={item['metadata']['version']}" for item in installed), ""


def main(arguments: list[str] | None = None) -> int:
    """Print one line for each Python; 0 when all of them resolve."""
    parser = argparse.ArgumentParser(description="Do the pins resolve to wheels on Debian 11?")
    parser.add_argument("--python", action="append", choices=PYTHONS, help="only this version (may be repeated)")
    parser.add_argument("--list", action="store_true", help="name every resolved package")
    options = parser.parse_args(arguments)
    failed = False
    for python in options.python or PYTHONS:
        pins, error = resolve(python, REPOSITORY / "requirements.txt")
        failed |= not pins
        print(f"Python {python}: " + (f"{len(pins)} packages, wheels only" if pins else f"does not resolve\n{error}"))
        if options.list:
            print("\n".join(f"  {pin}" for pin in pins))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
