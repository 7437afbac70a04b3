"""``recommend``: songs for a mood."""

from __future__ import annotations

import json
import os
import re
import time
import unicodedata
from pathlib import Path
from typing import Any

import click

from emrs_core.affect import EMOTION_POINTS
from emrs_core.bootstrap import build_catalogue, chosen_catalogue
from emrs_core.cli.describe import DIGITS
from emrs_core.errors import UsageError
from emrs_core.music.filters import Filters
from emrs_core.music.goals import Goal, Plan, plan
from emrs_core.music.history import read_history
from emrs_core.music.plane import parse_target
from emrs_core.music.ranking.scoring import MS_PER_MINUTE
from emrs_core.music.recommend import recommend_along
from emrs_core.settings import Settings
from emrs_core.types import EMOTIONS, AffectPoint, Emotion, Recommendation

EXAMPLE = "Example: python -m emrs_core recommend --emotion sad --goal guide --target calm"
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
TITLE_WIDTH, ARTIST_WIDTH = 34, 24
_DECADE = re.compile(r"^\s*(\d{4})s?\s*$")
_TEMPO = re.compile(r"^\s*(\d+\.?\d*)\s*-\s*(\d+\.?\d*)\s*$")


@click.command(epilog=EXAMPLE)
@click.option("--emotion", type=click.Choice(EMOTIONS, case_sensitive=False), help="The mood by name.")
@click.option("--valence", type=float, help="The mood as a place: unpleasant -1 to pleasant 1.")
@click.option("--arousal", type=float, help="The mood as a place: calm -1 to excited 1.")
@click.option("--goal", type=click.Choice([str(g) for g in Goal]), default=str(Goal.STAY), show_default=True,
              help="Keep the mood, lead away from it step by step, or go to its opposite.")  # fmt: skip
@click.option("--target", metavar="NAME|V,A", help="Where guide or contrast leads: calm, happy, energy, ... or V,A.")
@click.option("-n", "count", type=int, metavar="N", help="How many songs  [default: 20; for guide, the path's length]")
@click.option("--minutes", type=float, metavar="M", help="How long the list lasts, instead of how many songs.")
@click.option("--genre", "genres", multiple=True, metavar="NAME", help="Only songs of that genre; may be repeated.")
@click.option("--decade", "decades", multiple=True, metavar="1990s", help="Only songs of those years; may be repeated.")
@click.option("--tempo", metavar="LO-HI", help="Only songs of so many beats a minute, like 90-120.")
@click.option("--no-explicit", is_flag=True, help="Leave out songs that are known to be explicit.")
@click.option("--novelty", type=float, default=0.0, show_default=True,
              help="What comes first, from -1, the well known, to 1, the new.")  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed gives the same songs."
)
@click.option("--catalogue", type=FILE, help="A CSV or Parquet file of songs instead of those in use.")
@click.option("--history", type=FILE, help="Songs heard before (JSON lines or CSV of id and t), to be left in peace.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone on standard output.")
def recommend(
    emotion: str | None, valence: float | None, arousal: float | None, goal: str, target: str | None,
    count: int | None, minutes: float | None, genres: tuple[str, ...], decades: tuple[str, ...], tempo: str | None,
    no_explicit: bool, novelty: float, seed: int, catalogue: Path | None, history: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """List songs that fit a mood, each with the reason in words. The mood is --emotion, or --valence with --arousal."""
    try:
        start = _start(emotion, valence, arousal)
        route = plan(start, Goal(goal), _target(goal, target), count, minutes)
        filters = _filters(genres, decades, tempo, no_explicit, novelty)
    except UsageError as exc:
        raise click.UsageError(str(exc)) from exc
    heard = read_history(history, time.time()) if history else ()
    table = build_catalogue(catalogue) if catalogue else chosen_catalogue(Settings.from_mapping(os.environ))[1]
    songs = recommend_along(table, route, filters=filters, seed=seed, history=heard)
    click.echo(json.dumps(_as_json(route, songs), indent=2, ensure_ascii=False) if as_json else _as_table(route, songs))


def _start(emotion: str | None, valence: float | None, arousal: float | None) -> AffectPoint:
    if emotion is not None:
        if valence is not None or arousal is not None:
            raise UsageError("Give the mood once: either --emotion, or --valence with --arousal.")
        return EMOTION_POINTS[Emotion.parse(emotion)]
    if valence is None or arousal is None:
        raise UsageError("Say which mood: --emotion NAME, or both --valence and --arousal, each from -1 to 1.")
    return AffectPoint(valence, arousal)


def _target(goal: str, target: str | None) -> AffectPoint | None:
    if target is None:
        return None
    if goal == Goal.STAY:
        raise UsageError("--target needs --goal guide or --goal contrast: with stay, the mood itself is the target.")
    return parse_target(target)


def _filters(
    genres: tuple[str, ...], decades: tuple[str, ...], tempo: str | None, no_explicit: bool, novelty: float
) -> Filters:
    """The filters as they were typed. Raises UsageError."""
    years = [_DECADE.match(decade) for decade in decades]
    if None in years:
        raise UsageError(f"A decade is given like 1990 or 1990s, got {', '.join(map(repr, decades))}.")
    limits = None if tempo is None else _TEMPO.match(tempo)
    if tempo is not None and limits is None:
        raise UsageError(f"A tempo is given as two numbers of beats a minute like 90-120, got {tempo!r}.")
    return Filters(
        genres=frozenset(genres),
        decades=frozenset(int(year[1]) for year in years if year),
        tempo=None if limits is None else (float(limits[1]), float(limits[2])),
        explicit=not no_explicit,
        novelty=novelty,
    )


def _as_json(route: Plan, songs: tuple[Recommendation, ...]) -> dict[str, Any]:
    return {
        "start": _point(route.start),
        "target": _point(route.target),
        "goal": str(route.goal),
        "items": [
            {
                "id": song.track.id,
                "title": song.track.title,
                "artist": song.track.artist,
                "year": song.track.year,
                "genre": song.track.genre,
                "valence": song.track.valence,
                "energy": song.track.energy,
                "plane": _point(song.point),
                "waypoint": _point(song.waypoint),
                "score": round(song.score, DIGITS),
                "reason": song.reason,
            }
            for song in songs
        ],
    }


def _point(point: AffectPoint) -> dict[str, float]:
    return {"valence": round(point.valence, DIGITS), "arousal": round(point.arousal, DIGITS)}


def _as_table(route: Plan, songs: tuple[Recommendation, ...]) -> str:
    verb = {Goal.STAY: "staying with", Goal.GUIDE: "leading away from", Goal.CONTRAST: "turning from"}[route.goal]
    start, target = (f"valence {p.valence:+.2f}, arousal {p.arousal:+.2f}" for p in (route.start, route.target))
    known = all(song.track.duration_ms for song in songs)
    lasting = f" ({round(sum(song.track.duration_ms for song in songs) / MS_PER_MINUTE)} minutes)" if known else ""
    lines = [f"{len(songs)} {'song' if len(songs) == 1 else 'songs'}{lasting} {verb} {start}, towards {target}"]
    for number, song in enumerate(songs, start=1):
        title, artist = _fit(song.track.title, TITLE_WIDTH), _fit(song.track.artist, ARTIST_WIDTH)
        lines.append(f"{number:>3}  {title}  {artist}  {song.track.year or '':>4}  {song.reason}")
    return "\n".join(lines)


def _fit(text: str, width: int) -> str:
    """The text in exactly ``width`` terminal columns; East Asian characters take two."""
    taken, kept = 0, ""
    for character in text:
        columns = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if taken + columns > width - 1 and text != kept + character:
            return f"{kept}…{' ' * (width - taken - 1)}"
        kept, taken = kept + character, taken + columns
    return kept + " " * (width - taken)
