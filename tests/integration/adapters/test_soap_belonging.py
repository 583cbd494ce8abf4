"""What hangs on a record of a SOAP service, compared with whose it says that it is."""

from pathlib import Path

import pytest
from aiohttp import web

from adapters.kit.errors import SourceFault, SourceFaultKind
from tests.integration.adapters.http_server import HttpServer
from tests.integration.adapters.test_soap_reader import BY_NHS, ENVELOPE, PERSON, find, server, service, source, wsdl

__all__ = ["server", "service", "wsdl"]


@pytest.mark.parametrize(("owners", "is_believed"), [(["P/1", "P/1"], True), (["P/1", "P/2"], False), ([""], False)])
async def test_what_hangs_on_somebody_else_is_garbage_where_the_manifest_says_whose_it_must_be(
    server: HttpServer, wsdl: Path, owners: list[str], *, is_believed: bool
) -> None:
    orders = "".join(f"<c:Order><c:state>{owner}</c:state><c:officer>Ward</c:officer></c:Order>" for owner in owners)
    listed = f"<c:ListOrdersResponse><c:ListOrdersResult>{orders}</c:ListOrdersResult></c:ListOrdersResponse>"
    replies = iter((PERSON.format("Amina"), listed))
    server.pages["soap"] = lambda _: web.Response(body=ENVELOPE.format(next(replies)).encode(), content_type="text/xml")
    server.reads_json = False
    related = {"operation": "ListOrders", "by": "personId", "rows": "$.ListOrdersResult.Order[*]", "take": "all"}
    owned = {"order": {**related, "belongs_to": "$.state"}}
    described = source(str(wsdl), url=f"{server.url}soap", related=owned)
    if is_believed:
        assert list((await find(described, BY_NHS, "worker_name")).cells) == ["Ward, Ward"]
        return
    with pytest.raises(SourceFault) as raised:
        await find(described, BY_NHS, "worker_name")
    assert raised.value.kind is SourceFaultKind.GARBAGE
