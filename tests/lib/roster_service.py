"""A OneRoster 1.2 rostering service, written from the published REST binding; it can misbehave as a test says.

It is a real HTTP server with a token endpoint (client credentials, RFC 6749 4.4). Of the binding it has collections and
single records, `filter` with its seven predicates and one logical operation, `fields`, `limit` and `offset` with
`X-Total-Count` and `Link`, and errors as `imsx_StatusInfo`.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

BASE = "/ims/oneroster/rostering/v1p2/"
SINGLE = {"users": "user", "orgs": "org", "classes": "class", "courses": "course", "enrollments": "enrollment"}
CONDITION = re.compile(r"\s*([A-Za-z.]+)\s*(!=|>=|<=|=|>|<|~)\s*'([^']*)'\s*")
LOGICAL = re.compile(r"\s(AND|OR)\s")
PREDICATES: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda held, wanted: held == wanted,
    "!=": lambda held, wanted: held != wanted,
    ">": lambda held, wanted: held > wanted,
    ">=": lambda held, wanted: held >= wanted,
    "<": lambda held, wanted: held < wanted,
    "<=": lambda held, wanted: held <= wanted,
    "~": lambda held, wanted: wanted in held,
}

Record = dict[str, Any]


class Refused(Exception):
    """A request that is answered with a status and the minor code of the standard."""

    def __init__(self, status: int, minor: str) -> None:
        super().__init__(minor)
        self.status = status
        self.minor = minor


@dataclass(kw_only=True)
class RosterServer:
    """Listens when entered."""

    collections: dict[str, list[Record]]
    client: tuple[str, str] = ("hub", "s3cret")
    token: str = "token-1"
    largest_page: int = 100
    mode: str = ""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    scopes_asked: list[str] = field(default_factory=list)
    url: str = ""
    token_url: str = ""
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/oauth2/token", self._give_token)
        app.router.add_get(BASE + "{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url, self.token_url = f"http://{host}:{port}{BASE}", f"http://{host}:{port}/oauth2/token"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _give_token(self, request: web.Request) -> web.Response:
        form = await request.post()
        name, _, secret = base64.b64decode(request.headers.get("Authorization", "")[6:]).decode().partition(":")
        if (name, secret) != self.client or form.get("grant_type") != "client_credentials":
            return web.json_response({"error": "invalid_client"}, status=401)
        self.scopes_asked.append(str(form.get("scope", "")))
        return web.json_response({"access_token": self.token, "token_type": "Bearer", "expires_in": 3600})

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        self.asked.append((path, dict(request.query)))
        try:
            return self._held(request, path)
        except Refused as refused:
            return _status(refused.status, refused.minor)

    def _held(self, request: web.Request, path: str) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise Refused(401, "unauthorisedrequest")
        if self.mode == "broken":
            raise Refused(500, "internal_server_error")
        if self.mode == "in disguise":
            return _status(200, "unknownobject")
        match path.split("/"):
            case [collection]:
                return self._collection(request, *self._records_of(collection))
            case ["users", user, "classes"]:
                taken = {one["class"]["sourcedId"] for one in self.collections["enrollments"] if _id_of(one) == user}
                held = [one for one in self.collections["classes"] if one["sourcedId"] in taken]
                return self._collection(request, "classes", held)
            case [collection, sourced_id]:
                return self._single(collection, sourced_id)
            case _:
                raise Refused(404, "unknownobject")

    def _records_of(self, collection: str) -> tuple[str, list[Record]]:
        role = {"students": "student", "teachers": "teacher"}.get(collection)
        if role is not None:
            users = self.collections["users"]
            return "users", [one for one in users if role in [held["role"] for held in one["roles"]]]
        if collection not in self.collections:
            raise Refused(404, "unknownobject")
        return collection, self.collections[collection]

    def _single(self, collection: str, sourced_id: str) -> web.Response:
        _, held = self._records_of(collection)
        found = [one for one in held if one["sourcedId"] == sourced_id]
        if self.mode == "somebody else":
            found = held[:1]
        if not found:
            raise Refused(404, "unknownobject")
        return web.json_response({SINGLE.get(collection, collection): found[0]})

    def _collection(self, request: web.Request, envelope: str, held: Sequence[Record]) -> web.Response:
        wanted = request.query.get("filter")
        found = list(held) if wanted is None or self.mode == "unfiltered" else _filtered(held, wanted)
        limit, offset = int(request.query.get("limit", "100")), int(request.query.get("offset", "0"))
        limit = min(limit, self.largest_page)
        page = found[offset : offset + limit]
        if self.mode == "breaks off" and offset:
            page = []
        headers = {"X-Total-Count": str(len(found))} if self.mode not in {"no count", "no headers"} else {}
        if self.mode == "without end":
            page, headers = found[:limit], {"X-Total-Count": "999999"}
        if offset + limit < len(found) and self.mode != "no headers":
            following = request.url.update_query(limit=limit, offset=offset + limit)
            headers["Link"] = f'<{following}>; rel="next", <{request.url}>; rel="first"'
        return web.json_response({envelope: _selected(page, held, request.query.get("fields"))}, headers=headers)


def _filtered(held: Sequence[Record], expression: str) -> list[Record]:
    """Filter as the binding says; a field that nothing has is refused, and so is more than one logical operation."""
    pieces = LOGICAL.split(expression)
    conditions = [CONDITION.fullmatch(piece) for piece in pieces[::2]]
    if len(pieces) > 3 or not all(conditions):
        raise Refused(400, "invalid_filter_field")
    tests = [(match[1], PREDICATES[match[2]], match[3]) for match in conditions if match is not None]
    for path, _, _ in tests:
        if held and not any(True for one in held for _ in _texts(one, path.split("."))):
            raise Refused(400, "invalid_filter_field")
    every = any if pieces[1:2] == ["OR"] else all
    return [
        one
        for one in held
        if every(
            any(holds(text.casefold(), wanted.casefold()) for text in _texts(one, path.split(".")))
            for path, holds, wanted in tests
        )
    ]


def _texts(held: object, steps: Sequence[str]) -> list[str]:
    if isinstance(held, list):
        return [text for one in held for text in _texts(one, steps)]
    if steps:
        return _texts(held[steps[0]], steps[1:]) if isinstance(held, dict) and steps[0] in held else []
    return [str(held)]


def _selected(page: Sequence[Record], held: Sequence[Record], fields: str | None) -> list[Record]:
    if fields is None:
        return list(page)
    names = fields.split(",")
    if held and any(name not in {known for one in held for known in one} for name in names):
        raise Refused(400, "invalid_selection_field")
    return [{name: one[name] for name in names if name in one} for one in page]


def _id_of(enrolment: Record) -> str:
    return str(enrolment["user"]["sourcedId"])


def _status(status: int, minor: str) -> web.Response:
    """Answer with the standard's form of an error; its words name somebody, which nobody may repeat."""
    told = {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": "Amina Khan cannot be read",
        "imsx_CodeMinor": {
            "imsx_codeMinorField": [{"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": minor}]
        },
    }
    return web.json_response(told, status=status)


def reference(sourced_id: str, kind: str) -> Record:
    """Write a reference (GUIDRef)."""
    return {"href": f"https://roster.example{BASE}{kind}s/{sourced_id}", "sourcedId": sourced_id, "type": kind}


def pupil(sourced_id: str, identifier: str, given: str, family: str, **changes: object) -> Record:
    """Write a user who is a student."""
    role = {"roleType": "primary", "role": "student", "org": reference("school-1", "org")}
    plain: Record = {
        "sourcedId": sourced_id,
        "status": "active",
        "dateLastModified": "2026-02-03T04:05:06.000Z",
        "enabledUser": "true",
        "identifier": identifier,
        "givenName": given,
        "familyName": family,
        "email": f"{sourced_id}@school.example",
        "roles": [role],
        "agents": [],
    }
    return plain | changes


def dated(sourced_id: str, **more: object) -> Record:
    """Write any record with what every record has."""
    return {"sourcedId": sourced_id, "status": "active", "dateLastModified": "2026-02-03T04:05:06.000Z", **more}


def enrolment(sourced_id: str, user: str, class_id: str, **changes: object) -> Record:
    """Write that a user is enrolled in a class."""
    parts: Record = {"user": reference(user, "user"), "class": reference(class_id, "class")}
    return dated(sourced_id, role="student", **parts, school=reference("school-1", "org")) | changes


def a_school() -> dict[str, list[Record]]:
    """Make a small school: two pupils of one name, others, a teacher, and a parent."""
    teacher = [{"roleType": "primary", "role": "teacher", "org": reference("school-1", "org")}]
    parent = [{"roleType": "primary", "role": "parent", "org": reference("school-1", "org")}]
    return {
        "users": [
            pupil("u1", "H801200001001", "Amina", "Khan", agents=[reference("u9", "user")]),
            pupil("u2", "Z801200001009", "Amina", "Khan"),
            pupil("u3", "A801200001003", "Bo", "O'Brien"),
            pupil("u4", "B801200001004", "Gone", "Away", status="tobedeleted"),
            pupil("u5", "H801200001001-T", "Amina", "Khan", roles=teacher),
            pupil("u9", "P1", "Farah", "Khan", roles=parent, phone="01204 555 0100"),
        ],
        "demographics": [
            dated("u1", birthDate="2012-03-07", sex="female"),
            dated("u2", birthDate="2010-01-01", sex="female"),
            dated("u3", birthDate="2012-03-07", sex="male"),
            dated("u5", birthDate="2012-03-07", sex="female"),
        ],
        "orgs": [dated("school-1", name="Moor Lane School", type="school", identifier="350/4001")],
        "classes": [
            dated("c1", title="7A", classType="homeroom", grades=["07"], school=reference("school-1", "org")),
            dated("c2", title="Choir", classType="scheduled", grades=["07", "08"], school=reference("school-1", "org")),
        ],
        "courses": [],
        "enrollments": [
            enrolment("e1", "u1", "c1", primary="true"),
            enrolment("e2", "u1", "c2"),
            enrolment("e3", "u2", "c1"),
            enrolment("e4", "u1", "c2", status="tobedeleted"),
        ],
    }
