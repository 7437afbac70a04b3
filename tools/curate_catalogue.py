"""Make ``emrs_core/music/data/songs.csv`` from the public table of Spotify songs. Same table, same catalogue.

    python tools/curate_catalogue.py PATH/TO/spotify_songs.csv

docs/catalogue.md describes the procedure and names the source.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from catalogue_cleaning import Row, Song, normalised, songs_from
from catalogue_selection import select

OUTPUT = Path(__file__).resolve().parent.parent / "emrs_core" / "music" / "data" / "songs.csv"
REVIEW = Path(__file__).with_name("catalogue_review.csv")
COLUMNS = (
    "id", "title", "artist", "year", "genre", "duration_ms",
    "valence", "energy", "danceability", "acousticness", "tempo", "popularity",
)  # fmt: skip
Review = Mapping[tuple[str, str, str], str]
ALL_TITLES = "*"
NUMBERS = ("valence", "energy", "danceability", "acousticness", "tempo", "duration_ms", "speechiness")


def read_rows(path: Path) -> list[Row]:
    """The table's rows that have a title and an artist."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                id=line["track_id"],
                title=line["track_name"],
                artist=line["track_artist"],
                popularity=float(line["track_popularity"]),
                album=line["track_album_name"],
                year=int(line["track_album_release_date"][:4]),
                playlist=line["playlist_name"],
                genre=line["playlist_genre"],
                features={name: float(line[name]) for name in NUMBERS},
            )
            for line in csv.DictReader(file)
            if line["track_name"].strip() and line["track_artist"].strip()
        ]


def read_review(path: Path) -> Review:
    """A person's corrections by song: ``drop``, or the right ``year`` or ``genre`` in ``value``, and why.

    A ``*`` as title means all songs of the artist.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return {(normalised(x["artist"]), normalised(x["title"]) or ALL_TITLES, x["action"]): x["value"] for x in lines}


def reviewed(songs: Iterable[Song], review: Review) -> list[Song]:
    """Songs after the review, those with an unknown year left out."""

    def word(song: Song, action: str) -> str | None:
        artist, title = song.key
        return review.get((artist, title, action), review.get((artist, ALL_TITLES, action)))

    kept = []
    for song in songs:
        if word(song, "drop") is None:
            year, genre = word(song, "year"), word(song, "genre")
            corrected = replace(song, year=int(year) if year else song.year, genre=genre or song.genre)
            kept.extend([corrected] if corrected.year is not None else [])
    return kept


def write(songs: Sequence[Song], path: Path) -> None:
    """Write the catalogue beside its place, then move it there."""
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for song in songs:
            f = song.row.features
            facts = [song.row.id, song.title, song.row.artist, song.year, song.genre, song.row.duration_ms]
            numbers = [f"{f[name]:.4g}" for name in ("valence", "energy", "danceability", "acousticness")]
            writer.writerow([*facts, *numbers, f"{f['tempo']:.1f}", f"{song.row.popularity / 100:g}"])
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def summary(songs: Sequence[Song], available: Sequence[Song]) -> str:
    """The figures of docs/catalogue.md."""
    cells, all_cells = Counter(s.cell for s in songs), Counter(s.cell for s in available)
    lines = [f"{len(songs)} songs of {len({s.key[0] for s in songs})} artists, chosen from {len(available)}"]
    lines.append(
        "decades " + ", ".join(f"{d}s {n}" for d, n in sorted(Counter((s.year or 0) // 10 * 10 for s in songs).items()))
    )
    lines.append("genres " + ", ".join(f"{g} {n}" for g, n in Counter(s.genre for s in songs).most_common()))
    lines += [
        f"valence {v}: " + "  ".join(f"{cells[v, e]:3d}/{all_cells[v, e]:<4d}" for e in range(4)) for v in range(4)
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Choose the built-in catalogue from the public table of Spotify songs."
    )
    parser.add_argument("table", type=Path, help="spotify_songs.csv")
    parser.add_argument("--out", type=Path, default=OUTPUT, help="where to write (default: the built-in catalogue)")
    arguments = parser.parse_args()
    songs = songs_from(read_rows(arguments.table))
    available = reviewed(songs, read_review(REVIEW))
    chosen = select(available)
    write(chosen, arguments.out)
    print(summary(chosen, available), file=sys.stderr)


if __name__ == "__main__":
    main()
