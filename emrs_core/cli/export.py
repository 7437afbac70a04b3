"""``export``: kept sessions as files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from emrs_core.cli.kept import kept_sessions
from emrs_core.errors import EmrsError
from emrs_core.timeline.export.files import ExportFormat, export_session
from emrs_core.timeline.sessions import Timeline

EXIT_FAILED = 1
BAR_FROM_SAMPLES = 20_000
"""Half an hour at ten samples a second; what is shorter is written before a bar is seen."""
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command(epilog="Example: python -m emrs_core export demo-1 demo-2 --format parquet --out exports")
@click.argument("sessions", nargs=-1, required=True, metavar="SESSION...")
@click.option(
    "--format", "form", type=click.Choice([str(f) for f in ExportFormat]), required=True,
    help="csv and parquet: a file a table; xlsx: one book; json: exact, can be imported again.",
)  # fmt: skip
@click.option("--out", type=FOLDER, required=True, help="The folder for the files; made if need be.")
def export(sessions: tuple[str, ...], form: str, out: Path) -> None:
    """Write kept sessions as files, with a data dictionary. Prints the path of each file."""
    store, failed = kept_sessions(), False
    for session_id in sessions:
        try:
            paths = _exported(store.read(session_id), ExportFormat(form), out)
        except EmrsError as exc:
            failed = True
            click.echo(f"{session_id}: {exc}", err=True)
        else:
            click.echo("\n".join(str(path) for path in paths))
    if failed:
        sys.exit(EXIT_FAILED)


def _exported(timeline: Timeline, form: ExportFormat, out: Path) -> tuple[Path, ...]:
    samples = len(timeline.samples)
    with click.progressbar(
        length=samples, file=sys.stderr, hidden=samples < BAR_FROM_SAMPLES, label=f"Writing {timeline.info.id}"
    ) as bar:
        return export_session(timeline, form, out, bar.update)
