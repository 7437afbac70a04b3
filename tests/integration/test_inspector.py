"""The helper process that looks inside the network: its life with a stand-in, and the real one with Keras."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import psutil
import pytest

from emrs_core.errors import InspectionError
from emrs_core.training.inside import LookRequest, NetworkLook
from emrs_core.training.inspect_client import Inspector
from emrs_core.types import EMOTIONS, Emotion
from emrs_core.vision.haar import HaarFaceDetector
from emrs_core.vision.preprocess import face_crop

FACE = np.zeros((48, 48), np.uint8)
PATIENCE_S = 30.0

STAND_IN = """
    import os, sys, time
    import numpy as np
    from emrs_core.training.inside import LayerInfo, NetworkLook
    from emrs_core.training.inside_wire import Message, pack_look, read_message, unpack_request, write_message
    from emrs_core.types import Emotion
    answers = os.fdopen(os.dup(1), "wb")
    print("a greeting " * 10_000, file=sys.stderr)  # more than a pipe holds
    write_message(answers, Message({"ready": True}))
    while (message := read_message(sys.stdin.buffer)) is not None:
        request = unpack_request(message)
        if request.layer == "die":
            os._exit(7)
        if request.layer == "hang":
            time.sleep(600)
        if request.layer == "refuse":
            write_message(answers, Message({"error": "There is no such layer."}))
            continue
        if request.layer == "babble":
            answers.write(b"x" * 64)
            answers.flush()
            continue
        layers = (LayerInfo(str(os.getpid()), "after ReLU", 1, 1, 1),)
        maps = np.ones((1, 1, 1), np.float32)
        look = NetworkLook(layers, (layers[0].name,), (1.0,) * 7, layers[0].name, maps, Emotion.SAD, "x", maps[0])
        write_message(answers, pack_look(look))
"""

SERVING = """
import sys
import numpy as np
from emrs_core.bootstrap import new_inspector
from emrs_core.training.inside import LookRequest
from emrs_core.ui import frame, model_page
look = new_inspector().look(LookRequest(np.zeros((48, 48), np.uint8)))
assert look.maps.shape == (64, 48, 48), look.maps.shape
print(sorted({name.partition(".")[0] for name in sys.modules} & {"tensorflow", "keras", "jax", "torch"}))
import psutil
print([child.pid for child in psutil.Process().children()][0])
"""


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[Callable[..., Inspector]]:
    """Makes inspectors over a helper that misbehaves on demand; ends them all."""
    script = tmp_path / "helper.py"
    root = str(Path(__file__).resolve().parents[2])
    script.write_text(f"import sys\nsys.path.insert(0, {root!r})\n" + textwrap.dedent(STAND_IN))
    made: list[Inspector] = []

    def make(**timeouts: float) -> Inspector:
        made.append(Inspector(tmp_path, command=[sys.executable, str(script)], **timeouts))
        return made[-1]

    yield make
    for inspector in made:
        inspector.close()


def helper_of(look: NetworkLook) -> int:
    """The stand-in names its only layer after its process."""
    return int(look.layers[0].name)


def gone(pid: int) -> bool:
    """Whether the process ends within our patience."""
    deadline = time.monotonic() + PATIENCE_S
    while psutil.pid_exists(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not psutil.pid_exists(pid)


def test_nothing_starts_before_it_is_asked_and_one_helper_serves_all(stand_in: Callable[..., Inspector]) -> None:
    inspector = stand_in()
    before = {child.pid for child in psutil.Process().children()}
    assert not inspector.ready
    helpers: list[int] = []
    threads = [
        threading.Thread(target=lambda: helpers.append(helper_of(inspector.look(LookRequest(FACE))))) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert len(helpers) == 6
    assert len(set(helpers)) == 1
    assert inspector.ready
    assert {child.pid for child in psutil.Process().children()} - before == set(helpers)


@pytest.mark.parametrize("end", ["die", "babble"])
def test_a_helper_that_breaks_is_named_and_the_next_look_starts_another(
    stand_in: Callable[..., Inspector], end: str
) -> None:
    inspector = stand_in(look_timeout_s=5.0)
    first = helper_of(inspector.look(LookRequest(FACE)))
    with pytest.raises(InspectionError, match=r"stopped .*Try again"):
        inspector.look(LookRequest(FACE, layer=end))
    assert gone(first)
    assert helper_of(inspector.look(LookRequest(FACE))) != first


def test_a_helper_killed_while_it_looks_is_named_and_the_next_look_works(stand_in: Callable[..., Inspector]) -> None:
    inspector = stand_in()
    pid = helper_of(inspector.look(LookRequest(FACE)))
    killer = threading.Timer(0.5, psutil.Process(pid).kill)
    killer.start()
    with pytest.raises(InspectionError, match="stopped"):
        inspector.look(LookRequest(FACE, layer="hang"))
    assert helper_of(inspector.look(LookRequest(FACE))) != pid


def test_a_helper_that_hangs_is_ended_after_the_timeout(stand_in: Callable[..., Inspector]) -> None:
    inspector = stand_in(look_timeout_s=3.0)  # the first look, which is answered, needs a moment on a busy machine
    pid = helper_of(inspector.look(LookRequest(FACE)))
    with pytest.raises(InspectionError, match="no answer within"):
        inspector.look(LookRequest(FACE, layer="hang"))
    assert gone(pid)


def test_a_refusal_is_passed_on_and_costs_no_helper(stand_in: Callable[..., Inspector]) -> None:
    inspector = stand_in()
    pid = helper_of(inspector.look(LookRequest(FACE)))
    with pytest.raises(InspectionError, match="There is no such layer"):
        inspector.look(LookRequest(FACE, layer="refuse"))
    assert helper_of(inspector.look(LookRequest(FACE))) == pid


def test_who_waits_too_long_behind_others_is_told(stand_in: Callable[..., Inspector]) -> None:
    inspector = stand_in(look_timeout_s=PATIENCE_S, queue_timeout_s=0.2)
    pid = helper_of(inspector.look(LookRequest(FACE)))
    ends: list[str] = []

    def hang() -> None:
        try:
            inspector.look(LookRequest(FACE, layer="hang"))
        except InspectionError as exc:
            ends.append(str(exc))

    busy = threading.Thread(target=hang)
    busy.start()
    time.sleep(0.3)
    with pytest.raises(InspectionError, match="Other visitors"):
        inspector.look(LookRequest(FACE))
    psutil.Process(pid).kill()
    busy.join(PATIENCE_S)
    assert len(ends) == 1


def test_an_idle_helper_goes_and_comes_back(stand_in: Callable[..., Inspector]) -> None:
    inspector = stand_in(idle_s=0.3)
    first = helper_of(inspector.look(LookRequest(FACE)))
    assert gone(first)
    assert not inspector.ready
    assert helper_of(inspector.look(LookRequest(FACE))) != first


def test_a_helper_that_cannot_be_started_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match="could not be started"):
        Inspector(tmp_path, command=[str(tmp_path / "nothing")]).look(LookRequest(FACE))


def test_without_tensorflow_the_error_says_what_to_install(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tensorflow", "keras"):
        (tmp_path / f"{name}.py").write_text("raise ImportError('not here')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    inspector = Inspector(repository / "models" / "vgg16-fer")
    with pytest.raises(InspectionError, match=r"needs TensorFlow and Keras.*pip install"):
        inspector.look(LookRequest(FACE))
    assert not inspector.ready


def test_a_missing_model_is_the_models_own_error(tmp_path: Path) -> None:
    with pytest.raises(InspectionError, match=r"card\.json is missing"):
        Inspector(tmp_path).look(LookRequest(FACE))


# -- with Keras ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sample(repository: Path) -> np.ndarray:
    """The face of the Model page's sample as the network gets it."""
    picture = cv2.imread(str(repository / "emrs_core" / "ui" / "samples" / "face.jpg"))
    assert picture is not None
    image = picture.astype(np.uint8)
    return face_crop(image, HaarFaceDetector().detect(image)[0])


@pytest.mark.keras
class TestKeras:
    @pytest.fixture(scope="class")
    @staticmethod
    def inspector(repository: Path) -> Iterator[Inspector]:
        made = Inspector(repository / "models" / "vgg16-fer")
        yield made
        made.close()

    @pytest.mark.parametrize(
        ("layer", "shape"),
        [
            ("conv1_1", (64, 48, 48)),
            ("bn2_2", (128, 24, 24)),
            ("relu3_3", (256, 12, 12)),
            ("relu4_3", (512, 6, 6)),
            ("conv5_3", (512, 3, 3)),
            ("pool5", (512, 2, 2)),
        ],
    )
    def test_any_layer_gives_its_maps(
        self, inspector: Inspector, sample: np.ndarray, layer: str, shape: tuple[int, ...]
    ) -> None:
        look = inspector.look(LookRequest(sample, layer))
        assert (look.layer, look.maps.shape) == (layer, shape)
        assert np.isfinite(look.maps).all()
        assert look.maps.std() > 0
        assert (look.maps.min() >= 0) == layer.startswith(("relu", "pool"))
        info = {entry.name: entry for entry in look.layers}[layer]
        assert (info.channels, info.height, info.width) == shape
        assert len(look.layers) == 13 * 3 + 5

    def test_the_sample_smiles_and_its_mouth_says_so(self, inspector: Inspector, sample: np.ndarray) -> None:
        look = inspector.look(LookRequest(sample))
        assert look.emotion is Emotion.HAPPY
        assert look.probabilities[EMOTIONS.index(Emotion.HAPPY)] > 0.9
        assert sum(look.probabilities) == pytest.approx(1.0, abs=1e-4)
        assert (look.cam_layer, look.cam.shape) == ("relu4_3", (6, 6))
        assert look.cam.max() == 1.0
        heat = cv2.resize(look.cam, (48, 48), interpolation=cv2.INTER_LINEAR)
        rows, columns = np.mgrid[0:48, 0:48]
        # The face in its Haar box: an ellipse a good half of the square in size.
        face = ((columns - 23.5) / 19) ** 2 + ((rows - 25) / 22) ** 2 <= 1
        assert face.mean() < 0.6
        assert heat[face].sum() / heat.sum() > 0.75
        assert heat[24:].sum() / heat.sum() > 0.7  # the lower half, where the mouth is

    def test_what_speaks_for_another_emotion_lies_elsewhere(self, inspector: Inspector, sample: np.ndarray) -> None:
        happy = inspector.look(LookRequest(sample, emotion=Emotion.HAPPY, cam_layer="relu5_3"))
        sad = inspector.look(LookRequest(sample, emotion=Emotion.SAD, cam_layer="relu5_3"))
        assert happy.cam.shape == sad.cam.shape == (3, 3)
        assert np.abs(happy.cam - sad.cam).max() > 0.2

    def test_an_unknown_layer_is_refused_with_the_known_ones(self, inspector: Inspector, sample: np.ndarray) -> None:
        with pytest.raises(InspectionError, match=r"no layer 'conv9_9'.*conv1_1"):
            inspector.look(LookRequest(sample, "conv9_9"))

    def test_the_serving_process_stays_without_keras_and_leaves_no_helper(self, repository: Path) -> None:
        line = [sys.executable, "-c", SERVING]
        done = subprocess.run(line, cwd=repository, capture_output=True, text=True, timeout=150, check=False)
        assert done.returncode == 0, done.stderr
        modules, helper = done.stdout.splitlines()
        assert modules == "[]"
        assert gone(int(helper))
