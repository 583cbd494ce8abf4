"""The HTTP servers whose reading is measured, as a process of its own: `python -m tests.bench.http_agency`."""

from aiohttp import web

from tests.bench.loops import Loop, run
from tests.bench.program import Orders, say
from tests.bench.reading_kinds import ROSTER, SOAP, number_filtered, number_in, soap_reply, user
from tests.bench.reading_sources import document, patient
from tests.integration.adapters.http_server import HttpServer
from tests.lib.child_wsdl import document_wsdl


def _xml(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/xml")


async def serve() -> None:
    """Serve people as JSON and as FHIR resources until whoever started this is gone."""
    server = HttpServer()
    server.pages["pupils"] = lambda query: {"items": [document(query["number"])]}
    server.pages["Patient"] = lambda query: {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": patient(query["identifier"].rpartition("|")[2])}],
    }
    server.reads_json = False
    server.pages["token"] = lambda _: {"access_token": "measured", "token_type": "bearer", "expires_in": 86_400}
    server.pages[f"{ROSTER}students"] = lambda query: {"users": [user(document(number_filtered(query["filter"])))]}
    server.pages["wsdl"] = lambda _: _xml(document_wsdl(server.url + SOAP))
    server.pages[SOAP] = lambda _: _xml(soap_reply(document(number_in(server.posted_bytes.pop()))))
    async with server:
        say(url=server.url)
        orders = await Orders.open()
        while await orders.next() is not None:
            server.asked.clear()


if __name__ == "__main__":
    run(serve, Loop.UVLOOP)
