"""``participants``: the people in kept sessions, under their codes: listed, shown, taken out whole, erased."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from emrs_core.cli.kept import kept_sessions
from emrs_core.errors import EmrsError
from emrs_core.storage import write_atomically
from emrs_core.timeline.export.files import file_stem
from emrs_core.timeline.export.person import consent_fields, participant_archive
from emrs_core.timeline.people import erase_participant, plural
from emrs_core.timeline.sessions import Participant, SessionSummary
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.store import Consent, SessionQuery

EXIT_FAILED = 1
SECONDS_PER_MINUTE = 60
FOLDER = click.Path(file_okay=False, path_type=Path)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")
CODES = click.argument("codes", metavar="CODE...", nargs=-1, required=True)


@click.group(epilog="Example: python -m emrs_core participants list")
def participants() -> None:
    """List, show, export and erase the participants of kept sessions, who go by their codes."""


@participants.command("list", epilog="Example: python -m emrs_core participants list --json")
@JSON
def list_(as_json: bool) -> None:
    """List participants: those on record, and codes that stand in sessions alone."""
    store = kept_sessions()
    sessions = Counter(summary.info.participant for summary in store.list())
    known = {person.code: person for person in store.participants()}
    codes = sorted({*known, *sessions} - {""})
    found = [(known.get(code, Participant(code)), store.consents(code), sessions[code]) for code in codes]
    if as_json:
        click.echo(json.dumps([_fields(*entry) for entry in found], indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(_line(*entry) for entry in found) if found else "No participants are known.")


@participants.command(epilog="Example: python -m emrs_core participants show DEMO-A")
@click.argument("code", metavar="CODE")
@JSON
def show(code: str, as_json: bool) -> None:
    """Show one participant: conditions, tags, what they agreed to and when, and their sessions."""
    store = kept_sessions()
    record = store.export_all(code)
    summaries = store.list(SessionQuery(participant=code))
    if as_json:
        fields = _fields(record.participant, record.consents, len(summaries))
        ids = {"session_ids": [summary.info.id for summary in summaries]}
        click.echo(json.dumps(fields | ids, indent=2, ensure_ascii=False))
        return
    lines = [_line(record.participant, record.consents, len(summaries))]
    lines += [f"  agreed to {one.version} on {_day(one)}" for one in record.consents]
    click.echo("\n".join([*lines, *map(_session_line, summaries)]))


@participants.command(epilog="Example: python -m emrs_core participants export DEMO-A --out exports")
@CODES
@click.option("--out", type=FOLDER, required=True, help="The folder for the archives; made if need be.")
def export(codes: tuple[str, ...], out: Path) -> None:
    """Write everything of participants: a ZIP file each, with the record, each session as JSON and as CSV tables."""

    def write(store: SqlTimelineStore, code: str) -> str:
        path = out / f"participant-{file_stem(code)}.zip"
        write_atomically(path, participant_archive(store.export_all(code)))
        return str(path)

    _for_each(codes, write)


@participants.command(epilog="Example: python -m emrs_core participants erase DEMO-A --yes")
@CODES
@click.option("--yes", is_flag=True, help="Do not ask for the code again.")
def erase(codes: tuple[str, ...], yes: bool) -> None:
    """Erase everything of participants for good: sessions, agreements, the record. What was exported stays."""

    def erase_one(store: SqlTimelineStore, code: str) -> str:
        if not yes and click.prompt(f"Type {code} again to erase everything of it", err=True) != code:
            raise click.ClickException(f"This is not {code}. Nothing was erased.")
        return erase_participant(store, code).sentence

    _for_each(codes, erase_one)


def _for_each(codes: tuple[str, ...], act: Any) -> None:
    """Do that for each code; one that fails does not stop the others."""
    store, failed = kept_sessions(), False
    for code in codes:
        try:
            click.echo(act(store, code))
        except EmrsError as exc:
            failed = True
            click.echo(f"Error: {exc}", err=True)
    if failed:
        sys.exit(EXIT_FAILED)


def _fields(person: Participant, consents: tuple[Consent, ...], sessions: int) -> dict[str, Any]:
    return {
        "code": person.code,
        "conditions": list(person.conditions),
        "tags": list(person.tags),
        "consents": [consent_fields(consent) for consent in consents],
        "sessions": sessions,
    }


def _line(person: Participant, consents: tuple[Consent, ...], sessions: int) -> str:
    standing = [consent for consent in consents if consent.withdrawn_at is None]
    agreed = f"agreed to {standing[-1].version}" if standing else "no consent stands"
    named = [", ".join(names) for names in (person.conditions, person.tags) if names]
    return "  ".join([person.code, plural(sessions, "session"), agreed, *named])


def _day(consent: Consent) -> str:
    withdrawn = f", taken back on {consent.withdrawn_at.astimezone():%Y-%m-%d %H:%M}" if consent.withdrawn_at else ""
    return f"{consent.at.astimezone():%Y-%m-%d %H:%M}{withdrawn}"


def _session_line(summary: SessionSummary) -> str:
    minutes, seconds = divmod(round(summary.length_s), SECONDS_PER_MINUTE)
    info = summary.info
    names = [name for name in (info.study, info.condition, info.title) if name]
    began = f"{info.started_at.astimezone():%Y-%m-%d %H:%M}"
    return "  ".join([f"  {info.id}", began, f"{minutes}:{seconds:02d}", *names])
