"""A real TURN relay on the loopback, for tests."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import skip_or_fail

START_TIMEOUT_S = 15.0
RELAY_PORTS = 40
USER, PASSWORD, REALM = "emrs", "only-for-tests", "emrs.test"


@dataclass(frozen=True, slots=True)
class Relay:
    port: int
    log_path: Path

    @property
    def setting(self) -> str:
        """This relay as the value of ``EMRS_ICE_SERVERS``."""
        url = f"turn:127.0.0.1:{self.port}?transport=udp"
        return json.dumps([{"urls": url, "username": USER, "credential": PASSWORD}])

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace")


def _free_udp_ports(count: int) -> int:
    """The first of ``count`` neighbouring UDP ports that nobody uses now."""
    for first in range(49_200, 60_000, count):
        sockets: list[socket.socket] = []
        try:
            for port in range(first, first + count):
                sockets.append(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
                sockets[-1].bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
        finally:
            for probe in sockets:
                probe.close()
    raise AssertionError("no free UDP ports for a relay")


@contextmanager
def relay(folder: Path) -> Iterator[Relay]:
    """Run coturn until the block ends. Skips where it is not installed."""
    program = shutil.which("turnserver")
    if program is None:
        skip_or_fail("needs coturn's turnserver on the PATH (Debian: apt-get install coturn)")
    first = _free_udp_ports(RELAY_PORTS + 1)
    log_path = folder / "coturn.log"
    command = [str(program), "-n", "--no-cli", "--no-tls", "--no-dtls", "--allow-loopback-peers", "--fingerprint"]
    command += ["--listening-ip=127.0.0.1", f"--listening-port={first}", "--relay-ip=127.0.0.1"]
    command += [f"--min-port={first + 1}", f"--max-port={first + RELAY_PORTS}", "--verbose", "--simple-log"]
    command += ["--lt-cred-mech", f"--user={USER}:{PASSWORD}", f"--realm={REALM}", "--log-file=stdout"]
    command += [f"--pidfile={folder / 'coturn.pid'}", f"--userdb={folder / 'turndb'}"]
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_listening(process, first, log_path)
            yield Relay(first, log_path)
        finally:
            process.terminate()
            process.wait(10)


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log_path: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:  # it listens by TCP as well as UDP
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"coturn did not start:\n{log_path.read_text(errors='replace')}")
