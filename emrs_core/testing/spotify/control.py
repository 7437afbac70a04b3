"""``/_stub/...``: look into the stand-in, and break it on purpose."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from emrs_core.testing.loopback.wire import Answer, MistakeError, Request
from emrs_core.testing.spotify.faults import EVENTS, Fault, FaultKind
from emrs_core.testing.spotify.world import World

PREFIX = "/_stub/"


def handle(world: World, request: Request) -> Answer:
    """``GET state``, ``POST faults`` (one or a list), ``DELETE faults``."""
    try:
        match request.method, request.path.removeprefix(PREFIX):
            case "GET", "state":
                return Answer.of(world.state())
            case "POST", "faults":
                script(world, request.json())
                return Answer.of({"faults": world.faults.describe()})
            case "DELETE", "faults":
                world.faults.clear()
                return Answer.nothing()
        raise MistakeError(HTTPStatus.NOT_FOUND, "There are GET /_stub/state and POST or DELETE /_stub/faults")
    except MistakeError as mistake:
        return Answer.refusal(mistake)


def script(world: World, document: Any) -> None:
    """Put one fault or a list of them into force; events happen at once. Raises MistakeError before any."""
    for fault in [Fault.from_json(each) for each in (document if isinstance(document, list) else [document])]:
        befall(world, fault)


def befall(world: World, fault: Fault) -> None:
    """Put a fault into force, or let its event happen."""
    match fault.kind:
        case FaultKind.EXPIRED:
            world.grants.expire_access(fault.person)
        case FaultKind.REVOKED:
            world.grants.revoke(fault.person)
        case FaultKind.SIX_MONTHS:
            world.grants.age(fault.person)
        case _:
            assert fault.kind not in EVENTS
            world.faults.add(fault)
