"""A recipe says everything or is refused, with the key named, before any data is read."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from emrs_core.errors import SettingsError
from emrs_core.training.recipe_file import parse_recipe, read_recipe

SMALLEST: dict[str, Any] = {
    "name": "tiny",
    "data": {"table": "fer2013.csv", "ferplus": "fer2013new.csv"},
    "stages": [{"epochs": 2, "size_px": 24}, {"epochs": 3, "size_px": 48}],
}


def recipe_with(path: str, value: Any) -> dict[str, Any]:
    content = copy.deepcopy(SMALLEST)
    *tables, key = path.split(".")
    table = content
    for name in tables:
        table = table.setdefault(name, {})
    table[key] = value
    return content


def test_what_is_not_said_has_the_usual_value() -> None:
    recipe = parse_recipe(SMALLEST)
    assert (recipe.seed, recipe.network.architecture, recipe.network.width) == (0, "vgg16", 1.0)
    assert (recipe.loss.smoothing, recipe.optimiser.batch, recipe.average.momentum) == (0.1, 128, 0.998)


def test_a_whole_number_may_stand_for_a_share() -> None:
    assert parse_recipe(recipe_with("loss.fer", 2)).loss.fer == 2.0


def test_stages_follow_each_other() -> None:
    recipe = parse_recipe(SMALLEST)
    assert recipe.epochs == 5
    assert [recipe.size_px(epoch) for epoch in range(5)] == [24, 24, 48, 48, 48]
    with pytest.raises(IndexError):
        recipe.size_px(5)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("colour", "red", "key 'colour': there is no such key. Known here: augmentation, average"),
        ("loss.smoothin", 0.1, "key 'loss.smoothin': there is no such key. Known here: auxiliary"),
        ("loss.smoothing", 1.0, "key 'loss.smoothing': expected a number of at least 0 and below 1, got 1.0"),
        ("loss.smoothing", "much", "key 'loss.smoothing': expected a number of at least 0 and below 1, got 'much'"),
        ("loss.smoothing", True, "key 'loss.smoothing': expected a number .* got True"),
        ("loss.smoothing", float("nan"), "key 'loss.smoothing': expected a number .* got nan"),
        ("loss.auxiliary", "triplet", "key 'loss.auxiliary': expected one of none, centre, island, got 'triplet'"),
        ("network.architecture", "vgg19", "key 'network.architecture': expected one of vgg16, resnet50, senet50"),
        ("network.width", 0, "key 'network.width': expected a number of at least 0.01 and at most 4, got 0.0"),
        ("optimiser.rate", 0.0, "key 'optimiser.rate': expected a number above 0, got 0.0"),
        ("optimiser.batch", 12.5, "key 'optimiser.batch': expected a whole number .* got 12.5"),
        ("optimiser.batch", 0, "key 'optimiser.batch': expected a whole number of at least 1 and at most 4096, got 0"),
        ("augmentation.flip", 1, "key 'augmentation.flip': expected true or false, got 1"),
        ("augmentation", 3, "key 'augmentation': expected a table, got 3"),
        ("stages", [], r"key 'stages': expected at least one table \[\[stages\]\]"),
        ("stages", [{"epochs": 1, "size_px": 96}], r"key 'stages\[0\].size_px': expected a whole number .* got 96"),
        ("name", "../elsewhere", "key 'name': expected letters, digits"),
        ("data.table", "", "key 'data': expected either 'table', or the folders"),
        ("data.training", "train", "key 'data': expected either 'table', or the folders"),
        ("data.ferplus", "", "key 'export': a model folder needs the votes"),
        ("augmentation.mixup", 11, "key 'augmentation.mixup': expected a number of at least 0 and at most 10, got 11"),
        ("seed", -1, "key 'seed': expected a whole number of at least 0"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(path: str, value: Any, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_recipe(recipe_with(path, value))


def test_a_recipe_needs_a_name() -> None:
    with pytest.raises(SettingsError, match="key 'name': it is missing"):
        parse_recipe({key: value for key, value in SMALLEST.items() if key != "name"})


def test_folders_come_in_pairs_and_without_votes() -> None:
    only_one = {**SMALLEST, "export": False, "data": {"training": "train"}}
    with pytest.raises(SettingsError, match=r"key 'data\.validation': both folders are needed"):
        parse_recipe(only_one)
    with_votes = {**SMALLEST, "data": {"training": "a", "validation": "b", "ferplus": "c.csv"}}
    with pytest.raises(SettingsError, match=r"key 'data\.ferplus': the votes belong to the table"):
        parse_recipe(with_votes)


def test_something_must_be_learned() -> None:
    with pytest.raises(SettingsError, match="nothing to learn"):
        parse_recipe({**SMALLEST, "loss": {"fer": 0, "ferplus": 0}})


def test_a_mixture_of_faces_has_no_centre() -> None:
    mixing = {**SMALLEST, "augmentation": {"mixup": 0.4}}
    assert parse_recipe(mixing).augmentation.mixup == 0.4
    with pytest.raises(SettingsError, match=r"key 'augmentation\.mixup': a mixture of two faces has no class"):
        parse_recipe({**mixing, "loss": {"auxiliary": "island"}})


def test_the_file_is_named_with_the_key(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('name = "x"\nseeed = 3\n')
    with pytest.raises(SettingsError, match=r"bad\.toml, key 'seeed'"):
        read_recipe(path)
    path.write_text("name = \n")
    with pytest.raises(SettingsError, match=r"bad\.toml cannot be read as TOML: .*line 1"):
        read_recipe(path)


def test_the_recipes_of_the_project_are_recipes(repository: Path) -> None:
    paths = sorted((repository / "models" / "recipes").glob("*.toml"))
    assert {"vgg16-fer", "smoke"} <= {path.stem for path in paths}
    for path in paths:
        assert read_recipe(path).name == path.stem
