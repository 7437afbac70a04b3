"""Fetches an access token of your own Spotify account for the contract tests against the real service.

Needs a Client ID whose app lists the redirect URI ``http://127.0.0.1:8737/callback`` (``--port`` takes another port; 0
any free one). Opens nothing by itself: it prints the address of Spotify's consent page, waits for the way back, and
prints the line to run. The token works for an hour and allows what the dashboard asks for, plus reading the private
playlists that the tests made.

Run: ``EMRS_SPOTIFY_CLIENT_ID=... python tools/spotify_token.py``
"""

from __future__ import annotations

import argparse
import hmac
import os
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from emrs_core.errors import EmrsError  # noqa: E402
from emrs_core.music.spotify.oauth import SpotifyAccounts, new_verifier  # noqa: E402
from emrs_core.music.spotify.scopes import SCOPES  # noqa: E402
from emrs_core.settings import Settings  # noqa: E402

PORT = 8737
PATIENCE_S = 600.0
TESTS_ALONE = {"playlist-read-private"}


class Callback(HTTPServer):
    """Listens from the moment it is made; ``query`` is that of the first call of ``/callback``."""

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.timeout = PATIENCE_S
        self.query: dict[str, str] = {}

    @property
    def redirect_uri(self) -> str:
        """Where Spotify has to send the browser."""
        return f"http://127.0.0.1:{self.server_port}/callback"

    def wait(self) -> dict[str, str]:
        """The query; empty when nobody came."""
        deadline = time.monotonic() + PATIENCE_S
        while not self.query and time.monotonic() < deadline:
            self.handle_request()
        return self.query


class _Handler(BaseHTTPRequestHandler):
    server: Callback

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        came_back = parts.path == "/callback"
        if came_back:
            self.server.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.send_response(200 if came_back else 404)
        self.end_headers()
        self.wfile.write(b"You can close this page." if came_back else b"")

    def log_message(self, format: str, *args: object) -> None:
        """Silent: the address holds the code."""


def main() -> int:
    """0 with a token, 1 without, 2 without a Client ID."""
    parser = argparse.ArgumentParser(description="Fetch an access token of your own Spotify account.")
    parser.add_argument("--port", type=int, default=PORT, help="of the redirect URI at 127.0.0.1; 0: any free one")
    port = parser.parse_args().port
    spotify = Settings.from_mapping(os.environ).spotify
    if not spotify.configured:
        print("Set EMRS_SPOTIFY_CLIENT_ID to the Client ID of your app.", file=sys.stderr)
        return 2
    accounts = SpotifyAccounts(spotify.client_id, spotify.accounts_url, time.time)
    verifier, state = new_verifier(), secrets.token_urlsafe(32)
    scopes = TESTS_ALONE.union(*SCOPES.values())
    with Callback(port) as callback:
        redirect_uri = callback.redirect_uri
        print(
            f"Open this page and agree:\n\n{accounts.consent_url(redirect_uri, scopes, state, verifier)}\n", flush=True
        )
        back = callback.wait()
    if not hmac.compare_digest(back.get("state", "").encode(), state.encode()) or "code" not in back:
        print("Spotify sent no consent back. Try again.", file=sys.stderr)
        return 1
    try:
        grant = accounts.exchange(back["code"], verifier, redirect_uri, scopes)
    except EmrsError as exc:
        print(f"Error: {exc}", file=sys.stderr)
        return 1
    tests = "python -m pytest tests/contract/test_music_service.py -m real_spotify"
    print(f"Now run, within the hour:\n\nEMRS_TEST_SPOTIFY_TOKEN={grant.access_token} {tests}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
