"""The data dictionary: every table and column of an export, with its unit and meaning."""

from __future__ import annotations

from dataclasses import dataclass

from emrs_core.types import EMOTIONS


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``kind`` is text, number, precise (64-bit number), whole or flag; empty cells are unknown values."""

    name: str
    kind: str
    unit: str
    meaning: str


WHOSE = (
    Column("session_id", "text", "", "the session's id, the same in every table"),
    Column("synthetic", "flag", "", "true: made up by the demo-data command, not measured from a person"),
)
EMOTION_NAMES = tuple(str(e) for e in EMOTIONS)

SESSION = (
    *WHOSE,
    Column("started_at", "text", "ISO 8601", "wall-clock beginning, with its time zone; t_s counts from here"),
    Column("ended_at", "text", "ISO 8601", "wall-clock end; empty while running or when it was cut off"),
    Column("state", "text", "", "running, ended, or interrupted (ended without saying so)"),
    Column("title", "text", "", "name given to the session"),
    Column("participant", "text", "", "pseudonymous code of the participant"),
    Column("study", "text", "", "study that the session belongs to"),
    Column("condition", "text", "", "experimental condition"),
    Column("tags", "text", "", "tags, separated by spaces"),
    Column("model", "text", "", "name of the model that read the faces"),
    Column("model_sha256", "text", "", "checksum of that model's weights"),
    Column("app_version", "text", "", "version of the program that recorded the session"),
)
SAMPLES = (
    *WHOSE,
    Column("t_s", "precise", "s", "time since the session began"),
    Column("mood", "text", "", "calm reading: an emotion, unsure or no_face"),
    Column("face", "flag", "", "a face was seen"),
    Column("valid", "flag", "", "the face could be read"),
    Column("quality", "text", "", "why the face could not be read well, separated by spaces; empty when it could"),
    Column("excluded", "flag", "", "inside a stretch that the review leaves out of every statistic"),
    *(Column(f"raw_{e}", "number", "0 to 1", f"probability of {e} in this single look") for e in EMOTION_NAMES),
    *(Column(f"smoothed_{e}", "number", "0 to 1", f"probability of {e} in the calm reading") for e in EMOTION_NAMES),
    Column("valence", "number", "-1 to 1", "unpleasant to pleasant, from the calm reading"),
    Column("arousal", "number", "-1 to 1", "calm to excited, from the calm reading"),
    Column("valence_less_baseline", "number", "-2 to 2", "valence less that of the calibrated neutral face"),
    Column("arousal_less_baseline", "number", "-2 to 2", "arousal less that of the calibrated neutral face"),
)
EVENTS = (
    *WHOSE,
    Column("t_s", "precise", "s", "time since the session began"),
    Column("end_s", "precise", "s", "end, of events that last"),
    Column("kind", "text", "", "what happened"),
    Column("text", "text", "", "label of a marker, text of a note, reason of an exclusion, title of a song, new mood"),
    Column("track_id", "text", "", "song that the event is about"),
    Column("valence", "number", "1 to 9", "self-report, 1 unpleasant to 9 pleasant"),
    Column("arousal", "number", "1 to 9", "self-report, 1 calm to 9 energetic"),
    Column("standing", "flag", "", "holds after review; false for what was amended, withdrawn, or is itself a review"),
    Column("event_id", "text", "", "the event's id"),
    Column("details", "text", "JSON", "all fields of the event"),
)


def _around(dimension: str) -> tuple[Column, ...]:
    plain = [
        Column(f"{dimension}_{part}", "number", "-1 to 1", f"mean {dimension} of the face {part} the song")
        for part in ("before", "during", "after")
    ]
    for part in ("during", "after"):
        name, what = f"{dimension}_{part}_less_before", f"{part} less before, {dimension}"
        plain.append(Column(name, "number", "-2 to 2", what))
        plain.append(Column(f"{name}_low", "number", "-2 to 2", f"{what}: lower end of the 95 % interval"))
        plain.append(Column(f"{name}_high", "number", "-2 to 2", f"{what}: upper end of the 95 % interval"))
    return tuple(plain)


SONGS = (
    *WHOSE,
    Column("track_id", "text", "", "the song's Spotify id"),
    Column("title", "text", "", "title"),
    Column("artist", "text", "", "artist"),
    Column("start_s", "precise", "s", "the segment's beginning"),
    Column("end_s", "precise", "s", "the segment's end"),
    Column("source", "text", "", "what the end rests on: click, duration, player, spotify, or open"),
    Column("skipped", "flag", "", "left before its end"),
    Column("played_through", "flag", "", "heard to its end"),
    Column("verdict", "text", "", "last word of the person on the song: like, dislike or wrong_mood"),
    *_around("valence"),
    *_around("arousal"),
)
FIGURES = (
    *WHOSE,
    Column("figure", "text", "", "what is measured"),
    Column("name", "text", "", "of which emotion or dimension; from>to for transitions"),
    Column("value", "precise", "see unit", "the figure"),
    Column("low", "precise", "see unit", "lower end of the 95 % interval (docs/timelines.md)"),
    Column("high", "precise", "see unit", "upper end of it"),
    Column("unit", "text", "", "unit of value, low and high"),
)
DICTIONARY = (
    Column("table", "text", "", "table"),
    Column("column", "text", "", "column of that table"),
    Column("type", "text", "", "text, number, precise (64-bit number), whole or flag"),
    Column("unit", "text", "", "unit or range"),
    Column("meaning", "text", "", "meaning"),
)
TABLES = {"session": SESSION, "samples": SAMPLES, "events": EVENTS, "songs": SONGS, "figures": FIGURES}
