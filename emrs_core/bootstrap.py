"""Builds the real objects from the settings: the one place where adapters are named.

The ICE servers of a visitor are in ``emrs_core.ui.ice``: asking a TURN provider goes through streamlit-webrtc.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from emrs_core.clock import MonotonicClock
from emrs_core.consent import ConsentStore, FileConsentStore, MemoryConsentStore
from emrs_core.live.feed import LiveFeed
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.protocols import Catalogue, Clock, EmotionModel
from emrs_core.session import ListenerSession
from emrs_core.settings import APP_VERSION, Mode, Settings
from emrs_core.timeline.events import SettingsRecorded
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.timeline.sql.store import SqlTimelineStore
from emrs_core.timeline.store import TimelineStore
from emrs_core.training.inside import NetworkInspector
from emrs_core.training.inspect_client import Inspector
from emrs_core.vision.artefact import LITERT_FILE
from emrs_core.vision.haar import HaarFaceDetector
from emrs_core.vision.litert import LiteRTEmotionModel
from emrs_core.vision.pipeline import FaceAnalyser

MODELS_DIR = Path(__file__).resolve().parent.parent / "models"
DEFAULT_MODEL_DIR = MODELS_DIR / "vgg16-fer"
CONSENT_FILE = "consent.json"
SESSIONS_FILE = "sessions.db"
OWNER = "local"
"""Who the sessions kept on one's own machine belong to."""
LIVE_PREDICTIONS_PER_S = 9.0
"""A label that settles in half a second needs about eight looks a second; one more allows for frames that miss."""


@dataclass(frozen=True, slots=True)
class Services:
    """What all visitors share; immutable or thread-safe."""

    settings: Settings
    model: EmotionModel
    catalogue: Catalogue


def build_services(settings: Settings, model_dir: Path = DEFAULT_MODEL_DIR) -> Services:
    """Load and warm up the network and the songs: about a second, once a process.

    Raises ModelError when the model folder is missing or damaged, CatalogueError likewise for the songs.
    """
    return Services(settings, build_model(model_dir), build_catalogue())


def build_model(model_dir: Path = DEFAULT_MODEL_DIR) -> EmotionModel:
    """The emotion model that serves, warmed up. Raises ModelError."""
    model = LiteRTEmotionModel(model_dir)
    model.warm_up()
    return model


def build_catalogue(path: Path | None = None) -> Catalogue:
    """The built-in songs, or those of the CSV file at ``path``. Raises CatalogueError."""
    return CsvCatalogue.builtin() if path is None else CsvCatalogue.from_path(path)


def new_analyser(model: EmotionModel, predictions_per_s: float = LIVE_PREDICTIONS_PER_S) -> FaceAnalyser:
    """An analyser for one stream: it remembers faces from frame to frame, so never share it."""
    return FaceAnalyser(HaarFaceDetector(), model, predictions_per_s=predictions_per_s)


def new_session(services: Services, clock: Clock | None = None, seed: int = 0) -> ListenerSession:
    """A visit of one listener, with nothing seen yet."""
    return ListenerSession(new_analyser(services.model), services.catalogue, clock or MonotonicClock(), seed)


def new_feed(session: ListenerSession) -> LiveFeed:
    """The camera's way into that visit."""
    return LiveFeed(session)


def new_inspector(model_dir: Path = DEFAULT_MODEL_DIR) -> NetworkInspector:
    """What looks inside the network, for all visitors together. Starts nothing until it is asked."""
    return Inspector(model_dir)


def consent_store(settings: Settings, mode: Mode) -> ConsentStore:
    """Where a visitor's agreement is kept: a file for the owner of the machine, memory for a guest."""
    if mode is Mode.LOCAL:
        return FileConsentStore(settings.data_dir / CONSENT_FILE)
    return MemoryConsentStore()


def session_database(data_dir: Path, database_url: str | None) -> URL:
    """The database of kept sessions: the one of ``EMRS_DATABASE_URL``, else a file in the data folder."""
    if database_url is not None:
        return make_url(database_url)
    return URL.create("sqlite", database=str(data_dir / SESSIONS_FILE))


def database_place(settings: Settings) -> str:
    """That database in words for a person, without its password."""
    url = session_database(settings.data_dir, settings.database_url)
    return f"`{url.database}`" if url.get_backend_name() == "sqlite" else f"the database `{url.database}` on {url.host}"


def open_sessions(settings: Settings) -> SqlTimelineStore:
    """The kept sessions, those that their study keeps no longer erased first. Raises a TimelineError."""
    return StoreOpener(session_database(settings.data_dir, settings.database_url))()


def new_keeper(services: Services, session: ListenerSession, open_store: Callable[[], TimelineStore]) -> SessionKeeper:
    """What keeps the owner's visit, told of everything from now on; its session ends when the visit is gone."""
    keeper = SessionKeeper(open_store, session.clock, OWNER, _facts(services))
    session.listener = keeper
    weakref.finalize(session, keeper.close, timeout_s=1.0)  # at the latest at the program's end
    return keeper


def _facts(services: Services) -> SettingsRecorded | None:
    """What this program's readings come from; None where no network could be loaded."""
    if not isinstance(services.model, LiteRTEmotionModel):
        return None
    return SettingsRecorded(
        t_s=0.0,
        model_name=services.model.card.name,
        model_sha256=services.model.card.files[LITERT_FILE],
        app_version=APP_VERSION,
        settings=(("live_predictions_per_s", str(LIVE_PREDICTIONS_PER_S)),),
    )
