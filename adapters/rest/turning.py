"""How one page of a search leads to the next, for each way in which sources page."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from adapters.kit.http import HttpPage
from adapters.kit.json_paths import compile_path
from adapters.kit.mapping import AnyPaging, PagedByCursor, PagedByHeader, PagedByLink, PagedByNumber, PagedByOffset

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[^\s=;,"]+(?:\s*=\s*(?:"[^"]*"|[^\s;,"]+))?)*)')
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Where one page is, and by which parameters it is asked for; `passed` rows lie before it."""

    path: str
    parameters: Mapping[str, str]
    passed: int = 0


Turn = Callable[[Request, HttpPage, Sequence[object]], Request | None]


def first_page(path: str, parameters: Mapping[str, str], paging: AnyPaging | None) -> Request:
    """Give the request for the first page."""
    wanted = dict(parameters)
    if isinstance(paging, PagedByNumber):
        wanted[paging.page] = str(paging.first)
    if isinstance(paging, PagedByOffset):
        wanted[paging.offset] = "0"
    if paging is not None and paging.size is not None:
        wanted[paging.size] = str(paging.page_size)
    return Request(path=path, parameters=wanted)


def turn_of(paging: AnyPaging | None) -> Turn:
    """Choose how a page leads to the next; the turn gives None after the last."""
    match paging:
        case None:
            return lambda _request, _page, _rows: None
        case PagedByNumber() | PagedByOffset():
            return _by_counting(paging)
        case PagedByLink():
            find_link = compile_path(paging.link).find
            return lambda request, page, _rows: _at(_word(find_link(page.content)), request)
        case PagedByHeader():
            return lambda request, page, _rows: _at(next_link(page.links), request)
        case PagedByCursor():
            return _by_cursor(paging)
        case _:
            assert_never(paging)


def next_link(header: str) -> str:
    """Find the address of the next page in a `Link` header; empty where there is none."""
    for address, said in _LINK.findall(header):
        relation = _RELATION.search(said)
        if relation is not None and "next" in (relation[1] or relation[2] or "").casefold().split():
            return str(address)
    return ""


def _by_counting(paging: PagedByNumber | PagedByOffset) -> Turn:
    def turn(request: Request, _page: HttpPage, rows: Sequence[object]) -> Request | None:
        if len(rows) < paging.page_size:
            return None
        passed = request.passed + len(rows)
        if isinstance(paging, PagedByNumber):
            following = {paging.page: str(int(request.parameters[paging.page]) + 1)}
        else:
            following = {paging.offset: str(passed)}
        return replace(request, parameters={**request.parameters, **following}, passed=passed)

    return turn


def _by_cursor(paging: PagedByCursor) -> Turn:
    find_cursor = compile_path(paging.cursor).find

    def turn(request: Request, page: HttpPage, _rows: Sequence[object]) -> Request | None:
        cursor = _word(find_cursor(page.content))
        return replace(request, parameters={**request.parameters, paging.parameter: cursor}) if cursor else None

    return turn


def _at(address: str, request: Request) -> Request | None:
    """Ask for an address that a page gave; it holds the parameters already, and sometimes nothing else."""
    path = request.path.partition("?")[0] if address.startswith("?") else ""
    return Request(path=path + address, parameters={}) if address else None


def _word(found: Sequence[object]) -> str:
    """Take the first thing found as a word; whatever is neither text nor a number says that there is none."""
    first = found[0] if found else None
    is_number = isinstance(first, int) and not isinstance(first, bool)
    return str(first) if isinstance(first, str) or is_number else ""
