"""Builds the real objects from the settings: the one place where adapters are named.

The ICE servers of a visitor are in ``emrs_core.ui.ice``: asking a TURN provider goes through streamlit-webrtc.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from emrs_core.clock import MonotonicClock
from emrs_core.consent import (
    CONSENT_VERSION,
    SIGNED_IN_VERSION,
    ConsentStore,
    FileConsentStore,
    MemoryConsentStore,
)
from emrs_core.errors import CatalogueError, ModelError, UsageError
from emrs_core.live.feed import LiveFeed
from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.catalogues.opening import open_catalogue
from emrs_core.music.catalogues.store import BUILTIN, CatalogueStore
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.sqlite_store import FileProfileStore
from emrs_core.music.taste.store import MemoryProfileStore, ProfileStore
from emrs_core.music.wish_store import FileWishStore, MemoryWishStore
from emrs_core.protocols import Catalogue, Clock, EmotionModel
from emrs_core.session import ListenerSession
from emrs_core.settings import APP_VERSION, Mode, Settings
from emrs_core.timeline.access import Role, Viewer
from emrs_core.timeline.events import SettingsRecorded
from emrs_core.timeline.habits import FileHabitStore, HabitStore, MemoryHabitStore
from emrs_core.timeline.keeping import SessionKeeper
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.timeline.store import TimelineStore
from emrs_core.training.inside import NetworkInspector
from emrs_core.training.inspect_client import Inspector
from emrs_core.vision.artefact import LITERT_FILE, load_card
from emrs_core.vision.haar import HaarFaceDetector
from emrs_core.vision.litert import LiteRTEmotionModel
from emrs_core.vision.pipeline import FaceAnalyser

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

    from emrs_core.music.spotify.connections import SpotifyConnections
    from emrs_core.timeline.sql.store import SqlTimelineStore

logger = logging.getLogger(__name__)

MODELS_DIR = Path(__file__).resolve().parent.parent / "models"
DEFAULT_MODEL_DIR = MODELS_DIR / "vgg16-fer"
CONSENT_FILE = "consent.json"
CATALOGUES_DIR = "catalogues"
PROFILE_FILE = "taste.sqlite"
WISH_FILE = "wish.json"
SPOTIFY_FOLDER = "spotify"
SESSIONS_FILE = "sessions.db"
HABITS_FILE = "recording.json"
LIVE_PREDICTIONS_PER_S = 9.0
"""A label that settles in half a second needs about eight looks a second; one more allows for frames that miss."""


@dataclass(frozen=True, slots=True)
class Services:
    """What all visitors share; immutable or thread-safe."""

    settings: Settings
    model: EmotionModel
    catalogue: Catalogue
    catalogue_name: str = BUILTIN
    catalogue_problem: str | None = None  # why the built-in songs stand in for the chosen ones


def model_folder(settings: Settings) -> Path:
    """Where the network that serves lies: the folder of ``EMRS_MODEL``, else the project's VGG-16."""
    return DEFAULT_MODEL_DIR if settings.model is None else MODELS_DIR / settings.model


def build_services(settings: Settings) -> Services:
    """Load and warm up the network and the songs: about a second, once a process.

    Raises ModelError when the model folder is missing or damaged, CatalogueError likewise for the built-in songs.
    """
    return with_chosen_catalogue(Services(settings, build_model(model_folder(settings)), build_catalogue()))


def with_chosen_catalogue(services: Services) -> Services:
    """The same with the songs that the owner chose; when these cannot be read, the built-in ones and the reason."""
    try:
        name, catalogue = chosen_catalogue(services.settings)
    except (CatalogueError, UsageError) as exc:
        return replace(services, catalogue=build_catalogue(), catalogue_name=BUILTIN, catalogue_problem=str(exc))
    return replace(services, catalogue=catalogue, catalogue_name=name, catalogue_problem=None)


def chosen_catalogue(settings: Settings) -> tuple[str, Catalogue]:
    """Name and songs of the catalogue that the owner chose. Raises CatalogueError when it cannot be read."""
    store = catalogue_store(settings)
    name = store.chosen
    return name, build_catalogue() if name == BUILTIN else store.open(name)


def catalogue_store(settings: Settings) -> CatalogueStore:
    """The catalogues that the owner brought in, shared by all visitors."""
    return CatalogueStore(settings.data_dir / CATALOGUES_DIR)


def build_model(model_dir: Path = DEFAULT_MODEL_DIR) -> EmotionModel:
    """The emotion model that serves, warmed up. Raises ModelError."""
    model = LiteRTEmotionModel(model_dir)
    model.warm_up()
    return model


def build_catalogue(path: Path | None = None) -> Catalogue:
    """The built-in songs, or those of the CSV or Parquet file at ``path``; rows left out of it are told in the log.

    Raises CatalogueError when the file cannot be read, lacks a needed column or has no song.
    """
    if path is None:
        return CsvCatalogue.builtin()
    catalogue, report = open_catalogue(path)
    if report.refused:
        logger.warning("%s: %d of %d rows left out; the first: %s", path, report.refused, report.read, report.errors[0])
    return catalogue


def new_analyser(model: EmotionModel, predictions_per_s: float = LIVE_PREDICTIONS_PER_S) -> FaceAnalyser:
    """An analyser for one stream: it remembers faces from frame to frame, so never share it."""
    return FaceAnalyser(HaarFaceDetector(), model, predictions_per_s=predictions_per_s)


def new_session(
    services: Services, mode: Mode = Mode.HOSTED, clock: Clock | None = None, seed: int = 0
) -> ListenerSession:
    """A visit of one listener, with nothing seen yet. The owner's taste and wishes are kept in files, a guest's not."""
    analyser, folder = new_analyser(services.model), services.settings.data_dir
    profile = ListenerProfile(profile_store(services.settings, mode), services.catalogue)
    wishes = FileWishStore(folder / WISH_FILE) if mode is Mode.LOCAL else MemoryWishStore()
    return ListenerSession(analyser, services.catalogue, clock or MonotonicClock(), seed, profile, wishes)


def profile_store(settings: Settings, mode: Mode) -> ProfileStore:
    """Where what is learned of a visitor is kept: a file for the owner of the machine, memory for a guest."""
    return FileProfileStore(settings.data_dir / PROFILE_FILE) if mode is Mode.LOCAL else MemoryProfileStore()


def new_feed(session: ListenerSession) -> LiveFeed:
    """The camera's way into that visit."""
    return LiveFeed(session)


def new_inspector(model_dir: Path = DEFAULT_MODEL_DIR) -> NetworkInspector:
    """What looks inside the network, for all visitors together. Starts nothing until it is asked."""
    return Inspector(model_dir)


def consent_store(settings: Settings, viewer: Viewer) -> ConsentStore:
    """Where a visitor's agreement is kept: a file for the owner of the machine, memory for others."""
    if viewer.role is Role.OWNER:
        return FileConsentStore(settings.data_dir / CONSENT_FILE)
    return MemoryConsentStore(SIGNED_IN_VERSION if viewer.role is Role.PERSON else CONSENT_VERSION)


def habit_store(settings: Settings, viewer: Viewer) -> HabitStore:
    """Where it is kept how a visitor records: a file for the owner of the machine, memory for others."""
    return FileHabitStore(settings.data_dir / HABITS_FILE) if viewer.role is Role.OWNER else MemoryHabitStore()


def new_spotify_connections(settings: Settings) -> SpotifyConnections | None:
    """Every visitor's way to Spotify, one object for the whole process; None without a Client ID.

    Grants live in memory, or sealed in the data folder once a key is set.
    """
    spotify = settings.spotify
    if not spotify.configured:
        return None
    # here: they take a third of a second and 30 MB, and most start without a Client ID
    from emrs_core.music.spotify.connections import SpotifyConnections
    from emrs_core.music.spotify.oauth import SpotifyAccounts
    from emrs_core.music.spotify.tokens import MemoryTokenStore, SealedTokenStore

    logging.getLogger("spotipy").setLevel(logging.WARNING)  # its debug log holds the listener's songs
    accounts = SpotifyAccounts(spotify.client_id, spotify.accounts_url, time.time)
    if not spotify.token_key:
        return SpotifyConnections(accounts, spotify.api_url, MemoryTokenStore())
    store = SealedTokenStore(settings.data_dir / SPOTIFY_FOLDER, spotify.token_key)
    return SpotifyConnections(accounts, spotify.api_url, store, idle_s=None)


def session_database(data_dir: Path, database_url: str | None) -> URL:
    """The database of kept sessions: the one of ``EMRS_DATABASE_URL``, else a file in the data folder."""
    from sqlalchemy.engine import URL, make_url  # here, as below: only the commands for kept sessions need a database

    if database_url is not None:
        return make_url(database_url)
    return URL.create("sqlite", database=str(data_dir / SESSIONS_FILE))


def open_sessions(settings: Settings, *, retire: bool = True) -> SqlTimelineStore:
    """The kept sessions, unless ``retire`` is False those that their study keeps no longer erased first.

    Raises a TimelineError.
    """
    if retire:
        return session_opener(settings)()
    from emrs_core.timeline.sql.store import SqlTimelineStore

    return SqlTimelineStore.open(session_database(settings.data_dir, settings.database_url))


def may_hold_sessions(settings: Settings) -> bool:
    """Whether there is a database to look into: opening the owner's file would make one."""
    return settings.database_url is not None or (settings.data_dir / SESSIONS_FILE).exists()


def session_opener(settings: Settings) -> StoreOpener:
    """What opens the kept sessions once they are needed; one for the whole process."""
    return StoreOpener(lambda: session_database(settings.data_dir, settings.database_url))


def new_keeper(
    clock: Clock, open_store: Callable[[], TimelineStore], owner: str, model_dir: Path = DEFAULT_MODEL_DIR
) -> SessionKeeper:
    """What keeps a visit's sessions for ``owner`` in that store, once there is an agreement."""
    return SessionKeeper(open_store, clock, owner, _recorded_facts(model_dir))


def _recorded_facts(model_dir: Path) -> SettingsRecorded | None:
    """What the readings come from; None without a model, which then reads nothing."""
    try:
        card = load_card(model_dir)
    except ModelError:
        return None
    settings = (("live_head", card.live_head), ("predictions_per_s", f"{LIVE_PREDICTIONS_PER_S:g}"))
    return SettingsRecorded(
        t_s=0.0,
        model_name=card.name,
        model_sha256=card.files[LITERT_FILE],
        app_version=APP_VERSION,
        settings=settings,
    )
