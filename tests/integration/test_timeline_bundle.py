"""A file to take along that was made in memory: the same as the one made on the disk, and nothing touched the disk."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from emrs_core.testing.timeline import NOON, make_info, make_samples
from emrs_core.timeline.events import Marker, SongEnded, SongStarted
from emrs_core.timeline.export.bundle import bundle
from emrs_core.timeline.export.files import ExportFormat, export_in_memory, export_session
from emrs_core.timeline.samples import Samples
from emrs_core.timeline.sessions import SessionState, Timeline

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_watched: list[list[str]] = []


def _hear(event: str, arguments: tuple[object, ...]) -> None:
    if not _watched:
        return
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES:
        _watched[-1].append(str(arguments[0]))
    elif event in ("os.mkdir", "tempfile.mkstemp", "tempfile.mkdtemp"):
        _watched[-1].append(f"{event} {arguments[0]}")


sys.addaudithook(_hear)  # Python itself tells; it cannot be taken away again, so it listens only when asked to


@contextmanager
def written() -> Iterator[list[str]]:
    """What is opened for writing meanwhile, and which folders are made."""
    _watched.append([])
    try:
        yield _watched[-1]
    finally:
        _watched.pop()


@pytest.fixture
def timeline() -> Timeline:
    events = (
        Marker(t_s=1.5, label='=HYPERLINK("http://x")'),
        SongStarted(t_s=2, track_id="a" * 22, title="Weiß", artist="B"),
        SongEnded(t_s=9, track_id="a" * 22, began_s=2, source="player"),
    )
    info = make_info(id="mine", state=SessionState.ENDED, ended_at=NOON)
    return Timeline(info, Samples.of(make_samples(300)), events)


def cells(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.values) for sheet in book}


@pytest.mark.parametrize("form", ExportFormat)
def test_it_is_the_same_file_as_on_the_disk(timeline: Timeline, form: ExportFormat, tmp_path: Path) -> None:
    with written() as touched:
        made = export_in_memory(timeline, form)
    assert touched == []
    with written() as touched:
        on_disk = {path.name: path.read_bytes() for path in export_session(timeline, form, tmp_path)}
    assert touched
    assert set(made) == set(on_disk)
    for name, content in made.items():
        if form is ExportFormat.XLSX:  # it holds the time at which it was made
            assert cells(content) == cells(on_disk[name])
        else:
            assert content == on_disk[name]


@pytest.mark.parametrize("form", ExportFormat)
@pytest.mark.parametrize("ids", [("one",), ("one", "two")])
def test_what_a_guest_takes_along_touches_no_disk(timeline: Timeline, form: ExportFormat, ids: tuple[str, ...]) -> None:
    sessions = {one: Timeline(make_info(id=one), timeline.samples, timeline.events) for one in ids}
    with written() as touched:
        content = bundle(sessions.__getitem__, ids, form, in_memory=True)
    assert touched == []
    with written() as touched:
        usual = bundle(sessions.__getitem__, ids, form)
    assert touched
    if form is ExportFormat.XLSX and len(ids) == 1:
        assert cells(content) == cells(usual)
    elif form is ExportFormat.JSON and len(ids) == 1:
        assert content == usual
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as mine, zipfile.ZipFile(io.BytesIO(usual)) as other:
            assert sorted(mine.namelist()) == sorted(other.namelist())
            assert mine.testzip() is None
