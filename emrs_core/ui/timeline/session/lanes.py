"""The lanes under a session's chart: what the camera saw, songs, marks, notes, the person's word, what is left out.

Nothing is dropped: where marks lie closer than the screen can tell, one item stands for all of them and says how many;
zooming in parts them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from emrs_core.timeline.bands import seen_bands
from emrs_core.timeline.events import Baseline, Event, Excluded, Marker, Note, Phq2, SelfReport
from emrs_core.timeline.intervals import Span
from emrs_core.timeline.statistics.episodes import Episode
from emrs_core.ui.record.phq2_view import ANSWERS
from emrs_core.ui.timeline.session.choice import Threshold
from emrs_core.ui.timeline.session.opened import OpenSession
from emrs_core.ui.timeline.session.thresholds import level_words
from emrs_core.ui.times import clock

SLOTS: Final = 240
"""Parts of a lane that may each hold one item: four to five pixels on a wide chart."""
TEXT_CHARS: Final = 60
"""Of a name or a note that travel with an item; the rest stands in the list of marks."""
SEEN_WORDS: Final = {"valid": "Face readable", "poor": "Face hard to read", "no_face": "No face"}


@dataclass(frozen=True, slots=True)
class Item:
    """Something in a lane from ``start_s`` to ``end_s`` (the same for a moment)."""

    start_s: float
    end_s: float
    text: str
    detail: str = ""  # said on pointing at it
    kind: str = ""  # how it looks
    id: str = ""  # of the event, when it can be chosen


def lanes(
    session: OpenSession, view: Span, episodes: Iterable[Episode], threshold: Threshold | None
) -> list[dict[str, Any]]:
    """Each lane that has something in the session, with its items in ``view``."""
    made = [
        _lane("seen", "Face", _seen(session, view), view, grouped=False),
        _lane("songs", "Songs", _songs(session), view),
        _events(session, Marker, "markers", "Markers", view),
        _events(session, Note, "notes", "Notes", view),
        _events(session, SelfReport, "said", "Said", view),
        _events(session, Excluded, "excluded", "Left out", view),
        _lane("episodes", "Episodes", _episodes(episodes, threshold), view),
    ]
    return [lane for lane in made if lane is not None]


def groups(items: Iterable[Item], view: Span, slots: int = SLOTS) -> list[tuple[Item, int]]:
    """The items in ``view``, those that share a slot as one, with how many it stands for."""
    width_s = view.length_s / slots
    found: list[tuple[Item, int]] = []
    slot_before: int | None = None
    for item in sorted(items, key=lambda item: (item.start_s, item.end_s)):
        if item.end_s < view.start_s or item.start_s > view.end_s:
            continue
        small = item.end_s - item.start_s < width_s
        slot = int((item.start_s - view.start_s) // width_s) if small else None
        if found and slot is not None and slot == slot_before:
            first, count = found[-1]
            found[-1] = (Item(first.start_s, max(first.end_s, item.end_s), "", kind=first.kind), count + 1)
        else:
            found.append((item, 1))
        slot_before = slot
    return found


def _lane(name: str, title: str, items: list[Item], view: Span, *, grouped: bool = True) -> dict[str, Any] | None:
    if not items:
        return None
    shown = groups(items, view) if grouped else [(item, 1) for item in items]
    return {"name": name, "title": title, "items": [_sent(title, item, count) for item, count in shown]}


def _sent(title: str, item: Item, count: int) -> dict[str, Any]:
    sent: dict[str, Any] = {"a": round(item.start_s, 3), "b": round(item.end_s, 3), "n": count, "kind": item.kind}
    if count > 1:
        when = f"{clock(item.start_s)} to {clock(item.end_s)}"
        return sent | {"text": f"{count:,}", "detail": f"{count:,} {title.lower()}, {when}: zoom in"}
    return sent | {"text": item.text, "detail": item.detail, "id": item.id}


def _seen(session: OpenSession, view: Span) -> list[Item]:
    return [
        Item(band.start_s, band.end_s, "", f"{SEEN_WORDS[band.label]}, {_stretch(band)}", band.label)
        for band in seen_bands(session.now.samples, view)
    ]


def _songs(session: OpenSession) -> list[Item]:
    made = []
    for song in session.songs:
        end = "skipped" if song.skipped else "to its end" if song.played_through else ""
        facts = ", ".join(fact for fact in (_stretch(song.span), end, song.verdict.replace("_", " ")) if fact)
        who = f"{song.title} – {song.artist}" if song.artist else song.title
        kind = "skipped" if song.skipped else ""
        made.append(Item(song.span.start_s, song.span.end_s, _short(who), f"{who}: {facts}", kind))
    return made


def _events(session: OpenSession, kind: type[Event], name: str, title: str, view: Span) -> dict[str, Any] | None:
    """Of ten thousand marks only those in view are put into words."""
    found = [event for event in session.now.events if isinstance(event, kind)]
    if not found:
        return None
    items = [_item(event) for event in found if event.t_s <= view.end_s and _end_s(event) >= view.start_s]
    return _lane(name, title, items, view) or {"name": name, "title": title, "items": []}


def _end_s(event: Event) -> float:
    return event.until_s if isinstance(event, Excluded) else event.t_s


def _item(event: Event) -> Item:
    end_s, text = _end_s(event), event_text(event)
    moment = _stretch(Span(event.t_s, end_s)) if isinstance(event, Excluded) else clock(event.t_s, tenths=True)
    return Item(event.t_s, end_s, _short(text), f"{_short(text) or 'No reason given'}, {moment}", id=event.id)


def event_text(event: Event) -> str:
    """What a mark says, in one line's words."""
    match event:
        case Marker():
            return event.label
        case Note():
            return event.text
        case Excluded():
            return event.reason
        case SelfReport():
            return f"V {event.valence} A {event.arousal}"
        case Phq2():
            return f"{ANSWERS[event.interest]}; {ANSWERS[event.mood]}"
        case Baseline():
            return f"{event.looks} looks"
        case _:
            return ""


def _episodes(found: Iterable[Episode], threshold: Threshold | None) -> list[Item]:
    if threshold is None:
        return []
    return [Item(e.start_s, e.end_s, "", f"{_stretch(e)}, peak {level_words(threshold, e.peak)}") for e in found]


def _stretch(span: Span) -> str:
    return f"{clock(span.start_s)} to {clock(span.end_s)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARS else f"{line[: TEXT_CHARS - 1]}…"
