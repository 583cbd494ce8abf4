"""The schools' REST interface: pupils with paging, their details as sub-resources, problems as JSON."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from examples.bolton.systems.schools.register import SUB_RESOURCES, Document, Register, without_details

KEY_HEADER = "X-Api-Key"
SEARCHED = ("upn", "surname", "forename", "dob", "surnameStart", "forenameStart", "dobFrom", "dobTo")
PAGING = ("page", "pageSize")
PAGE_SIZE, LARGEST_PAGE = 25, 100


def application(register: Register, key: str) -> Starlette:
    """Make the server's application; every path needs the key."""
    server = _Server(register, key)
    return Starlette(
        routes=[
            Route("/api/v2/pupils", server.pupils),
            Route("/api/v2/pupils/{pupil:int}", server.pupil),
            Route("/api/v2/pupils/{pupil:int}/{detail}", server.detail),
        ],
        exception_handlers={_Problem: _told},
    )


class _Problem(Exception):
    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status


class _Server:
    def __init__(self, register: Register, key: str) -> None:
        self._register = register
        self._key = key.encode()

    async def pupils(self, request: Request) -> Response:
        """Give one page of the enrolments that match."""
        self._admit(request)
        wanted = _wanted(request)
        page, size = _number(request, "page", 1), min(_number(request, "pageSize", PAGE_SIZE), LARGEST_PAGE)
        found = self._register.search(wanted)
        return JSONResponse(_page(request, [without_details(each) for each in found], page, size))

    async def pupil(self, request: Request) -> Response:
        """Give one enrolment."""
        return JSONResponse({"data": without_details(self._found(request))})

    async def detail(self, request: Request) -> Response:
        """Give one sub-resource: an object, or a page of a list."""
        document = self._found(request)
        detail = request.path_params["detail"]
        if detail not in SUB_RESOURCES:
            raise _Problem(404, "Not found.")
        if isinstance(document[detail], list):
            return JSONResponse(_page(request, document[detail], 1, LARGEST_PAGE))
        return JSONResponse({"data": document[detail]})

    def _found(self, request: Request) -> Document:
        self._admit(request)
        document = self._register.get(request.path_params["pupil"])
        if document is None:
            raise _Problem(404, "Not found.")
        return document

    def _admit(self, request: Request) -> None:
        if not hmac.compare_digest(request.headers.get(KEY_HEADER, "").encode(), self._key):
            raise _Problem(401, f"Send the API key in the header {KEY_HEADER}.")


def _wanted(request: Request) -> Mapping[str, str]:
    wanted = {name: value for name, value in request.query_params.items() if name not in PAGING}
    if unknown := sorted(set(wanted) - set(SEARCHED)):
        raise _Problem(400, f"Unknown parameter: {', '.join(unknown)}.")
    for name in ("dob", "dobFrom", "dobTo"):
        try:
            date.fromisoformat(wanted.get(name, "2026-01-01"))
        except ValueError:
            raise _Problem(400, f"{name} is a date, YYYY-MM-DD.") from None
    return wanted


def _number(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name, str(otherwise))
    if not text.isdecimal() or int(text) < 1:
        raise _Problem(400, f"{name} is a whole number above 0.")
    return int(text)


def _page(request: Request, found: Sequence[Document], page: int, size: int) -> Document:
    pages = -(-len(found) // size)
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in PAGING]
    following = request.url.replace(query=urlencode([*kept, ("page", page + 1), ("pageSize", size)]))
    return {
        "data": found[(page - 1) * size : page * size],
        "paging": {"page": page, "pageSize": size, "totalItems": len(found), "totalPages": pages,
                   "next": str(following) if page < pages else None},
    }  # fmt: skip


async def _told(_request: Request, problem: Exception) -> Response:
    if not isinstance(problem, _Problem):
        raise problem
    content = {"status": problem.status, "title": str(problem)}
    return JSONResponse(content, status_code=problem.status, media_type="application/problem+json")
