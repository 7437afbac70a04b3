"""The owner's profile file: several visits at once, older and newer forms, damage."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from emrs_core.errors import StorageError
from emrs_core.music.taste import schema
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.sqlite_store import FileProfileStore
from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.testing.profiles import make_feedback, one_of_each_kind
from emrs_core.types import AffectPoint

WRITER = """
import sys
from pathlib import Path
from emrs_core.music.taste.sqlite_store import FileProfileStore
from emrs_core.testing.profiles import make_feedback
store = FileProfileStore(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[2]), int(sys.argv[2]) + 25):
    assert store.add(make_feedback(number))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "taste.sqlite3"


@pytest.fixture
def written(path: Path) -> Path:
    for event in one_of_each_kind():
        FileProfileStore(path).add(event)
    return path


def test_two_processes_writing_at_once_lose_nothing(path: Path, repository: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": repository}
    writers = [subprocess.Popen([*command, str(first)], **pipes) for first in (0, 100)]  # type: ignore[call-overload]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:  # both begin before the file is there
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]
    expected = {make_feedback(first + number) for first in (0, 100) for number in range(25)}
    assert set(FileProfileStore(path).read()[1]) == expected
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_two_tabs_see_what_the_other_learned(path: Path) -> None:
    one, other = (ListenerProfile(FileProfileStore(path), FakeCatalogue()) for _ in range(2))
    one.add(make_feedback(1))
    other.add(make_feedback(2))
    assert one.feedback() == other.feedback() == (make_feedback(1), make_feedback(2))
    one.offset.learn(AffectPoint(0.0, 0.0), AffectPoint(0.4, 0.0))
    other.feedback()
    assert other.offset.value == one.offset.value
    assert {one.undo(), other.undo()} == {make_feedback(1), make_feedback(2)}
    assert one.undo() is None


def test_what_was_kept_is_there_after_a_restart(written: Path) -> None:
    assert FileProfileStore(written).read()[1] == one_of_each_kind()
    assert written.stat().st_mode & 0o077 == 0


def test_a_store_of_the_first_form_is_migrated(path: Path) -> None:
    likes = [make_feedback(0), make_feedback(1, mood=None)]
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        schema.make(connection, version=1)
        for like in likes:
            place = (like.mood.valence, like.mood.arousal) if like.mood else (None, None)
            row = (like.id, str(like.kind), like.track_id, like.at.isoformat(), *place)
            connection.execute(
                "INSERT INTO feedback (id, kind, track_id, at, valence, arousal) VALUES (?, ?, ?, ?, ?, ?)", row
            )
    store = FileProfileStore(path)
    assert store.read()[1] == tuple(likes)
    assert store.add(make_feedback(2))
    assert len(FileProfileStore(path).read()[1]) == 3


def test_a_store_of_a_newer_form_is_refused_and_left_as_it_is(written: Path) -> None:
    with closing(sqlite3.connect(written)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = written.read_bytes()
    store = FileProfileStore(written)
    with pytest.raises(StorageError, match=r"a newer EMRS wrote it .* update EMRS"):
        store.read()
    with pytest.raises(StorageError, match="a newer EMRS"):
        store.add(make_feedback(5))
    assert written.read_bytes() == before


def _damaged(path: Path) -> Iterator[tuple[str, bytes]]:
    whole = path.read_bytes()
    yield "cut off in the middle", whole[: len(whole) // 2]
    yield "cut off by a page", whole[:-4096]
    yield "cut off at once", b""
    yield "no database", b"this is a text" * 400
    yield "its pages overwritten", whole[:100] + bytes(len(whole) - 100)


def test_a_damaged_store_is_never_read_as_empty_and_never_overwritten(written: Path, tmp_path: Path) -> None:
    for number, (name, content) in enumerate(_damaged(written)):
        path = tmp_path / f"{number}.sqlite3"
        path.write_bytes(content)
        store = FileProfileStore(path)
        for call in (
            store.state,
            store.read,
            lambda s=store: s.add(make_feedback(7)),
            lambda s=store: s.remove(("x",)),
        ):
            with pytest.raises(StorageError, match=r"cannot be used: .* It was left as it is"):
                call()
        assert path.read_bytes() == content, name


def test_a_damaged_entry_is_named(written: Path) -> None:
    with closing(sqlite3.connect(written)) as connection:
        connection.execute("UPDATE events SET body = '{' WHERE seq = 2")
        connection.commit()
    with pytest.raises(StorageError, match=r"the entry .* is damaged"):
        FileProfileStore(written).read()


def test_another_programs_database_is_refused(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    with pytest.raises(StorageError, match="another program's database"):
        FileProfileStore(path).read()


def test_erasing_takes_the_words_off_the_disk_and_even_a_damaged_store_away(written: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite3"
    shutil.copy(written, broken)
    broken.write_bytes(broken.read_bytes()[:5000])
    assert make_feedback().track_id.encode() in written.read_bytes()
    FileProfileStore(written).erase()
    assert make_feedback().track_id.encode() not in written.read_bytes()
    store = FileProfileStore(broken)
    store.erase()
    assert store.read()[1] == ()
    assert store.add(make_feedback())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be used"):
        FileProfileStore(tmp_path / "file" / "taste.sqlite3").add(make_feedback())
