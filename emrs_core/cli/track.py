"""``track``: the live pipeline over a video file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from emrs_core.bootstrap import DEFAULT_MODEL_DIR, build_model, new_analyser
from emrs_core.cli.describe import DIGITS, describe_probabilities, describe_quality
from emrs_core.mood import MoodTracker
from emrs_core.types import FrameAnalysis, MoodState
from emrs_core.vision.video import duration_s, read_frames


@click.command(epilog="Example: python -m emrs_core track interview.mp4 --fps 10 --jsonl > moods.jsonl")
@click.argument("video", type=click.Path(path_type=Path))
@click.option(
    "--fps", default=10.0, type=click.FloatRange(0.1, 60), show_default=True, help="Frames a second to analyse."
)
@click.option("--model", "model_dir", default=DEFAULT_MODEL_DIR, type=click.Path(path_type=Path), help="Model folder.")
@click.option("--jsonl", is_flag=True, help="Print one JSON object a line on standard output, for every frame.")
def track(video: Path, fps: float, model_dir: Path, jsonl: bool) -> None:
    """Run the live pipeline over VIDEO: the same faces, network and mood, with the file's timestamps as the clock.

    Without --jsonl, prints a line whenever the mood changes. Frames are never written.
    """
    length_s = duration_s(video)
    analyser = new_analyser(build_model(model_dir), predictions_per_s=2 * fps)  # a look at every frame taken
    tracker, shown = MoodTracker(), ""
    expected = None if length_s is None else round(length_s * fps)
    frames = read_frames(video, fps)
    with click.progressbar(frames, length=expected, file=sys.stderr, label="Tracking") as bar:
        for frame in bar:
            analysis = analyser.analyse(frame)
            mood = tracker.update(analysis)
            if jsonl:
                click.echo(json.dumps(_line(analysis, mood)))
            elif mood.name != shown:
                shown = mood.name
                click.echo(f"{frame.t_s:8.2f} s  {shown:<9} {mood.confidence:.0%}")


def _line(analysis: FrameAnalysis, mood: MoodState) -> dict[str, Any]:
    listener, estimate = analysis.listener, analysis.estimate
    return {
        "t_s": round(analysis.t_s, DIGITS),
        "face": listener is not None,
        "quality": describe_quality(listener.quality if listener else analysis.picture),
        "probabilities": describe_probabilities(estimate) if estimate else None,
        "raw_label": str(estimate.label) if estimate else None,
        "mood": mood.name,
        "valence": round(mood.point.valence, DIGITS) if mood.point else None,
        "arousal": round(mood.point.arousal, DIGITS) if mood.point else None,
    }
