"""An exported session out of its JSON file, in memory bounded by the session's own columns."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from emrs_core.errors import TimelineError
from emrs_core.timeline.events import Event
from emrs_core.timeline.export.json_file import FORMAT, SAMPLE_COLUMNS, VERSION
from emrs_core.timeline.importing.facts import event_of, info_of
from emrs_core.timeline.importing.json_stream import JsonStream
from emrs_core.timeline.importing.sample_rows import samples_of, with_own_codes
from emrs_core.timeline.samples import QUALITY_ISSUES, Samples
from emrs_core.timeline.sessions import Timeline

MOST_BYTES = 1_000_000_000  # 8 hours at 10 samples a second take about 60 MB


def read_session_file(path: Path) -> Timeline:
    """The session in that JSON file. Raises TimelineError naming the file, the place and what is wrong there."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise TimelineError(f"too large for a session ({size:,} bytes; at most {MOST_BYTES:,}).")
        with path.open("rb") as file:
            return read_session(file)
    except OSError as exc:
        raise TimelineError(f"{path.name}: cannot be read: {exc.strerror or exc}.") from exc
    except TimelineError as exc:
        raise TimelineError(f"{path.name}: {exc}") from exc


def parse_session(data: bytes) -> Timeline:
    """The session in those bytes of JSON. Raises as ``read_session``."""
    return read_session(io.BytesIO(data))


def read_session(file: BinaryIO) -> Timeline:
    """The session in that open file of JSON, samples and events in the file's order.

    A session comes out whole or not at all. Raises TimelineError, and OSError from the file.
    """
    head: dict[str, Any] = {}
    events: tuple[Event, ...] | None = None
    samples: Samples | None = None
    stream = JsonStream(file)
    for name in stream.members():
        if name == "events":
            events = tuple(event_of(place, item) for place, item in enumerate(stream.items(), 1))
        elif name == "samples":
            samples = samples_of(stream.items())
        else:
            head[name] = stream.value()
            if name in ("format", "version"):  # said first: in another version the rest may look otherwise
                _check_version(head)
    _check_head(head)
    if events is None or samples is None:
        raise TimelineError(f"{'events' if events is None else 'samples'!r} should be a list, and is missing.")
    _check_once(events, samples)
    return Timeline(info_of(head["session"]), with_own_codes(samples, head["moods"]), events)


def _check_version(head: dict[str, Any]) -> None:
    """Refuse what is no session at all, or one of another version; what was not read yet is not missed."""
    if head.get("format", FORMAT) != FORMAT:
        raise TimelineError(f'this is not an exported session: "format" should be "{FORMAT}".')
    version = head.get("version", VERSION)
    if version != VERSION or isinstance(version, bool):
        newer = isinstance(version, int) and version > VERSION
        raise TimelineError(
            f"format version {version!r:.60} cannot be read here, only {VERSION}."
            + (" Update this program to import it." if newer else "")
        )


def _check_head(head: dict[str, Any]) -> None:
    if "format" not in head:
        raise TimelineError(f'this is not an exported session: "format" should be "{FORMAT}".')
    if "version" not in head:
        raise TimelineError(f"'version' should be {VERSION}, and is missing.")
    for name, kind, wanted in (("session", dict, "an object"), ("moods", list, "a list")):
        if not isinstance(head.get(name), kind):
            raise TimelineError(f"{name!r} should be {wanted}, got {type(head.get(name)).__name__}.")
    if head.get("sample_columns") != list(SAMPLE_COLUMNS):
        raise TimelineError("'sample_columns' should list the columns of format version 1 in their order.")
    if head.get("quality_bits") != [str(issue) for issue in QUALITY_ISSUES]:
        raise TimelineError(f"'quality_bits' should be {', '.join(QUALITY_ISSUES)}.")


def _check_once(events: tuple[Event, ...], samples: Samples) -> None:
    """A store takes an id, and a time, but once: of two that differ one would be lost in silence."""
    repeated = [event_id for event_id, count in Counter(e.id for e in events).items() if count > 1]
    if repeated:
        raise TimelineError(f"{len(repeated)} event ids stand there more than once, first {repeated[0]!r:.60}.")
    times, counts = np.unique(samples.t_s, return_counts=True)
    if len(times) < len(samples):
        raise TimelineError(f"two samples have the same time, {times[counts > 1][0]} s.")
