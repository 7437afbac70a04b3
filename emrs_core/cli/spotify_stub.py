"""``spotify-stub``: a stand-in for Spotify, to try the dashboard's Spotify page without an account."""

from __future__ import annotations

from pathlib import Path

import click

from emrs_core.bootstrap import build_catalogue
from emrs_core.errors import UsageError
from emrs_core.testing.spotify.grants import ACCESS_LIFE_S
from emrs_core.testing.spotify.server import running
from emrs_core.testing.spotify.stub import Description

DEFAULT_PORT = 8730
EXAMPLE = "Example: python -m emrs_core spotify-stub --port 8730"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog=EXAMPLE)
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True,
              help="Port of 127.0.0.1; 0 chooses a free one.")  # fmt: skip
@click.option("--schema", type=FILE, help="Spotify's OpenAPI description (YAML): every call is held against it.")
@click.option("--token-seconds", type=click.FloatRange(min=1.0), default=ACCESS_LIFE_S, show_default=True,
              help="How long an access token lasts.")  # fmt: skip
@click.option("--catalogue", type=FILE, help="A CSV file of songs instead of the built-in ones.")
def spotify_stub(port: int, schema: Path | None, token_seconds: float, catalogue: Path | None) -> None:
    """Serve a stand-in for Spotify until Ctrl-C, with three people to connect as: Ada, Ben and Cleo."""
    songs = build_catalogue(catalogue).tracks()
    with running(songs, schema=_description(schema), port=port, access_life_s=token_seconds) as server:
        settings = " ".join(f"{name}={value}" for name, value in server.settings().items())
        click.echo(f"A stand-in for Spotify answers at {server.url}. Start the dashboard against it with:\n")
        click.echo(f"  {settings} streamlit run dashboard.py\n")
        click.echo("Open it at http://127.0.0.1:8501 (not localhost: Spotify refuses that name).")
        click.echo(f"What it holds: {server.url}/_stub/state. Faults: see docs/spotify.md. Ctrl-C ends it.")
        try:
            server.wait()
        except KeyboardInterrupt:
            click.echo("")


def _description(path: Path | None) -> Description | None:
    if path is None:
        return None
    try:
        from emrs_core.testing.spotify.schema import Schema
    except ModuleNotFoundError as exc:
        raise UsageError(f"--schema needs the tools of requirements-dev.txt; {exc.name} is not installed.") from exc
    return Schema(path)
