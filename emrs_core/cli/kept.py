"""The kept sessions, as the commands open them."""

from __future__ import annotations

import os

import click

from emrs_core.bootstrap import open_sessions
from emrs_core.settings import Settings
from emrs_core.timeline.sql.store import SqlTimelineStore


def kept_sessions(*, retire: bool = True) -> SqlTimelineStore:
    """The store that the environment names, open until the command is over, however it ends.

    ``retire``: first erase what studies keep no longer. Raises SettingsError or a TimelineError.
    """
    store = open_sessions(Settings.from_mapping(os.environ), retire=retire)
    click.get_current_context().call_on_close(store.close)
    return store
