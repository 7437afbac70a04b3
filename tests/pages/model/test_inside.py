"""The Model page: what the network sees, with a stand-in for the helper."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from emrs_core.bootstrap import DEFAULT_MODEL_DIR
from emrs_core.testing.faces import FakeFaceDetector
from emrs_core.training.inside import LayerInfo
from emrs_core.types import Emotion
from emrs_core.ui import hooks, inside_view, subjects, words
from tests.pages.fake_inspector import LAYERS, FakeInspector
from tests.pages.harness import Dashboard


def test_nothing_is_asked_before_the_button(page: Dashboard, inspector: FakeInspector) -> None:
    assert page.has_button(hooks.INSIDE_START)
    assert "5 to 30 seconds" in page.text()
    assert inspector.asked == []


def look_inside(page: Dashboard) -> Dashboard:
    page.button(hooks.INSIDE_START).click()
    return page.run()


def test_the_sample_is_looked_at_and_its_layers_can_be_chosen(page: Dashboard, inspector: FakeInspector) -> None:
    look_inside(page)
    assert inspector.asked[0].face.shape == (48, 48)
    assert "over 99 %" in page.text()
    assert "All 4 maps of `relu1_1`" in page.text()
    layer = page.app.selectbox(key=hooks.INSIDE_LAYER)
    assert len(layer.options) == len(LAYERS)
    layer.set_value("relu2_1")
    assert "The 64 with the most contrast of 100 maps" in page.run().text()
    assert [request.layer for request in inspector.asked] == [None, "relu2_1"]


def test_a_redraw_asks_nothing_again(page: Dashboard, inspector: FakeInspector) -> None:
    look_inside(page).run()
    page.open("Music").open("Model")
    assert len(inspector.asked) == 1
    assert "What speaks for it" in page.text()


def test_another_emotion_may_have_nothing_that_speaks_for_it(page: Dashboard, inspector: FakeInspector) -> None:
    look_inside(page)
    page.app.selectbox(key=hooks.INSIDE_EMOTION).set_value(str(Emotion.FEAR))
    assert "Nothing in this face speaks for **afraid**" in page.run().text()
    assert inspector.asked[-1].emotion is Emotion.FEAR


def test_a_failing_helper_is_one_clear_sentence_and_the_next_try_works(
    page: Dashboard, inspector: FakeInspector
) -> None:
    inspector.failures = 1
    assert "The helper stopped. Try again." in look_inside(page).text()
    assert "How good it is" in page.text()
    page.button(hooks.INSIDE_RETRY).click()
    assert "What speaks for it" in page.run().text()


@pytest.mark.parametrize("mode", ["local", "hosted"])
def test_where_the_damaged_network_lies_is_told_to_the_owner_alone(
    page: Dashboard, inspector: FakeInspector, mode: str
) -> None:
    page.environment(EMRS_MODE=mode)
    page.come_back().open("Model")
    inspector.failures, inspector.failure = 1, f"{DEFAULT_MODEL_DIR}/model.keras is damaged."
    assert ("model.keras is damaged" in look_inside(page).text()) == (mode == "local")
    assert (words.NETWORK_PROBLEM in page.text()) == (mode == "hosted")


def test_a_photo_needs_the_agreement_first(page: Dashboard) -> None:
    page.app.segmented_control(key=hooks.INSIDE_SOURCE).set_value(inside_view.Source.PHOTO)
    page.run()
    assert page.has_button(hooks.CONSENT_BUTTON)
    assert not page.app.get("file_uploader")
    page.agree()
    assert page.app.get("file_uploader")


def test_a_picture_without_a_face_says_so(page: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("emrs_core.bootstrap.HaarFaceDetector", FakeFaceDetector)
    visit = page.app.session_state["emrs-visit"]
    visit.inside.forget()
    assert "No face was found" in page.run().text()


def test_another_face_needs_no_button_while_the_helper_runs(
    page: Dashboard, inspector: FakeInspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    look_inside(page)
    page.app.selectbox(key=hooks.INSIDE_EMOTION).set_value(str(Emotion.SAD))
    page.run()
    png = cv2.imencode(".png", np.full((300, 300, 3), 90, np.uint8))[1].tobytes()
    monkeypatch.setattr(subjects, "sample", lambda: png)
    assert "Feature maps" in page.run().text()
    assert inspector.asked[-1].face.mean() == 90
    assert inspector.asked[-1].emotion is None  # another face, another emotion
    inspector.ready = False
    monkeypatch.setattr(subjects, "sample", lambda: subjects.SAMPLE.read_bytes())
    assert "Feature maps" not in page.run().text()
    assert page.has_button(hooks.INSIDE_START)


def test_erasing_the_visit_forgets_the_face(page: Dashboard) -> None:
    look_inside(page)
    inside = page.app.session_state["emrs-visit"].inside
    assert inside.subject is not None
    page.open("Your data")
    page.button(hooks.ERASE).click()
    page.run()
    assert inside.subject is None
    assert inside.look is None


def test_a_layer_is_named_by_its_place_or_as_it_is() -> None:
    assert inside_view.layer_text(LAYERS[1]) == "Block 1.1 · after ReLU · 4 of 8 × 8"
    assert inside_view.layer_text(LayerInfo("pool3", "pooled", 6, 6, 256)) == "Block 3 · pooled · 256 of 6 × 6"
    assert inside_view.layer_text(LayerInfo("stem", "Add", 3, 5, 9)) == "stem · Add · 9 of 5 × 3"
    of_member = LayerInfo("member2.pool3", "pooled", 6, 6, 256)
    assert inside_view.layer_text(of_member) == "Network 2 · Block 3 · pooled · 256 of 6 × 6"
