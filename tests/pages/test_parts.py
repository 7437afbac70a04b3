"""The parts that need no page: watch, words, colours, figures, style, routes, settings, stills."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from numpy.typing import NDArray
from starlette.requests import Request

from emrs_core.affect import point_of
from emrs_core.errors import ImageError, ModelError
from emrs_core.music.queue import MoodChoice, SongList
from emrs_core.music.wish import Wish
from emrs_core.testing.models import probabilities_of
from emrs_core.types import (
    EMOTIONS,
    AffectPoint,
    Emotion,
    EmotionEstimate,
    MoodKind,
    MoodSample,
    MoodSource,
    MoodState,
)
from emrs_core.ui import (
    charts,
    component,
    hooks,
    navigation,
    palette,
    plane,
    resources,
    routes,
    stills,
    style,
    times,
    words,
)
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


# -- colours ---------------------------------------------------------------------------------------------------------

COLOUR_BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Linear RGB seen with a missing cone. Source: Machado, Oliveira & Fernandes (2009), severity 1.0."""
LEAST_DISTANCE = 0.07
"""In Oklab, where about 0.02 is just noticeable side by side (Ottosson 2020)."""
LEAST_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11: parts of graphics against their background."""


def linear(colour: str) -> NDArray[np.float64]:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.asarray(np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4))


def oklab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Source: Ottosson (2020), https://bottosson.github.io/posts/oklab/"""
    cones = np.array([[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]])
    mixed = np.array([[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]])
    return np.asarray(mixed @ np.cbrt(cones @ np.clip(rgb, 0, 1)))


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sight", COLOUR_BLINDNESS)
def test_no_two_emotions_look_alike(theme: str, sight: str) -> None:
    seen = {e: oklab(COLOUR_BLINDNESS[sight] @ linear(getattr(s, theme))) for e, s in palette.EMOTION_STYLES.items()}
    distances = {(a, b): float(np.linalg.norm(seen[a] - seen[b])) for a, b in itertools.combinations(EMOTIONS, 2)}
    assert min(distances.values()) >= LEAST_DISTANCE, min(distances, key=lambda pair: distances[pair])


@pytest.mark.parametrize(("theme", "ground"), [("light", palette.BACKGROUND_LIGHT), ("dark", palette.BACKGROUND_DARK)])
def test_every_emotion_stands_out_from_its_background(theme: str, ground: str) -> None:
    for emotion, look in palette.EMOTION_STYLES.items():
        low, high = sorted((luminance(getattr(look, theme)), luminance(ground)))
        assert (high + 0.05) / (low + 0.05) >= LEAST_CONTRAST, emotion


def test_theme_and_palette_agree() -> None:
    theme = tomllib.loads((navigation.ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    assert theme["light"]["backgroundColor"] == palette.BACKGROUND_LIGHT
    assert theme["dark"]["backgroundColor"] == palette.BACKGROUND_DARK
    variables = palette.css_variables()
    for name, key in ((palette.ACCENT, "primaryColor"), (palette.INK, "textColor")):
        assert f"{name}: light-dark({theme['light'][key]}, {theme['dark'][key]});" in variables


def test_the_first_start_asks_and_sends_nothing() -> None:
    config = tomllib.loads((navigation.ROOT / ".streamlit" / "config.toml").read_text())
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["showEmailPrompt"] is False
    assert config["server"]["maxUploadSize"] == stills.MAX_MB
    assert "http" not in (navigation.ROOT / ".streamlit" / "config.toml").read_text()


# -- figures ---------------------------------------------------------------------------------------------------------


def sample(t_s: float, emotion: Emotion | None = Emotion.HAPPY) -> MoodSample:
    if emotion is None:
        return MoodSample(None, MoodState(t_s, MoodKind.NO_FACE))
    reading = probabilities_of(emotion)
    mood = MoodState(t_s, MoodKind.EMOTION, emotion, max(reading), reading, point_of(reading))
    return MoodSample(EmotionEstimate(t_s, reading), mood)


@pytest.mark.parametrize("samples", [[], [sample(0.0)], [sample(float(t)) for t in range(300)]])
@pytest.mark.parametrize("raw", [False, True])
def test_the_emotion_chart_is_a_valid_figure(samples: Sequence[MoodSample], raw: bool) -> None:
    figure = charts.emotion_chart(samples, raw)
    checkable = re.sub(r"var\(--[a-z-]+\)", "#123456", repr(figure))
    go.Figure(eval(checkable))  # noqa: S307 - a literal of our own; Plotly refuses unknown properties
    assert len(figure["data"]) == (14 if raw else 7)


def test_the_emotion_chart_has_gaps_where_nothing_was_read() -> None:
    figure = charts.emotion_chart([sample(0.0), sample(1.0, None), sample(2.0)])
    happy = next(trace for trace in figure["data"] if trace.get("name") == "Happy")
    assert happy["y"][1] is None
    assert happy["y"][0] > 50


def test_the_window_moves_with_time() -> None:
    early, late = (charts.emotion_chart([sample(t)])["layout"]["xaxis"]["range"] for t in (10.0, 500.0))
    assert early == [0.0, charts.WINDOW_S]
    assert late == [500.0 - charts.WINDOW_S, 500.0]


def test_axes_are_labelled_with_units_and_the_zoom_is_kept() -> None:
    for figure in (charts.emotion_chart([sample(1.0)]), plane.plane_chart()):
        for axis in ("xaxis", "yaxis"):
            assert figure["layout"][axis]["title"]["text"]
        assert figure["layout"]["uirevision"]
    assert "(%)" in charts.emotion_chart([])["layout"]["yaxis"]["title"]["text"]
    assert "(min:s)" in charts.emotion_chart([])["layout"]["xaxis"]["title"]["text"]


@pytest.mark.parametrize("clickable", [False, True])
def test_the_plane_is_a_valid_figure(clickable: bool) -> None:
    figure = plane.plane_chart(trail=[sample(1.0), sample(2.0)], target=AffectPoint(0.5, 0.5), clickable=clickable)
    go.Figure(eval(re.sub(r"var\(--[a-z-]+\)", "#123456", repr(figure))))  # noqa: S307
    names = [trace.get("name") for trace in figure["data"]]
    assert (plane.PICK in names) is clickable


def test_charts_are_told_in_words() -> None:
    text = charts.emotion_chart_text([sample(1.0)])
    assert "happy" in text
    assert charts.emotion_chart_text([]) == "Emotion over time: nothing read yet."
    assert "valence +0.50" in plane.plane_text(None, AffectPoint(0.5, -0.5))
    assert "no mood yet" in plane.plane_text(None, None)


def test_every_colour_variable_in_a_figure_is_defined() -> None:
    used = set(re.findall(r"var\((--[a-z-]+)\)", repr([charts.emotion_chart([sample(1.0)]), plane.plane_chart()])))
    assert used
    assert all(f"{name}: " in palette.css_variables() for name in used)


# -- assets and routes -----------------------------------------------------------------------------------------------


def test_assets_fetch_nothing_from_elsewhere() -> None:
    for path in component.ASSETS.iterdir():
        addresses = re.findall(r"https?://[^\s\"']+", path.read_text())
        assert set(addresses) <= {"http://www.w3.org/2000/svg"}, path.name


def test_styles_hold_on_to_hooks_that_exist() -> None:
    keys = {value for name, value in vars(hooks).items() if name.isupper()}
    keys |= {hooks.hand_button(str(emotion)) for emotion in EMOTIONS} | {hooks.hand_button("")}
    keys |= {"model-problem", "player-row", "player-embed"}
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
