"""Commands that run until Ctrl-C, as a test starts them."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path


def start(line: list[str], where: Path) -> subprocess.Popen[str]:
    """The running command, with its words in ``stdout``."""
    out, err = subprocess.PIPE, subprocess.STDOUT
    return subprocess.Popen(line, cwd=where, stdout=out, stderr=err, text=True, preexec_fn=_heed_interrupts)


def _heed_interrupts() -> None:
    """Whatever runs in a shell's background ignores Ctrl-C, and what it starts inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
