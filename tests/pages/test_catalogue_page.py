"""The Catalogue page in every state: in use, covered, imported, refused, fetched, damaged, and for guests."""

from __future__ import annotations

from pathlib import Path

import pytest

from emrs_core.music.catalogues.store import BUILTIN, CatalogueStore
from emrs_core.testing.catalogues import FakeCatalogue, make_track, numbered_id
from emrs_core.ui import catalogue_import, hooks, resources
from emrs_core.ui.catalogue_page import GUEST_NOTE
from tests.integration.loopback_files import serving
from tests.pages.harness import Dashboard

HEADER = "id,title,artist,valence,energy,year,genre"
GOOD = [f"{numbered_id(n)},Song {n},Artist {n},{n % 10 / 10},{n % 7 / 6},{1980 + n % 40},rock" for n in range(40)]
BAD = [f"{numbered_id(50)},,Nobody,0.5,0.5,1999,rock", f"{numbered_id(51)},Loud,Nobody,loud,0.5,1999,rock"]


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def upload(dashboard: Dashboard, data: bytes, name: str = "My songs.csv") -> Dashboard:
    dashboard.app.file_uploader(key=hooks.CATALOGUE_FILE).set_value((name, data, "text/csv"))
    return dashboard.run()


def press(dashboard: Dashboard, prefix: str) -> Dashboard:
    (button,) = [button for button in dashboard.app.button if str(button.key).startswith(prefix)]
    button.click()
    return dashboard.run()


def store_of(folder: Path) -> CatalogueStore:
    return CatalogueStore(folder / "catalogues")


@pytest.fixture
def page(dashboard: Dashboard) -> Dashboard:
    return dashboard.run().open("Catalogue")


def test_it_shows_what_is_used_and_what_that_covers(page: Dashboard) -> None:
    text = page.text()
    assert "in use" in text
    assert "<strong>100</strong> songs" in text
    assert "Fewer than 20 songs" in text  # the fake catalogue has about six in a cell
    assert text.count('class="emrs-thin"') == 16
    assert "1960s" in text
    assert not [key for key in (button.key for button in page.app.button) if str(key).startswith("catalogue-use")]


def test_a_file_is_looked_at_before_it_comes_in(page: Dashboard, tmp_path: Path) -> None:
    text = upload(page, csv_of(*GOOD, *BAD)).text()
    assert "The first songs, as they would come in" in text
    shown = page.app.dataframe[0].value
    assert list(shown["title"])[:2] == ["Song 0", "Song 1"]
    assert len(shown) == catalogue_import.PREVIEW_SONGS
    assert "2 of the first 42 rows cannot be songs" in text
    assert "row 42, column title" in text.replace("\\", "")
    assert store_of(tmp_path).list() == ()


def test_the_songs_come_in_are_used_at_once_and_the_bad_rows_are_told(page: Dashboard, tmp_path: Path) -> None:
    upload(page, csv_of(*GOOD, GOOD[0], *BAD))
    text = press(page, hooks.CATALOGUE_START).text()
    success = page.app.success[0].value
    assert (
        "**my-songs**: 40 songs came in and are in use. Left out: 2 rows with an error, 1 whose id came before."
        in success
    )
    assert store_of(tmp_path).chosen == "my-songs"
    assert len(resources.load().services.catalogue.tracks()) == 40
    assert "<strong>40</strong> songs" in text
    errors = page.app.dataframe[0].value
    assert list(errors["Row"]) == [43, 44]
    assert list(errors["Column"]) == ["title", "valence"]
    assert page.has_button(hooks.use_button(BUILTIN))


def test_a_choice_holds_and_can_be_taken_back(page: Dashboard, tmp_path: Path) -> None:
    press(upload(page, csv_of(*GOOD)), hooks.CATALOGUE_START)
    page.button(hooks.use_button(BUILTIN)).click()
    text = page.run().text()
    assert store_of(tmp_path).chosen == BUILTIN
    assert "<strong>907</strong> songs" in text
    page.button(hooks.use_button("my-songs")).click()
    assert "<strong>40</strong> songs" in page.run().text()
    page.button(hooks.delete_button("my-songs")).click()
    page.run()
    assert store_of(tmp_path).list() == ()
    assert store_of(tmp_path).chosen == BUILTIN


def test_columns_that_were_not_found_are_asked_for(page: Dashboard, tmp_path: Path) -> None:
    rows = ["A,X,0.1,0.2,180", "B,Y,0.3,0.9,200"]
    text = upload(page, csv_of(*rows, header="was,wer,froh,wild,duration")).text()
    assert "Say which column holds the title and the artist and the valence and the energy" in "".join(
        info.value for info in page.app.info
    )
    assert "The first songs" not in text
    for field, column in (("title", "was"), ("artist", "wer"), ("valence", "froh"), ("energy", "wild")):
        (box,) = [
            box
            for box in page.app.selectbox
            if str(box.key).startswith(f"{hooks.column_choice(field)}-") and not str(box.key).endswith("-unit")
        ]
        box.select(column)
        page.run()
    press(page, hooks.CATALOGUE_START)
    first = store_of(tmp_path).open("my-songs").tracks()[0]
    assert (first.title, first.artist, first.energy, first.duration_ms) == ("A", "X", 0.2, 180_000)
    assert "Songs without a Spotify id have no player here" in page.text()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is empty"),
        (b"PAR1 and then nothing", "damaged or foreign Parquet"),
        (csv_of(BAD[1]), "none of the 1 rows can be used"),
        (csv_of(), "no song in the table"),
    ],
)
def test_a_file_that_does_not_do_says_why_and_changes_nothing(
    page: Dashboard, tmp_path: Path, data: bytes, words: str
) -> None:
    upload(page, data)
    if any(str(button.key).startswith(hooks.CATALOGUE_START) for button in page.app.button):
        press(page, hooks.CATALOGUE_START)
    assert any(words in error.value for error in page.app.error)
    assert store_of(tmp_path).list() == ()
    assert "<strong>100</strong> songs" in page.text()


def test_a_name_that_cannot_be_is_told(page: Dashboard, tmp_path: Path) -> None:
    upload(page, csv_of(*GOOD))
    (name,) = [field for field in page.app.text_input if str(field.key).startswith(hooks.CATALOGUE_NAME)]
    assert name.value == "my-songs"
    name.set_value("../../up")
    page.run()
    press(page, hooks.CATALOGUE_START)
    assert "A catalogue's name has 1 to 60" in page.app.error[0].value
    assert store_of(tmp_path).list() == ()


def test_a_browser_elsewhere_cannot_name_files_of_this_machine(page: Dashboard) -> None:
    assert hooks.CATALOGUE_PATH not in [field.key for field in page.app.text_input]
    assert "Open the dashboard on the machine it runs on" in page.text()


def test_a_large_file_is_named_by_its_path(page: Dashboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_import, "browser_is_here", lambda: True)
    page.run()
    (tmp_path / "large.csv").write_bytes(csv_of(*GOOD))
    page.app.text_input(key=hooks.CATALOGUE_PATH).set_value(str(tmp_path / "large.csv"))
    press(page.run(), hooks.CATALOGUE_START)
    assert store_of(tmp_path).chosen == "large"
    again = page.app.text_input(key=f"{hooks.CATALOGUE_PATH}-1")
    assert not again.value  # what came in is not offered again
    again.set_value(str(tmp_path / "nowhere.csv"))
    page.run()
    assert "cannot be opened" in page.app.error[0].value


def test_the_public_table_is_fetched(page: Dashboard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(csv_of(*GOOD)) as server:
        monkeypatch.setattr(catalogue_import, "TABLE_URL", server.url)
        page.button(hooks.CATALOGUE_FETCH).click()
        page.run()
    assert store_of(tmp_path).chosen == "tidytuesday"
    assert "40 songs came in" in page.app.success[0].value


def test_a_fetch_without_a_connection_is_told(page: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_import, "TABLE_URL", "http://127.0.0.1:9/nothing.csv")
    page.button(hooks.CATALOGUE_FETCH).click()
    page.run()
    assert "cannot be fetched" in page.app.error[0].value
    assert "what came so far is kept" in page.app.error[0].value


def test_a_guest_looks_and_changes_nothing(dashboard: Dashboard) -> None:
    dashboard.environment(EMRS_MODE="hosted")
    dashboard.run().open("Catalogue")
    assert GUEST_NOTE in [info.value for info in dashboard.app.info]
    assert "<strong>100</strong> songs" in dashboard.text()
    assert not dashboard.app.get("file_uploader")
    assert not [button.key for button in dashboard.app.button if "catalogue" in str(button.key)]


def test_a_damaged_catalogue_gives_way_to_the_built_in_songs(page: Dashboard, tmp_path: Path) -> None:
    press(upload(page, csv_of(*GOOD)), hooks.CATALOGUE_START)
    store_of(tmp_path).path_of("my-songs").write_bytes(b"PAR1 broken")
    resources.reload_catalogue()
    text = page.run().text()
    assert "The built-in songs stand in for the chosen ones" in text
    assert "damaged: import it again, or delete it" in text
    page.button(hooks.delete_button("my-songs")).click()
    page.run()
    assert store_of(tmp_path).list() == ()


def test_another_catalogue_ends_the_list_of_the_one_before(dashboard: Dashboard) -> None:
    dashboard.run().open("Music")
    dashboard.session.choose_mood(dashboard.catalogue_point())
    closed = dashboard.feed.closed
    press(upload(dashboard.open("Catalogue"), csv_of(*GOOD)), hooks.CATALOGUE_START)
    assert dashboard.feed.closed > closed


def test_names_of_songs_and_genres_are_text_never_markup(dashboard: Dashboard) -> None:
    dashboard.catalogue = FakeCatalogue([make_track(n, genre="<script>alert(1)</script>") for n in range(3)])
    text = dashboard.run().open("Catalogue").text()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_songs_without_spotify_ids_are_told_to_have_no_player_here(dashboard: Dashboard) -> None:
    page = upload(dashboard.run().open("Catalogue"), csv_of(*(row.partition(",")[2] for row in GOOD),
                                                           header=HEADER.partition(",")[2]))  # fmt: skip
    press(page, hooks.CATALOGUE_START)
    assert "<strong>none</strong> play here" in page.text()
