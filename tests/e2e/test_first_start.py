"""The first start on a fresh machine asks nothing, in a terminal and with a screen."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.e2e.server import Server, environment, free_port, stop, wait_until_healthy


def test_it_starts_in_a_terminal_without_a_question(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    port = free_port()
    # A screen and a browser command that does nothing: so Streamlit takes this for somebody's desk, where it would ask.
    env = environment(tmp_path, {"DISPLAY": ":99", "BROWSER": "/bin/true"})
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", f"--server.port={port}"]
    log_path = tmp_path / "server.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=env, stdin=theirs, stdout=log, stderr=log)
    try:
        wait_until_healthy(Server(process, port, tmp_path, log_path))
    finally:
        stop(process)
        os.close(ours)
        os.close(theirs)
    said = log_path.read_text(encoding="utf-8", errors="replace")
    assert f":{port}" in said
    assert "email" not in said.lower()
    assert "usage statistics" not in said.lower()
