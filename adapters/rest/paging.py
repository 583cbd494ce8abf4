"""Reads a search page after page, as far as a manifest allows."""

from collections.abc import Mapping

from adapters.kit.errors import SourceFault, SourceFaultKind
from adapters.kit.http import HttpSource
from adapters.kit.json_paths import Finder, compile_path
from adapters.kit.mapping import AnyPaging
from adapters.rest.turning import first_page, turn_of


class PagedSearch:
    """A search whose reply may come in pages."""

    def __init__(self, http: HttpSource, *, path: str, find_rows: Finder, paging: AnyPaging | None) -> None:
        """Take the path that is searched, where the rows are in a page, and how pages follow each other."""
        self._http = http
        self._path = path
        self._find_rows = find_rows
        self._paging = paging
        self._turn = turn_of(paging)
        self._most = paging.max_pages if paging is not None else 1
        total = paging.total if paging is not None else None
        self._find_total = compile_path(total).find if total is not None else None

    async def rows(self, parameters: Mapping[str, str], deadline: float) -> list[object]:
        """Read all rows; raises SourceFault where there are more pages than are allowed, or fewer rows than is said."""
        rows: list[object] = []
        request = first_page(self._path, parameters, self._paging)
        seen = [request]
        for _ in range(self._most):
            page = await self._http.page(request.path, request.parameters, deadline)
            found = self._find_rows(page.content)
            rows += found
            following = self._turn(request, page, found)
            if following is None:
                self._expect_all(page.content, rows)
                return rows
            if following in seen:
                # The pages go round in a circle.
                break
            request = following
            seen.append(request)
        raise SourceFault(SourceFaultKind.TOO_MUCH)

    def _expect_all(self, content: object, rows: list[object]) -> None:
        said = self._find_total(content) if self._find_total is not None else []
        if self._find_total is not None and (not said or not isinstance(said[0], int) or said[0] > len(rows)):
            raise SourceFault(SourceFaultKind.GARBAGE)
