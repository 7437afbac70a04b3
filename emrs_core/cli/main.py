"""The command line: one group, one module a command, loaded when it is called."""

from __future__ import annotations

import importlib
import logging
import sys

import click

from emrs_core.errors import EmrsError, SettingsError, UsageError

COMMANDS = {
    "predict": "Read the emotion of every face in pictures.",
    "track": "Run the live pipeline over a video file.",
    "recommend": "List songs for a mood.",
    "catalogue": "Bring in tables of songs, and see what they hold.",
    "simulate-listeners": "Measure what learning from opinions brings, on made-up listeners.",
    "evaluate-recommender": "Measure how well recorded ratings are foreseen.",
    "evaluate": "Measure the network on labelled faces.",
    "train": "Train a network as a recipe says.",
    "export-model": "Make a model folder from trained weights.",
    "spotify-stub": "Serve a stand-in for Spotify on this machine.",
    "identity-stub": "Serve a stand-in for an identity provider on this machine.",
    "sessions": "List, show and delete kept sessions.",
    "participants": "List, show, export and erase participants.",
    "studies": "List and set studies; erase what they keep no longer.",
    "export": "Write kept sessions as CSV, Parquet, XLSX or JSON.",
    "demo-data": "Add or remove made-up sessions to try the pages with.",
    "benchmark": "Measure speed and memory as ratios to a baseline.",
}
EXIT_FAILED, EXIT_USAGE = 1, 2


class _LazyGroup(click.Group):
    """Loads a command's module only when that command is run: ``--help`` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command = getattr(importlib.import_module(f"emrs_core.cli.{name}"), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: python -m emrs_core predict photo.jpg --json",
)
def cli() -> None:
    """EMRS on the command line: faces to emotions, emotions to songs, and the measurements behind both.

    Exit status: 0 done, 1 some inputs failed (each with one line on standard error), 2 wrong usage.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit status; errors meant for people come as one line."""
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s", stream=sys.stderr)
    try:
        cli.main(arguments, prog_name="python -m emrs_core")
    except (UsageError, SettingsError) as exc:
        click.echo(f"Error: {exc}", err=True)
        sys.exit(EXIT_USAGE)
    except EmrsError as exc:
        click.echo(f"Error: {exc}", err=True)
        sys.exit(EXIT_FAILED)
