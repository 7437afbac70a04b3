"""Without the network: the owner is told what is wrong, a guest that something is, and the music goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from emrs_core.errors import ModelError
from emrs_core.types import Emotion
from emrs_core.ui import hooks, words
from tests.pages.harness import Dashboard

MISSING = "The model file /srv/emrs/models/model.tflite is missing."


def test_without_the_network_by_hand_still_works(dashboard: Dashboard) -> None:
    dashboard.break_model(ModelError("models/vgg16-fer/model.tflite is missing."))
    assert "model.tflite is missing" in dashboard.run().text()
    dashboard.app.segmented_control(key=hooks.WAY_IN).set_value("By hand")
    dashboard.run()
    dashboard.button(hooks.hand_button(Emotion.HAPPY)).click()
    assert dashboard.run().part("songs") is not None


def test_a_guest_is_told_that_the_network_is_missing_but_not_where_it_should_be(
    dashboard: Dashboard, caplog: pytest.LogCaptureFixture
) -> None:
    dashboard.environment(EMRS_MODE="hosted")
    dashboard.break_model(ModelError(MISSING))
    text = dashboard.run().text()
    assert words.NETWORK_PROBLEM in text
    assert "/srv" not in text
    assert MISSING in caplog.text  # where the sentence sends whoever runs it


@pytest.mark.parametrize("mode", ["local", "hosted"])
def test_a_card_that_cannot_be_read_is_named_to_the_owner_alone(
    dashboard: Dashboard, tmp_path: Path, mode: str
) -> None:
    dashboard.environment(EMRS_MODE=mode, EMRS_MODEL=str(tmp_path / "nowhere"))
    text = dashboard.run().open("Model").text()
    assert ("nowhere" in text) == (mode == "local")
    assert (words.NETWORK_PROBLEM in text) == (mode == "hosted")
