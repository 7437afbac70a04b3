"""The built-in songs: known, varied over mood, time and genre, and fit to be played to a stranger."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import pytest

from emrs_core.music.catalogue import CsvCatalogue
from emrs_core.music.links import is_track_id
from emrs_core.types import Track

ALL_THAT_EXIST = {(3, 0): 10}
"""Songs of (valence quarter, energy quarter) that the source has after its clean-up, where these are fewer than 20;
``tests/integration/test_curation.py`` counts them in the source."""
PER_CELL = 20
PER_DECADE = 40
PER_ARTIST = 3
LARGEST_GENRE_SHARE = 0.3
OTHER_RECORDING = re.compile(
    r"\b(remix|karaoke|tribute|remaster(ed)?|unplugged|acoustic version|instrumental|ao vivo|en vivo|sped up|"
    r"white noise|live (at|from|in)|radio edit|demo|re-?recorded|lullaby|christmas)\b|- live|\(live|feat\.",
    re.IGNORECASE,
)
COARSE = re.compile(r"n[i*]gg|\bbitch|fuck|\bshit|\bhoes?\b|\bpuss(y|ies)|\bwhore|\bfag|\bretard|suicid", re.IGNORECASE)
NOT_MUSICIANS = re.compile(r"\b(karaoke|tribute|noise|nature sounds?|sleep|meditation|glee cast)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def tracks() -> Sequence[Track]:
    return CsvCatalogue.builtin().tracks()


def normalised(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


def quarter(value: float) -> int:
    return min(3, int(value * 4))


def test_there_are_enough_songs(tracks: Sequence[Track]) -> None:
    assert 700 <= len(tracks) <= 1000


def test_every_cell_of_valence_and_energy_is_filled(tracks: Sequence[Track]) -> None:
    cells = Counter((quarter(track.valence), quarter(track.energy)) for track in tracks)
    for cell in ((valence, energy) for valence in range(4) for energy in range(4)):
        assert cells[cell] >= ALL_THAT_EXIST.get(cell, PER_CELL), cell


@pytest.mark.parametrize("decade", [1960, 1970, 1980, 1990, 2000, 2010])
def test_every_decade_has_its_songs(tracks: Sequence[Track], decade: int) -> None:
    assert sum(decade <= track.year < decade + 10 for track in tracks) >= PER_DECADE


def test_years_lie_between_the_first_records_and_the_source(tracks: Sequence[Track]) -> None:
    assert all(1950 <= track.year <= 2020 for track in tracks)


def test_no_artist_has_more_than_three(tracks: Sequence[Track]) -> None:
    artist, most = Counter(normalised(track.artist) for track in tracks).most_common(1)[0]
    assert most <= PER_ARTIST, artist


def test_no_song_comes_twice(tracks: Sequence[Track]) -> None:
    assert all(is_track_id(track.id) for track in tracks)
    assert len({track.id for track in tracks}) == len(tracks)
    names = Counter((normalised(track.artist), normalised(track.title)) for track in tracks)
    assert names.most_common(1)[0][1] == 1, names.most_common(1)


def test_no_genre_rules(tracks: Sequence[Track]) -> None:
    genres = Counter(track.genre for track in tracks)
    assert len(genres) >= 6
    assert genres.most_common(1)[0][1] <= LARGEST_GENRE_SHARE * len(tracks)


def test_songs_last_between_a_minute_and_a_half_and_ten_minutes(tracks: Sequence[Track]) -> None:
    assert all(90_000 <= track.duration_ms <= 600_000 for track in tracks)


def test_titles_name_the_song_alone(tracks: Sequence[Track]) -> None:
    assert [t.title for t in tracks if OTHER_RECORDING.search(t.title) or t.title != t.title.strip()] == []


def test_nothing_that_a_stranger_should_not_be_shown(tracks: Sequence[Track]) -> None:
    shown = [f"{track.artist}: {track.title}" for track in tracks]
    assert [line for line in shown if COARSE.search(line)] == []
    assert [track.artist for track in tracks if NOT_MUSICIANS.search(track.artist)] == []


@pytest.mark.parametrize(
    ("artist", "title", "year"),
    [
        ("Queen", "Bohemian Rhapsody", 1975),
        ("The Beatles", "Come Together", 1969),
        ("Men At Work", "Down Under", 1981),
        ("The Proclaimers", "I'm Gonna Be (500 Miles)", 1988),
        ("Wham!", "Wake Me Up Before You Go-Go", 1984),
        ("The Notorious B.I.G.", "Hypnotize", 1997),
    ],
)
def test_reissues_carry_the_year_of_the_song(tracks: Sequence[Track], artist: str, title: str, year: int) -> None:
    assert [track.year for track in tracks if (track.artist, track.title) == (artist, title)] == [year]
