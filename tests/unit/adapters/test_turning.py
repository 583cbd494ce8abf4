from typing import Any

import pytest
from pydantic import TypeAdapter

from adapters.kit.http import HttpPage
from adapters.kit.mapping import AnyPaging
from adapters.rest.turning import Request, first_page, next_link, turn_of


def requests(paging: dict[str, object] | None, *pages: tuple[object, list[object], str]) -> list[Request]:
    """List what is asked for, given each page's content, rows and `Link` header."""
    described: Any = TypeAdapter(AnyPaging).validate_python(paging) if paging is not None else None
    turn, request = turn_of(described), first_page("pupils", {"upn": "A"}, described)
    asked = [request]
    for content, rows, links in pages:
        following = turn(request, HttpPage(content=content, links=links), rows)
        if following is None:
            return asked
        request = following
        asked.append(request)
    return asked


def test_without_paging_one_page_is_asked_for() -> None:
    assert requests(None, ({}, [1], "")) == [Request(path="pupils", parameters={"upn": "A"})]


def test_pages_by_number_go_on_until_one_is_short() -> None:
    paging = {"style": "page", "page": "p", "size": "n", "page_size": 2, "first": 0}
    asked = requests(paging, ({}, [1, 2], ""), ({}, [3], ""), ({}, [], ""))
    assert [one.parameters for one in asked] == [
        {"upn": "A", "p": "0", "n": "2"},
        {"upn": "A", "p": "1", "n": "2"},
    ]


def test_pages_by_offset_pass_over_what_has_come() -> None:
    asked = requests({"style": "offset", "page_size": 2}, ({}, [1, 2], ""), ({}, [3, 4, 5], ""), ({}, [6], ""))
    assert [one.parameters for one in asked] == [
        {"upn": "A", "offset": "0", "limit": "2"},
        {"upn": "A", "offset": "2", "limit": "2"},
        {"upn": "A", "offset": "5", "limit": "2"},
    ]


def test_a_cursor_is_sent_beside_what_was_asked_for_until_there_is_none() -> None:
    paging = {"style": "cursor", "cursor": "$.meta.next", "parameter": "after", "size": "n", "page_size": 1}
    pages = [({"meta": {"next": word}}, [1], "") for word in ("x=&y", 7, None)]
    assert [one.parameters.get("after") for one in requests(paging, *pages)] == [None, "x=&y", "7"]
    for odd in ("", None, True, ["x"], {"next": "x"}):
        assert len(requests(paging, ({"meta": {"next": odd}}, [1], ""))) == 1


def test_a_header_leads_to_the_next_page() -> None:
    asked = requests({"style": "link_header", "size": "n"}, ({}, [], '</pupils?p=2>; rel="next"'), ({}, [], ""))
    assert asked == [
        Request(path="pupils", parameters={"upn": "A", "n": "100"}),
        Request(path="/pupils?p=2", parameters={}),
    ]


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ('<https://a/?p=2>; rel="next"', "https://a/?p=2"),
        ('<b>; rel="prev", <c>; rel="next last"', "c"),
        ("<b>;rel=next", "b"),
        ('<b> ; title="a, b; c" ; REL = "Next"', "b"),
        ("<b>; rel=nextish", ""),
        ("<b>; rel=prev, <c>; rel=last", ""),
        ('<b>; title="rel=next"', ""),
        ("rel=next", ""),
        ("<", ""),
        ("", ""),
    ],
)
def test_the_next_link_is_the_one_whose_relation_says_so(header: str, address: str) -> None:
    assert next_link(header) == address


def test_an_address_that_has_parameters_only_is_of_the_same_path() -> None:
    asked = requests({"style": "link_header"}, ({}, [], "<?p=2>; rel=next"), ({}, [], "<?p=3>; rel=next"))
    assert [one.path for one in asked] == ["pupils", "pupils?p=2", "pupils?p=3"]
