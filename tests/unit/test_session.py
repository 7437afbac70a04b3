"""One visit: camera, hand and photo each lead to songs; the list stays put until the mood has moved."""

from __future__ import annotations

import numpy as np
import pytest

from emrs_core.errors import StorageError, UsageError
from emrs_core.music.taste.profile import ListenerProfile
from emrs_core.music.taste.store import MemoryProfileStore, StoreState
from emrs_core.music.wish import Wish
from emrs_core.session import HISTORY_SAMPLES, SAME_ANSWER_S, ListenerSession
from emrs_core.testing.catalogues import FakeCatalogue
from emrs_core.testing.clock import FakeClock
from emrs_core.types import (
    EMOTIONS,
    AffectPoint,
    Emotion,
    EmotionEstimate,
    Face,
    FaceBox,
    FaceQuality,
    Frame,
    FrameAnalysis,
    ImageArray,
    MoodKind,
    MoodSource,
    Track,
)

FACE = FaceBox(200, 100, 160, 160)
PICTURE = np.zeros((4, 4, 3), np.uint8)
RATE_HZ = 10


class ScriptedAnalyser:
    """Sees ``emotion`` in every frame, or nobody when it is None."""

    emotion: Emotion | None = Emotion.HAPPY

    def analyse(self, frame: Frame) -> FrameAnalysis:
        if self.emotion is None:
            return FrameAnalysis(frame.t_s)
        face = Face(FACE, FaceQuality(), is_listener=True)
        return FrameAnalysis(frame.t_s, (face,), EmotionEstimate(frame.t_s, certain(self.emotion)))

    def analyse_still(self, image: ImageArray) -> FrameAnalysis:
        return self.analyse(Frame(image, 0.0))


class Visit:
    """A session whose camera shows what the test says, on a clock that the test moves."""

    def __init__(self, profile: ListenerProfile | None = None) -> None:
        self.clock, self.camera = FakeClock(), ScriptedAnalyser()
        self.session = ListenerSession(self.camera, FakeCatalogue(), self.clock, profile=profile)

    def watch(self, seconds: float) -> None:
        for _ in range(int(seconds * RATE_HZ)):
            self.clock.advance(1 / RATE_HZ)
            self.session.observe(Frame(PICTURE, self.clock.now_s()))


def certain(emotion: Emotion) -> tuple[float, ...]:
    return tuple(0.94 if e is emotion else 0.01 for e in EMOTIONS)


@pytest.fixture
def visit() -> Visit:
    return Visit()


def ids(visit: Visit) -> list[str]:
    songs = visit.session.songs()
    assert songs is not None
    return [item.track.id for item in songs.items]


def playing(visit: Visit) -> Track | None:
    now = visit.session.music.playing()
    return now.track if now else None


def test_before_the_first_frame_there_is_nothing(visit: Visit) -> None:
    assert visit.session.mood().kind is MoodKind.WAITING
    assert visit.session.songs() is None
    assert visit.session.history() == ()
    assert playing(visit) is None


def test_the_first_songs_come_within_twelve_seconds_and_then_stay(visit: Visit) -> None:
    visit.watch(11)
    assert visit.session.mood().label is Emotion.HAPPY
    songs = visit.session.songs()
    assert songs is not None
    assert songs.source is MoodSource.CAMERA
    assert songs.label is Emotion.HAPPY
    assert songs.target.valence > 0.6
    visit.watch(60)
    assert visit.session.songs() == songs, "a steady mood keeps its list"


def test_a_mood_that_moved_and_stayed_brings_other_songs(visit: Visit) -> None:
    visit.watch(20)
    before = visit.session.songs()
    visit.camera.emotion = Emotion.SAD
    visit.watch(4)
    assert visit.session.songs() == before, "four seconds are not a change of mood"
    visit.watch(60)
    after = visit.session.songs()
    assert after is not None
    assert before is not None
    assert after.version > before.version
    assert after.label is Emotion.SAD
    assert after.target.valence < before.target.valence


def test_the_persons_word_outranks_the_camera_until_it_may_steer_again(visit: Visit) -> None:
    visit.watch(15)
    chosen = visit.session.choose_mood(AffectPoint(-0.5, -0.5))
    assert chosen.source is MoodSource.HAND
    assert chosen.label is Emotion.SAD
    visit.watch(60)
    assert visit.session.songs() == chosen
    assert visit.session.mood().label is Emotion.HAPPY, "the mood is still read"
    visit.session.follow_camera()
    visit.watch(15)
    songs = visit.session.songs()
    assert songs is not None
    assert songs.source is MoodSource.CAMERA


def test_a_photo_with_a_face_sets_the_songs_and_one_without_does_not(visit: Visit) -> None:
    visit.camera.emotion = Emotion.SURPRISE
    analysis = visit.session.read_still(PICTURE, MoodSource.PHOTO)
    assert analysis.listener is not None
    songs = visit.session.songs()
    assert songs is not None
    assert (songs.source, songs.label) == (MoodSource.PHOTO, Emotion.SURPRISE)
    visit.camera.emotion = None
    assert visit.session.read_still(PICTURE, MoodSource.PHOTO).listener is None
    assert visit.session.songs() == songs


def test_no_face_is_never_a_mood_and_never_music(visit: Visit) -> None:
    visit.camera.emotion = None
    visit.watch(60)
    assert visit.session.mood().kind is MoodKind.NO_FACE
    assert visit.session.songs() is None


def test_a_longer_list_begins_with_the_same_songs_and_others_are_others(visit: Visit) -> None:
    visit.session.choose_mood(AffectPoint(0.5, 0.2))
    ten = ids(visit)
    visit.session.music.set_wish(Wish(songs=15))
    assert len(ids(visit)) == 15
    assert set(ten[:5]) <= set(ids(visit)), "asking for more must not take away what was shown"
    visit.session.music.other_songs()
    assert not set(ids(visit)) & set(ten)


def test_other_songs_without_a_list_are_none(visit: Visit) -> None:
    assert visit.session.music.other_songs() is None


def test_a_song_plays_until_it_is_stopped_and_must_exist(visit: Visit) -> None:
    visit.session.choose_mood(AffectPoint(0.5, 0.2))
    track = visit.session.music.play(ids(visit)[0])
    assert playing(visit) == track
    with pytest.raises(UsageError, match="no song"):
        visit.session.music.play("x" * 22)
    assert playing(visit) == track
    visit.session.music.stop_playing()
    assert playing(visit) is None


def test_history_keeps_raw_and_calm_thins_evenly_and_is_bounded(visit: Visit) -> None:
    visit.watch(30)
    samples = visit.session.history(max_points=50)
    assert 40 <= len(samples) <= 50
    assert samples[-1] == visit.session.history(max_points=10_000)[-1]
    assert all(sample.raw is not None for sample in samples[1:])
    recent = visit.session.history(seconds=5.0)
    assert 4 <= recent[-1].mood.t_s - recent[0].mood.t_s <= 5
    assert visit.session._history.maxlen == HISTORY_SAMPLES


def test_forgetting_leaves_nothing_behind(visit: Visit) -> None:
    visit.watch(20)
    visit.session.music.play(ids(visit)[0])
    visit.session.forget()
    assert visit.session.songs() is None
    assert visit.session.history() == ()
    assert playing(visit) is None
    assert visit.session.mood().kind is MoodKind.WAITING


def test_the_persons_place_teaches_how_their_face_differs_and_the_camera_allows_for_it(visit: Visit) -> None:
    visit.camera.emotion = Emotion.NEUTRAL
    visit.watch(20)
    face = visit.session.face_point()
    assert face is not None
    for _ in range(12):
        visit.session.feel(AffectPoint(0.5, 0.0))
        visit.watch(SAME_ANSWER_S + 1)
    assert visit.session.profile.offset.value.valence > 0.3
    visit.session.follow_camera()
    visit.watch(1)
    mood = visit.session.mood_point()
    assert mood is not None
    assert mood.valence > face.valence + 0.3
    visit.watch(12)
    songs = visit.session.songs()
    assert songs is not None
    assert songs.source is MoodSource.CAMERA
    assert songs.start.valence > face.valence + 0.3


def test_a_place_that_is_put_right_at_once_is_one_answer(visit: Visit) -> None:
    visit.camera.emotion = Emotion.NEUTRAL
    visit.watch(20)
    for valence in (0.1, 0.2, 0.3, 0.4):  # a slow drag
        visit.session.feel(AffectPoint(valence, 0.0))
        visit.watch(1)
    once = visit.session.profile.offset.value
    visit.watch(SAME_ANSWER_S)
    visit.session.feel(AffectPoint(0.4, 0.0))
    twice = visit.session.profile.offset.value
    assert (once.count, twice.count) == (1, 2)
    assert once.valence == pytest.approx(0.4 / 4, abs=0.05), "the last place counts"


def test_a_place_named_while_no_face_is_seen_teaches_nothing(visit: Visit) -> None:
    visit.session.feel(AffectPoint(0.5, 0.0))
    assert visit.session.profile.offset.value.count == 0
    assert visit.session.mood_point() == AffectPoint(0.5, 0.0)


def test_answers_about_the_reading_change_it_and_are_learned_from_what_was_read(visit: Visit) -> None:
    visit.session.correct_reading(Emotion.SAD)
    assert visit.session.profile.correction.answers == 0, "nothing was read yet"
    visit.camera.emotion = Emotion.SAD
    visit.watch(5)
    for _ in range(30):
        visit.session.correct_reading(Emotion.NEUTRAL)
    before = certain(Emotion.SAD)
    visit.watch(1)
    latest = visit.session.history()[-1].raw
    assert latest is not None
    neutral, sad = EMOTIONS.index(Emotion.NEUTRAL), EMOTIONS.index(Emotion.SAD)
    assert latest.probabilities[neutral] > before[neutral]
    assert latest.probabilities[sad] < before[sad]
    assert visit.session._looks[-1] == before, "what is learned from is the reading before any correction"
    visit.session.profile.correction.reset()
    visit.watch(1)
    latest = visit.session.history()[-1].raw
    assert latest is not None
    assert latest.probabilities == pytest.approx(before)


def test_a_profile_that_cannot_be_read_leaves_the_face_as_it_is() -> None:
    class Damaged(MemoryProfileStore):
        def state(self) -> StoreState:
            raise StorageError("What was learned is damaged.")

    visit = Visit(ListenerProfile(Damaged(), FakeCatalogue()))
    visit.watch(15)
    assert visit.session.mood().label is Emotion.HAPPY
    assert ids(visit)
    assert visit.session.music.storage_problem == "What was learned is damaged."
