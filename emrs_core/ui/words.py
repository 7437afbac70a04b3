"""What the dashboard says: emotions, states, advice, problems. One place, so that the tone stays one."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from emrs_core.affect import EMOTION_POINTS
from emrs_core.music.goals import Goal
from emrs_core.music.plane import NAMED_TARGETS
from emrs_core.music.queue import SongList
from emrs_core.music.taste.feedback import FeedbackKind
from emrs_core.settings import Mode
from emrs_core.timeline.access import Role
from emrs_core.types import AffectPoint, Emotion, MoodKind, MoodSource, MoodState, QualityIssue, SlowMood

EMOTION_NAMES: Mapping[Emotion, str] = MappingProxyType(
    {
        Emotion.ANGRY: "Angry",
        Emotion.DISGUST: "Disgusted",
        Emotion.FEAR: "Afraid",
        Emotion.HAPPY: "Happy",
        Emotion.SAD: "Sad",
        Emotion.SURPRISE: "Surprised",
        Emotion.NEUTRAL: "Neutral",
    }
)

MOODS: Mapping[Emotion, str] = MappingProxyType(
    {
        Emotion.ANGRY: "an angry mood",
        Emotion.DISGUST: "a disgusted mood",
        Emotion.FEAR: "an anxious mood",
        Emotion.HAPPY: "a happy mood",
        Emotion.SAD: "a sad mood",
        Emotion.SURPRISE: "a surprised mood",
        Emotion.NEUTRAL: "a neutral mood",
    }
)

KIND_NAMES: Mapping[MoodKind, str] = MappingProxyType(
    {
        MoodKind.WAITING: "Waiting",
        MoodKind.UNSURE: "Not sure",
        MoodKind.POOR_FACE: "Hard to see",
        MoodKind.NO_FACE: "No face",
    }
)

ADVICE: Mapping[QualityIssue, str] = MappingProxyType(
    {
        QualityIssue.TOO_DARK: "Too dark to read. Put a light in front of you, not behind.",
        QualityIssue.TOO_BRIGHT: "Too bright to read. Turn away from the window or dim the lamp.",
        QualityIssue.TOO_SMALL: "Your face is small in the picture. Come closer.",
        QualityIssue.BLURRED: "The picture is blurred. Hold still for a moment, or wipe the lens.",
        QualityIssue.TURNED_AWAY: "Your face is turned away. Turn to the camera.",
    }
)

SOURCES: Mapping[MoodSource, str] = MappingProxyType(
    {
        MoodSource.CAMERA: "from the camera",
        MoodSource.HAND: "chosen by hand",
        MoodSource.SNAPSHOT: "from your snapshot",
        MoodSource.PHOTO: "from your photo",
    }
)

MODE_NOTES: Mapping[Role, tuple[str, str]] = MappingProxyType(
    {
        Role.OWNER: ("On your own machine.", "Pictures never leave it and are never stored."),
        Role.GUEST: ("Guest visit.", "Everything is in this browser session and ends with it."),
        Role.PERSON: ("Signed in.", "Sessions are kept on this server until you erase them; pictures never are."),
    }
)
"""Whose data this is: the fact, and what follows from it."""

NETWORK_PROBLEM: Final = "The network on this server is missing or damaged; the server's log says why."
"""For guests: what exactly is wrong names places on the server, which are its owner's business."""

NO_CAMERA_HERE: Final = "No camera here"
NO_CAMERA_ADVICE: Final = "This page is not secure, so your browser keeps the camera off. “By hand” and “Photo” work."
WELCOME: Final = "Music for your mood"
WELCOME_ADVICE: Final = (
    "Agree, press Start, and the songs follow the mood on your face. The camera stays off until then. "
    "Rather without a camera? Choose “By hand”."
)

NEARLY_SURE: Final = 0.995
"""From here on a rounded probability would be 100 %."""
SAME_PLACE: Final = 0.2
"""In plane units: the error of the emotions' own places (``emrs_core.affect``)."""

CAMERA_INSECURE: Final = (
    "Browsers give the camera only to secure pages. Open this address with **https://**, or run the dashboard on "
    "your own machine and open it there as `localhost`. Until then, choose your mood **by hand** or use a **photo**."
)
NO_CONNECTION: Final = (
    "The camera is on, but its pictures do not arrive. Press Stop, then Start. If that does not help, a firewall or "
    "VPN may be in between: try another network, or choose one of the other ways."
)
NO_RELAY: Final = (
    "The camera is on, but its pictures do not arrive. This server has no relay (TURN) set up, and your network needs "
    "one. Try another network, for instance a phone's hotspot, or choose one of the other ways. Whoever runs this "
    "server can set `EMRS_ICE_SERVERS` (see docs/deploying.md)."
)
CONNECTION_LOST: Final = (
    "The connection to the camera was lost. Press Stop, then Start. If another program uses the camera, close it first."
)

FRAMES_FAIL: Final = "Some pictures could not be analysed; the log says why. The stream goes on."


GOALS: Mapping[Goal, str] = MappingProxyType(
    {Goal.STAY: "Stay with it", Goal.GUIDE: "Guide me", Goal.CONTRAST: "Something else"}
)
AIMS: Mapping[str, str] = MappingProxyType(
    {"calm": "Calmer", "happy": "Happier", "energy": "More energy", "focus": "Focus"}
)
"""The named targets that the Music page offers, in its order."""

OPINIONS: Mapping[FeedbackKind, str] = MappingProxyType(
    {
        FeedbackKind.LIKE: "liked",
        FeedbackKind.DISLIKE: "disliked",
        FeedbackKind.SKIP: "skipped",
        FeedbackKind.PLAYED_THROUGH: "heard to the end",
        FeedbackKind.WRONG_MOOD: "not my mood",
    }
)


def mood_of(songs: SongList) -> tuple[str, str]:
    """The mood that songs were chosen for: its name, and how one says ``a happy mood``.

    A place that the person chose away from every emotion is called by its place, not by an emotion they did not name.
    """
    if songs.source is MoodSource.HAND and EMOTION_POINTS[songs.label].distance_to(songs.start) > SAME_PLACE:
        place = quadrant(songs.start.valence, songs.start.arousal)
        article = "an" if place[0] in "aeiou" else "a"
        return place.capitalize(), f"{article} {place} mood"
    return EMOTION_NAMES[songs.label], MOODS[songs.label]


def aim_of(target: AffectPoint) -> str:
    """Where music leads, as one says it: ``calm``, or ``pleasant and energetic``."""
    name = next((name for name, point in NAMED_TARGETS.items() if point == target), None)
    return name or quadrant(target.valence, target.arousal)


def percent(share: float) -> str:
    """A probability for reading; certainty is never claimed."""
    return "over 99 %" if share >= NEARLY_SURE else f"{share:.0%}".replace("%", " %")


def percent_beside(share: float) -> str:
    """The same in a narrow column."""
    return ">99 %" if share >= NEARLY_SURE else percent(share)


def confidence_words(confidence: float) -> str:
    """How sure a reading is, in words; the number stands beside it. Thirds above the credible minimum of 0.35."""
    if confidence >= 0.75:
        return "clearly"
    return "probably" if confidence >= 0.55 else "perhaps"


def mood_title(mood: MoodState) -> str:
    """The mood's name as shown."""
    return EMOTION_NAMES[mood.label] if mood.label is not None else KIND_NAMES[mood.kind]


def mood_advice(mood: MoodState, reasons: tuple[QualityIssue, ...]) -> str:
    """One or two sentences under the name: how sure, or what to do. ``reasons``: why face or picture cannot be read."""
    if mood.kind is MoodKind.EMOTION:
        return f"{confidence_words(mood.confidence).capitalize()} – {percent(mood.confidence)} sure."
    if mood.kind is MoodKind.UNSURE:
        return "Your face is in view, but no expression stands out. That is fine: the music stays as it is."
    advice = " ".join(ADVICE[reason] for reason in reasons[:2])
    if mood.kind is MoodKind.POOR_FACE:
        return advice or "Your face is there, but cannot be read well."
    if mood.kind is MoodKind.NO_FACE:
        return advice or "Sit in front of the camera, with light from the front. The music stays as it is."
    return "Looking for your face …"


def slow_sentence(slow: SlowMood | None, songs_there: bool = False) -> str:
    """What the last quarter of a minute was like; this is what steers the music. Empty while that is not known and
    songs are there all the same."""
    if slow is None or not slow.ready:
        return "" if songs_there else "The music waits until the mood has settled, about ten seconds."
    return f"Overall lately: {EMOTION_NAMES[slow.label].lower()} – {quadrant(slow.point.valence, slow.point.arousal)}."


def quadrant(valence: float, arousal: float) -> str:
    """A place on the plane in two words; within 0.15 of an axis counts as on it."""
    pleasant = "pleasant" if valence > 0.15 else "unpleasant" if valence < -0.15 else "even"
    energetic = "energetic" if arousal > 0.15 else "calm" if arousal < -0.15 else "moderate"
    return f"{pleasant} and {energetic}"


def network_problem(reason: str, mode: Mode) -> str:
    """Why the network cannot be used, as far as that concerns this visitor."""
    return reason if mode is Mode.LOCAL else NETWORK_PROBLEM
