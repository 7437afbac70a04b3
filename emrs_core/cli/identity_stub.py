"""``identity-stub``: a stand-in for an identity provider, to try signing in without registering anywhere."""

from __future__ import annotations

import click

from emrs_core.testing.identity.people import PEOPLE, REVIEWER_EMAIL
from emrs_core.testing.identity.server import running

DEFAULT_PORT = 8740
DASHBOARD = "http://localhost:8501"
EXAMPLE = "Example: python -m emrs_core identity-stub --port 8740"


@click.command(epilog=EXAMPLE)
@click.option("--port", type=click.IntRange(0, 65535), default=DEFAULT_PORT, show_default=True,
              help="Port of 127.0.0.1; 0 chooses a free one.")  # fmt: skip
@click.option("--origin", default=DASHBOARD, show_default=True, help="Where the dashboard is opened.")
def identity_stub(port: int, origin: str) -> None:
    """Serve a stand-in for an identity provider until Ctrl-C, with people to sign in as."""
    names = ", ".join(person.name for person in PEOPLE)
    with running(port) as server:
        click.echo(f"A stand-in for an identity provider answers at {server.url}, with {names}.")
        click.echo("Put this into .streamlit/secrets.toml:\n")
        click.echo(server.secrets_toml(origin.rstrip("/")))
        click.echo("Start the dashboard with:\n")
        click.echo(f"  EMRS_MODE=hosted EMRS_REVIEWERS={REVIEWER_EMAIL} streamlit run dashboard.py\n")
        click.echo(f"Open it at {origin}. Rosa is the reviewer. Ctrl-C ends this; the secret is a new one each time.")
        try:
            server.wait()
        except KeyboardInterrupt:
            click.echo("")
