"""Reads a recipe from TOML and refuses whatever it does not know, before any data is touched."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

from emrs_core.errors import SettingsError
from emrs_core.training.recipe import (
    AugmentationPart,
    AveragePart,
    Check,
    DataPart,
    LossPart,
    NetworkPart,
    OptimiserPart,
    Recipe,
    SchedulePart,
    Stage,
    TeacherPart,
)

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""A run's name is a folder's name on every system."""

PARTS: Mapping[str, type[Any]] = {
    "data": DataPart,
    "network": NetworkPart,
    "loss": LossPart,
    "augmentation": AugmentationPart,
    "optimiser": OptimiserPart,
    "schedule": SchedulePart,
    "average": AveragePart,
    "teacher": TeacherPart,
}
TYPE_NAMES = {"str": "a text", "bool": "true or false", "int": "a whole number", "float": "a number"}


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file.

    Raises SettingsError naming the file, the key, what was expected and what came: for a file that is no TOML, for
    unknown or missing keys, wrong types, values out of range, and keys that do not go together.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise SettingsError(f"{path} cannot be read as TOML: {exc}.") from exc
    try:
        return parse_recipe(content)
    except SettingsError as exc:
        raise SettingsError(f"{path}, {exc}") from None


def parse_recipe(content: Mapping[str, Any]) -> Recipe:
    """The recipe in the tables of a TOML file. Raises SettingsError naming the key."""
    plain = {field.name: field for field in fields(Recipe) if field.name not in {*PARTS, "stages"}}
    _refuse_unknown(content, {*plain, *PARTS, "stages"}, "")
    values: dict[str, Any] = {name: _checked(content[name], plain[name], name) for name in plain if name in content}
    for name, kind in PARTS.items():
        values[name] = _part(content.get(name, {}), kind, name)
    values["stages"] = _stages(content.get("stages"))
    if "name" not in values:
        raise SettingsError("key 'name': it is missing. Name the run; its folder is called so.")
    if not NAME.fullmatch(values["name"]):
        raise _problem("name", "letters, digits, '.', '_' and '-', 64 at most", values["name"])
    recipe = Recipe(**values)
    _check_together(recipe)
    return recipe


def _part(table: Any, kind: type[Any], where: str) -> Any:
    if not isinstance(table, dict):
        raise _problem(where, "a table", table)
    known = {field.name: field for field in fields(kind)}
    _refuse_unknown(table, set(known), f"{where}.")
    return kind(**{name: _checked(value, known[name], f"{where}.{name}") for name, value in table.items()})


def _stages(tables: Any) -> tuple[Stage, ...]:
    if not isinstance(tables, list) or not tables:
        raise SettingsError("key 'stages': expected at least one table [[stages]] with epochs and size_px.")
    return tuple(_part(table, Stage, f"stages[{place}]") for place, table in enumerate(tables))


def _refuse_unknown(table: Mapping[str, Any], known: set[str], prefix: str) -> None:
    for name in table:
        if name not in known:
            raise SettingsError(f"key '{prefix}{name}': there is no such key. Known here: {', '.join(sorted(known))}.")


def _checked(value: Any, field: Field[Any], where: str) -> Any:
    wanted = str(field.type)
    check: Check = field.metadata.get("check", Check())
    limited = bool(field.metadata)
    if wanted == "float" and type(value) is int:
        value = float(value)
    if type(value).__name__ != wanted:
        raise _problem(where, f"{TYPE_NAMES[wanted]}{f' {check}' if limited else ''}", value)
    if wanted != "bool" and not check.allows(value):
        raise _problem(where, f"{check}" if check.choices else f"{TYPE_NAMES[wanted]} {check}", value)
    return value


def _check_together(recipe: Recipe) -> None:
    data, loss = recipe.data, recipe.loss
    if bool(data.table) == bool(data.training or data.validation):
        raise SettingsError("key 'data': expected either 'table', or the folders 'training' and 'validation'.")
    if not data.table and not (data.training and data.validation):
        missing = "validation" if data.training else "training"
        raise SettingsError(f"key 'data.{missing}': both folders are needed, 'training' and 'validation'.")
    if data.ferplus and not data.table:
        raise SettingsError("key 'data.ferplus': the votes belong to the table; folders of pictures have none.")
    if recipe.export and not data.ferplus:
        raise SettingsError(
            "key 'export': a model folder needs the votes of data.ferplus to calibrate its second head. "
            "Name them, or set export = false."
        )
    if recipe.augmentation.mixup and loss.auxiliary != "none":
        raise SettingsError(
            "key 'augmentation.mixup': a mixture of two faces has no class whose centre it could draw near. "
            "Set it to 0, or loss.auxiliary to none."
        )
    if loss.fer == 0 and loss.ferplus == 0:
        raise SettingsError("key 'loss': 'fer' and 'ferplus' are both 0, so there is nothing to learn.")


def _problem(where: str, wanted: str, got: Any) -> SettingsError:
    return SettingsError(f"key '{where}': expected {wanted}, got {got!r}.")
