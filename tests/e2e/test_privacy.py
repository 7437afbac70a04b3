"""No picture leaves memory: of a live session numbers and words are written at most, and the log holds no data."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from playwright.sync_api import expect

from emrs_core.bootstrap import SESSIONS_FILE
from emrs_core.ui import hooks
from tests.conftest import REPOSITORY
from tests.e2e.live_page import LivePage
from tests.e2e.server import Server, running

WATCH_MS = 8_000
POLL_MS = 250
SHARED_MEMORY = Path("/dev/shm")
LONGEST_WORD = 120
"""Longer runs of letters and digits are no words: the smallest useful picture is some hundred base64 signs."""
LONGEST_LOG = 20_000
QUIET_NAMES = ("__pycache__", ".git", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".venv")

LARGEST_READING = 200
"""Bytes of one reading with its share of a row: sixteen numbers. A face as the network sees it has 2,304."""

Visit = Callable[..., LivePage]
linux_only = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files through Linux's /proc")


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Server]:
    """A dashboard of the owner, with folders of its own for everything that a program may write to."""
    with running(tmp_path, EMRS_MODE="local", EMRS_ICE_SERVERS="[]") as server:
        yield server


def files_under(*folders: Path) -> dict[Path, int]:
    """Every file with its size, but for caches that tools keep in the checkout."""
    found: dict[Path, int] = {}
    for folder in folders:
        for where, names, files in os.walk(folder):
            names[:] = [name for name in names if name not in QUIET_NAMES]
            for path in (Path(where) / name for name in files):
                with suppress(FileNotFoundError):
                    found[path] = path.stat().st_size
    return found


def last_changes(folder: Path) -> dict[Path, int]:
    """When something was last made or deleted in each folder beneath: tells of files too short-lived to be seen."""
    return {Path(where): Path(where).stat().st_mtime_ns for where, _, _ in os.walk(folder) if Path(where) != folder}


def written_files(server: Server) -> set[str]:
    """The plain files that the server holds open for writing now."""
    opened: set[str] = set()
    for entry in Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            target, info = str(entry.readlink()), Path(f"/proc/{server.process.pid}/fdinfo/{entry.name}").read_text()
        except FileNotFoundError:
            continue
        flags = int(re.search(r"flags:\s+(\d+)", info).group(1), 8)  # type: ignore[union-attr]
        if target.startswith("/") and not target.startswith(("/dev/", "/proc/")) and flags & os.O_ACCMODE:
            opened.add(target)
    return opened


def what_a_camera_visit_writes(live: LivePage, server: Server) -> tuple[set[str], set[Path]]:
    """Lets the camera run for a while. The files held open for writing, and all that changed in size."""
    places = (server.home, REPOSITORY, SHARED_MEMORY)
    before = files_under(*places)
    live.start()
    live.expect_mood("Happy")
    opened = written_files(server)
    for _ in range(WATCH_MS // POLL_MS):
        live.page.wait_for_timeout(POLL_MS)
        opened |= written_files(server)
    live.stop()
    after = files_under(*places)
    return opened, {path for path, size in after.items() if before.get(path) != size}


@linux_only
def test_a_visit_that_is_not_kept_writes_nothing(visit: Visit, local: Server) -> None:
    live = visit(url=local.url)
    live.agree()
    live.go_to("Your data")
    live.part(hooks.KEEP_NOT).get_by_role("button").click()
    expect(live.part(hooks.KEEP)).to_be_visible(timeout=30_000)
    live.go_to("Live")
    changes_before = last_changes(local.home)
    opened, changed = what_a_camera_visit_writes(live, local)
    assert opened <= {str(local.log_path), str(local.home / "threads.txt")}
    assert last_changes(local.home) == changes_before
    assert {path for path in changed if path.is_relative_to(local.home)} <= {local.log_path}
    assert not any(holds_a_picture(path) for path in changed)


@linux_only
def test_of_a_visit_only_numbers_and_words_are_kept(visit: Visit, local: Server) -> None:
    live = visit(url=local.url)
    live.agree()
    opened, changed = what_a_camera_visit_writes(live, local)
    database = str(local.data_dir / SESSIONS_FILE)
    kept = {database, f"{database}-wal", f"{database}-shm"}
    assert opened <= {str(local.log_path), str(local.home / "threads.txt"), *kept}
    inside = {str(path) for path in changed if path.is_relative_to(local.home)}
    assert inside & kept
    assert inside <= {str(local.log_path), *kept}
    assert not any(holds_a_picture(path) for path in changed)
    with closing(sqlite3.connect(database)) as connection:
        (readings,) = connection.execute("SELECT SUM(samples) FROM emrs_sessions").fetchone()
        (room,) = connection.execute("SELECT SUM(LENGTH(data)) FROM emrs_samples").fetchone()
        words = "\n".join(fields for (fields,) in connection.execute("SELECT fields FROM emrs_events"))
    assert readings >= WATCH_MS / 1000  # at least one a second
    assert room / readings < LARGEST_READING
    assert not re.search(rf"[A-Za-z0-9+/=]{{{LONGEST_WORD},}}", words)


def holds_a_picture(path: Path) -> bool:
    """Whether a file begins as pictures, films and arrays do."""
    try:
        head = path.read_bytes()[:16]
    except OSError:
        return False
    return head.startswith((b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"BM", b"\x93NUMPY")) or b"ftyp" in head


def test_the_log_holds_no_data(visit: Visit, local: Server) -> None:
    live = visit(url=local.url)
    live.agree()
    live.start()
    live.expect_mood("Happy")
    live.expect_songs()
    live.stop()
    log = local.log()
    assert len(log) < LONGEST_LOG, "a log that grows with the stream"
    assert not re.search(rf"[A-Za-z0-9+/=]{{{LONGEST_WORD},}}", log)
    assert "\\x" not in log  # what was no text was written as such escapes
    assert "Traceback" not in log
    assert not re.search(r"happy|neutral|valence", log, re.IGNORECASE), "nor may it tell anybody's mood"


def test_withdrawing_the_agreement_switches_everything_off(visit: Visit, hosted: Server) -> None:
    live = visit()
    live.agree()
    live.start()
    live.expect_mood("Happy")
    live.go_to("Your data")
    live.part(hooks.WITHDRAW).get_by_role("button").click(timeout=30_000)
    live.until(lambda: "live" not in live.camera_tracks(), 15_000, "the camera released")
    live.until(lambda: hosted.analysis_threads() == 0, 60_000, "the analysis thread gone")
    live.go_to("Live")
    expect(live.part(hooks.CONSENT)).to_be_visible(timeout=30_000)
    expect(live.mood_name).not_to_have_text("Happy")
