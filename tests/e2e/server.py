"""Starts the dashboard as a person does, ``streamlit run dashboard.py``, and stops it cleanly."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPOSITORY
from tests.waiting import wait_until

START_TIMEOUT_S = 90.0
"""A cold import of Streamlit, OpenCV and the network's runtime on a busy two-core machine."""
STOP_TIMEOUT_S = 20.0
POLL_S = 0.2
INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
"""The rest of the environment stays out, so that nobody's own EMRS_* or TURN settings steer a test."""
PROBE = Path(__file__).resolve().parent / "probe"
DUMP_END = "all threads told"
"""What the probe writes behind them."""
WORKER_MARK = 'emrs_core/live/worker.py"'


@dataclass(frozen=True, slots=True)
class Server:
    """A running dashboard. ``home`` holds its data, temporary and home folders and nothing else."""

    process: subprocess.Popen[bytes]
    port: int
    home: Path
    log_path: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def data_dir(self) -> Path:
        return self.home / "data"

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="backslashreplace")

    def analysis_threads(self) -> int:
        """How many live analyses run in the server now, seen from outside: see ``probe/sitecustomize.py``."""
        path = self.home / "threads.txt"
        before = len(path.read_text(encoding="utf-8"))
        self.process.send_signal(signal.SIGUSR1)
        wait_until(lambda: DUMP_END in path.read_text(encoding="utf-8")[before:])
        dump = path.read_text(encoding="utf-8")[before:]
        assert "Thread 0x" in dump
        return sum(WORKER_MARK in thread and "in _run" in thread for thread in dump.split("\n\n"))

    @contextmanager
    def slow_event_loop(self) -> Iterator[None]:
        """Inside the block every turn of the server's event loop is slow: see ``probe/sitecustomize.py``."""
        self.process.send_signal(signal.SIGUSR2)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGUSR2)

    def url_as(self, host: str) -> str:
        """The same server under another name; the browser must map that name to 127.0.0.1."""
        return f"http://{host}:{self.port}"


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path, settings: dict[str, str]) -> dict[str, str]:
    """A bare environment whose home, data and temporary folders all lie under ``home``."""
    folders = {"HOME": home / "user", "TMPDIR": home / "tmp", "EMRS_DATA_DIR": home / "data"}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    (home / "threads.txt").touch()
    probe = {"PYTHONPATH": str(PROBE), "EMRS_TEST_THREADS": str(home / "threads.txt")}
    return inherited | {name: str(folder) for name, folder in folders.items()} | probe | settings


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def running(home: Path, **settings: str) -> Iterator[Server]:
    """A dashboard on a free port with the given EMRS_* settings; stopped when the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py"]
    command += ["--server.headless=true", f"--server.port={port}", "--server.fileWatcherType=none"]
    log_path = home / "server.log"
    env = environment(home, settings)
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
    server = Server(process, port, home, log_path)
    try:
        wait_until_healthy(server)
        yield server
    finally:
        stop(process)


def wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_healthy(server.port):
        if server.process.poll() is not None:
            raise AssertionError(f"the dashboard ended with {server.process.returncode}:\n{server.log()}")
        if time.monotonic() > deadline:
            raise AssertionError(f"the dashboard did not answer within {START_TIMEOUT_S:.0f} s:\n{server.log()}")
        time.sleep(POLL_S)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End it as Ctrl-C does; kill it when it does not follow."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
