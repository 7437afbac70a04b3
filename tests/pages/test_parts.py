"""The parts that need no page: watch, words, style, routes, settings, stills."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from starlette.requests import Request

from emrs_core.errors import ImageError, ModelError
from emrs_core.music.queue import MoodChoice, SongList
from emrs_core.music.wish import Wish
from emrs_core.types import EMOTIONS, AffectPoint, MoodSource
from emrs_core.ui import component, hooks, navigation, resources, routes, stills, style, times, words
from emrs_core.ui.watch import CameraProblem, StreamWatch

# -- the stream's watch ----------------------------------------------------------------------------------------------


def follow(watch: StreamWatch, *steps: tuple[float, str, int]) -> list[CameraProblem | None]:
    return [
        watch.update(playing=state == "playing", signalling=state == "signalling", received=received, now_s=now_s)
        for now_s, state, received in steps
    ]


def test_a_stream_that_connects_is_no_problem() -> None:
    steps = [
        (0.0, "idle", 0),
        (1.0, "signalling", 0),
        (9.0, "signalling", 0),
        (10.0, "playing", 1),
        (14.0, "playing", 9),
    ]
    assert follow(StreamWatch(), *steps) == [None] * 5


def test_twelve_seconds_of_signalling_are_no_connection_until_start_is_pressed_again() -> None:
    steps = [(0.0, "signalling", 0), (12.1, "signalling", 0), (13.0, "idle", 0), (20.0, "signalling", 0)]
    problem = CameraProblem.NO_CONNECTION
    assert follow(StreamWatch(), *steps) == [None, problem, problem, None]


def test_five_silent_seconds_are_a_lost_connection_which_frames_heal() -> None:
    steps = [(0.0, "playing", 1), (4.9, "playing", 1), (5.1, "playing", 1), (6.0, "playing", 2)]
    assert follow(StreamWatch(), *steps) == [None, None, CameraProblem.CONNECTION_LOST, None]


def test_stop_is_no_loss_but_an_end_after_silence_is() -> None:
    assert follow(StreamWatch(), (0.0, "playing", 1), (1.0, "playing", 9), (2.0, "idle", 9))[-1] is None
    lost = follow(StreamWatch(), (0.0, "playing", 1), (1.0, "playing", 9), (4.0, "idle", 9), (60.0, "idle", 9))
    assert lost[-2:] == [CameraProblem.CONNECTION_LOST] * 2


# -- words -----------------------------------------------------------------------------------------------------------


def test_certainty_is_never_claimed() -> None:
    assert words.percent(1.0) == "over 99 %"
    assert words.percent(0.42) == "42 %"
    assert [words.percent_beside(share) for share in (1.0, 0.994, 0.0)] == [">99 %", "99 %", "0 %"]


@pytest.mark.parametrize(("sure", "said"), [(0.9, "clearly"), (0.6, "probably"), (0.4, "perhaps")])
def test_confidence_in_words(sure: float, said: str) -> None:
    assert words.confidence_words(sure) == said


@pytest.mark.parametrize(
    ("valence", "arousal", "said"),
    [(0.8, 0.4, "pleasant and energetic"), (-0.7, -0.4, "unpleasant and calm"), (0.0, 0.1, "even and moderate")],
)
def test_places_in_words(valence: float, arousal: float, said: str) -> None:
    assert words.quadrant(valence, arousal) == said


def test_times_are_told_on_the_reader_s_clock() -> None:
    moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert times.spoken(moment, "Europe/Berlin") == "24 November 2026 at 00:30"
    assert times.spoken(moment, None) == times.spoken(moment, "No/Where") == "23 November 2026 at 23:30 UTC"


# -- assets and routes -----------------------------------------------------------------------------------------------


def test_assets_fetch_nothing_from_elsewhere() -> None:
    for path in component.ASSETS.iterdir():
        addresses = re.findall(r"https?://[^\s\"']+", path.read_text())
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, path.name


def test_styles_hold_on_to_hooks_that_exist() -> None:
    keys = {value for name, value in vars(hooks).items() if name.isupper()}
    keys |= {hooks.hand_button(str(emotion)) for emotion in EMOTIONS} | {hooks.hand_button("")}
    for path in component.ASSETS.glob("*.css"):
        assert set(re.findall(r"st-key-([a-z-]+)", path.read_text())) <= keys, path.name


@pytest.mark.parametrize(
    ("live", "camera_way", "playing", "mark"),
    [(True, True, True, None), (False, False, True, "999991"), (False, False, False, "visibility: hidden")],
)
def test_the_camera_is_shown_docked_or_hidden_by_style_alone(
    monkeypatch: pytest.MonkeyPatch, live: bool, camera_way: bool, playing: bool, mark: str | None
) -> None:
    sheets: list[str] = []
    monkeypatch.setattr(style.st, "html", sheets.append)
    style.draw_layout(live=live, camera_way=camera_way, playing=playing)
    assert (mark in sheets[0]) if mark else (hooks.css(hooks.CAMERA) not in sheets[0])


def test_back_from_a_login_the_cameras_button_waits_at_the_corner_until_it_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sheets: list[str] = []
    monkeypatch.setattr(style.st, "html", sheets.append)
    for playing in (False, True):
        style.draw_layout(live=False, camera_way=False, playing=playing, returned=True)
    assert "visibility: hidden" not in sheets[0]
    assert "bottom: 1rem" in sheets[0]
    assert "bottom: 1rem" not in sheets[1]


def test_the_chart_script_comes_from_the_installed_package_and_may_be_kept() -> None:
    route = routes.routes()[0]
    assert route.path == f"/{routes.plotly_address().partition('?')[0]}"
    answer = routes.serve_plotly(Request({"type": "http", "method": "GET", "headers": []}))
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "max-age" in answer.headers["cache-control"]
    assert len(answer.body) > 1_000_000


# -- settings and stills ---------------------------------------------------------------------------------------------


def test_the_environment_wins_over_secrets() -> None:
    assert resources.merged_values({"EMRS_MODE": "local"}, {"EMRS_MODE": "hosted", "A": "b"}) == {
        "EMRS_MODE": "local",
        "A": "b",
    }


def test_a_missing_network_says_so_when_asked() -> None:
    model = resources.MissingModel()
    model.warm_up()
    with pytest.raises(ModelError, match="missing or damaged"):
        model.predict(np.zeros((1, 48, 48), np.uint8))


def test_a_file_that_is_too_large_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ImageError, match="at most 20"):
        stills.read(None, bytes(21 * 2**20), None)  # type: ignore[arg-type]


def test_logo_is_there(repository: Path) -> None:
    assert (repository / "emrs_core" / "ui" / "assets" / "logo.svg").is_file()


@pytest.mark.parametrize(
    ("source", "point", "name"),
    [
        (MoodSource.HAND, AffectPoint(0.85, 0.35), "Happy"),
        (MoodSource.HAND, AffectPoint(0.6, -0.4), "Pleasant and calm"),
        (MoodSource.CAMERA, AffectPoint(0.6, -0.4), "Neutral"),
    ],
)
def test_a_place_away_from_every_emotion_is_called_by_its_place(
    source: MoodSource, point: AffectPoint, name: str
) -> None:
    songs = SongList(1, MoodChoice.of(point, source), Wish(), point, (), 0.0)
    assert words.mood_of(songs)[0] == name


def test_the_first_start_asks_and_sends_nothing() -> None:
    config = tomllib.loads((navigation.ROOT / ".streamlit" / "config.toml").read_text())
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["showEmailPrompt"] is False
    assert config["server"]["maxUploadSize"] == stills.MAX_MB
    assert "http" not in (navigation.ROOT / ".streamlit" / "config.toml").read_text()
