"""Reads a search page after page, as far as a manifest allows."""

from collections.abc import Mapping
from typing import assert_never

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.json_paths import Finder, compile_path
from adapters.kit.mapping import PagedByLink, PagedByNumber

Paging = PagedByNumber | PagedByLink


class PagedSearch:
    """A search whose reply may come in pages."""

    def __init__(self, http: HttpSource, *, path: str, find_rows: Finder, paging: Paging | None) -> None:
        """Take the path that is searched, where the rows are in a page, and how pages follow each other."""
        self._http = http
        self._path = path
        self._find_rows = find_rows
        self._paging = paging
        self._find_link = compile_path(paging.link).find if isinstance(paging, PagedByLink) else None

    async def rows(self, parameters: Mapping[str, str], deadline: float) -> list[object]:
        """Read all rows; raises SourceFault where there are more pages than are allowed."""
        match self._paging:
            case PagedByNumber() as paging:
                return await self._by_number(paging, parameters, deadline)
            case PagedByLink() as paging:
                return await self._by_link(paging, parameters, deadline)
            case None:
                return self._find_rows(await self._http.get(self._path, parameters, deadline))
            case _:
                assert_never(self._paging)

    async def _by_number(self, paging: PagedByNumber, parameters: Mapping[str, str], deadline: float) -> list[object]:
        rows: list[object] = []
        size = {paging.size: str(paging.page_size)} if paging.size is not None else {}
        for number in range(paging.first, paging.first + paging.max_pages):
            page = await self._http.get(self._path, {**parameters, paging.page: str(number), **size}, deadline)
            found = self._find_rows(page)
            rows += found
            if len(found) < paging.page_size:
                return rows
        raise SourceFault(SourceFaultKind.TOO_MUCH)

    async def _by_link(self, paging: PagedByLink, parameters: Mapping[str, str], deadline: float) -> list[object]:
        rows: list[object] = []
        path = self._path
        wanted = {**parameters, paging.size: str(paging.page_size)} if paging.size is not None else parameters
        for _ in range(paging.max_pages):
            page = await self._http.get(path, wanted, deadline)
            rows += self._find_rows(page)
            links = self._find_link(page) if self._find_link is not None else []
            if not links or not isinstance(links[0], str) or not links[0]:
                return rows
            # The link holds the parameters already.
            path, wanted = links[0], {}
        raise SourceFault(SourceFaultKind.TOO_MUCH)
