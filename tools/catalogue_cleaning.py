"""Clean-up of the source table: from rows per playlist to songs with a clean title, a year to trust and a genre.

Everything here is a rule on public facts; ``catalogue_review.csv`` holds what only a person can know.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

MIN_DURATION_MS, MAX_DURATION_MS = 90_000, 600_000
"""Shorter ones are skits and interludes, longer ones mixes."""
COMPACT_DISC_YEAR = 1985
"""Albums dated up to here cannot be remasters: the word in their title was added later, the date was not."""
CAREER_YEARS = 15
"""A song this much later than its artist's first album in the table is more often a reissue than a new song."""
CAREER_RULE_BEFORE = 1990
SNAPSHOT_YEAR = 2020
"""The table was collected in January 2020."""

STRIPPABLE = re.compile(
    r"""^(?:(?:\d{4}\s*[-/]?\s*)?(?:digital(?:ly)?\s+)?remaster(?:ed|izado)?(?:\s+(?:album\s+|single\s+)?version)?(?:\s*/?\s*\d{4})?
    |(?:new\s+)?(?:mono|stereo)(?:\s+(?:version|mix))?|\d{4}\s+(?:version|mix|stereo\s+mix)
    |(?:single|album|original|original\s+album|explicit|explicit\s+album|ep|main|radio|lp)\s+version
    |single\s+version\s*/\s*mono\s+mix|(?:radio|single|original|album)\s+(?:edit|mix)|original|main|explicit|edited|bonus(?:\s+track)?
    |(?:feat\.?|ft\.?|featuring|with|con)\s.*|from\s.*|.*\bsoundtrack(?:\s+version)?|(?:\d+(?:st|nd|rd|th))\s+anniversary.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
FEATURING = re.compile(r"^(?:feat\.?|ft\.?|featuring|with|con)\s", re.IGNORECASE)
OTHER_RECORDING = re.compile(
    r"\b(?:remix\w*|rmx|mix|mixed|karaoke|tribute|unplugged|acoustic|ac[uú]stic[oa]|instrumental|demo|sessions?|cover|versi[oó]n|"
    r"mash-?up|medley|interlude|intro|outro|skit|commentary|sped\s+up|slowed|lullaby|re-?recorded|rework|bootleg|reprise|"
    r"ao\s+vivo|en\s+vivo|en\s+directo|live\s+(?:at|from|in|on|version)|recorded\s+(?:at|live)|white\s+noise|edit|vip)\b|[-(\[]\s*live\b",
    re.IGNORECASE,
)
OTHER_ALBUM = re.compile(
    r"\b(?:live|unplugged|karaoke|tribute|covers|remix(?:es|ed)?|lullab(?:y|ies)|ao\s+vivo|en\s+vivo|christmas|mistletoe|navidad|holiday|"
    r"spotify\s+singles|acoustic|greatest\s+hits\s+live|re-?recorded|glee)\b",
    re.IGNORECASE,
)
SEASONAL = re.compile(
    r"\b(?:christmas|xmas|santa|navidad|mistletoe|jingle|feliz\s+navidad|snowman|noel|halloween)\b", re.IGNORECASE
)
NOT_MUSICIANS = re.compile(
    r"\b(?:karaoke|tribute|noise|nature|sound\s+makers|sleep|relax\w*|meditation|kidz|glee|cast|orchestra\s+tribute|workout|fitness|"
    r"various\s+artists|dj\s+mix)\b",
    re.IGNORECASE,
)
COVER_PLAYLIST = re.compile(r"\bcovers\b|christmas|unplugged", re.IGNORECASE)
COARSE = re.compile(
    r"suicid|murder|n[i1*]gg|\bbitch|\bf[u*][c*]k|motherf|\bshit|\bhoes?\b|\bpuss|\bdick|\bcunt|\bwhore|\bsluts?\b|\bfag|\bretard|\bputa|"
    r"\bmf\b|\bass\b|\bporn|\bnazi|\brape",
    re.IGNORECASE,
)
COMPILATION = re.compile(
    r"\b(?:hits|best|essentials?|collections?|colecci[oó]n|antholog(?:y|ies)|antolog[ií]a|gold|platinum|ultimate|definitive|"
    r"singles|complete|retrospective|number\s+(?:ones|1'?s)|masters|millennium|[eé]xitos|grandes|lo\s+mejor|20th\s+century|"
    r"legends?|classics|icon|chronicles?|years|forever|ballads|story|sampler|box\s+set|vault|cl[aá]sicos|super\s+hits|mixtape\s+vol|"
    r"very\s+best|in\s+mono|favorit[ao]s|favou?rites|aniversario|most\s+from|playlist|historia|original\s+hits|now\s+that|soundtrack|\d{4}\s*[-–]\s*\d{4})\b|^1$",
    re.IGNORECASE,
)
REMASTER = re.compile(r"remaster|remasterizado|reissue", re.IGNORECASE)
ANNIVERSARY = re.compile(r"(\d+)(?:st|nd|rd|th)\s+anniversary", re.IGNORECASE)
DECADE_WORD = re.compile(r"(?<!\d)(?:19|20)?([02-9]0)['’]?s\b", re.IGNORECASE)
LO_FI_PLAYLIST = re.compile(r"lo-?fi|jazz\s+vibes|sunny\s+beats", re.IGNORECASE)
BRACKETED = re.compile(r"\s*[(\[]([^)\]]*)[)\]]")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a recording in a playlist."""

    id: str
    title: str
    artist: str
    popularity: float
    album: str
    year: int
    playlist: str
    genre: str
    features: Mapping[str, float]

    @property
    def duration_ms(self) -> int:
        return round(self.features["duration_ms"])


@dataclass(frozen=True, slots=True)
class Song:
    """One song: its most popular recording, a clean title, the earliest year that can be trusted (None: unknown)."""

    key: tuple[str, str]
    row: Row
    title: str
    year: int | None
    genre: str
    playlists: int

    @property
    def cell(self) -> tuple[int, int]:
        """Place on the 4x4 grid of valence and energy, each cell a quarter wide."""
        return quarter(self.row.features["valence"]), quarter(self.row.features["energy"])


def quarter(value: float) -> int:
    return min(3, int(value * 4))


def normalised(text: str) -> str:
    """Letters and digits only, without accents or case: the key by which two spellings are the same."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", "and"))
    return re.sub(r"[\W_]+", "", "".join(c for c in plain if not unicodedata.combining(c)))


def clean_title(title: str) -> str | None:
    """The title without suffixes that name the same recording; None when they name another one (remix, live, ...)."""
    head, *suffixes = re.split(r"\s+[-–]\s+", title.strip())
    if any(not STRIPPABLE.match(suffix.strip()) for suffix in suffixes):
        return None
    for inner in BRACKETED.findall(head):
        if STRIPPABLE.match(inner.strip()):
            head = head.replace(f"({inner})", "").replace(f"[{inner}]", "")
    head = re.sub(r"\s+(?:feat\.|ft\.)\s.*$", "", head, flags=re.IGNORECASE)
    head = re.sub(r"\s{2,}", " ", head).strip()
    return None if not head or OTHER_RECORDING.search(head) else head


def is_song(row: Row) -> bool:
    """Whether a row is a regular studio recording that a stranger may be played."""
    refused = (
        OTHER_ALBUM.search(row.album)
        or NOT_MUSICIANS.search(row.artist)
        or SEASONAL.search(row.title)
        or COARSE.search(row.title)
        or COARSE.search(row.artist)
        or COVER_PLAYLIST.search(row.playlist)
    )
    spoken = row.features["speechiness"] > 0.66  # Spotify's own threshold for spoken word
    return not refused and not spoken and MIN_DURATION_MS <= row.duration_ms <= MAX_DURATION_MS


def songs_from(rows: Iterable[Row]) -> list[Song]:
    """Group rows into songs by normalised artist and title, with trusted years, most popular first."""
    groups: dict[tuple[str, str], list[tuple[str, Row]]] = defaultdict(list)
    genres_of_artist: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        genres_of_artist[row.artist][row.genre] += 1
        title = clean_title(row.title)
        if title and is_song(row):
            groups[normalised(row.artist), normalised(title)].append((title, row))
    songs = [_song(key, members, genres_of_artist) for key, members in groups.items()]
    ranked = sorted(
        _without_late_reissues(songs), key=lambda song: (-song.row.popularity, -song.playlists, song.row.id)
    )
    first_spelling: dict[tuple[str, str], Song] = {}
    for song in ranked:
        first_spelling.setdefault((song.key[0], normalised(_base(song.title))), song)
    return list(first_spelling.values())


def _song(key: tuple[str, str], members: list[tuple[str, Row]], genres_of_artist: Mapping[str, Counter[str]]) -> Song:
    year = min((member.year for _, member in members if year_is_trusted(member)), default=None)
    playlists = {member.playlist for _, member in members}
    originals = [pair for pair in members if year is None or _is_first_recording(pair[1], year)]
    title, row = min(originals, key=lambda pair: (-pair[1].popularity, len(pair[1].title), pair[1].id))
    if year is not None and any(_contradicts(name, year) for name in playlists):
        year = None
    genre = "lo-fi" if _is_lo_fi(playlists) else _genre(members, genres_of_artist[row.artist])
    return Song(key, row, title, year, genre, len(playlists))


def year_is_trusted(row: Row) -> bool:
    """Whether the album's year can be the song's: not a compilation, not a remaster's own date."""
    if COMPILATION.search(row.album):
        return False
    anniversary = ANNIVERSARY.search(row.album) or ANNIVERSARY.search(row.title)
    if anniversary and row.year + int(anniversary[1]) > SNAPSHOT_YEAR:
        return False
    words = f"{row.title} {row.album}"
    if not REMASTER.search(words):
        return True
    stated = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", words)]
    return row.year <= COMPACT_DISC_YEAR or (bool(stated) and row.year <= min(stated) - 5)


def _is_first_recording(row: Row, year: int) -> bool:
    """Not a new take: a later date must come from a compilation or a remaster, or be the single's next year."""
    return row.year <= year + 1 or not year_is_trusted(row)


def _contradicts(playlist: str, year: int) -> bool:
    decades = [int(d) + (1900 if int(d) >= 50 else 2000) for d in DECADE_WORD.findall(playlist)]
    return bool(decades) and year > max(decades) + 9


def _without_late_reissues(songs: Iterable[Song]) -> list[Song]:
    songs = list(songs)
    first: dict[str, int] = {}
    for song in songs:
        if song.year is not None:
            first[song.key[0]] = min(song.year, first.get(song.key[0], song.year))

    def late(song: Song) -> bool:
        start = first.get(song.key[0])
        return (
            start is not None
            and song.year is not None
            and start < CAREER_RULE_BEFORE <= start + CAREER_YEARS <= song.year
        )

    return [replace(song, year=None) if late(song) else song for song in songs]


def _is_lo_fi(playlists: Iterable[str]) -> bool:
    return all(LO_FI_PLAYLIST.search(name) for name in playlists)


def _genre(members: Iterable[tuple[str, Row]], of_artist: Counter[str]) -> str:
    """The playlists' genre that wins among the song's own rows and, lighter, among its artist's."""
    votes: dict[str, float] = defaultdict(float)
    total = sum(of_artist.values())
    for _, row in members:
        votes[row.genre] += 1.0
    for genre, count in of_artist.items():
        votes[genre] += 3.0 * count / total
    return min(votes, key=lambda genre: (-votes[genre], genre))


def _base(title: str) -> str:
    """The title without a bracketed second half, which spellings of one song have or lack."""
    return BRACKETED.sub("", title).strip() or title
