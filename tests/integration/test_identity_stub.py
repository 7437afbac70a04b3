"""The stand-in for an identity provider as its command, on its port."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import requests

from emrs_core.testing.identity.server import running
from tests.commands import start

START_TIMEOUT_S = 60.0


def test_it_prints_secrets_with_which_its_discovery_is_found(repository: Path) -> None:
    line = [
        sys.executable,
        "-u",
        "-m",
        "emrs_core",
        "identity-stub",
        "--port",
        "0",
        "--origin",
        "http://localhost:8899/",
    ]
    with start(line, repository) as run:
        try:
            assert run.stdout is not None
            told: list[str] = []
            while not told or not told[-1].startswith("server_metadata_url"):
                told.append(next(iter(run.stdout)))
            auth = tomllib.loads("".join(told[told.index("[auth]\n") :]))["auth"]
            assert auth["redirect_uri"] == "http://localhost:8899/oauth2callback"
            assert len(auth["cookie_secret"]) >= 32
            found = requests.get(auth["server_metadata_url"], timeout=5).json()
            assert auth["server_metadata_url"].startswith(found["issuer"])
            assert {key["kty"] for key in requests.get(found["jwks_uri"], timeout=5).json()["keys"]} == {"RSA"}
        finally:
            run.send_signal(2)
        assert run.wait(START_TIMEOUT_S) == 0


def test_a_port_that_is_taken_is_told(repository: Path) -> None:
    with running() as server:
        port = server.url.rpartition(":")[2]
        line = [sys.executable, "-m", "emrs_core", "identity-stub", "--port", port]
        done = subprocess.run(
            line, cwd=repository, capture_output=True, text=True, timeout=START_TIMEOUT_S, check=False
        )
    assert done.returncode == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in done.stderr
