"""What the commands really print, against the schemas of ``docs/schemas``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from emrs_core.testing.faces import astronaut_picture

COMMAND_TIMEOUT_S = 120
VIDEO_FPS, VIDEO_S = 15, 2


def command(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "emrs_core", *arguments]
    return subprocess.run(line, cwd=repository, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False)


def schema(repository: Path, name: str) -> Draft202012Validator:
    content = json.loads((repository / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def complaints(validator: Draft202012Validator, value: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A smiling face, a wall, and a file that is no picture."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = {name: folder / f"{name}.png" for name in ("face", "wall", "broken")}
    cv2.imwrite(str(paths["face"]), astronaut_picture(640, 480, 160))
    cv2.imwrite(str(paths["wall"]), np.full((480, 640, 3), 150, np.uint8))
    paths["broken"].write_bytes(b"this is no picture")
    return paths


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "smile.mp4"
    picture = astronaut_picture(640, 480, 160)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=VIDEO_FPS)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for _ in range(VIDEO_FPS * VIDEO_S):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="bgr24")))
        container.mux(stream.encode())
    return path


def test_predict_prints_what_its_schema_says(repository: Path, pictures: dict[str, Path]) -> None:
    done = command(repository, "predict", str(pictures["face"]), str(pictures["wall"]), "--json")
    assert done.returncode == 0, done.stderr
    with_face, without = json.loads(done.stdout)
    assert complaints(schema(repository, "predict"), [with_face, without]) == []
    assert [face["label"] for face in with_face["faces"] if face["listener"]] == ["happy"]
    assert without["faces"] == []


def test_predict_does_the_others_when_one_picture_fails(repository: Path, pictures: dict[str, Path]) -> None:
    missing = str(pictures["face"].with_name("missing.png"))
    done = command(repository, "predict", str(pictures["broken"]), missing, str(pictures["face"]), "--json")
    assert done.returncode == 1
    result = json.loads(done.stdout)
    assert complaints(schema(repository, "predict"), result) == []
    assert [entry["error"] is None for entry in result] == [False, False, True]
    assert len(done.stderr.strip().splitlines()) == 2  # one line for each failure


def test_predict_takes_a_whole_picture_as_the_face(repository: Path, pictures: dict[str, Path]) -> None:
    done = command(repository, "predict", str(pictures["face"]), "--no-detect", "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert complaints(schema(repository, "predict"), result) == []
    assert [face["box"] for face in result[0]["faces"]] == [[0, 0, 640, 480]]


def test_track_prints_a_line_for_each_frame(repository: Path, video: Path) -> None:
    done = command(repository, "track", str(video), "--fps", "10", "--jsonl")
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    validator = schema(repository, "track")
    assert [problem for line in lines for problem in complaints(validator, line)] == []
    assert 15 <= len(lines) <= 10 * VIDEO_S + 1
    assert lines[-1]["mood"] == lines[-1]["raw_label"] == "happy"
    assert [line["t_s"] for line in lines] == sorted(line["t_s"] for line in lines)


@pytest.mark.parametrize(
    "arguments",
    [
        ("recommend", "--emotion", "sad"),
        ("recommend", "--valence", "0.4", "--arousal", "-0.3", "-n", "7"),
        ("recommend", "--emotion", "angry", "--goal", "guide", "--target", "happy"),
        ("recommend", "--emotion", "fear", "--goal", "contrast", "--seed", "3"),
    ],
    ids=["an emotion", "a place", "guide", "contrast"],
)
def test_recommend_prints_what_its_schema_says(repository: Path, arguments: tuple[str, ...]) -> None:
    done = command(repository, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert complaints(schema(repository, "recommend"), result) == []
    assert result["items"]


@pytest.mark.parametrize(
    "arguments",
    [("predict",), ("track", "video.mp4", "--fps", "fast"), ("recommend", "--emotion", "hungry"), ("no-such-command",)],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2_and_silence_on_standard_output(repository: Path, arguments: tuple[str, ...]) -> None:
    done = command(repository, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()


@pytest.mark.parametrize(
    "name", ["predict", "track", "recommend", "simulate-listeners", "evaluate-recommender", "evaluate", "benchmark"]
)
def test_help_shows_an_example(repository: Path, name: str) -> None:
    done = command(repository, name, "--help")
    assert done.returncode == 0
    assert f"Example: python -m emrs_core {name} " in " ".join(done.stdout.split())


def test_the_model_card_is_what_its_schema_says(repository: Path) -> None:
    card = json.loads((repository / "models" / "vgg16-fer" / "card.json").read_text(encoding="utf-8"))
    assert complaints(schema(repository, "card"), card) == []


def test_the_cards_figures_are_what_evaluate_gives(repository: Path) -> None:
    metrics = json.loads((repository / "models" / "vgg16-fer" / "card.json").read_text(encoding="utf-8"))["metrics"]
    given = {name: metrics[name] for name in ("n", "fer", "six_class", "five_class", "ferplus")}
    assert complaints(schema(repository, "evaluate"), given) == []
    for head in ("fer", "ferplus"):
        for figures in metrics["shown_by_head"][head].values():
            assert sum(map(sum, figures["confusion"])) == figures["n"]


@pytest.mark.keras
def test_evaluate_writes_what_its_schema_says(repository: Path, tmp_path: Path) -> None:
    for emotion, level in (("happy", 0), ("anger", 40), ("sadness", 80), ("neutral", 120)):
        folder = tmp_path / "faces" / emotion
        folder.mkdir(parents=True)
        face = cv2.resize(astronaut_picture(480, 480, 400)[40:440, 40:440], (48, 48))
        for index in range(3):
            cv2.imwrite(str(folder / f"{index}.png"), np.roll(face, level // 20 + index, axis=1))
    out, report = tmp_path / "metrics.json", tmp_path / "report.html"
    where = ("--data", str(tmp_path / "faces"), "--out", str(out), "--report", str(report))
    done = command(repository, "evaluate", *where)
    assert done.returncode == 0, done.stderr
    metrics = json.loads(out.read_text(encoding="utf-8"))
    assert complaints(schema(repository, "evaluate"), metrics) == []
    assert metrics["n"] == 12
    assert sum(sum(row) for row in metrics["fer"]["confusion"]) == 12
    assert set(metrics["latency"]) == {"litert", "keras"}
    page = report.read_text(encoding="utf-8")
    assert f"{metrics['fer']['accuracy']:.4f}" in page
    assert page.endswith("</html>\n")
