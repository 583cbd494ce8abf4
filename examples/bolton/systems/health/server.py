"""Community health's FHIR R4 interface: capability statement, read, search with paging, outcomes for what is wrong."""

import hmac
import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from examples.bolton.systems.health.search import BOUNDS, PARAMETERS, Resources

KEY_HEADER = "apikey"
MEDIA_TYPE = "application/fhir+json"
PAGE_SIZE, LARGEST_PAGE = 20, 100
PAGING = ("_count", "_page", "_format")


def application(resources: Resources, key: str) -> Starlette:
    """Make the server's application; every path but the capability statement needs the key."""
    server = _Server(resources, key)
    return Starlette(
        routes=[
            Route("/fhir/metadata", server.metadata),
            Route("/fhir/{kind}", server.search),
            Route("/fhir/{kind}/{resource_id}", server.read),
        ],
        exception_handlers={_Refused: _outcome},
    )


class _Refused(Exception):
    def __init__(self, status: int, code: str, diagnostics: str) -> None:
        super().__init__(diagnostics)
        self.status = status
        self.issue = {"severity": "error", "code": code, "diagnostics": diagnostics}


class _Server:
    def __init__(self, resources: Resources, key: str) -> None:
        self._resources = resources
        self._key = key.encode()

    async def metadata(self, request: Request) -> Response:
        """Say what is supported."""
        return _json(_capabilities(str(request.base_url)))

    async def read(self, request: Request) -> Response:
        """Give one resource."""
        self._admit(request)
        kind = _kind(request)
        found = self._resources.get(kind, request.path_params["resource_id"])
        if found is None:
            raise _Refused(404, "not-found", f"No such {kind}.")
        return Response(found, media_type=MEDIA_TYPE)

    async def search(self, request: Request) -> Response:
        """Give one page of what matches."""
        self._admit(request)
        kind = _kind(request)
        wanted = _wanted(kind, request)
        count, page = _paging(request.query_params)
        found = self._resources.search(kind, wanted)
        return Response(_bundle(request, kind, found, count, page), media_type=MEDIA_TYPE)

    def _admit(self, request: Request) -> None:
        if not hmac.compare_digest(request.headers.get(KEY_HEADER, "").encode(), self._key):
            raise _Refused(401, "login", f"Send the API key in the header {KEY_HEADER}.")


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in PARAMETERS:
        raise _Refused(404, "not-supported", "No such resource type here; see metadata.")
    return kind


def _wanted(kind: str, request: Request) -> dict[str, str]:
    """Refuse what is not supported: to ignore a parameter would be to answer about everybody."""
    given = [(name, value) for name, value in request.query_params.multi_items() if name not in PAGING]
    unknown = sorted({name for name, _ in given} - set(PARAMETERS[kind]))
    if unknown:
        raise _Refused(400, "not-supported", f"Not a search parameter of {kind}: {', '.join(unknown)}.")
    spans = [value for name, value in given if name == "birthdate" and value.startswith(BOUNDS)]
    others = [(name, value) for name, value in given if (name, value) not in {("birthdate", span) for span in spans}]
    if (
        len(others) != len(dict(others))
        or any(not value for _, value in given)
        or (spans and "birthdate" in dict(others))
    ):
        raise _Refused(400, "invalid", "Give each search parameter once, with a value; a span of birth as ge and le.")
    return {name: _unescaped(value) for name, value in others} | ({"birthdate": " ".join(spans)} if spans else {})


def _unescaped(value: str) -> str:
    """Undo FHIR's escaping of the characters that mean something in a search."""
    return re.sub(r"\\([\\,$|])", r"\1", value)


def _paging(parameters: Mapping[str, str]) -> tuple[int, int]:
    count, page = parameters.get("_count", str(PAGE_SIZE)), parameters.get("_page", "1")
    if not (count.isdecimal() and page.isdecimal() and int(page) > 0):
        raise _Refused(400, "invalid", "_count and _page are whole numbers.")
    return min(int(count), LARGEST_PAGE), int(page)


def _bundle(request: Request, kind: str, found: list[tuple[str, bytes]], count: int, page: int) -> bytes:
    """Put a page together from the resources' own bytes."""
    base = f"{request.base_url}fhir/"
    start = (page - 1) * count
    entries = [
        b'{"fullUrl":%s,"resource":%s,"search":{"mode":"match"}}' % (json.dumps(f"{base}{kind}/{each}").encode(), raw)
        for each, raw in found[start : start + count]
    ]
    links = [_link("self", request, base, kind, count, page)]
    if count and start + count < len(found):
        links.append(_link("next", request, base, kind, count, page + 1))
    if page > 1:
        links.append(_link("previous", request, base, kind, count, page - 1))
    head = {"resourceType": "Bundle", "type": "searchset", "total": len(found), "link": links}
    # FHIR allows no empty lists.
    listed = b',"entry":[' + b",".join(entries) + b"]" if entries else b""
    return json.dumps(head).encode()[:-1] + listed + b"}"


def _link(relation: str, request: Request, base: str, kind: str, count: int, page: int) -> dict[str, str]:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in {"_count", "_page"}]
    return {"relation": relation, "url": f"{base}{kind}?{urlencode([*kept, ('_count', count), ('_page', page)])}"}


def _capabilities(base_url: str) -> dict[str, object]:
    resources = [
        {"type": kind, "interaction": [{"code": "read"}, {"code": "search-type"}],
         "searchParam": [{"name": name, "type": _type(name)} for name in names]}
        for kind, names in PARAMETERS.items()
    ]  # fmt: skip
    return {"resourceType": "CapabilityStatement", "status": "active", "date": "2026-04-01", "kind": "instance",
            "fhirVersion": "4.0.1", "format": ["json"],
            "implementation": {"description": "Bolton Community Health Record", "url": f"{base_url}fhir"},
            "rest": [{"mode": "server", "resource": resources}]}  # fmt: skip


def _type(parameter: str) -> str:
    types = {
        "family": "string",
        "given": "string",
        "address-postalcode": "string",
        "birthdate": "date",
        "patient": "reference",
    }
    return types.get(parameter, "token")


async def _outcome(_request: Request, refused: Exception) -> Response:
    if not isinstance(refused, _Refused):
        raise refused
    return _json({"resourceType": "OperationOutcome", "issue": [refused.issue]}, refused.status)


def _json(content: dict[str, object], status: int = 200) -> Response:
    return Response(json.dumps(content).encode(), status_code=status, media_type=MEDIA_TYPE)
