"""What all browser sessions share: settings, network, songs. Loaded once a process."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from emrs_core.bootstrap import (
    Services,
    build_catalogue,
    build_services,
    model_folder,
    new_inspector,
    session_opener,
    with_chosen_catalogue,
)
from emrs_core.errors import ModelError
from emrs_core.memory import return_freed_memory
from emrs_core.music.catalogues.statistics import CatalogueStatistics, statistics
from emrs_core.music.features import features_of
from emrs_core.settings import Settings
from emrs_core.timeline.sql.opening import StoreOpener
from emrs_core.timeline.store import KeptSessions
from emrs_core.training.inside import NetworkInspector
from emrs_core.ui.words import NETWORK_PROBLEM

logger = logging.getLogger(__name__)


class MissingModel:
    """Stands where the network could not be loaded: says so whenever a face should be read, so that all else works."""

    def predict(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        raise ModelError(NETWORK_PROBLEM)  # whoever is told: what is wrong exactly stands at the top of the page

    def warm_up(self) -> None:
        """Nothing to warm up."""


@dataclass(slots=True)
class Loaded:
    """The shared services, and what is wrong with the network (None when it is ready).

    ``services`` is immutable and replaced whole when the owner chooses another catalogue: visits that began before
    keep the songs they have.
    """

    services: Services
    open_sessions: Callable[[], KeptSessions]  # of this server; may raise a TimelineError
    model_problem: str | None = None
    statistics: CatalogueStatistics | None = None  # of the catalogue in use, once somebody asked


@st.cache_resource(show_spinner="Tuning up: loading the network and the songs …")
def load() -> Loaded:
    """Everything shared, on first use. Raises SettingsError or CatalogueError; a bad model is reported inside."""
    return_freed_memory()
    settings = current_settings()
    sessions = opener(settings.data_dir, settings.database_url)
    try:
        loaded = Loaded(build_services(settings), sessions)
    except ModelError as exc:
        logger.error("the network cannot be used: %s", exc)
        services = with_chosen_catalogue(Services(settings, MissingModel(), build_catalogue()))
        loaded = Loaded(services, sessions, str(exc))
    gc.collect()
    gc.freeze()  # Streamlit collects after every run: what lives for ever need not be walked each time
    return loaded


def reload_catalogue() -> None:
    """Give all visits that begin from now on the catalogue that is chosen now."""
    loaded = load()
    loaded.services, loaded.statistics = with_chosen_catalogue(loaded.services), None
    gc.collect()  # the songs before may be a million


def catalogue_statistics() -> CatalogueStatistics:
    """The figures of the catalogue in use, counted once."""
    loaded = load()
    if loaded.statistics is None:
        loaded.statistics = statistics(features_of(loaded.services.catalogue))
    return loaded.statistics


@st.cache_resource(show_spinner=False)
def inspector() -> NetworkInspector:
    """What looks inside the network, shared by all visitors, who queue for it."""
    return new_inspector(served_folder())


def served_folder() -> Path:
    """Where the network that reads the faces lies."""
    return model_folder(load().services.settings)


def current_settings() -> Settings:
    """From the environment and Streamlit's secrets. Any thread. Raises SettingsError."""
    return Settings.from_mapping(merged_values(os.environ, secret_values()))


@lru_cache(maxsize=1)
def opener(data_dir: Path, database_url: str | None) -> StoreOpener:
    """What opens this server's kept sessions, one for the server's start and all visitors. Any thread."""
    return session_opener(Settings(data_dir=data_dir, database_url=database_url))


def secret_values() -> dict[str, str]:
    """Streamlit's secrets as plain text by name; none when there is no secrets file."""
    if not st.secrets.load_if_toml_exists():
        return {}
    return {name: str(value) for name, value in st.secrets.items() if isinstance(value, str | int | float)}


def merged_values(environment: Mapping[str, str], secrets: Mapping[str, str]) -> dict[str, str]:
    """Both together; the environment, being nearer to whoever starts the server, wins."""
    return {**secrets, **environment}
