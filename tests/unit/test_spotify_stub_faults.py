"""The stand-in's scripted faults: each as narrow and as long as asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from emrs_core.testing.loopback.wire import Request
from emrs_core.testing.spotify.faults import FaultKind
from tests.unit.spotify_client_by_hand import App, why


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def ada(app: App) -> App:
    return app.login("ada")


class TestFaults:
    @pytest.mark.parametrize(
        ("kind", "status"),
        [
            (FaultKind.NOT_ALLOW_LISTED, 403),
            (FaultKind.OWNER_WITHOUT_PREMIUM, 403),
            (FaultKind.QUOTA, 429),
            (FaultKind.RATE_LIMIT, 429),
            (FaultKind.SERVER_ERROR, 503),
        ],
    )
    def test_it_lasts_until_cleared(self, ada: App, kind: FaultKind, status: int) -> None:
        ada.fail(kind)
        assert [ada.call("GET", "/me").status for _ in range(3)] == [status] * 3
        ada.stub.handle(Request("DELETE", "/_stub/faults"))
        assert ada.call("GET", "/me").status == 200
        assert ada.state()["refused"] == []  # a fault is no mistake of the client
        assert [call["fault"] for call in ada.state()["calls"][-4:]] == [str(kind)] * 3 + [None]

    def test_it_can_be_narrow_late_and_short(self, ada: App) -> None:
        ada.fail(FaultKind.RATE_LIMIT, path="/v1/me/top", after=1, times=1, retry_after_s=3)
        answers = [ada.call("GET", path) for path in ("/me/top/tracks", "/me", "/me/top/tracks", "/me/top/tracks")]
        assert [answer.status for answer in answers] == [200, 200, 429, 200]
        assert answers[2].headers["Retry-After"] == "3"

    def test_it_can_befall_one_person_only(self, ada: App) -> None:
        ada.fail(FaultKind.SERVER_ERROR, person="ada")
        assert ada.call("GET", "/me").status == 503
        assert ada.login("ben").call("GET", "/me").status == 200

    def test_player_faults_leave_the_rest_alone(self, ada: App) -> None:
        ada.fail(FaultKind.NO_ACTIVE_DEVICE)
        assert ada.call("GET", "/me/player/devices").status == 200
        assert ada.call("PUT", "/me/player/pause").status == 404

    def test_spoiled_answers(self, ada: App) -> None:
        ada.fail(FaultKind.TRUNCATED, times=1)
        with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
            json.loads(ada.call("GET", "/me").payload)
        ada.fail(FaultKind.CUT_OFF, times=1)
        cut = ada.call("GET", "/me")
        assert cut.length is not None
        assert len(cut.payload) < cut.length
        ada.fail(FaultKind.REMOVED_FIELD, name="account_id", times=1)
        assert ada.call("GET", "/me").document().keys() >= {"id", "display_name"}
        assert "account_id" in ada.call("GET", "/me").document()

    def test_silence_and_a_cut_line(self, ada: App) -> None:
        ada.fail(FaultKind.TIMEOUT, hang_s=9.0, times=1)
        silent = ada.call("GET", "/me")
        ada.fail(FaultKind.DROPPED)
        cut = ada.call("GET", "/me")
        assert (silent.wait_s, silent.drop, cut.wait_s, cut.drop) == (9.0, True, 0.0, True)

    @pytest.mark.parametrize(
        ("script", "said"),
        [({"fault": "earthquake"}, "no such fault"), ({"fault": "quota", "often": 1}, "no often"), ("quota", "object")],
    )
    def test_a_script_that_makes_no_sense(self, app: App, script: Any, said: str) -> None:
        answer = app.stub.handle(Request("POST", "/_stub/faults", body=json.dumps(script).encode()))
        assert answer.status == 400
        assert said in why(answer)
