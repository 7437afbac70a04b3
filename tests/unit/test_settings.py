from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from emrs_core.bootstrap import MODELS_DIR, model_folder
from emrs_core.errors import SettingsError
from emrs_core.settings import APP_VERSION, Mode, Settings, visitor_mode


def test_nothing_given_is_ready_to_use() -> None:
    settings = Settings.from_mapping({})
    assert settings.mode is Mode.AUTO
    assert settings.data_dir.name == "emrs"
    assert settings.ice_servers is None


def test_values_are_read_and_strangers_ignored() -> None:
    servers = '[{"urls": "turn:relay.example:3478", "username": "u", "credential": "hush"}]'
    settings = Settings.from_mapping(
        {"EMRS_MODE": " Hosted ", "EMRS_DATA_DIR": "/data/emrs", "EMRS_ICE_SERVERS": servers, "PATH": "/bin"}
    )
    assert settings.mode is Mode.HOSTED
    assert settings.data_dir == Path("/data/emrs")
    assert settings.ice_servers is not None
    assert settings.ice_servers[0]["urls"] == "turn:relay.example:3478"
    assert "hush" not in repr(settings)


def test_another_network_may_serve(tmp_path: Path) -> None:
    assert model_folder(Settings.from_mapping({})) == MODELS_DIR / "vgg16-fer"
    assert model_folder(Settings.from_mapping({"EMRS_MODEL": "ensemble-fer"})) == MODELS_DIR / "ensemble-fer"
    assert model_folder(Settings.from_mapping({"EMRS_MODEL": f" {tmp_path}/mine "})) == tmp_path / "mine"


def test_the_players_script_may_come_from_elsewhere() -> None:
    assert Settings.from_mapping({}).spotify_embed_api_url.startswith("https://open.spotify.com/")
    address = "http://127.0.0.1:8711/api.js"
    assert Settings.from_mapping({"EMRS_SPOTIFY_EMBED_API_URL": address}).spotify_embed_api_url == address


def test_reviewers_are_named_in_one_line() -> None:
    settings = Settings.from_mapping({"EMRS_REVIEWERS": " rosa@example.org,110169 ;  person-1f\n"})
    assert settings.reviewers == {"rosa@example.org", "110169", "person-1f"}
    assert "rosa" not in repr(settings)
    assert Settings.from_mapping({"EMRS_REVIEWERS": ","}).reviewers == frozenset()


def test_empty_values_count_as_not_given() -> None:
    assert Settings.from_mapping({"EMRS_MODE": "", "EMRS_ICE_SERVERS": " "}) == Settings.from_mapping({})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EMRS_MODE", "cloud", "auto, local or hosted"),
        ("EMRS_DATABASE_URL", "mysql://host/name", "postgresql://user"),
        ("EMRS_REVIEWERS", "rosa@example.org, a@b@c", "e-mail addresses"),
        ("EMRS_REVIEWERS", "@example.org", "e-mail addresses"),
        ("EMRS_ICE_SERVERS", "turn:host", "not JSON"),
        ("EMRS_SPOTIFY_EMBED_API_URL", "open.spotify.com/api", "web address like https://"),
        ("EMRS_SPOTIFY_EMBED_API_URL", "javascript:alert(1)", "web address like https://"),
        ("EMRS_ICE_SERVERS", "{}", "needs at least 'urls'"),
        ("EMRS_ICE_SERVERS", '[{"username": "u"}]', "needs at least 'urls'"),
    ],
)
def test_a_bad_value_says_what_was_expected(name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence) as caught:
        Settings.from_mapping({name: value})
    assert name in str(caught.value)


def test_a_broken_secret_is_not_repeated_in_the_error() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({"EMRS_ICE_SERVERS": '[{"credential": "hush"'})
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "LOCALHOST:1"])
def test_a_loopback_name_is_the_owner(host: str) -> None:
    assert visitor_mode(Mode.AUTO, host) is Mode.LOCAL


@pytest.mark.parametrize(
    "host", ["emrs.example", "192.168.1.4:8501", "localhost.evil.example", "", None, "[fe80::1]:8501"]
)
def test_any_other_name_is_a_guest(host: str | None) -> None:
    assert visitor_mode(Mode.AUTO, host) is Mode.HOSTED


def test_a_fixed_mode_holds_for_everybody() -> None:
    assert visitor_mode(Mode.HOSTED, "localhost") is Mode.HOSTED
    assert visitor_mode(Mode.LOCAL, "emrs.example") is Mode.LOCAL


def test_spotify_is_off_until_there_is_a_client_id() -> None:
    assert not Settings.from_mapping({}).spotify.configured
    spotify = Settings.from_mapping({"EMRS_SPOTIFY_CLIENT_ID": "0123456789abcdef0123456789abcdef"}).spotify
    assert spotify.configured
    assert spotify.accounts_url == "https://accounts.spotify.com"
    assert spotify.api_url == "https://api.spotify.com/v1"
    assert (spotify.redirect_uri, spotify.token_key) == ("", "")


def test_spotify_may_be_another_server_on_this_machine() -> None:
    given = {"EMRS_SPOTIFY_ACCOUNTS_URL": "http://127.0.0.1:8730/", "EMRS_SPOTIFY_API_URL": "http://localhost:8730/v1/"}
    spotify = Settings.from_mapping(given).spotify
    assert (spotify.accounts_url, spotify.api_url) == ("http://127.0.0.1:8730", "http://localhost:8730/v1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLIENT_ID", "my id"),
        ("CLIENT_ID", "x&scope=all"),
        ("API_URL", "http://music.example/v1"),
        ("API_URL", "ftp://127.0.0.1/"),
        ("API_URL", "https:///v1"),
        ("ACCOUNTS_URL", "https://accounts.example/?x=1"),
        ("REDIRECT_URI", "music.example/spotify/callback"),
    ],
)
def test_what_spotify_could_not_be_reached_with_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"EMRS_SPOTIFY_{name} must be"):
        Settings.from_mapping({f"EMRS_SPOTIFY_{name}": value})


@pytest.mark.parametrize("key", ["hush", "hush" * 11, "A" * 44, "é" * 43 + "="])
def test_a_key_that_is_none_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(SettingsError, match="32 random bytes") as caught:
        Settings.from_mapping({"EMRS_SPOTIFY_TOKEN_KEY": key})
    assert key not in str(caught.value)


def test_the_key_never_shows() -> None:
    key = "A" * 43 + "="
    settings = Settings.from_mapping({"EMRS_SPOTIFY_TOKEN_KEY": key})
    assert settings.spotify.token_key == key
    assert key not in repr(settings)


def test_the_version_is_that_of_the_project(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == APP_VERSION


def test_the_database_keeps_its_password_to_itself() -> None:
    settings = Settings.from_mapping({"EMRS_DATABASE_URL": "postgresql://emrs:hush@host/name"})
    assert settings.database_url == "postgresql://emrs:hush@host/name"
    assert "hush" not in repr(settings)


STREAMER_READS = {
    "CLOUDFLARE_TURN_KEY_ID",
    "CLOUDFLARE_TURN_KEY_API_TOKEN",
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "HF_TOKEN",
}
"""Read by streamlit-webrtc itself; ``tests/pages/test_ice.py`` sees that they are."""


def settings_read(repository: Path) -> set[str]:
    """The names that ``settings.py`` looks for, those made from parts too."""
    code = (repository / "emrs_core" / "settings.py").read_text(encoding="utf-8")
    parts = re.findall(r'^        \("(\w+)", _\w+\),$', code, re.MULTILINE)
    return set(re.findall(r'"(EMRS_[A-Z_]+)"', code)) | {f"EMRS_SPOTIFY_{part.upper()}" for part in parts}


def test_every_setting_is_listed_with_a_sentence_and_no_other(repository: Path) -> None:
    wanted = settings_read(repository) | STREAMER_READS
    assert len(wanted) > 14
    blocks = (repository / ".env.example").read_text(encoding="utf-8").split("\n\n")[1:]
    listed = {name: block for block in blocks for name in re.findall(r"^#?([A-Z]+_[A-Z_]+)=", block, re.MULTILINE)}
    assert listed.keys() == wanted
    for name, block in listed.items():
        assert re.match(r"# .+\.\s", block, re.DOTALL), f"{name} has no sentence"
    table = (repository / "docs" / "interfaces.md").read_text(encoding="utf-8").partition("## Settings")[2]
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)`", table)) == wanted


def test_the_list_as_it_stands_is_accepted(repository: Path) -> None:
    text = (repository / ".env.example").read_text(encoding="utf-8")
    values = dict(re.findall(r"^#?([A-Z]+_[A-Z_]+)=(.*)$", text, re.MULTILINE))
    settings = Settings.from_mapping(values)
    assert settings.mode is Mode.AUTO
    assert settings.ice_servers is not None
