"""``sessions``: what is kept, listed, shown and deleted."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from emrs_core.cli.describe import DIGITS
from emrs_core.cli.import_sessions import import_sessions
from emrs_core.cli.kept import kept_sessions
from emrs_core.errors import EmrsError
from emrs_core.timeline.event_codec import kind_of, to_fields
from emrs_core.timeline.sessions import SessionInfo, SessionSummary, Timeline
from emrs_core.timeline.store import SessionQuery

SECONDS_PER_MINUTE = 60
EXIT_FAILED = 1
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")


@click.group(epilog="Example: python -m emrs_core sessions list --participant P01")
def sessions() -> None:
    """List, show and delete the sessions that are kept (in the data folder, or in EMRS_DATABASE_URL)."""


sessions.add_command(import_sessions)


@sessions.command("list", epilog="Example: python -m emrs_core sessions list --study Sleep -n 10")
@click.option("--study", help="Only those of that study.")
@click.option("--participant", help="Only those of the participant with that code.")
@click.option("--tag", help="Only those with that tag.")
@click.option("--text", default="", help="Only those with that text in title, participant or study.")
@click.option("-n", "limit", type=click.IntRange(min=1), help="At most so many, the newest first.")
@JSON
def list_(
    study: str | None, participant: str | None, tag: str | None, text: str, limit: int | None, as_json: bool
) -> None:
    """List kept sessions, the newest first."""
    query = SessionQuery(study=study, participant=participant, tag=tag, text=text, limit=limit)
    found = kept_sessions().list(query)
    if as_json:
        click.echo(json.dumps([_summary(summary) for summary in found], indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(map(_line, found)) if found else "No sessions are kept.")


@sessions.command(epilog="Example: python -m emrs_core sessions show demo-1 --json")
@click.argument("session_id", metavar="SESSION")
@JSON
def show(session_id: str, as_json: bool) -> None:
    """Show one session: its facts and its events; its samples come with ``export``."""
    store = kept_sessions()
    timeline = store.read(session_id)
    summary = next(s for s in store.list(SessionQuery(owner=timeline.info.owner)) if s.info.id == session_id)
    if as_json:
        click.echo(json.dumps({**_summary(summary), "events": _events(timeline)}, indent=2, ensure_ascii=False))
        return
    lines = [
        _line(summary),
        *(f"{event['t_s']:>9.1f} s  {event['kind']}  {_rest(event)}" for event in _events(timeline)),
    ]
    click.echo("\n".join(lines))


@sessions.command(epilog="Example: python -m emrs_core sessions delete demo-1 demo-2")
@click.argument("session_ids", metavar="SESSION...", nargs=-1, required=True)
def delete(session_ids: tuple[str, ...]) -> None:
    """Erase sessions for good."""
    store, failed = kept_sessions(), False
    for session_id in session_ids:
        try:
            store.delete(session_id)
            click.echo(f"Erased {session_id}.")
        except EmrsError as exc:
            failed = True
            click.echo(f"Error: {exc}", err=True)
    if failed:
        sys.exit(EXIT_FAILED)


def _summary(summary: SessionSummary) -> dict[str, Any]:
    info = summary.info
    return {
        "id": info.id,
        "owner": info.owner,
        "started_at": info.started_at.isoformat(),
        "ended_at": info.ended_at.isoformat() if info.ended_at else None,
        "state": str(info.state),
        "study": info.study,
        "participant": info.participant,
        "condition": info.condition,
        "tags": list(info.tags),
        "title": info.title,
        "synthetic": info.synthetic,
        "length_s": round(summary.length_s, 3),
        "samples": summary.samples,
        "valid_face_share": round(summary.valid_face_share, DIGITS),
        "songs": summary.songs,
        "valence": [None if point is None else round(point, DIGITS) for point in summary.sparkline],
    }


def _events(timeline: Timeline) -> list[dict[str, Any]]:
    return [
        {"t_s": round(event.t_s, 3), "kind": kind_of(event), "id": event.id, **to_fields(event)}
        for event in timeline.events
    ]


def _line(summary: SessionSummary) -> str:
    info = summary.info
    minutes, seconds = divmod(round(summary.length_s), SECONDS_PER_MINUTE)
    facts = [
        f"{info.started_at.astimezone():%Y-%m-%d %H:%M}",
        f"{minutes:>4}:{seconds:02d}",
        f"face {summary.valid_face_share:>4.0%}",
        f"{summary.songs} {'song' if summary.songs == 1 else 'songs'}",
        str(info.state),
    ]
    return "  ".join([info.id, *facts, *_names(info)])


def _names(info: SessionInfo) -> list[str]:
    return [name for name in (info.participant, info.study, info.title, "synthetic" if info.synthetic else "") if name]


def _rest(event: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in event.items() if name not in ("t_s", "kind", "id"))
