"""Songs' ids and addresses: a song without a Spotify id keeps one of our own and is searched for."""

from __future__ import annotations

import pytest

from emrs_core.errors import UsageError
from emrs_core.music.folding import folded
from emrs_core.music.links import ID_LENGTH, can_embed, embed_url, is_own_id, is_track_id, own_id, song_url
from emrs_core.testing.catalogues import make_track, numbered_id


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("Beyoncé", "BEYONCE"),
        ("P!nk", "p nk"),
        ("Halo (feat. Somebody)", "Halo"),
        ("Sigur Rós", "Sigur Ros"),
        ("Straße", "STRASSE"),
    ],
)
def test_two_spellings_of_a_name_meet(one: str, same: str) -> None:
    assert folded(one) == folded(same)


def test_names_of_signs_alone_stay_apart() -> None:
    assert len({folded(name) for name in ("!!!", "?", "÷", "+")}) == 4


def test_an_own_id_is_stable_as_long_as_spotifys_and_never_one_of_them() -> None:
    own = own_id("Beyoncé", "Halo")
    assert own == own_id("beyonce", "HALO!") != own_id("Halo", "Beyoncé")
    assert len(own) == ID_LENGTH == len(numbered_id(1))
    assert is_own_id(own)
    assert not is_track_id(own)
    assert not is_own_id(numbered_id(1))


def test_a_song_of_our_own_id_is_searched_for_and_never_embedded() -> None:
    track = make_track(id=own_id("AC/DC", "T.N.T. & more?"), artist="AC/DC", title="T.N.T. & more?")
    assert not can_embed(track.id)
    assert song_url(track) == "https://open.spotify.com/search/AC%2FDC%20T.N.T.%20%26%20more%3F"
    with pytest.raises(UsageError, match="22 letters and digits"):
        embed_url(track.id)


def test_a_song_with_spotifys_id_has_its_own_page() -> None:
    assert can_embed(numbered_id(7))
    assert song_url(make_track(7)) == f"https://open.spotify.com/track/{numbered_id(7)}"
