"""A dashboard whose visitor has, or has not, connected Spotify: a fake account, and questions answered at once."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from emrs_core.music.spotify.familiar import FamiliarSongs, match
from emrs_core.music.spotify.outcomes import Outcome
from emrs_core.music.spotify.playing import PlayingFollower
from emrs_core.music.spotify.resolve import Playable
from emrs_core.music.spotify.scopes import Step
from emrs_core.protocols import Catalogue
from emrs_core.segments import SongSegment
from emrs_core.streaming import Device, NowPlaying, ServiceAccount
from emrs_core.testing.music_service import FakeMusicService, service_track
from emrs_core.types import Track
from emrs_core.ui.spotify import browser, calls
from tests.pages.harness import Dashboard

ALL = (Step.PLAYER, Step.PLAYLIST, Step.LIKE)
KITCHEN = Device("kitchen", "Kitchen", "Speaker", active=True)
PHONE = Device("phone", "Ada’s phone", "Smartphone")


class AtOnce(Executor):
    """Answers before the caller goes on, unless told to let them wait."""

    def __init__(self) -> None:
        self.slow = False
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, fn))
        if not self.slow:
            self.finish()
        return future

    def finish(self) -> None:
        waiting, self.waiting = self.waiting, []
        for future, fn in waiting:
            try:
                future.set_result(fn())
            except Exception as exc:  # noqa: BLE001 - as an executor does
                future.set_exception(exc)


class FakeConnection:
    """As much of a connected account as pages use. ``steps`` is what the listener allowed."""

    def __init__(self, service: FakeMusicService, *steps: Step) -> None:
        self.service = service
        self.steps = {Step.LISTEN, *steps}
        self.account = ServiceAccount("listener-1", "Ada <Lovelace>")
        self.familiar: FamiliarSongs | None = None
        self.unknown: set[str] = set()  # titles that the service does not have
        self.followers: dict[object, PlayingFollower] = {}

    def allows(self, step: Step) -> bool:
        return step in self.steps

    def take_part(self, catalogue: Catalogue) -> FamiliarSongs:
        self.familiar = match(self.service.saved(), self.service.top(), catalogue)
        return self.familiar

    def leave_out(self) -> None:
        self.familiar = None

    def playable(self, tracks: Iterable[Track]) -> Playable:
        listed = list(tracks)
        ids = tuple(track.id for track in listed if track.title not in self.unknown)
        return Playable(ids, tuple((track, "not there") for track in listed if track.title in self.unknown))

    def look(self, visit: object, now_s: float) -> NowPlaying | None:
        now = self.service.now_playing()
        self.followers.setdefault(visit, PlayingFollower()).see(now, now_s)
        return now

    def segments(self, visit: object) -> tuple[SongSegment, ...]:
        return self.followers[visit].segments() if visit in self.followers else ()


class SpotifyWorld:
    """What the pages find of Spotify; set it, then run the dashboard."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.service = FakeMusicService(
            songs=[service_track(number) for number in range(100)],
            saved=[service_track(3), service_track(900, title="Only at Spotify")],
            top=[service_track(5)],
            devices=[KITCHEN, PHONE],
        )
        self.connection: FakeConnection | None = None
        self.configured, self.keeps = True, False
        self.ticket: str | None = None
        self.outcome: Outcome | None = None
        self.disconnected = 0
        self.executor = AtOnce()
        for place, name, value in (
            (browser, "configured", lambda: self.configured),
            (browser, "keeps", lambda: self.keeps),
            (browser, "connected", lambda: self.connection),
            (browser, "disconnect", self._disconnect),
            (browser, "ticket", self._take_ticket),
            (browser, "outcome", self._take_outcome),
            (calls, "workers", lambda: self.executor),
        ):
            monkeypatch.setattr(place, name, value)

    def connect(self, *steps: Step) -> FakeConnection:
        self.connection = FakeConnection(self.service, *steps)
        return self.connection

    def _disconnect(self) -> None:
        self.connection, self.disconnected = None, self.disconnected + 1

    def _take_ticket(self) -> str | None:
        ticket, self.ticket = self.ticket, None
        return ticket

    def _take_outcome(self) -> Outcome | None:
        outcome, self.outcome = self.outcome, None
        return outcome


def with_list(dashboard: Dashboard) -> Dashboard:
    dashboard.run()
    dashboard.session.choose_mood(dashboard.catalogue_point())
    return dashboard


def press(dashboard: Dashboard, key: str) -> Dashboard:
    dashboard.button(key).click()
    return dashboard.run()


def messages(dashboard: Dashboard) -> list[str]:
    return [str(toast.value) for toast in dashboard.app.toast]


def warnings(dashboard: Dashboard) -> list[str]:
    return [str(warning.value) for warning in dashboard.app.warning]


def search(dashboard: Dashboard, title: str, artist: str = "") -> Dashboard:
    dashboard.app.text_input(key="spotify-title").set_value(title)
    dashboard.app.text_input(key="spotify-artist").set_value(artist)
    next(button for button in dashboard.app.button if button.label == "Search").click()
    return dashboard.run()
