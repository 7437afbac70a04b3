"""Every variant of the ablation is a recipe that differs from the base in what it says."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from emrs_core.training.recipe_file import parse_recipe
from tools.ablation import VARIANTS, as_toml, line, varied


def test_every_variant_is_a_recipe_and_differs_in_one_part(repository: Path) -> None:
    base = tomllib.loads((repository / "models" / "recipes" / "ablation.toml").read_text())
    original = parse_recipe(base)
    names = set()
    for name, changes in VARIANTS.items():
        recipe = parse_recipe(tomllib.loads(as_toml(varied(base, name, changes))))
        names.add(recipe.name)
        parts = {path.split(".")[0] for path in changes}
        same = replace(recipe, name=original.name, **{part: getattr(original, part) for part in parts})
        assert same == original
        assert (recipe == replace(original, name=recipe.name)) == (not changes)
    assert len(names) == len(VARIANTS)


def test_a_line_shows_both_heads_with_their_intervals() -> None:
    metrics = {
        "fer": {"accuracy": 0.61234, "accuracy_ci": [0.6, 0.62]},
        "ferplus": {"accuracy": 0.8, "accuracy_ci": [0.79, 0.81]},
    }
    assert line("no flip", metrics) == "| no flip | 0.6123 | 0.6000-0.6200 | 0.8000 | 0.7900-0.8100 |"
