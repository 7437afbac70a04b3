"""``sessions import``: exported sessions back into the store."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from emrs_core.cli.kept import kept_sessions
from emrs_core.errors import EmrsError
from emrs_core.timeline.access import OWNER_ID
from emrs_core.timeline.importing import keep_imported, read_session_file

EXIT_FAILED = 1


@click.command("import", epilog="Example: python -m emrs_core sessions import exports/demo-1.json")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def import_sessions(files: tuple[Path, ...]) -> None:
    """Read sessions that were exported as JSON. A file is taken whole or, with its reason, not at all."""
    store, failed = kept_sessions(), False
    for path in files:
        try:
            info = keep_imported(store, read_session_file(path), OWNER_ID)
        except EmrsError as exc:
            failed = True
            message = str(exc)
            click.echo(message if message.startswith(path.name) else f"{path.name}: {message}", err=True)
        else:
            click.echo(f"{path.name}: session {info.id} imported.")
    if failed:
        sys.exit(EXIT_FAILED)
