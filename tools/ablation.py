"""What each loss and each change of the faces is worth: the same small run again and again, one thing different.

``python tools/ablation.py models/recipes/ablation.toml`` trains every variant of the recipe in turn and prints a table
for docs/model.md. Killed, it goes on where it was: runs that are done are not done again.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "the recipe": {},
    "no label smoothing": {"loss.smoothing": 0.0},
    "class-weighted softmax": {"loss.class_weights": "balanced"},
    "centre loss": {"loss.auxiliary": "centre"},
    "island loss": {"loss.auxiliary": "island"},
    "FER2013 labels only": {"loss.ferplus": 0.0},
    "FER+ votes only": {"loss.fer": 0.0},
    "no rotation": {"augmentation.rotation_deg": 0.0},
    "no scale": {"augmentation.scale": 0.0},
    "no shift": {"augmentation.shift": 0.0},
    "no flip": {"augmentation.flip": False},
    "no brightness, no contrast": {"augmentation.brightness": 0.0, "augmentation.contrast": 0.0},
    "no cut-out": {"augmentation.cutout": 0.0},
    "no augmentation": {
        **dict.fromkeys((f"augmentation.{kind}" for kind in ("rotation_deg", "scale", "shift")), 0.0),
        **dict.fromkeys((f"augmentation.{kind}" for kind in ("brightness", "contrast", "cutout")), 0.0),
        "augmentation.flip": False,
    },
    "faces mixed (mixup .2)": {"augmentation.mixup": 0.2},
    "no averaging of weights": {"average.momentum": 0.0},
}
HEADER = "| variant | FER2013, seven classes | interval | FER+ majority | interval |\n|---|---|---|---|---|"


def varied(base: Mapping[str, Any], name: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The recipe under another name with some values changed."""
    recipe = {key: dict(value) if isinstance(value, dict) else value for key, value in base.items()}
    words = re.sub("[,.()]", "", name).replace("+", "plus").split()
    recipe["name"] = "-".join([base["name"], *words])
    for path, value in changes.items():
        part, key = path.split(".")
        recipe.setdefault(part, {})[key] = value
    return recipe


def as_toml(recipe: Mapping[str, Any]) -> str:
    """A recipe as TOML; its texts, numbers and truth values are written alike in JSON."""
    plain = [f"{key} = {json.dumps(value)}" for key, value in recipe.items() if not isinstance(value, dict | list)]
    lines = [*plain]
    for key, value in recipe.items():
        tables = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
        for table in tables:
            lines.append(f"[[{key}]]" if isinstance(value, list) else f"[{key}]")
            lines += [f"{name} = {json.dumps(inner)}" for name, inner in table.items()]
    return "\n".join(lines) + "\n"


def line(name: str, metrics: Mapping[str, Any]) -> str:
    """A line of the table."""
    cells = [name]
    for head in ("fer", "ferplus"):
        low, high = metrics[head]["accuracy_ci"]
        cells += [f"{metrics[head]['accuracy']:.4f}", f"{low:.4f}-{high:.4f}"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--runs", type=Path, default=Path("runs/ablation"))
    parser.add_argument("--only", nargs="+", choices=VARIANTS, default=list(VARIANTS), help="these variants, in quotes")
    arguments = parser.parse_args()
    base = tomllib.loads(arguments.recipe.read_text(encoding="utf-8"))
    arguments.runs.mkdir(parents=True, exist_ok=True)
    rows = []
    for name in arguments.only:
        recipe = varied(base, name, VARIANTS[name])
        metrics = arguments.runs / recipe["name"] / "metrics.json"
        if not metrics.exists():
            path = arguments.runs / f"{recipe['name']}.toml"
            path.write_text(as_toml(recipe), encoding="utf-8")
            command = ["emrs_core", "train", str(path), "--runs", str(arguments.runs), "--resume"]
            subprocess.run([sys.executable, "-m", *command], check=True)
        rows.append(line(name, json.loads(metrics.read_text(encoding="utf-8"))))
    print("\n".join([HEADER, *rows]))


if __name__ == "__main__":
    main()
