"""The commands for participants and studies, as a person calls them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from emrs_core.testing.timeline import make_info, make_samples
from emrs_core.timeline.events import Note
from emrs_core.timeline.importing import parse_session
from emrs_core.timeline.sessions import Participant, Study
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.store import Consent

Command = Callable[..., subprocess.CompletedProcess[str]]
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store with two participants, and a study that keeps its sessions for a week."""
    address = f"sqlite:///{tmp_path}/data/sessions.db"
    with closing(SqlTimelineStore.open(address)) as store:
        store.put_study(Study("Sleep"))
        for number, (code, days) in enumerate((("P-ONE", 30), ("P-ONE", 1), ("P-TWO", 1))):
            info = make_info(id=f"s{number}", started_at=NOW - timedelta(days=days), study="Sleep", participant=code)
            store.begin(info)
            store.append(info.id, make_samples(80), [Note(t_s=1, text=f"of {code} 🎧")])
            store.end(info.id, NOW)
        store.put_participant(Participant("P-ONE", ("calm",), ("left-handed",)))
        store.put_consent(Consent("P-ONE", "form 1", NOW - timedelta(days=31)))
    return address


@pytest.fixture
def command(url: str, repository: Path) -> Command:
    def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "emrs_core", *words]
        environment = {**os.environ, "EMRS_DATABASE_URL": url, "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            line, cwd=repository, capture_output=True, text=True, env=environment, check=False, input=typed
        )

    return run


def check(repository: Path, schema: str, printed: str) -> object:
    content = json.loads((repository / "docs" / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    Draft202012Validator(content).validate(json.loads(printed))
    return json.loads(printed)


def test_participants_are_listed_and_shown(command: Command, repository: Path) -> None:
    listed = check(repository, "participants", command("participants", "list", "--json").stdout)
    assert [(one["code"], one["sessions"]) for one in listed] == [("P-ONE", 2), ("P-TWO", 1)]  # type: ignore[attr-defined]
    shown = check(repository, "participants", command("participants", "show", "P-ONE", "--json").stdout)
    assert shown["session_ids"] == ["s1", "s0"]  # type: ignore[index]
    text = command("participants", "show", "P-ONE").stdout
    assert "agreed to form 1" in text
    assert "left-handed" in text
    missing = command("participants", "show", "nobody")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "Nothing is kept" in missing.stderr


def test_everything_of_a_participant_is_taken_out(command: Command, tmp_path: Path) -> None:
    done = command("participants", "export", "P-ONE", "nobody", "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    with zipfile.ZipFile(io.BytesIO(Path(done.stdout.strip()).read_bytes())) as archive:
        assert archive.testzip() is None
        record = json.loads(archive.read("participant.json"))
        timelines = [parse_session(archive.read(f"sessions/{name}.json")) for name in record["sessions"]]
        names = archive.namelist()
        samples = archive.read("tables/s0-samples.csv").decode().splitlines()
    assert record["participant"] == {"code": "P-ONE", "conditions": ["calm"], "tags": ["left-handed"]}
    assert [one["version"] for one in record["consents"]] == ["form 1"]
    assert [len(timeline.samples) for timeline in timelines] == [80, 80]
    assert [event.text for event in timelines[0].events if isinstance(event, Note)] == ["of P-ONE 🎧"]
    assert len(samples) == 81
    assert not [name for name in names if "s2" in name]  # of somebody else


def test_erasing_asks_for_the_code_and_says_what_went(command: Command, tmp_path: Path) -> None:
    wrong = command("participants", "erase", "P-ONE", typed="P-TWO\n")
    assert wrong.returncode == 1
    assert "Nothing was erased" in wrong.stderr
    done = command("participants", "erase", "P-ONE", typed="P-ONE\n")
    assert done.returncode == 0, done.stderr
    assert "2 sessions" in done.stdout
    assert "160 readings" in done.stdout
    assert "1 agreement" in done.stdout
    data = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert b"P-ONE" not in data
    assert command("participants", "erase", "P-ONE", "P-TWO", "--yes").returncode == 1
    assert command("participants", "list").stdout.strip() == "No participants are known."
    assert command("participants", "erase", "", "--yes").returncode == 1


def test_studies_are_made_changed_and_retired(command: Command, repository: Path) -> None:
    assert "PHQ-2" in command("studies", "set", "New", "--phq2").stdout
    assert "1 over" in command("studies", "set", "Sleep", "--retention-days", "7").stdout
    listed = check(repository, "studies", command("studies", "list", "--json").stdout)
    sleep = next(one for one in listed if one["name"] == "Sleep")  # type: ignore[attr-defined]
    assert (sleep["over"], sleep["retention_days"], sleep["participants"]) == (["s0"], 7, ["P-ONE", "P-TWO"])
    assert sleep["next_erasure_at"] == (NOW + timedelta(days=6)).isoformat()
    dry = check(repository, "studies", command("studies", "retire", "--dry-run", "--json").stdout)
    assert dry == {"dry_run": True, "erased": ["s0"]}
    assert check(repository, "studies", command("studies", "retire", "--json").stdout) == {
        "dry_run": False,
        "erased": ["s0"],
    }
    assert "No session is older" in command("studies", "retire").stdout
    renamed = command("studies", "set", "Sleep", "--keep", "--rename", "Rest")
    assert "Rest  2 sessions  kept until erased" in renamed.stdout
    assert "Sleep" not in command("studies", "list").stdout
    assert command("studies", "set", "Rest", "--rename", "New").returncode == 1
    assert command("studies", "set", "Rest", "--keep", "--retention-days", "3").returncode == 2
    assert command("studies", "set", "Rest", "--retention-days", "0").returncode == 2


def test_every_command_erases_what_is_over_when_it_starts(command: Command) -> None:
    command("studies", "set", "Sleep", "--retention-days", "7")
    assert "s0" not in command("sessions", "list").stdout
    assert "s1" in command("sessions", "list").stdout


@pytest.mark.parametrize("words", [["participants"], ["participants", "erase"], ["studies"], ["studies", "retire"]])
def test_help_has_an_example(command: Command, words: list[str]) -> None:
    assert "Example: python -m emrs_core" in command(*words, "--help").stdout
