"""``studies``: what sessions belong to, how long they are kept, and erasing those that are over."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from emrs_core.cli.kept import kept_sessions
from emrs_core.timeline.people import StudyOutlook, outlook, plural
from emrs_core.timeline.sessions import RETENTION_DAYS, Study
from emrs_core.timeline.sql.store import SqlTimelineStore

JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")


@click.group(epilog="Example: python -m emrs_core studies set Sleep --retention-days 90")
def studies() -> None:
    """List and set the studies that sessions belong to; erase what they keep no longer."""


@studies.command("list", epilog="Example: python -m emrs_core studies list --json")
@JSON
def list_(as_json: bool) -> None:
    """List studies: their sessions, how long those are kept, and when the next one goes."""
    found = _outlooks(kept_sessions(retire=False))
    if as_json:
        click.echo(json.dumps([_fields(one) for one in found], indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(map(_line, found)) if found else "There are no studies.")


@studies.command("set", epilog="Example: python -m emrs_core studies set Sleep --retention-days 90 --phq2")
@click.argument("name")
@click.option("--retention-days", type=click.IntRange(*RETENTION_DAYS), help="Erase its sessions after so many days.")
@click.option("--keep", is_flag=True, help="Keep its sessions until somebody erases them.")
@click.option("--phq2/--no-phq2", default=None, help="Whether the PHQ-2 is offered in its sessions.")
@click.option("--rename", metavar="NAME", help="Call it that; its sessions move along.")
def set_(name: str, retention_days: int | None, keep: bool, phq2: bool | None, rename: str | None) -> None:
    """Make a study, or change one. What is not named stays as it is."""
    if keep and retention_days is not None:
        raise click.UsageError("--retention-days and --keep exclude each other.")
    store = kept_sessions(retire=False)
    there = next((one for one in store.studies() if one.name == name), None)
    study = there or Study(name)
    if keep or retention_days is not None:
        study = replace(study, retention_days=retention_days)
    study = replace(study, name=rename or name, phq2=study.phq2 if phq2 is None else phq2)
    if there is None and rename is None:
        store.put_study(study)
    else:
        store.change_study(name, study)
    click.echo(_line(next(one for one in _outlooks(store) if one.study.name == study.name)))


@studies.command(epilog="Example: python -m emrs_core studies retire --dry-run")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@JSON
def retire(dry_run: bool, as_json: bool) -> None:
    """Erase each session that is older than its study keeps them, as every start of the program does."""
    store = kept_sessions(retire=False)
    over = [summary.info.id for one in _outlooks(store) for summary in one.over]
    ids = over if dry_run else list(store.retire(datetime.now(UTC)))
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "erased": ids}, indent=2, ensure_ascii=False))
        return
    done = "Would be erased" if dry_run else "Erased"
    click.echo(f"{done}: {', '.join(ids)}." if ids else "No session is older than its study keeps it.")


def _outlooks(store: SqlTimelineStore) -> list[StudyOutlook]:
    summaries, now = store.list(), datetime.now(UTC)
    return [outlook(study, summaries, now) for study in store.studies()]


def _fields(one: StudyOutlook) -> dict[str, Any]:
    return {
        "name": one.study.name,
        "retention_days": one.study.retention_days,
        "phq2": one.study.phq2,
        "sessions": len(one.sessions),
        "participants": list(one.participants),
        "over": [summary.info.id for summary in one.over],
        "next_erasure_at": one.next_at.isoformat() if one.next_at else None,
    }


def _line(one: StudyOutlook) -> str:
    study = one.study
    facts = [plural(len(one.sessions), "session")]
    facts.append(f"kept {study.retention_days} days" if study.retention_days else "kept until erased")
    if one.over:
        facts.append(f"{len(one.over)} over: erased at the next start")
    if one.next_at:
        facts.append(f"next erasure {one.next_at.astimezone():%Y-%m-%d}")
    return "  ".join([study.name, *facts, *(["PHQ-2"] if study.phq2 else [])])
