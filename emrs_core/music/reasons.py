"""Why a song is in the list, in one line of plain words.

Made from what decided: the song's mood beside the listener's, its sound, the turn it brings after the song before, and
the part of its score that won it its place where that was not the mood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from emrs_core.music.goals import Goal, Plan
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.ranking.terms import Term, Terms
from emrs_core.types import AffectPoint, Track

LEVELS = (-0.5, -0.15, 0.15, 0.5)
"""Borders on each axis of the plane between the five words for it; 0.15 is the ranking's tolerance."""
MOOD_WORDS = (  # rows: arousal from very low to very high; columns: valence likewise
    ("very quiet and sad", "very quiet, a little sad", "very quiet", "quiet and warm", "quiet and sunny"),
    ("calm and sad", "calm and a little sad", "calm", "calm and bright", "calm and happy"),
    ("sombre", "a little sad", "even-tempered", "friendly", "cheerful"),
    ("dark and restless", "restless and a little sad", "lively", "bright and lively", "joyful and lively"),
    ("dark and stormy", "fierce and a little dark", "driving", "bright and driving", "exuberant"),
)
LIKE_NOW = 0.25
"""Plane units; nearer songs are called alike: a step of the guide's path."""
ALIKE = ("like now", "close to how you seem", "right where you are", "in step with you")
GENRE_WORDS = {"edm": "electronic", "r&b": "R&B", "latin": "Latin", "rap": "hip-hop"}
ACOUSTIC, DANCEABLE = 0.7, 0.75
FAST_BPM, SLOW_BPM = 150.0, 80.0
"""Beats a minute. Tempo is often measured at the double or the half, so it is only named where the energy agrees."""

DECIDED: Mapping[Term, tuple[str, ...]] = MappingProxyType(
    {
        Term.TRANSITION: ("an easy step from the song before", "follows on smoothly", "stays near the song before"),
        Term.TASTE: ("close to what you have liked", "your kind of song", "like songs you have enjoyed"),
        Term.FRESHNESS: ("not played to you lately", "fresh after what you heard"),
        Term.ARTIST: ("an artist you have not heard lately", "somebody new in this round"),
        Term.VARIETY: ("a change of sound", "unlike the songs before", "something else in between"),
    }
)
"""What to say when that part of the score decided; nothing where the mood did."""
WELL_KNOWN, LITTLE_KNOWN = ("well known, as you like it", "one that many know"), ("less known", "one that few know")


@dataclass(frozen=True, slots=True)
class _Song:
    """What the sentences are made of; what is not known of a song is left out."""

    mood: str
    beside_now: str
    tail: str  # what decided, else the sound or genre, and the year
    dated: str  # rock from 1975
    decade: str  # rock of the 1970s
    kind: str  # rock, with a slow beat, 1975
    turn: str  # what is new after the song before, where its genre was another; else empty
    decided: str  # what else than the mood won it its place; else empty


def reasons_for(
    tracks: Sequence[Track],
    points: Sequence[AffectPoint],
    route: Plan,
    terms: Sequence[Terms] = (),
    novelty: float = 0.0,
    heard: int = 0,
) -> list[str]:
    """One line for each song, no two alike; ``points`` are the songs' places, in the list's order.

    ``terms``: what spoke for each song (empty: the mood alone); ``novelty``: what the person asked for, from -1 for the
    known to 1 for the new; ``heard``: songs of the list that came before these.
    """
    used: set[str] = set()
    lines: list[str] = []
    for index, (track, point) in enumerate(zip(tracks, points, strict=True)):
        turn = _turn(tracks[index - 1], points[index - 1], track, point) if index else ""
        place = index + heard
        decided = _decided(terms[index].winner, novelty, place) if terms else ""
        song = _song(track, point, route.start, place, turn, decided)
        line = next(line for line in _lines(song, track, route, place, heard + len(tracks)) if line not in used)
        used.add(line)
        lines.append(line)
    return lines


def mood_words(point: AffectPoint) -> str:
    """How a place on the plane feels, as adjectives: ``calm and a little sad``."""
    return MOOD_WORDS[_level(point.arousal)][_level(point.valence)]


def _level(value: float) -> int:
    return sum(value > border for border in LEVELS)


def _decided(winner: Term, novelty: float, place: int) -> str:
    known = LITTLE_KNOWN if novelty > 0 else WELL_KNOWN
    words = known if winner is Term.KNOWN else DECIDED.get(winner, ("",))
    return words[place % len(words)]


def _song(track: Track, point: AffectPoint, now: AffectPoint, index: int, turn: str, decided: str) -> _Song:
    sound, genre = _sound(track), _genre(track)
    music, year = genre or "music", str(track.year or "")
    return _Song(
        mood=mood_words(point),
        beside_now=_beside(point, now, index),
        tail=decided or _listed(sound or genre, year) or f"by {track.artist}",
        dated=f"{music} from {year}" if year else music,
        decade=f"{music} of the {track.year // 10 * 10}s" if year else music,
        kind=_listed(music, sound, year),
        turn=turn,
        decided=decided,
    )


def _listed(*words: str) -> str:
    return ", ".join(word for word in words if word)


def _beside(point: AffectPoint, now: AffectPoint, index: int) -> str:
    if point.distance_to(now) < LIKE_NOW:
        return ALIKE[index % len(ALIKE)]
    brighter, livelier = point.valence - now.valence, point.arousal - now.arousal
    if abs(brighter) >= abs(livelier):
        word = "brighter" if brighter > 0 else "sadder"
    else:
        word = "livelier" if livelier > 0 else "calmer"
    return f"{'a little' if point.distance_to(now) < 2 * LIKE_NOW else 'much'} {word} than now"


def _turn(before: Track, point_before: AffectPoint, track: Track, point: AffectPoint) -> str:
    if before.genre.casefold() == track.genre.casefold() or not before.genre or not track.genre:
        return ""
    still = "still" if mood_words(point_before) == mood_words(point) else "now"
    turn = f"a turn from {_genre(before)} to {_genre(track)}, {still} {mood_words(point)}"
    return f"{turn} — {track.year}" if track.year else turn


def _genre(track: Track) -> str:
    return GENRE_WORDS.get(track.genre.casefold(), track.genre)


def _sound(track: Track) -> str:
    """The most telling word for the sound, or nothing."""
    if track.acousticness >= ACOUSTIC:
        return "acoustic"
    if track.danceability >= DANCEABLE:
        return "easy to dance to"
    if track.tempo >= FAST_BPM and track.energy > 0.6:
        return "with a fast beat"
    if 0 < track.tempo <= SLOW_BPM and track.energy < 0.6:
        return "with a slow beat"
    return ""


def _lines(song: _Song, track: Track, route: Plan, index: int, total: int) -> Iterator[str]:
    """Sentences for the song, the best for its place first; they never run out."""
    if route.goal is Goal.GUIDE:
        frames = _on_the_way(song, route, index, total)
    elif route.goal is Goal.CONTRAST:
        frames = _for_a_change(song)
    else:
        frames = _like_the_mood(song)
    turn = index % len(frames)
    yield from map(_sentence, frames[turn:] + frames[:turn])
    yield _sentence(f"{frames[turn]}, by {track.artist}")
    suffix = 2
    while True:
        yield _sentence(f"{frames[turn]}, by {track.artist} ({suffix})")
        suffix += 1


def _like_the_mood(song: _Song) -> list[str]:
    if song.decided:
        return [
            f"{song.decided}: {song.mood}, {song.beside_now}",
            f"{song.mood}, {song.beside_now} — {song.decided}",
            f"{song.dated}, {song.mood} — {song.decided}",
            f"{song.decided} — {song.mood} {song.decade}",
        ]
    frames = [
        f"{song.mood}, {song.beside_now} — {song.tail}",
        f"{song.dated}, {song.mood}: {song.beside_now}",
        f"{song.beside_now}: {song.mood}, {song.tail}",
        f"{song.kind} — {song.mood}, {song.beside_now}",
        f"{song.mood} {song.decade}, {song.beside_now}",
    ]
    if song.turn:
        frames.insert(2, song.turn)
    return frames


def _for_a_change(song: _Song) -> list[str]:
    if song.decided:
        return [
            f"a different mood: {song.mood} — {song.decided}",
            f"{song.decided}: {song.mood}, {song.beside_now}",
            f"for a change, {song.dated}, {song.mood} — {song.decided}",
        ]
    return [
        f"a different mood: {song.mood} — {song.tail}",
        f"{song.mood}, {song.beside_now} — {song.tail}",
        f"for a change, {song.dated}: {song.mood}",
        f"{song.kind}: {song.beside_now}, {song.mood}",
        f"away from here — {song.mood} {song.decade}",
    ]


def _on_the_way(song: _Song, route: Plan, index: int, total: int) -> list[str]:
    goal = next((name for name, point in NAMED_TARGETS.items() if point == route.target), "where you want to be")
    if index == 0:
        return [f"begins {song.beside_now}: {song.mood} — {song.tail}"]
    if index == total - 1:
        return [f"arrives: {goal} is the aim, and this is {song.mood} — {song.tail}"]
    if index > 0.7 * (total - 1):
        return [f"nearly {goal}: {song.mood} — {song.tail}", f"last steps, {song.mood} — {song.tail}"]
    return [
        f"a step towards {goal}: {song.mood} — {song.tail}",
        f"on the way, {song.beside_now}: {song.mood} — {song.tail}",
        f"{song.mood}, one step further — {song.tail}",
    ]


def _sentence(line: str) -> str:
    return line[:1].upper() + line[1:]
