"""``demo-data``: made-up sessions to try every page with."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from emrs_core.bootstrap import build_catalogue
from emrs_core.cli.kept import kept_sessions
from emrs_core.timeline.demo.keeping import add_demo, remove_demo
from emrs_core.timeline.demo.sessions import PARTICIPANTS


@click.command("demo-data", epilog="Example: python -m emrs_core demo-data")
@click.option("--remove", is_flag=True, help="Take all of it out again.")
def demo_data(remove: bool) -> None:
    """Add three made-up participants with eight sessions, marked as synthetic on every view and in every export."""
    store = kept_sessions()
    if remove:
        click.echo(f"{remove_demo(store)} synthetic sessions removed.")
        return
    count = add_demo(store, build_catalogue().tracks(), datetime.now(UTC))
    click.echo(f"{count} synthetic sessions of {len(PARTICIPANTS)} made-up participants are there.")
    click.echo("Open the Timelines page to see them; 'demo-data --remove' takes them out again.")
