"""``sessions import``: exported sessions back into the store."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from emrs_core.bootstrap import open_sessions
from emrs_core.errors import EmrsError
from emrs_core.settings import Settings
from emrs_core.timeline.access import OWNER_ID
from emrs_core.timeline.importing import keep_imported, read_session_file

EXIT_FAILED = 1


@click.command("import", epilog="Example: python -m emrs_core sessions import exports/demo-1.json")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def import_sessions(files: tuple[Path, ...]) -> None:
    """Read sessions that were exported as JSON. A file is taken whole or, with its reason, not at all."""
    failed = 0
    store = open_sessions(Settings.from_mapping(os.environ))
    try:
        for path in files:
            try:
                info = keep_imported(store, read_session_file(path), OWNER_ID)
            except EmrsError as exc:
                failed += 1
                message = str(exc)
                click.echo(message if message.startswith(path.name) else f"{path.name}: {message}", err=True)
            else:
                click.echo(f"{path.name}: session {info.id} imported.")
    finally:
        store.close()
    if failed:
        sys.exit(EXIT_FAILED)
