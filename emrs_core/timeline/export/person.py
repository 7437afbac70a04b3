"""Everything of one participant as one archive, made in memory: no copy is left in a temporary folder."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any, Final

from emrs_core.timeline.export.files import file_stem
from emrs_core.timeline.export.json_file import write_json
from emrs_core.timeline.export.sheets import write_csv
from emrs_core.timeline.export.tables import tables_of
from emrs_core.timeline.sessions import Timeline
from emrs_core.timeline.store import Consent, ParticipantRecord

FORMAT: Final = "emrs-participant"
VERSION: Final = 1
RECORD: Final = "participant.json"


def participant_archive(record: ParticipantRecord) -> bytes:
    """A ZIP file: ``participant.json`` (the record), ``sessions/ID.json`` (exact; can be imported again) and
    ``tables/ID-TABLE.csv`` (with the data dictionary)."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(RECORD, json.dumps(record_fields(record), indent=2, ensure_ascii=False) + "\n")
        for timeline in record.timelines:
            _add_session(archive, timeline)
    return content.getvalue()


def record_fields(record: ParticipantRecord) -> dict[str, Any]:
    """The participant, what they agreed to, and which sessions there are, as JSON knows them."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "synthetic": bool(record.timelines) and all(timeline.info.synthetic for timeline in record.timelines),
        "participant": {
            "code": record.participant.code,
            "conditions": list(record.participant.conditions),
            "tags": list(record.participant.tags),
        },
        "consents": [consent_fields(consent) for consent in record.consents],
        "sessions": [timeline.info.id for timeline in record.timelines],
    }


def consent_fields(consent: Consent) -> dict[str, str | None]:
    """One agreement: wording, and when it was given and taken back."""
    return {
        "version": consent.version,
        "at": consent.at.isoformat(),
        "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
    }


def _add_session(archive: zipfile.ZipFile, timeline: Timeline) -> None:
    stem = file_stem(timeline.info.id)
    with archive.open(f"sessions/{stem}.json", "w", force_zip64=True) as entry:
        write_json(timeline, entry)
    for table in tables_of(timeline):
        with archive.open(f"tables/{stem}-{table.name}.csv", "w", force_zip64=True) as entry:
            write_csv(table, entry)
