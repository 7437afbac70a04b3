"""``predict``: the emotion of every face in pictures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from emrs_core.bootstrap import DEFAULT_MODEL_DIR, build_model, new_analyser
from emrs_core.cli.describe import describe_face
from emrs_core.errors import ImageError
from emrs_core.vision.decode import decode, fit_within
from emrs_core.vision.pipeline import FaceAnalyser

EXIT_FAILED = 1
BAR_FROM_PICTURES = 5
"""Fewer are done before a bar could be read."""


@click.command(epilog="Example: python -m emrs_core predict portrait.jpg group.png --json")
@click.argument("images", nargs=-1, required=True, metavar="IMAGE...", type=click.Path(path_type=Path))
@click.option("--no-detect", is_flag=True, help="The picture is the face: look for no face in it.")
@click.option("--model", "model_dir", default=DEFAULT_MODEL_DIR, type=click.Path(path_type=Path), help="Model folder.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")
def predict(images: tuple[Path, ...], no_detect: bool, model_dir: Path, as_json: bool) -> None:
    """Read the emotion of every face in the IMAGEs. Pictures are read, never written or sent.

    A picture that cannot be read is named on standard error, the others are done, and the exit status is 1.
    """
    analyser = new_analyser(build_model(model_dir))
    with click.progressbar(images, file=sys.stderr, hidden=len(images) < BAR_FROM_PICTURES, label="Reading") as bar:
        results = [_read(path, analyser, no_detect) for path in bar]
    click.echo(json.dumps(results, indent=2) if as_json else "\n".join(_lines(results)))
    failed = [result for result in results if result["error"]]
    for result in failed:
        click.echo(f"{result['image']}: {result['error']}", err=True)
    if failed:
        sys.exit(EXIT_FAILED)


def _read(path: Path, analyser: FaceAnalyser, no_detect: bool) -> dict[str, Any]:
    result: dict[str, Any] = {"image": str(path), "width_px": None, "height_px": None, "error": None, "faces": []}
    try:
        image = decode(path.read_bytes(), path.name)
        result["height_px"], result["width_px"] = image.shape[:2]
        reduced, factor = fit_within(image)
        readings = (analyser.read_whole(reduced),) if no_detect else analyser.read_faces(reduced)
        result["faces"] = [describe_face(reading.face, reading.estimate, factor) for reading in readings]
    except ImageError as exc:
        result["error"] = str(exc)
    except OSError as exc:
        result["error"] = f"cannot be opened: {exc.strerror or exc}"
    return result


def _lines(results: list[dict[str, Any]]) -> list[str]:
    lines = []
    for result in results:
        if result["error"]:
            continue
        lines.append(f"{result['image']} ({result['width_px']} x {result['height_px']})")
        if not result["faces"]:
            lines.append("  no face found")
        for face in result["faces"]:
            top = face["probabilities"][face["label"]]
            note = "" if face["quality"]["ok"] else f"  [{', '.join(face['quality']['reasons'])}]"
            lines.append(f"  {face['label']:<9} {top:6.1%}  box {face['box']}{note}")
    return lines
