"""The HTTP servers whose reading is measured, as a process of its own: `python -m tests.bench.http_agency`."""

from tests.bench.loops import Loop, run
from tests.bench.program import Orders, say
from tests.bench.reading_sources import document, patient
from tests.integration.adapters.http_server import HttpServer


async def serve() -> None:
    """Serve people as JSON and as FHIR resources until whoever started this is gone."""
    server = HttpServer()
    server.pages["pupils"] = lambda query: {"items": [document(query["number"])]}
    server.pages["Patient"] = lambda query: {
        "resourceType": "Bundle",
        "type": "searchset",
        "entry": [{"resource": patient(query["identifier"].rpartition("|")[2])}],
    }
    async with server:
        say(url=server.url)
        orders = await Orders.open()
        while await orders.next() is not None:
            server.asked.clear()


if __name__ == "__main__":
    run(serve, Loop.UVLOOP)
