"""The stand-in as one function from request to answer: no socket, no thread of its own."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Protocol

from emrs_core.testing.loopback.wire import Answer, MistakeError, RefusalError, Request
from emrs_core.testing.spotify import consent_page, control
from emrs_core.testing.spotify.accounts import Accounts
from emrs_core.testing.spotify.call import Call, only
from emrs_core.testing.spotify.endpoints import find, is_gone
from emrs_core.testing.spotify.faults import NOT_REGISTERED
from emrs_core.testing.spotify.grants import Grant, TokenRefusalError
from emrs_core.testing.spotify.world import World

VERSION = "/v1"


class Description(Protocol):
    """What ``schema.Schema`` offers; the stand-in also works without one."""

    def request_problems(self, request: Request) -> Iterable[str]: ...

    def answer_problems(self, request: Request, answer: Answer) -> Iterable[str]: ...


class SpotifyStub:
    """Answers requests one after the other. Any thread."""

    def __init__(self, world: World, schema: Description | None = None) -> None:
        self.world, self._schema = world, schema
        self._accounts = Accounts(world)

    def handle(self, request: Request) -> Answer:
        """The answer, with the call written down. Never raises for anything that a client sends."""
        with self.world.lock:
            self.world.run_on()
            if request.path.startswith(control.PREFIX):
                return control.handle(self.world, request)
            grant = self._known_grant(request)
            person = grant.person_id if grant else None
            early = self.world.faults.take(request, late=False, person=person)
            answer = early.answer() if early else self._true_answer(request)
            late = None if early else self.world.faults.take(request, late=True, person=person)
            if late:
                answer = late.spoil(answer)
            fault = early or late
            self._write_down(request, answer, person, str(fault.kind) if fault else None)
            return answer

    def _true_answer(self, request: Request) -> Answer:
        try:
            if request.path.startswith(f"{VERSION}/"):
                return self._web_api(request)
            return self._accounts_service(request)
        except TokenRefusalError as refused:
            return Answer.of({"error": refused.error, "error_description": refused.message}, refused.status)
        except MistakeError as mistake:
            self.world.refused.append({"method": request.method, "path": request.path, "why": mistake.message})
            if request.path.startswith("/authorize"):
                return Answer.page(consent_page.problem(mistake.message), mistake.status)
            return Answer.refusal(mistake)
        except RefusalError as refused:
            return Answer.refusal(refused)

    def _accounts_service(self, request: Request) -> Answer:
        match request.method, request.path:
            case "GET", "/authorize":
                return self._accounts.authorize(request)
            case "POST", "/authorize/decision":
                return self._accounts.decide(request)
            case "POST", "/api/token":
                return self._accounts.token(request)
        raise MistakeError(HTTPStatus.NOT_FOUND, f"The accounts service has no {request.method} {request.path}")

    def _web_api(self, request: Request) -> Answer:
        path = request.path.removeprefix(VERSION)
        if is_gone(request.method, path):
            raise MistakeError(HTTPStatus.FORBIDDEN, "This address is closed to new apps")
        grant = self.world.grants.bearer(request.headers.get("authorization", ""))
        found = find(request.method, path)
        if found is None:
            raise MistakeError(HTTPStatus.BAD_REQUEST, f"The stand-in serves no {request.method} {path}")
        endpoint, parts = found
        person = self.world.people[grant.person_id]
        if not person.allow_listed:
            return Answer.plain(NOT_REGISTERED, HTTPStatus.FORBIDDEN)
        only(request.query, endpoint.query, "parameter")
        if request.body:
            only(request.json_object(), endpoint.body, "field of the body")
        for problem in self._schema.request_problems(request) if self._schema else ():
            raise MistakeError(HTTPStatus.BAD_REQUEST, problem)
        call = Call(self.world, person, grant.scopes, request, parts)
        if endpoint.scopes:
            call.needs(*endpoint.scopes)
        answer = endpoint.handler(call)
        problems = self._schema.answer_problems(request, answer) if self._schema else ()
        self.world.own_errors.extend({"path": request.path, "why": problem} for problem in problems)
        return answer

    def _known_grant(self, request: Request) -> Grant | None:
        try:
            return self.world.grants.bearer(request.headers.get("authorization", ""))
        except RefusalError:
            return None

    def _write_down(self, request: Request, answer: Answer, person: str | None, fault: str | None) -> None:
        """Without headers and bodies, and without the query where that holds codes: no secret is kept."""
        query = dict(request.query) if request.path.startswith(f"{VERSION}/") else {}
        status = None if answer.drop else answer.status
        call: dict[str, Any] = {"method": request.method, "path": request.path, "query": query}
        self.world.calls.append(call | {"person": person, "status": status, "fault": fault})
