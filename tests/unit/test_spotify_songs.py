"""Spotify's songs and the catalogue's: which is which, which take part, and that nothing is kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emrs_core.errors import StreamingError
from emrs_core.music.features import CatalogueFeatures
from emrs_core.music.preference import SumOfPreferences
from emrs_core.music.spotify.failures import ServiceDown
from emrs_core.music.spotify.familiar import (
    LOCAL_FILE,
    NOT_IN_CATALOGUE,
    SAVED_REWARD,
    TOP_REWARD,
    FamiliarSongs,
    match,
)
from emrs_core.music.spotify.resolve import Resolver, same_song, title_words
from emrs_core.streaming import ServiceTrack
from emrs_core.testing.catalogues import FakeCatalogue, make_track, numbered_id
from emrs_core.testing.music_service import service_track
from emrs_core.types import AffectPoint, Track

HERE = AffectPoint(0.0, 0.0)
OWN = "own-000000000000000001"


def named(title: str, artist: str, duration_ms: int = 200_000, isrc: str = "") -> Track:
    track = make_track(1, id=OWN, title=title, artist=artist, duration_ms=duration_ms)
    return Track(**{name: getattr(track, name) for name in Track.__slots__} | {"isrc": isrc})


class Finder:
    """Finds the same songs whatever is asked; ``asked`` counts."""

    def __init__(self, *songs: ServiceTrack, by_code: tuple[ServiceTrack, ...] = ()) -> None:
        self.songs, self.by_code = songs, by_code
        self.asked: list[str] = []
        self.failure: StreamingError | None = None

    def by_isrc(self, isrc: str) -> tuple[ServiceTrack, ...]:
        return self._answer(isrc, self.by_code)

    def search(self, title: str, artist: str = "", limit: int = 10) -> tuple[ServiceTrack, ...]:
        return self._answer(f"{title} / {artist}", self.songs)

    def _answer(self, asked: str, songs: tuple[ServiceTrack, ...]) -> tuple[ServiceTrack, ...]:
        self.asked.append(asked)
        if self.failure is not None:
            raise self.failure
        return songs


# -- is it the same song? --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("Heroes", "David Bowie"), ('"Heroes" - 2017 Remaster', "David Bowie")),
        (("Corazon Partio", "Alejandro Sanz"), ("Corazón partío", "Alejandro Sanz")),
        (("Dreams", "The Cranberries"), ("Dreams", "Cranberries")),
        (("Under Pressure", "Queen & David Bowie"), ("Under Pressure - Remastered 2011", "Queen")),
        (("Umbrella", "Rihanna"), ("Umbrella (feat. JAY-Z)", "Rihanna")),
        (("Don't Stop", "Fleetwood Mac"), ("Dont Stop", "Fleetwood Mac")),
    ],
)
def test_spelling_guests_and_remasters_make_no_other_song(ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    assert same_song(named(*ours), service_track(title=theirs[0], artists=(theirs[1],)))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("Heroes", "David Bowie"), ("Heroes", "Alesso")),
        (("Dreams", "Fleetwood Mac"), ("The Chain", "Fleetwood Mac")),
        (("Creep", "Radiohead"), ("Creep - Live", "Radiohead")),
        (("Creep", "Radiohead"), ("Creep (Acoustic)", "Radiohead")),
        (("Halo", "Beyoncé"), ("Halo (Karaoke Version)", "Beyoncé")),
        (("One", "U2"), ("On", "U3")),
    ],
)
def test_another_artist_title_or_version_is_another_song(ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    assert not same_song(named(*ours), service_track(title=theirs[0], artists=(theirs[1],)))


def test_another_length_is_another_recording() -> None:
    assert not same_song(named("Song 1", "Artist 1"), service_track(1, duration_ms=260_000))
    assert same_song(named("Song 1", "Artist 1"), service_track(1, duration_ms=0))


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_compared(title: str, artist: str) -> None:
    same_song(named(title, artist), service_track(title=title, artists=(artist,)))
    assert title_words(title) == title_words(title_words(title)) or title


# -- finding ---------------------------------------------------------------------------------------------------------


def test_a_song_with_an_id_is_not_searched() -> None:
    finder = Finder()
    assert Resolver(finder).resolve(make_track(3)).track_id == numbered_id(3)
    assert finder.asked == []


def test_the_recording_code_comes_first() -> None:
    code = "USRC17607839"
    finder = Finder(by_code=(service_track(8, isrc=code),))
    found = Resolver(finder).resolve(named("Song", "Artist", isrc=code))
    assert (found.track_id, finder.asked) == (numbered_id(8), [code])


def test_else_the_most_alike_of_those_found() -> None:
    finder = Finder(
        service_track(1, title="Song", artists=("Another",)),
        service_track(2, title="Song", artists=("Artist",), duration_ms=215_000),
        service_track(3, title="Song", artists=("Artist",), duration_ms=201_000),
    )
    assert Resolver(finder).resolve(named("Song", "Artist")).track_id == numbered_id(3)


def test_no_surely_right_one_is_none_and_says_why() -> None:
    assert "similar name" in Resolver(Finder(service_track(1))).resolve(named("Zebra", "Nobody")).reason
    missing = Resolver(Finder()).resolve(named("Zebra", "Nobody"))
    assert missing.track_id is None
    assert "does not find" in missing.reason


def test_answers_are_remembered_and_failures_not() -> None:
    finder = Finder(service_track(1))
    resolver = Resolver(finder)
    finder.failure = ServiceDown()
    with pytest.raises(ServiceDown):
        resolver.resolve(named("Song 1", "Artist 1"))
    finder.failure = None
    assert resolver.resolve(named("Song 1", "Artist 1")) == resolver.resolve(named("Song 1", "Artist 1"))
    assert len(finder.asked) == 2
    resolver.forget()
    resolver.resolve(named("Song 1", "Artist 1"))
    assert len(finder.asked) == 3


# -- the listener's own songs ----------------------------------------------------------------------------------------


def with_code(number: int, isrc: str) -> Track:
    track = make_track(number)
    return Track(**{name: getattr(track, name) for name in Track.__slots__} | {"isrc": isrc})


def test_songs_are_matched_by_id_alias_and_recording_code() -> None:
    catalogue = FakeCatalogue([make_track(1), make_track(2), with_code(3, "USRC17607839")])
    saved = (service_track(1), service_track(50, aliases=(numbered_id(2),)), service_track(60, isrc="USRC17607839"))
    familiar = match(saved, (), catalogue)
    assert [song.ours.id for song in familiar.matched] == [numbered_id(n) for n in (1, 2, 3)]
    assert familiar.unmatched == ()


def test_those_without_a_match_are_listed_apart_with_the_reason() -> None:
    local = ServiceTrack(None, "My demo", ("Me",))
    familiar = match((service_track(1), service_track(70), local), (), FakeCatalogue([make_track(1)]))
    assert [(song.theirs.title, song.reason) for song in familiar.unmatched] == [
        ("Song 70", NOT_IN_CATALOGUE),
        ("My demo", LOCAL_FILE),
    ]


def test_a_song_both_saved_and_dear_counts_once_as_dear() -> None:
    familiar = match(
        (service_track(1), service_track(2)), (service_track(1),), FakeCatalogue([make_track(1), make_track(2)])
    )
    assert {song.ours.id: song.reward for song in familiar.matched} == {
        numbered_id(1): TOP_REWARD,
        numbered_id(2): SAVED_REWARD,
    }


def test_the_lift_is_on_the_matched_rows_alone() -> None:
    tracks = [make_track(n) for n in range(5)]
    familiar = match((service_track(2),), (service_track(4),), FakeCatalogue(tracks))
    features = CatalogueFeatures.of(tracks)
    expected = np.array([0, 0, SAVED_REWARD, 0, TOP_REWARD], np.float32)
    rewards = familiar.rewards(features, HERE, np.random.default_rng(0))
    assert rewards is not None
    np.testing.assert_allclose(rewards, expected)


def test_a_learned_taste_is_added_to_and_never_written() -> None:
    tracks = [make_track(n) for n in range(3)]
    features = CatalogueFeatures.of(tracks)
    learned = np.array([0.1, np.nan, -0.2], np.float32)

    class Taste:
        def rewards(self, *_: object) -> np.ndarray:
            return learned

    familiar = match((service_track(2),), (), FakeCatalogue(tracks))
    rewards = SumOfPreferences((Taste(), familiar)).rewards(features, HERE, np.random.default_rng(0))
    assert rewards is not None
    np.testing.assert_allclose(rewards, [0.1, 0.0, -0.2 + SAVED_REWARD], atol=1e-6)
    np.testing.assert_array_equal(learned, np.array([0.1, np.nan, -0.2], np.float32))


def test_without_a_match_the_list_is_the_plain_one() -> None:
    features = CatalogueFeatures.of([make_track(1)])
    assert FamiliarSongs().rewards(features, HERE, np.random.default_rng(0)) is None


def test_a_list_is_playable_in_its_order_without_those_that_spotify_lacks() -> None:
    nobody = named("Zebra", "Nobody")
    playable = Resolver(Finder()).playable([make_track(2), nobody, make_track(1)])
    assert playable.track_ids == (numbered_id(2), numbered_id(1))
    assert [(track, "find" in reason) for track, reason in playable.missing] == [(nobody, True)]
