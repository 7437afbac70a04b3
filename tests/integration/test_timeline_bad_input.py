"""What a file or a database of sessions may wrongly hold: refused with the reason, or taken whole.

Each in reading, in the stores and on the command line. ``test_timeline_database`` has what goes wrong while recording.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from emrs_core.cli.export import export
from emrs_core.cli.import_sessions import import_sessions
from emrs_core.cli.main import main
from emrs_core.cli.sessions import sessions
from emrs_core.errors import TimelineError, TimelineNotFound
from emrs_core.testing.timeline import NOON, AnyStore, make_info, make_samples
from emrs_core.timeline.events import Amended, Baseline, Marker, Note, Phq2, ReportMoment, SelfReport
from emrs_core.timeline.export.files import ExportFormat, export_session
from emrs_core.timeline.importing import keep_imported, parse_session, read_session_file
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionInfo, SessionState, Timeline
from emrs_core.timeline.sql.schema import VERSION_TABLE
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.statistics.summary import summarise

Document = dict[str, Any]
RIGHT_TO_LEFT = "\u202eمشارك ١ 🧑🏽‍🎤 שלום"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A good file of a session of its own kind of each event that has a scale or refers to another."""
    marker = Marker(t_s=0.5, label="go", id="marker")
    events = (
        marker,
        Note(t_s=1.0, text="a note", id="note"),
        SelfReport(t_s=0, moment=ReportMoment.BEFORE, valence=3, arousal=4, id="report"),
        Phq2(t_s=0, interest=0, mood=1, id="phq2"),
        Baseline(t_s=0, until_s=1, probabilities=(1 / 7,) * 7, looks=3, id="baseline"),
        Amended(t_s=2, target_id="marker", replacement=Marker(t_s=0.6, label="start"), at=NOON, id="amended"),
    )
    info = SessionInfo("small", "local", NOON, SessionState.ENDED, NOON + timedelta(minutes=1), participant="P1")
    (path,) = export_session(Timeline(info, Samples.of(make_samples(30)), events), ExportFormat.JSON, tmp_path / "in")
    return path


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database that the commands use."""
    address = f"sqlite:///{tmp_path / 'sessions.db'}"
    monkeypatch.setenv("EMRS_DATABASE_URL", address)
    return address


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, url: str) -> Iterator[AnyStore]:
    opened = MemoryTimelineStore() if request.param == "memory" else SqlTimelineStore.open(url)
    yield opened
    if isinstance(opened, SqlTimelineStore):
        opened.close()


def changed(path: Path, change: Callable[[Document], Any]) -> Path:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def run(command: Any, *arguments: object) -> Any:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def event(document: Document, event_id: str) -> Document:
    return next(found for found in document["events"] if found["id"] == event_id)


WRONG: dict[str, tuple[Callable[[Document], Any], str]] = {
    "another version": (lambda d: d.update(version=2), "Update this program"),
    "no version": (lambda d: d.pop("version"), "'version' should be 1"),
    "no format": (lambda d: d.pop("format"), "not an exported session"),
    "no samples": (lambda d: d.pop("samples"), "'samples' should be a list"),
    "samples that are none": (lambda d: d.update(samples={"0": []}), "'samples' should be a list, got dict"),
    "a sample of text": (lambda d: d["samples"][7].__setitem__(0, "0.7"), "sample 8 should be 20 numbers"),
    "a sample at no time": (lambda d: d["samples"][7].__setitem__(0, None), "sample 8: t_s"),
    "a time in no calendar": (lambda d: d["samples"][7].__setitem__(0, 1e300), "sample 8: t_s"),
    "a sample twice": (lambda d: d["samples"].append(d["samples"][3]), "same time"),
    "a mood of nobody's": (lambda d: d.update(moods=["sad"]), "its mood is not one of"),
    "an event twice": (lambda d: d["events"].append(dict(d["events"][0])), "more than once"),
    "an event at no time": (lambda d: event(d, "note").update(t_s=10**390), "cannot be read"),
    "an event too late": (lambda d: event(d, "note").update(t_s=1e300), "at most"),
    "an unknown event": (lambda d: event(d, "note").update(kind="dream"), "newer version"),
    "an unknown field": (lambda d: event(d, "note").update(colour="red"), "no field 'colour'"),
    "half a character": (lambda d: event(d, "note").update(text="\ud83d"), "half a character"),
    "half a character in the title": (lambda d: d["session"].update(title="\udc00"), "half a character"),
    "ten steps": (lambda d: event(d, "report").update(valence=10), "step from 1 to 9"),
    "four answers": (lambda d: event(d, "phq2").update(mood=4), "step from 0 to 3"),
    "three probabilities": (lambda d: event(d, "baseline").update(probabilities=[0.5, 0.25, 0.25]), "7 probabilities"),
    "a review of a review": (
        lambda d: event(d, "amended").update(replacement={**event(d, "amended"), "id": "x"}),
        "expected one of marker, note",
    ),
    "a start before computers": (lambda d: d["session"].update(started_at="0001-01-01T00:00:00+14:00"), "years 1970"),
    "a path as its id": (lambda d: d["session"].update(id="../small"), "id should be"),
}


@pytest.mark.parametrize(("change", "said"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_with_the_reason_and_nothing_of_it_is_kept(
    file: Path, store: AnyStore, change: Callable[[Document], Any], said: str
) -> None:
    keep_imported(store, read_session_file(file), "me")
    before = store.list()
    changed(file, lambda d: (d["session"].update(id="other"), change(d)))
    with pytest.raises(TimelineError, match=said):
        keep_imported(store, read_session_file(file), "me")
    assert store.list() == before
    with pytest.raises(TimelineNotFound):
        store.read("other")


def test_the_command_names_each_wrong_file_in_a_line_and_takes_the_good_ones(file: Path, url: str) -> None:
    texts, wrong = file.read_bytes(), []
    for number, (change, _) in enumerate(WRONG.values()):
        bad = file.with_name(f"wrong{number}.json")
        bad.write_bytes(texts)
        wrong.append(changed(bad, change))
    cut = file.with_name("cut.json")
    cut.write_bytes(texts[: len(texts) * 2 // 3])
    done = run(import_sessions, *wrong, cut, file.with_name("missing.json"), file)
    assert done.exit_code == 1
    assert done.stdout == "small.json: session small imported.\n"
    lines = done.stderr.splitlines()
    assert [line.partition(":")[0] for line in lines] == [path.name for path in [*wrong, cut]] + ["missing.json"]
    assert "cut off" in lines[-2]
    with_ids = json.loads(run(sessions, "list", "--json").stdout)
    assert [entry["id"] for entry in with_ids] == ["small"]


def test_a_file_that_was_cut_off_is_refused_wherever_it_was_cut(file: Path) -> None:
    data = file.read_bytes().rstrip()
    for end in {*range(0, len(data), 41), *range(len(data) - 60, len(data))}:
        with pytest.raises(TimelineError):
            parse_session(data[:end])


def test_parts_in_any_order_and_a_byte_order_mark_do_no_harm(file: Path) -> None:
    good = read_session_file(file)
    document = json.loads(file.read_text(encoding="utf-8"))
    backwards = json.dumps(dict(reversed(document.items()))).encode("utf-8-sig")
    again = parse_session(backwards)
    assert (again.info, again.events) == (good.info, good.events)
    assert list(again.samples) == list(good.samples)


def test_what_is_out_of_order_in_a_file_comes_out_in_order(file: Path, store: AnyStore) -> None:
    good = read_session_file(file)
    changed(file, lambda d: (d["samples"].reverse(), d["events"].reverse()))
    keep_imported(store, read_session_file(file), "me")
    kept = store.read("small")
    assert list(kept.samples) == list(good.samples)
    assert [e.t_s for e in kept.events] == sorted(e.t_s for e in good.events)
    assert set(kept.events) == set(good.events)


def test_a_session_that_is_there_already_stays_as_it_is(file: Path, store: AnyStore) -> None:
    keep_imported(store, read_session_file(file), "me")
    before = store.read("small").events
    changed(file, lambda d: (d["events"].clear(), d["session"].update(title="mine")))
    with pytest.raises(TimelineError, match="there already"):
        keep_imported(store, read_session_file(file), "somebody else")
    assert store.read("small").events == before
    assert store.read("small").info.title == ""


def test_a_clock_that_jumped_by_years_is_kept_summarised_and_exported_at_once(url: str, tmp_path: Path) -> None:
    info = make_info(id="jumped")
    with_jumps = [*make_samples(80), *make_samples(80, 3e7), *make_samples(80, 1e9), *make_samples(8, -50.0)]
    store = SqlTimelineStore.open(url)
    store.begin(info)
    store.append(info.id, with_jumps, [Marker(t_s=1e9, label="after")])
    store.end(info.id, NOON)
    begin_s = time.process_time()
    summary = summarise(store.read(info.id))
    assert summary.recorded_s == pytest.approx(31)
    assert time.process_time() - begin_s < 5  # a grid of thirty years of seconds would take all memory first
    store.close()
    for form in ExportFormat:
        assert run(export, info.id, "--format", form, "--out", tmp_path / "out").exit_code == 0
    assert len(read_session_file(tmp_path / "out" / "jumped.json").samples) == 248


def test_names_in_any_script_go_all_the_way(file: Path, url: str, tmp_path: Path) -> None:
    names = {name: f"{RIGHT_TO_LEFT} {name}" for name in ("participant", "study", "condition", "title")}
    changed(
        file,
        lambda d: (d["session"].update(names, tags=["🎧", RIGHT_TO_LEFT]), event(d, "note").update(text=RIGHT_TO_LEFT)),
    )
    assert run(import_sessions, file).exit_code == 0
    (entry,) = json.loads(run(sessions, "list", "--text", "🧑🏽‍🎤", "--json").stdout)
    assert {name: entry[name] for name in names} == names
    assert RIGHT_TO_LEFT in run(sessions, "show", "small").stdout
    for form in ExportFormat:
        assert run(export, "small", "--format", form, "--out", tmp_path / "out").exit_code == 0
    again = read_session_file(tmp_path / "out" / "small.json")
    assert again.info.tags == ("🎧", RIGHT_TO_LEFT)
    assert any(isinstance(e, Note) and e.text == RIGHT_TO_LEFT for e in again.events)


def test_ten_thousand_markers_go_all_the_way(file: Path, url: str, tmp_path: Path) -> None:
    markers = [{"kind": "marker", "id": f"m{k}", "t_s": k / 10, "label": f"stimulus {k}"} for k in range(10_000)]
    changed(file, lambda d: d["events"].extend(markers))
    assert run(import_sessions, file).exit_code == 0
    shown = json.loads(run(sessions, "show", "small", "--json").stdout)
    assert sum(e["kind"] == "marker" for e in shown["events"]) == 10_001
    for form in (ExportFormat.CSV, ExportFormat.JSON):
        assert run(export, "small", "--format", form, "--out", tmp_path / "out").exit_code == 0
    assert (
        len((tmp_path / "out" / "small-events.csv").read_text(encoding="utf-8").splitlines()) == 10_008
    )  # with a heading, and what the review put right
    assert set(read_session_file(tmp_path / "out" / "small.json").events) == set(read_session_file(file).events)


@pytest.mark.parametrize("arguments", [("sessions", "list"), ("sessions", "import", "FILE"), ("demo-data",)])
def test_the_commands_refuse_a_newer_database_with_the_reason(
    file: Path, url: str, tmp_path: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    SqlTimelineStore.open(url).close()
    path = tmp_path / "sessions.db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(SystemExit) as ended:
        main([str(file) if argument == "FILE" else argument for argument in arguments])
    assert ended.value.code == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "9999" in line
    assert "newer version" in line
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE emrs_events SET fields = '{\"label\":'", "damaged"),
        ("UPDATE emrs_events SET kind = 'dream'", "no kind of event"),
        ("UPDATE emrs_samples SET format = 9", "format 9"),
        ("UPDATE emrs_samples SET data = X'00'", "cannot be read"),
        ("UPDATE emrs_sessions SET tags = 'x'", "damaged"),
        ("UPDATE emrs_sessions SET state = 'dreaming'", "damaged"),
    ],
)
def test_a_damaged_row_is_said_and_the_other_sessions_can_be_read(
    url: str, tmp_path: Path, damage: str, said: str
) -> None:
    store = SqlTimelineStore.open(url)
    for number in range(2):
        info = make_info(number, id=f"s{number}")
        store.begin(info)
        store.append(info.id, make_samples(8), [Marker(t_s=1, label="x")])
    with sqlite3.connect(tmp_path / "sessions.db") as connection:
        column = "id" if "emrs_sessions" in damage else "session_id"
        connection.execute(f"{damage} WHERE {column} = 's0'")
    connection.close()
    with pytest.raises(TimelineError, match=said):
        store.read("s0")
    assert len(store.read("s1").samples) == 8
    store.delete("s0")
    assert [summary.info.id for summary in store.list()] == ["s1"]
    store.close()


def test_a_mood_of_a_newer_version_is_refused(url: str) -> None:
    store = SqlTimelineStore.open(url)
    info, samples = make_info(), Samples.of(make_samples(8))
    store.begin(info)
    store.append(info.id, samples.with_moods(np.full(8, 100, np.int8)))
    with pytest.raises(TimelineError, match="newer one may have written it"):
        store.read(info.id)
    store.close()
