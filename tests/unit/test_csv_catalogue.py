"""Reading a table of songs: a broken one is named by file, row, column and value, and never reads as empty."""

from __future__ import annotations

import pytest

from emrs_core.errors import CatalogueError
from emrs_core.music.catalogue import COLUMNS, CsvCatalogue
from emrs_core.testing.catalogues import numbered_id

HEADER = ",".join(COLUMNS)
SONG = {
    "id": numbered_id(1),
    "title": "Song, one",
    "artist": "Somebody",
    "year": "1975",
    "genre": "rock",
    "duration_ms": "200000",
    "valence": "0.5",
    "energy": "0.25",
    "danceability": "0",
    "acousticness": "1",
    "tempo": "120.5",
}


def line(**changed: str) -> str:
    return ",".join(f'"{value}"' for value in {**SONG, **changed}.values())


def read(*lines: str) -> CsvCatalogue:
    return CsvCatalogue("\n".join([HEADER, *lines]), "songs.csv")


def test_a_row_becomes_a_track() -> None:
    (track,) = read(line()).tracks()
    assert (track.title, track.year, track.energy, track.tempo) == ("Song, one", 1975, 0.25, 120.5)


def test_more_columns_and_another_order_do_no_harm() -> None:
    names = [*reversed(COLUMNS), "mood"]
    cells = [f'"{SONG.get(name, "x")}"' for name in names]
    (track,) = CsvCatalogue(f"{','.join(names)}\n{','.join(cells)}\n", "songs.csv").tracks()
    assert track.artist == "Somebody"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("id", "short"),
        ("id", numbered_id(1)[:-1] + "/"),
        ("title", "  "),
        ("artist", ""),
        ("year", "last year"),
        ("year", "75"),
        ("duration_ms", "0"),
        ("duration_ms", "1.5"),
        ("valence", "1.01"),
        ("energy", "-0.1"),
        ("danceability", "nan"),
        ("acousticness", ""),
        ("tempo", "inf"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(column: str, value: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(line(id=numbered_id(2)), line(**{column: value}))
    message = str(caught.value)
    assert message.startswith(f"songs.csv, row 3, column {column}: expected ")
    assert repr(value.strip()) in message


def test_a_second_song_of_an_id_is_refused() -> None:
    with pytest.raises(CatalogueError, match=r"row 4, column id: .* stands in row 2 already"):
        read(line(), line(id=numbered_id(2)), line())


def test_a_short_row_lacks_its_last_column() -> None:
    with pytest.raises(CatalogueError, match=r"row 2, column tempo: expected beats a minute, got ''"):
        read(line().rpartition(",")[0])


@pytest.mark.parametrize("text", ["", "id,title\n", "just words"])
def test_a_table_without_the_columns_says_which(text: str) -> None:
    with pytest.raises(CatalogueError, match=r"songs.csv: the first row must name .*missing: .*artist"):
        CsvCatalogue(text, "songs.csv")


def test_a_table_without_songs_is_an_error() -> None:
    with pytest.raises(CatalogueError, match="no song"):
        read()


def test_an_open_quote_is_an_error_of_the_table() -> None:
    with pytest.raises(CatalogueError, match="not a CSV table"):
        read('"open')


def test_columns_are_made_once() -> None:
    catalogue = read(line())
    assert catalogue.features is catalogue.features
    assert catalogue.features.plane[:, 0].tolist() == [0.0, -0.5]
