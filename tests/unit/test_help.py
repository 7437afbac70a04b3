"""``--help`` at every level of the command line: what it does, and an example that the command would take."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from emrs_core.cli.main import COMMANDS, cli

CALL = "python -m emrs_core"


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command below the group with the words that lead to it; groups are commands too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


EVERY = dict(commands(cli))


def test_the_walk_finds_groups_and_what_is_in_them() -> None:
    assert {(name,) for name in COMMANDS} < EVERY.keys()
    assert {("catalogue", "use"), ("sessions", "delete"), ("studies", "retire")} < EVERY.keys()


@pytest.mark.parametrize("path", [(), *EVERY], ids=lambda path: " ".join(path) or "the whole")
def test_help_says_what_it_does_and_shows_an_example(path: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, [*path, "--help"])
    assert done.exit_code == 0, done.output
    words = " ".join(done.output.split())
    about, _, rest = words.removeprefix("Usage: ").partition("Options:")
    assert len(about.split()) > 6, "a sentence says what it does"
    assert f"Example: {CALL} {' '.join(path)}".strip() in rest


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_the_example_is_one_that_the_command_takes(path: tuple[str, ...]) -> None:
    example = (EVERY[path].epilog or "").removeprefix(f"Example: {CALL} ").partition(" > ")[0]
    words = tuple(shlex.split(example))
    assert words[: len(path)] == path
    called = max((known for known in EVERY if words[: len(known)] == known), key=len)
    command = EVERY[called]
    command.make_parser(click.Context(command)).parse_args(list(words[len(called) :]))  # raises for an unknown option
