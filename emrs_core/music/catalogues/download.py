"""A file from the web: with progress, taken up again where it broke off, and the same as the first time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from pathlib import Path

from emrs_core.errors import CatalogueError, StorageError, UsageError
from emrs_core.storage import write_atomically

TIMEOUT_S = 30.0
"""Without a byte; a mobile network's longest usual pause."""
ATTEMPTS = 4
"""Connections for one download that gets no further; one that brings anything at all starts the count anew."""
CHUNK_BYTES = 64 * 1024
LARGEST_BYTES = 4 * 1024**3
CHECKSUM_FILE = "checksums.json"
USER_AGENT = "emrs (catalogue fetch)"


class ChecksumError(CatalogueError):
    """The file at an address is another one than at the first fetch."""


@dataclass(frozen=True, slots=True)
class Downloaded:
    """A file that is there whole. ``first``: no checksum was known before."""

    path: Path
    sha256: str
    size_bytes: int
    first: bool
    resumed: bool


Progress = Callable[[int, int | None], None]
"""Called with the bytes that are there and the bytes there will be, None where the server does not say."""


def download(url: str, path: Path, on_progress: Progress | None = None, accept_change: bool = False) -> Downloaded:
    """Bring the file at that address to ``path``; its checksum is noted beside it at the first time, then compared.

    What a broken connection left (``path`` with ``.part``) is taken up again, also by a later call, where the server
    still has the very same file. ``accept_change`` takes another file for the right one from now on.
    Raises CatalogueError when the address cannot be reached or the file keeps breaking off, ChecksumError when it is
    not the one of the first time, StorageError when it cannot be written. Then ``path`` is as it was before.
    """
    if not url.startswith(("https://", "http://")):
        raise UsageError(f"Give an address that begins with https:// or http://, got {url!r}.")
    part = path.with_name(f"{path.name}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        resumed = _bring(url, part, on_progress)
        sha256 = _sha256(part)
        known = _checksums(path.parent).get(url)
        if known not in (None, sha256) and not accept_change:
            part.unlink()
            raise ChecksumError(
                f"The file at {url} is not the one of the first fetch: expected SHA-256 {known}, got {sha256}. If "
                "you know that it was changed on purpose, fetch it again and accept the change."
            )
        part.replace(path)
        _validator(part).unlink(missing_ok=True)
        _note_checksum(path.parent, url, sha256)
        return Downloaded(path, sha256, path.stat().st_size, known is None, resumed)
    except urllib.error.URLError as exc:  # before OSError, of which it is a child
        raise CatalogueError(f"{url} cannot be fetched: {_reason(exc)}. {_KEPT}") from exc
    except OSError as exc:
        raise StorageError(f"Could not keep the download in {path.parent}: {exc.strerror or exc}.") from exc


_KEPT = "Check the connection and fetch again: what came so far is kept."


def _bring(url: str, part: Path, on_progress: Progress | None) -> bool:
    """Until the file is whole; returns whether anything there was taken up again."""
    resumed, left = False, ATTEMPTS
    while True:
        there = part.stat().st_size if part.exists() else 0
        try:
            whole, continued = _connect(url, part, there, on_progress)
        except urllib.error.HTTPError as exc:
            if exc.code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not there:
                raise
            part.unlink()  # longer than the file is now: start over
            whole, continued = False, False
        except (TimeoutError, ConnectionError, HTTPException, ssl.SSLError):
            whole, continued = False, there > 0
        resumed = resumed or continued
        if whole:
            return resumed
        left = ATTEMPTS if part.exists() and part.stat().st_size > there else left - 1
        if not left:
            raise CatalogueError(f"The connection to {url} broke off {ATTEMPTS} times without a byte. {_KEPT}")


def _connect(url: str, part: Path, there: int, on_progress: Progress | None) -> tuple[bool, bool]:
    """One connection. Returns whether the file is whole now, and whether it was taken up where it broke off."""
    request = urllib.request.Request(url, headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
    validator = _read_validator(part)
    if there and validator:
        request.add_header("Range", f"bytes={there}-")
        request.add_header("If-Range", validator)  # another file by now: the server sends it from its beginning
    with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
        continued = answer.status == HTTPStatus.PARTIAL_CONTENT
        if continued and not answer.headers.get("Content-Range", "").startswith(f"bytes {there}-"):
            part.unlink()  # not what was asked for: from the beginning
            return False, False
        begin = there if continued else 0
        length = answer.headers.get("Content-Length")
        total = begin + int(length) if length and length.isdigit() else None
        if (total or 0) > LARGEST_BYTES:
            raise CatalogueError(f"The file at {url} has {total:,} bytes; no table of songs is that large.")
        _note_validator(part, answer)
        came = _receive(answer, part, begin, total, on_progress)
    return came == total if total is not None else True, continued and begin > 0


def _receive(answer: HTTPResponse, part: Path, begin: int, total: int | None, on_progress: Progress | None) -> int:
    """Append what comes after the first ``begin`` bytes. Returns how many are there then."""
    with part.open("r+b" if begin else "wb") as file:
        file.seek(begin)
        file.truncate()
        try:
            while chunk := answer.read1(CHUNK_BYTES):
                file.write(chunk)
                if on_progress is not None:
                    on_progress(file.tell(), total)
                if file.tell() > LARGEST_BYTES:
                    raise CatalogueError(f"More than {LARGEST_BYTES:,} bytes came; no table of songs is that large.")
        finally:
            file.flush()
            os.fsync(file.fileno())
        return file.tell()


def _validator(part: Path) -> Path:
    return part.with_name(f"{part.name}.etag")


def _read_validator(part: Path) -> str:
    """What names the file's version at the server; without it nothing is taken up again."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return _validator(part).read_text(encoding="latin-1").strip()
    return ""


def _note_validator(part: Path, answer: HTTPResponse) -> None:
    etag = answer.headers.get("ETag", "")
    strong = etag if not etag.startswith("W/") else ""  # RFC 9110, 13.1.5: a weak one may not be used here
    write_atomically(_validator(part), (strong or answer.headers.get("Last-Modified", "")).encode("latin-1", "ignore"))


def _checksums(folder: Path) -> dict[str, str]:
    path = folder / CHECKSUM_FILE
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return {str(url): str(sha256) for url, sha256 in known.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError) as exc:
        raise StorageError(
            f"{path} with the checksums of earlier fetches is damaged. Delete it to begin anew."
        ) from exc


def _note_checksum(folder: Path, url: str, sha256: str) -> None:
    known = {**_checksums(folder), url: sha256}
    write_atomically(folder / CHECKSUM_FILE, json.dumps(known, indent=1).encode())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _reason(exc: urllib.error.URLError) -> str:
    if isinstance(exc, urllib.error.HTTPError):
        return f"the server answers {exc.code} {exc.reason}"
    return str(getattr(exc.reason, "strerror", None) or exc.reason)
