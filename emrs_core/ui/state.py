"""What belongs to one browser session, in one typed object. The only module that names keys of ``st.session_state``.

The keys of containers and widgets, which styles and browser tests hold on to, are in ``emrs_core.ui.hooks``.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import cast

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from emrs_core.bootstrap import consent_store, habit_store, new_feed, new_keeper, new_session
from emrs_core.consent import ConsentRecord, ConsentStore
from emrs_core.errors import StorageError
from emrs_core.live.feed import LiveFeed
from emrs_core.music.catalogues.importing import ImportReport
from emrs_core.session import ListenerSession
from emrs_core.settings import Mode, visitor_mode
from emrs_core.timeline.access import AccessibleSessions, Role, Viewer
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.memory_store import MemoryTimelineStore
from emrs_core.timeline.store import KeptSessions
from emrs_core.training.inside import NetworkLook
from emrs_core.types import FrameAnalysis, ImageArray, MoodSource
from emrs_core.ui import lifetime, resources
from emrs_core.ui.record.desk import RecordDesk
from emrs_core.ui.sign_in.person import signed_in
from emrs_core.ui.spotify.desk import Desk
from emrs_core.ui.timeline.choice import Choice
from emrs_core.ui.timeline.reading import SessionReader
from emrs_core.ui.timeline.session.choice import Review
from emrs_core.ui.watch import StreamWatch

VISIT_KEY = "emrs-visit"
STAGE_KEY = "emrs-stage"


class Way(StrEnum):
    """The four ways to tell a mood, in the order shown."""

    CAMERA = "Camera"
    HAND = "By hand"
    SNAPSHOT = "Snapshot"
    PHOTO = "Photo"


@dataclass(frozen=True, slots=True, eq=False)
class StillReading:
    """What one snapshot or photo showed. ``picture`` is RGB with the face framed, in memory only."""

    source: MoodSource
    fingerprint: str
    analysis: FrameAnalysis
    picture: ImageArray


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A face to look inside the network with, in memory only."""

    fingerprint: str
    crop: NDArray[np.uint8]  # (48, 48) grey: what the network gets
    picture: ImageArray  # the same square of the picture, RGB in its own size


@dataclass(slots=True, eq=False)
class Inside:
    """What a visitor looks at inside the network. ``look`` is the last answer, about ``subject``."""

    subject: Subject | None = None
    started: bool = False  # whether the visitor asked for it: a first look costs seconds
    look: NetworkLook | None = None

    def forget(self) -> None:
        """No face and no answer any more."""
        self.subject = self.look = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What the last import of this visit brought; ``number`` counts the imports from 1."""

    name: str
    report: ImportReport
    number: int


@dataclass(slots=True, eq=False, weakref_slot=True)
class Visit:
    """One browser session. Made on its first run, gone with its last."""

    mode: Mode
    viewer: Viewer
    session: ListenerSession
    consent: ConsentStore
    feed: LiveFeed
    keep: SessionKeeper
    memory: MemoryTimelineStore  # a guest's sessions; of a person who signed in, what came from before that
    way: Way = Way.CAMERA
    way_wanted: Way | None = None  # by something other than the switch itself
    still: StillReading | None = None
    inside: Inside = field(default_factory=Inside)
    raw_lines: bool = False
    relay: bool = False  # whether the stream may pass through a TURN server
    imported: Imported | None = None
    timelines: Choice = field(default_factory=Choice)
    watch: StreamWatch = field(default_factory=StreamWatch)
    spotify: Desk = field(default_factory=Desk)
    review: Review = field(default_factory=Review)  # of a kept session
    shown: SessionReader = field(default_factory=SessionReader)
    record: RecordDesk = field(default_factory=RecordDesk)
    ticket: str | None = None  # under which the visit is held while the person signs in
    began_at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))


@dataclass(frozen=True, slots=True)
class Stage:
    """The places in the shared frame that a page may fill."""

    lead: DeltaGenerator
    side: DeltaGenerator
    under: DeltaGenerator  # the camera's picture


def visit() -> Visit:
    """This browser session's visit. Raises ModelError or another EmrsError when nothing can be built.

    A visit is one viewer's: should the connection come back as somebody else, a new one begins.
    """
    mode, viewer = whoever()
    before = cast(Visit | None, st.session_state.get(VISIT_KEY))
    if before is not None and before.viewer != viewer:
        leave(before)
    if VISIT_KEY not in st.session_state:
        st.session_state[VISIT_KEY] = new_visit(mode, viewer)
    return cast(Visit, st.session_state[VISIT_KEY])


def new_visit(mode: Mode, viewer: Viewer) -> Visit:
    """A visit in which nothing was seen, said or agreed to; the owner's agreement is read from its file."""
    services = resources.load().services
    session = new_session(services, mode)
    consent, memory = consent_store(services.settings, viewer), MemoryTimelineStore()
    keep = keeper_of(session, viewer, memory)
    desk = RecordDesk.of(habit_store(services.settings, viewer))
    return Visit(mode, viewer, session, consent, new_feed(session), keep, memory, record=desk)


def whoever() -> tuple[Mode, Viewer]:
    """Who looks at this page. On one's own machine that is its owner, signed in or not."""
    settings = resources.load().services.settings
    mode = visitor_mode(settings.mode, st.context.headers.get("Host"))
    if mode is Mode.LOCAL:
        return mode, Viewer.owner()
    person = signed_in(settings.reviewers)
    return mode, person.viewer if person else Viewer.guest()


def leave(visit: Visit) -> None:
    """The visit is over: what is kept of it is written, and this browser session forgets it."""
    visit.keep.close()
    visit.feed.close()
    st.session_state.pop(VISIT_KEY, None)


def keeper_of(session: ListenerSession, viewer: Viewer, memory: MemoryTimelineStore) -> SessionKeeper:
    """What keeps that visit, from the first agreement on: in ``memory`` for a guest, in the server's store for others.

    It ends with the visit, or with the program.
    """
    loaded = resources.load()
    keep = new_keeper(
        session.clock, lambda: _sessions(loaded, viewer, memory), viewer.owner_id, resources.served_folder()
    )
    session.tell(keep)
    lifetime.keepers().add(keep)
    weakref.finalize(session, keep.end).atexit = False  # ``lifetime`` sees to that
    return keep


def sessions(visit: Visit) -> KeptSessions:
    """The kept sessions that this visitor may see. Raises a TimelineError when the store cannot be opened."""
    return _sessions(resources.load(), visit.viewer, visit.memory)


def _sessions(loaded: resources.Loaded, viewer: Viewer, memory: MemoryTimelineStore) -> KeptSessions:
    store: KeptSessions = memory if viewer.role is Role.GUEST else loaded.open_sessions()
    return AccessibleSessions(store, viewer)


def begin_anew() -> None:
    """Begin the visit anew with the catalogue that is chosen now; what was imported is still told."""
    before = visit()
    del st.session_state[VISIT_KEY]
    visit().imported = before.imported


def set_visit(visit: Visit) -> None:
    """Let this browser session go on with a visit that began in another."""
    st.session_state[VISIT_KEY] = visit


def agreement(visit: Visit) -> ConsentRecord | None:
    """What the person agreed to. An agreement that cannot be read is none; the panel and *Your data* say so."""
    try:
        return visit.consent.get()
    except StorageError:
        return None


def set_stage(stage: Stage) -> None:
    """Remember where this run's frame is. The entry script calls it before the page runs."""
    st.session_state[STAGE_KEY] = stage


def stage() -> Stage:
    """Where this run's page may draw beside the camera."""
    return cast(Stage, st.session_state[STAGE_KEY])
