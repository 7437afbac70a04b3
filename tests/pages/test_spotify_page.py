"""The Spotify page before and after somebody connected: setup, the way in, who it is, the way out."""

from __future__ import annotations

import pytest

from emrs_core.errors import StorageError
from emrs_core.music.spotify.outcomes import SENTENCES, Outcome
from emrs_core.music.spotify.scopes import Step
from emrs_core.settings import Mode
from emrs_core.ui import hooks
from emrs_core.ui.spotify import browser, setup, words
from emrs_core.ui.spotify.badge import SHOWN_S
from emrs_core.ui.spotify.way_in import login_address
from tests.pages.harness import Dashboard
from tests.pages.spotify_world import ALL, SpotifyWorld, messages, press, warnings, with_list

# -- before there is a Client ID --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", list(Mode)[1:])
def test_without_a_client_id_the_page_walks_through_getting_one(
    dashboard: Dashboard, world: SpotifyWorld, mode: Mode
) -> None:
    world.configured = False
    dashboard.environment(EMRS_MODE=str(mode))
    text = dashboard.run().open("Spotify").text()
    for needed in (
        "Create app",
        "Give it this address",
        "Client ID",
        "Premium",
        "five",
        "User management",
        setup.INTRO[mode],
    ):
        assert needed in text
    assert "spotify/login" not in text  # no dead button
    code = [element.value for element in dashboard.app.code]
    assert any(setup.SETTING in value for value in code)


def test_the_setup_shows_the_exact_address_to_paste(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    setup_of = setup.Address("http://127.0.0.1:8501/spotify/callback", "http://127.0.0.1:8501/spotify")
    monkeypatch.setattr("emrs_core.ui.spotify_page.address_of", lambda url: setup_of)
    text = dashboard.run().open("Spotify").text()
    assert setup_of.redirect_uri in [element.value for element in dashboard.app.code]
    assert "refuses the name `localhost`" in text
    monkeypatch.setattr("emrs_core.ui.spotify_page.address_of", lambda url: setup.Address(None))
    dashboard.run()
    assert setup.INSECURE in warnings(dashboard)


# -- connect ----------------------------------------------------------------------------------------------------------


def test_connecting_is_a_plain_link_that_asks_for_little(dashboard: Dashboard, world: SpotifyWorld) -> None:
    text = dashboard.run().open("Spotify").text()
    ticket = dashboard.app.session_state["emrs-visit"].spotify.ticket
    address = login_address(ticket, Step.LISTEN)
    assert f'href="{address.replace("&", "&amp;")}"' in text
    assert "resume=" in address
    assert words.OTHER_TAB in text
    assert "connect" in text.lower()
    assert hooks.SPOTIFY_DISCONNECT not in [button.key for button in dashboard.app.button]


@pytest.mark.parametrize("outcome", [one for one in Outcome if one not in (Outcome.CONNECTED, Outcome.DISCONNECTED)])
def test_how_a_login_ended_is_said_for_a_while(dashboard: Dashboard, world: SpotifyWorld, outcome: Outcome) -> None:
    world.outcome = outcome
    dashboard.run().open("Spotify")
    assert SENTENCES[outcome] in warnings(dashboard)
    assert SENTENCES[outcome] in warnings(dashboard.run())
    dashboard.clock.advance(SHOWN_S + 1)
    assert SENTENCES[outcome] not in warnings(dashboard.run())


def test_a_login_that_worked_is_said_in_passing(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect()
    world.outcome = Outcome.CONNECTED
    assert SENTENCES[Outcome.CONNECTED] in messages(dashboard.run())


def test_an_unknown_word_in_the_address_is_nothing(dashboard: Dashboard) -> None:
    dashboard.app.query_params["connect"] = "<b>hello</b>"
    dashboard.run()
    assert "hello" not in dashboard.text()
    assert "connect" not in dashboard.app.query_params


# -- who is connected -------------------------------------------------------------------------------------------------


def test_who_is_connected_stands_on_every_page(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect()
    dashboard.run()
    for page in ("Live", "Spotify", "Your data"):
        assert "Spotify: Ada &lt;Lovelace&gt;" in dashboard.open(page).text()
    world.connection = None
    assert "Spotify: Ada" not in dashboard.run().text()


def test_each_permission_has_its_reason_and_its_own_way_in(dashboard: Dashboard, world: SpotifyWorld) -> None:
    world.connect()
    text = with_list(dashboard).open("Spotify").text()
    for step in Step:
        assert words.PERMISSIONS[step].reason in text
        assert (f"step={step}&amp;" in text) == (step is not Step.LISTEN)
    world.connect(*ALL)
    assert "spotify/login" not in dashboard.run().text()


def test_disconnecting_says_what_was_erased_and_lets_the_browser_drop_its_cookie(
    dashboard: Dashboard, world: SpotifyWorld
) -> None:
    world.connect(*ALL)
    with_list(dashboard).open("Spotify")
    text = press(dashboard, hooks.SPOTIFY_DISCONNECT).text()
    assert world.disconnected == 1
    assert [str(message.value) for message in dashboard.app.success] == [words.DISCONNECTED]
    assert dashboard.parts("farewell") == 1
    assert "emrs-connect" in text
    assert "Ada" not in text
    assert not dashboard.app.session_state["emrs-visit"].spotify.calls.asked("devices")


def test_a_connection_that_cannot_be_read_is_said_and_leaves_the_other_pages_alone(
    dashboard: Dashboard, world: SpotifyWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged() -> None:
        raise StorageError("The kept connection is damaged. Connect again.")

    monkeypatch.setattr(browser, "connected", damaged)
    assert "damaged" in dashboard.run().open("Spotify").text()
    assert "damaged" not in dashboard.open("Live").text()
