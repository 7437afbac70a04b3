"""The person's own player. Commands need Premium and a device, as at Spotify; reading does not."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from emrs_core.testing.loopback.wire import Answer, MistakeError
from emrs_core.testing.spotify import objects
from emrs_core.testing.spotify.call import Call
from emrs_core.testing.spotify.faults import no_device, premium_required
from emrs_core.testing.spotify.people import Player

MOST_PLAYED = 800  # a list longer than any that we send; the documentation gives no number


def devices(call: Call) -> Answer:
    return Answer.of({"devices": [objects.device(each) for each in call.person.player.devices]})


def state(call: Call) -> Answer:
    player = call.person.player
    device = player.active()
    if device is None or player.current is None:
        return Answer.nothing()
    extra = {"device": objects.device(device), "repeat_state": "off", "shuffle_state": False}
    return Answer.of(_now(call, player) | extra)


def currently_playing(call: Call) -> Answer:
    player = call.person.player
    return Answer.nothing() if player.current is None else Answer.of(_now(call, player))


def queue(call: Call) -> Answer:
    player = call.person.player
    current = {"currently_playing": call.song(player.current)} if player.current else {}
    return Answer.of(current | {"queue": [call.song(i) for i in [*player.queue, *player.ahead]]})


def transfer(call: Call) -> Answer:
    _premium(call)
    body = call.request.json_object()
    ids = body.get("device_ids")
    if not isinstance(ids, list) or len(ids) != 1:
        raise MistakeError(HTTPStatus.BAD_REQUEST, "Exactly one device_id must be given")
    player = _on_device(call, str(ids[0]))
    player.is_playing = player.current is not None and (bool(body.get("play")) or player.is_playing)
    return Answer.nothing()


def play(call: Call) -> Answer:
    _premium(call)
    body = call.request.json_object()
    if "context_uri" in body:
        raise MistakeError(HTTPStatus.BAD_REQUEST, "The stand-in plays uris, no context_uri")
    ids = call.track_ids(body["uris"], MOST_PLAYED) if "uris" in body else []
    player = _on_device(call)
    if ids:
        first = int(body.get("offset", {}).get("position", 0))
        player.play(ids[first:] or ids, int(body.get("position_ms", 0)))
    player.is_playing = player.current is not None
    return Answer.nothing()


def pause(call: Call) -> Answer:
    _premium(call)
    _on_device(call).is_playing = False
    return Answer.nothing()


def skip_next(call: Call) -> Answer:
    _premium(call)
    _on_device(call).next()
    return Answer.nothing()


def skip_previous(call: Call) -> Answer:
    _premium(call)
    _on_device(call).previous()
    return Answer.nothing()


def add_to_queue(call: Call) -> Answer:
    _premium(call)
    track_id = call.track_id(call.request.query.get("uri"))
    _on_device(call).queue.append(track_id)
    return Answer.nothing()


def _premium(call: Call) -> None:
    if not call.person.premium:
        raise premium_required()


def _on_device(call: Call, device_id: str | None = None) -> Player:
    """The player, with the asked-for device active. Raises RefusalError (404) without one."""
    player, wanted = call.person.player, device_id or call.request.query.get("device_id")
    device = next((d for d in player.devices if d.id == wanted), None) if wanted else player.active()
    if device is None:
        raise no_device()
    player.activate(device)
    return player


def _now(call: Call, player: Player) -> dict[str, Any]:
    assert player.current is not None
    return {
        "timestamp": 1_780_000_000_000,
        "progress_ms": player.progress_ms,
        "is_playing": player.is_playing,
        "item": call.song(player.current),
        "currently_playing_type": "track",
        "actions": {"interrupting_playback": True},
    }
