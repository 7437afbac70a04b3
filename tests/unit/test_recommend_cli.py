"""``recommend`` on the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from emrs_core.cli.recommend import recommend
from emrs_core.errors import EmrsError
from emrs_core.music.catalogue import BUILTIN_NAME, CsvCatalogue
from emrs_core.music.filters import NoSongsLeft


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The built-in songs, whatever the owner of this machine uses."""
    monkeypatch.setenv("EMRS_DATA_DIR", str(tmp_path / "data"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(recommend, arguments)


@pytest.fixture(scope="module")
def schema(repository: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((repository / "docs/schemas/recommend.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(loaded)
    return loaded


@pytest.mark.parametrize(
    ("arguments", "goal", "count"),
    [
        (("--emotion", "sad"), "stay", 20),
        (("--emotion", "Happy", "-n", "3"), "stay", 3),
        (("--valence", "-0.6", "--arousal", "0.7", "--goal", "contrast"), "contrast", 20),
        (("--emotion", "angry", "--goal", "guide"), "guide", 7),
        (("--emotion", "angry", "--goal", "guide", "--target", "happy", "-n", "4"), "guide", 4),
        (("--emotion", "fear", "--goal", "guide", "--target", "-0.9,0.2", "--seed", "3"), "guide", 4),
    ],
)
def test_json_keeps_to_the_schema(schema: dict[str, Any], arguments: tuple[str, ...], goal: str, count: int) -> None:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    jsonschema.validate(answer, schema, cls=jsonschema.Draft202012Validator)
    assert (answer["goal"], len(answer["items"])) == (goal, count)
    assert answer["target"] == answer["items"][-1]["waypoint"]
    assert answer["target"]["valence"] >= -0.4
    for item in answer["items"]:
        assert item["plane"]["valence"] == pytest.approx(2 * item["valence"] - 1, abs=1e-4)
        assert item["plane"]["arousal"] == pytest.approx(2 * item["energy"] - 1, abs=1e-4)


def test_the_start_is_the_mood_as_given() -> None:
    assert json.loads(run("--emotion", "sad", "--json").stdout)["start"] == {"valence": -0.75, "arousal": -0.4}


def test_the_same_seed_gives_the_same_answer() -> None:
    one, same, other = (run("--emotion", "neutral", "--seed", seed, "--json").stdout for seed in ("1", "1", "2"))
    assert one == same != other


def test_the_table_can_be_read() -> None:
    lines = run("--emotion", "happy", "-n", "5").stdout.splitlines()
    assert re.match(r"5 songs \(\d+ minutes\) staying with valence \+0\.85", lines[0])
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3", "4", "5"]
    columns = {match.start() for line in lines[1:] for match in re.finditer(r"(?<=  )(19|20)\d\d(?=  )", line)}
    assert len(columns) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Say which mood"),
        (("--valence", "0.5"), "both --valence and --arousal"),
        (("--emotion", "sad", "--arousal", "0"), "Give the mood once"),
        (("--emotion", "glad"), "'glad' is not one of"),
        (("--valence", "1.2", "--arousal", "0"), "between -1 and 1, got 1.2"),
        (("--valence", "nan", "--arousal", "0"), "between -1 and 1, got nan"),
        (("--emotion", "sad", "--target", "calm"), "--target needs --goal guide"),
        (("--emotion", "sad", "--goal", "guide", "--target", "serene"), "There is no target 'serene'"),
        (("--emotion", "sad", "--goal", "guide", "--target", "3,4"), "between -1 and 1, got 3.0 and 4.0"),
        (("--emotion", "sad", "-n", "0"), "1 to 1000 songs, got 0"),
        (("--emotion", "sad", "-n", "5", "--minutes", "20"), "got both, 5 and 20"),
        (("--emotion", "sad", "--minutes", "0"), "1 to 600 minutes, got 0"),
        (("--emotion", "sad", "--decade", "90s"), "like 1990 or 1990s, got '90s'"),
        (("--emotion", "sad", "--decade", "1995"), "like 1990; got 1995"),
        (("--emotion", "sad", "--tempo", "fast"), "like 90-120, got 'fast'"),
        (("--emotion", "sad", "--tempo", "120-90"), "the slower first"),
        (("--emotion", "sad", "--novelty", "2"), "got 2"),
        (("--emotion", "sad", "--seed", "-1"), "-1 is not in the range x>=0"),
        (("--emotion", "sad", "--catalogue", "/nowhere.csv"), "does not exist"),
        (("--emotion", "sad", "--history", "/nowhere.csv"), "does not exist"),
    ],
)
def test_wrong_usage_is_told_in_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert result.stdout == ""


def test_filters_and_length_hold(schema: dict[str, Any]) -> None:
    wanted = (
        "--genre",
        "Rock",
        "--genre",
        "pop",
        "--decade",
        "1980s",
        "--decade",
        "1990",
        "--tempo",
        "80-140",
        "--no-explicit",
    )
    answer = json.loads(run("--emotion", "neutral", "--minutes", "30", *wanted, "--json").stdout)
    jsonschema.validate(answer, schema, cls=jsonschema.Draft202012Validator)
    songs = [CsvCatalogue.builtin().get(item["id"]) for item in answer["items"]]
    assert 27 <= sum(song.duration_ms for song in songs if song) / 60_000 <= 36
    for song in songs:
        assert song is not None
        assert song.genre in {"rock", "pop"}
        assert song.year // 10 in {198, 199}
        assert 80 <= song.tempo <= 140
        assert not song.explicit


def test_filters_that_leave_nothing_say_which_to_loosen() -> None:
    with pytest.raises(NoSongsLeft, match=r"genre polka.* Without the choice of genres there would be \d+ songs"):
        CliRunner().invoke(recommend, ["--emotion", "sad", "--genre", "polka"], catch_exceptions=False)


def test_help_shows_an_example() -> None:
    assert "Example: python -m emrs_core recommend --emotion sad" in " ".join(run("--help").stdout.split())


def test_another_catalogue(repository: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    lines = (repository / BUILTIN_NAME).read_text(encoding="utf-8").splitlines()
    own.write_text("\n".join(lines[:6]), encoding="utf-8")
    items = json.loads(run("--emotion", "neutral", "--catalogue", str(own), "--json").stdout)["items"]
    assert {item["id"] for item in items} <= {line.split(",")[0] for line in lines[1:6]}
    own.write_text("id\n", encoding="utf-8")
    with pytest.raises(EmrsError, match="title"):
        CliRunner().invoke(recommend, ["--emotion", "sad", "--catalogue", str(own)], catch_exceptions=False)


def test_songs_of_the_history_are_left_in_peace(tmp_path: Path) -> None:
    first = json.loads(run("--emotion", "happy", "--json").stdout)["items"]
    history = tmp_path / "heard.jsonl"
    history.write_text("\n".join(json.dumps({"id": item["id"]}) for item in first), encoding="utf-8")
    second = json.loads(run("--emotion", "happy", "--history", str(history), "--json").stdout)["items"]
    assert not {item["id"] for item in first} & {item["id"] for item in second}


def test_a_table_that_says_little_of_its_songs_will_do(schema: dict[str, Any], tmp_path: Path) -> None:
    table = tmp_path / "few facts.csv"
    lines = [f"Song {number},Artist {number},0.{number},0.{9 - number}" for number in range(1, 9)]
    table.write_text("\n".join(["title,artist,valence,energy", *lines]), encoding="utf-8")
    answer = json.loads(run("--emotion", "happy", "--catalogue", str(table), "--minutes", "20", "--json").stdout)
    jsonschema.validate(answer, schema, cls=jsonschema.Draft202012Validator)
    assert len(answer["items"]) == 6  # of the three and a half minutes that a song usually lasts
    shown = run("--emotion", "happy", "--catalogue", str(table), "-n", "2").stdout
    assert shown.startswith("2 songs staying with")
    assert not re.search(r"\b0\b  ", shown)
