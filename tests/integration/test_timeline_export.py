"""A session to files and back: exact in JSON, tidy and harmless in tables, all or nothing on the disk."""

from __future__ import annotations

import csv
import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emrs_core.errors import StorageError, TimelineError
from emrs_core.timeline.events import (
    Amended,
    Baseline,
    ConsentGiven,
    Excluded,
    FaceFound,
    FaceLost,
    Marker,
    MoodChanged,
    Note,
    Phq2,
    ReportMoment,
    Sample,
    SelfReport,
    SettingsRecorded,
    SongEnded,
    SongRated,
    SongsShown,
    SongStarted,
    Withdrawn,
)
from emrs_core.timeline.export.columns import tables
from emrs_core.timeline.export.files import ExportFormat, export_session
from emrs_core.timeline.importing import parse_session, read_session_file
from emrs_core.timeline.samples import MOOD_NAMES, Samples
from emrs_core.timeline.sessions import SessionInfo, SessionState, Timeline
from emrs_core.types import AffectPoint, QualityIssue

NOW = datetime(2026, 5, 1, 12, 30, 1, 123456, tzinfo=UTC)
EVIL = '=HYPERLINK("http://x","y")'
THIRD = 1 / 3
READING = (THIRD, 0.1, 0.0, 0.2, 0.1, 0.2, 1 - THIRD - 0.6)


def whole_session(title: str = 'שלום 🎧, "quoted"\nline') -> Timeline:
    """A session with every kind of event."""
    marker, note = Marker(t_s=1.5, label=EVIL), Note(t_s=2, text="+1 great")
    events = (
        ConsentGiven(t_s=0, version="1", at=NOW),
        SettingsRecorded(t_s=0, model_name="m", model_sha256="0" * 64, app_version="1", settings=(("a", "b"),)),
        Baseline(t_s=0, until_s=0.3, probabilities=READING, looks=3),
        SelfReport(t_s=0, moment=ReportMoment.BEFORE, valence=3, arousal=9),
        Phq2(t_s=0, interest=0, mood=3),
        MoodChanged(t_s=0.5, before="no_face", after="happy"),
        FaceFound(t_s=0.5),
        FaceLost(t_s=3),
        SongsShown(t_s=1, track_ids=("a", "b"), target=AffectPoint(0.1, -THIRD), origin="camera"),
        SongStarted(t_s=1, track_id="a", title="-@song", artist="@artist"),
        SongEnded(t_s=3, track_id="a", began_s=1, source="player", heard_s=None, skipped=True),
        SongRated(t_s=3, track_id="a", verdict="like"),
        Excluded(t_s=2, until_s=2.2, reason="sneeze"),
        marker,
        note,
        Amended(t_s=1.5, target_id=marker.id, replacement=Marker(t_s=1.6, label="fixed"), at=NOW),
        Withdrawn(t_s=2, target_id=note.id, at=NOW),
    )  # fmt: skip
    rows = [
        Sample(0.1 * k, "happy" if k % 3 else "no_face", READING if k % 3 else None, READING if k % 2 else None,
               face=bool(k % 3), quality=(QualityIssue.BLURRED, QualityIssue.TOO_DARK) if k == 4 else (),
               point=AffectPoint(THIRD, -0.1) if k % 3 else None)
        for k in range(40)
    ]  # fmt: skip
    info = SessionInfo(
        "abc123", "local", NOW, SessionState.INTERRUPTED, None, "study", "P01", "quiet", ("a", "b"), title, True
    )
    return Timeline(info, Samples.of(rows), events)


def same(a: Timeline, b: Timeline) -> bool:
    """Whether two timelines hold the same, bit for bit."""
    columns = (f.name for f in dataclasses.fields(Samples))
    alike = all(getattr(a.samples, c).tobytes() == getattr(b.samples, c).tobytes() for c in columns)
    return alike and a.info == b.info and a.events == b.events


class TestJson:
    def test_everything_comes_back_exactly(self, tmp_path: Path) -> None:
        (path,) = export_session(whole_session(), ExportFormat.JSON, tmp_path)
        assert same(read_session_file(path), whole_session_with_ids(path))
        assert json.loads(path.read_text("utf-8"))["synthetic"] is True

    @settings(max_examples=25)
    @given(
        st.lists(
            st.tuples(
                st.floats(-1e6, 1e6), st.sampled_from(MOOD_NAMES), st.floats(-1, 1, width=32), st.floats(0, 1, width=32)
            ),
            unique_by=lambda row: row[0] + 0.0,  # of two samples at one time a store would keep one
        )
    )
    def test_every_number_comes_back_exactly(self, tmp_path_factory: Any, rows: list[Any]) -> None:
        columns = Samples.of(Sample(t, m, (p,) * 7, None, point=AffectPoint(v, p)) for t, m, v, p in rows)
        original = Timeline(SessionInfo("s", "local", NOW), columns)
        (path,) = export_session(original, ExportFormat.JSON, tmp_path_factory.mktemp("json"))
        assert same(read_session_file(path), original)

    def test_a_cut_off_file_is_refused_wherever_it_was_cut(self, tmp_path: Path) -> None:
        (path,) = export_session(whole_session(), ExportFormat.JSON, tmp_path)
        data = path.read_bytes()
        for end in range(0, len(data) - 2, 97):
            with pytest.raises(TimelineError):
                parse_session(data[:end])

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda d: d.update(format="other"), "not an exported session"),
            (lambda d: d.update(version=2), "Update this program"),
            (lambda d: d.update(version="1"), "version '1' cannot"),
            (lambda d: d.pop("session"), "'session' should be an object"),
            (lambda d: d["session"].update(started_at="2026-05-01T10:00:00"), "needs its zone"),
            (lambda d: d["session"].update(started_at=7), "'started_at' should be str"),
            (lambda d: d["session"].update(id="../../etc/passwd"), "id should be"),
            (lambda d: d["session"].update(state="odd"), "state should be one of"),
            (lambda d: d["session"].update(tags=[1]), "'tags' should be texts"),
            (lambda d: d["events"].append(d["events"][0]), "more than once"),
            (lambda d: d["events"].append(7), "should be an object with kind"),
            (lambda d: d["events"][0].update(kind="novel"), "no kind of event called 'novel'"),
            (lambda d: d["events"][3].update(valence="3"), "expected a whole number"),
            (lambda d: d["samples"].append([1, 2]), "sample 41 should be 20 numbers"),
            (lambda d: d["samples"][0].__setitem__(0, None), "sample 1: t_s"),
            (lambda d: d["samples"][1].__setitem__(0, "1"), "sample 2 should be 20 numbers"),
            (lambda d: d["samples"][1].__setitem__(1, 99), "sample 2: mood, face and quality"),
            (lambda d: d["samples"][1].__setitem__(4, 1.5), "sample 2: probabilities"),
            (lambda d: d["samples"][1].__setitem__(19, -1.5), "sample 2: valence"),
            (lambda d: d["samples"][1].__setitem__(0, 10**400), "too large"),
            (lambda d: d.update(moods=["joy"]), "no mood called 'joy'"),
            (lambda d: d.update(sample_columns=[]), "sample_columns"),
        ],
    )
    def test_what_does_not_fit_is_refused_with_the_place(
        self, tmp_path: Path, change: Callable[[dict[str, Any]], Any], said: str
    ) -> None:
        (path,) = export_session(whole_session(), ExportFormat.JSON, tmp_path)
        document = json.loads(path.read_text("utf-8"))
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")
        with pytest.raises(TimelineError, match=said) as error:
            read_session_file(path)
        assert str(error.value).startswith(path.name)

    @pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]", b"null", b"NaN", b"[" * 100_000])
    def test_what_is_no_session_at_all_is_refused(self, data: bytes) -> None:
        with pytest.raises(TimelineError):
            parse_session(data)


def whole_session_with_ids(path: Path) -> Timeline:
    """The session above with the ids that were drawn when the file was written."""
    ids = [event["id"] for event in json.loads(path.read_text("utf-8"))["events"]]
    fresh = whole_session()
    by_old = {old.id: new for old, new in zip(fresh.events, ids, strict=True)}
    replacement = json.loads(path.read_text("utf-8"))["events"][-2]["replacement"]["id"]

    def with_id(event: Any, new: str) -> Any:
        event = dataclasses.replace(event, id=new)
        if isinstance(event, Amended | Withdrawn):
            event = dataclasses.replace(event, target_id=by_old[event.target_id])
        if isinstance(event, Amended):
            event = dataclasses.replace(event, replacement=dataclasses.replace(event.replacement, id=replacement))
        return event

    return dataclasses.replace(fresh, events=tuple(with_id(e, i) for e, i in zip(fresh.events, ids, strict=True)))


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


class TestTables:
    def test_csv_has_a_file_a_table_and_says_that_it_is_synthetic(self, tmp_path: Path) -> None:
        paths = export_session(whole_session(), ExportFormat.CSV, tmp_path)
        assert {p.name for p in paths} == {f"abc123-{t}.csv" for t in (*tables(), "dictionary")}
        assert {p.name for p in tmp_path.iterdir()} == {p.name for p in paths}
        for name, columns in tables().items():
            table = pd.read_csv(tmp_path / f"abc123-{name}.csv")
            assert list(table) == [c.name for c in columns]
            assert table["synthetic"].all()
        samples = pd.read_csv(tmp_path / "abc123-samples.csv")
        assert len(samples) == 40
        assert samples["quality"].dropna().tolist() == ["too_dark blurred"]
        assert samples["raw_angry"].isna().sum() == 14
        assert samples["excluded"].sum() == 2
        assert samples["valence_less_baseline"].notna().any()

    def test_the_dictionary_names_every_column(self, tmp_path: Path) -> None:
        export_session(whole_session(), ExportFormat.CSV, tmp_path)
        dictionary = pd.read_csv(tmp_path / "abc123-dictionary.csv")
        listed = set(zip(dictionary["table"], dictionary["column"], strict=True))
        assert listed == {(name, c.name) for name, columns in tables().items() for c in columns}
        assert dictionary["meaning"].notna().all()

    def test_review_is_applied_and_the_history_kept(self, tmp_path: Path) -> None:
        export_session(whole_session(), ExportFormat.CSV, tmp_path)
        events = pd.read_csv(tmp_path / "abc123-events.csv")
        markers = events[events["kind"] == "marker"].set_index("standing")["text"]
        assert markers[True] == "fixed"
        assert markers[False].endswith(EVIL)
        assert not events[events["kind"] == "note"]["standing"].any()

    def test_no_cell_can_run_as_a_formula(self, tmp_path: Path) -> None:
        for form in (ExportFormat.CSV, ExportFormat.XLSX):
            export_session(whole_session(title=EVIL), form, tmp_path)
        cells = [c for p in tmp_path.glob("*.csv") for row in _rows(p) for c in row]
        book = openpyxl.load_workbook(tmp_path / "abc123.xlsx")
        sheet_cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
        assert all(c.data_type != "f" and c.hyperlink is None for c in sheet_cells)
        texts = [c.value for c in sheet_cells if isinstance(c.value, str)]
        for text in (*cells, *texts):
            assert text[:1] not in ("=", "+", "@", "\t", "\r") or text == ""
            assert not text.startswith("-") or float(text) < 0  # a number, nothing that runs
        assert f"'{EVIL}" in cells
        assert f"'{EVIL}" in texts

    def test_xlsx_is_one_book_with_numbers_as_numbers(self, tmp_path: Path) -> None:
        (path,) = export_session(whole_session(), ExportFormat.XLSX, tmp_path)
        book = openpyxl.load_workbook(path)
        assert book.sheetnames == [*tables(), "dictionary"]
        samples = pd.read_excel(path, sheet_name="samples")
        assert samples["t_s"].iloc[-1] == pytest.approx(3.9)
        assert samples["raw_angry"].dropna().iloc[0] == pytest.approx(THIRD)

    def test_parquet_is_exact_and_carries_the_dictionary(self, tmp_path: Path) -> None:
        export_session(whole_session(), ExportFormat.PARQUET, tmp_path)
        table = pyarrow.parquet.read_table(tmp_path / "abc123-samples.parquet")
        assert table.column("t_s").to_numpy().tolist() == whole_session().samples.t_s.tolist()
        assert table.schema.field("valence").metadata[b"unit"] == b"-1 to 1"
        events = pyarrow.parquet.read_table(tmp_path / "abc123-events.parquet")
        assert EVIL in events.column("text").to_pylist()  # no spreadsheet opens this: the text as it was written

    @pytest.mark.parametrize("form", list(ExportFormat))
    def test_an_empty_session_can_be_exported(self, tmp_path: Path, form: ExportFormat) -> None:
        paths = export_session(Timeline(SessionInfo("empty", "local", NOW)), form, tmp_path)
        assert all(p.stat().st_size > 0 for p in paths)

    def test_a_long_table_goes_on_in_a_second_sheet(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("emrs_core.timeline.export.sheets.SHEET_ROWS", 25)
        (path,) = export_session(whole_session(), ExportFormat.XLSX, tmp_path)
        book = openpyxl.load_workbook(path)
        sizes = [sheet.max_row - 1 for sheet in book if sheet.title.startswith("samples")]
        assert sizes == [25, 15]

    @pytest.mark.parametrize("form", list(ExportFormat))
    def test_it_tells_how_many_samples_are_written(self, tmp_path: Path, form: ExportFormat) -> None:
        written: list[int] = []
        export_session(whole_session(), form, tmp_path, written.append)
        assert sum(written) == 40

    def test_a_failed_export_leaves_the_old_file_and_nothing_else(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = tmp_path / "abc123-samples.csv"
        old.write_text("old", encoding="utf-8")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("emrs_core.timeline.export.files.write_csv", full)
        with pytest.raises(StorageError, match="No space left"):
            export_session(whole_session(), ExportFormat.CSV, tmp_path)
        assert [p.name for p in tmp_path.iterdir()] == [old.name]
        assert old.read_text(encoding="utf-8") == "old"


def test_samples_keep_their_time_to_the_last_bit(tmp_path: Path) -> None:
    times = np.cumsum(np.full(100, 0.1))
    original = Timeline(SessionInfo("s", "local", NOW), Samples.of(Sample(float(t), "sad", None, None) for t in times))
    (path,) = export_session(original, ExportFormat.JSON, tmp_path)
    assert (read_session_file(path).samples.t_s == times).all()
