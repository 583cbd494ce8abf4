"""Nothing of a case is ever in the hub's log or in any file of its deployment."""

import base64
import hashlib
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import grpc
import pytest
from sharing.v1 import links_pb2, questions_pb2, records_pb2, sessions_pb2, sessions_pb2_grpc

from tests.integration.journey.canaries import Canaries, PlantingAdapter, contents, files_of, forms_of
from tests.integration.journey.raw import RawRequester, signed_in
from tests.lib.deployment import PASSWORD, Deployment, HubProcess
from tests.lib.good_adapter import GoodAdapter, connected
from tests.lib.requester import PATIENCE_SECONDS, requesters_channel
from tests.unit.hub.making import nhs_number, upn

AGENCIES = ("social_care", "health", "schools")


def planted_person(canaries: Canaries, seed: int) -> records_pb2.PersonKeys:
    return records_pb2.PersonKeys(
        nhs_number=canaries.note(nhs_number(seed), "NHS number of a question"),
        upn=canaries.note(upn(seed), "UPN of a question"),
        given_name=canaries.value("given name of a question"),
        family_name=canaries.value("family name of a question"),
        date_of_birth=canaries.note("2013-11-17", "date of birth of a question"),
    )


class Misbehaving(GoodAdapter):
    """Sends planted values in everything that is not an answer."""

    def __init__(self, agency: str, canaries: Canaries) -> None:
        super().__init__(agency)
        self._canaries = canaries

    async def _answer(self, asks: Sequence[links_pb2.Ask]) -> None:
        secret = self._canaries.value("reply out of form")
        for ask in asks:
            for records in (
                records_pb2.Records(columns=[secret], cells=[secret], record_dates=[], source=secret),
                records_pb2.Records(columns=[secret, secret], cells=[secret] * 2, record_dates=[""], source=secret),
            ):
                reply = links_pb2.Reply(ask_id=ask.ask_id, nonce=secret.encode(), status=1, records=records)
                await self.stream.write(links_pb2.ConnectRequest(replies=[reply]))
        await self.stream.write(b"\xff" + secret.encode())


async def ask_wrongly(requester: RawRequester, channel: grpc.aio.Channel, canaries: Canaries) -> None:
    """Put planted values into every place where a request can be wrong."""
    right = {
        "question": "child_services",
        "person": records_pb2.PersonKeys(nhs_number=nhs_number(900)),
        "purpose": "safeguarding",
        "lawful_basis": "A6_E",
        "case_reference": "TEST/1",
    }
    wrong: list[dict[str, object]] = [{name: canaries.value(name)} for name in ("question", "purpose", "lawful_basis")]
    wrong.append({"case_reference": f"{canaries.value('case reference')} is worried"})
    wrong += [
        {"person": records_pb2.PersonKeys(**{name: canaries.value(f"wrong {name}")})}
        for name in ("nhs_number", "upn", "given_name", "date_of_birth")
    ]
    wrong.append({"person": records_pb2.PersonKeys(nhs_number=canaries.note("9434765918", "invalid NHS number"))})
    for changed in wrong:
        call = requester.questions.Ask(
            questions_pb2.AskRequest(**{**right, **changed}), metadata=requester.metadata, timeout=PATIENCE_SECONDS
        )
        with pytest.raises(grpc.aio.AioRpcError):
            await call.read()
    with pytest.raises(grpc.aio.AioRpcError):
        await requester.view(canaries.value("request id"))
    with pytest.raises(grpc.aio.AioRpcError):
        await channel.unary_unary("/sharing.v1.QuestionService/Menu")(
            b"\xff" + canaries.value("unreadable bytes").encode(),
            metadata=(("authorization", f"Bearer {canaries.value('token')}"), ("x-note", canaries.value("metadata"))),
            timeout=PATIENCE_SECONDS,
        )
    stub = sessions_pb2_grpc.SessionServiceStub(channel)
    for user_name, password in (
        (canaries.value("user name"), PASSWORD),
        ("health_visitor", canaries.value("password")),
        ("health_visitor", canaries.value("password") * 30),
    ):
        with pytest.raises(grpc.aio.AioRpcError):
            await stub.SignIn(
                sessions_pb2.SignInRequest(user_name=user_name, password=password), timeout=PATIENCE_SECONDS
            )


def search(canaries: Canaries, *roots: Path) -> dict[str, list[str]]:
    found = {path.name: canaries.found_in(content) for path, content in contents(files_of(*roots)).items()}
    return {name: planted for name, planted in found.items() if planted}


async def test_no_planted_value_is_in_the_log_or_in_any_file(deployment: Deployment) -> None:
    canaries, program = Canaries(), HubProcess(deployment)
    canaries.note(PASSWORD, "the right password")
    everywhere = (deployment.folder, program.log_file)
    ports = program.start()
    request_ids = []
    try:
        async with AsyncExitStack() as stack:
            for agency in AGENCIES:
                await stack.enter_async_context(connected(deployment, ports.links, PlantingAdapter(agency, canaries)))
            await stack.enter_async_context(connected(deployment, ports.links, Misbehaving("connexions", canaries)))
            channel = await stack.enter_async_context(requesters_channel(deployment, ports.requesters))
            requester = await stack.enter_async_context(signed_in(deployment, ports.requesters))
            canaries.note(requester.metadata[0][1].removeprefix("Bearer "), "token of the session")
            shown = b""
            for seed in range(5):
                answer = await requester.ask(planted_person(canaries, 910 + seed))
                request_ids.append(answer.request_id)
                shown += answer.wire()
                assert await requester.view(answer.request_id)
            await ask_wrongly(requester, channel, canaries)
            # The controls: the search finds what is there, on the wire and in the files.
            assert len(canaries.found_in(shown)) > 20
            assert len(canaries.planted) > 200
            assert not search(canaries, *everywhere), "while the session is open"
            assert {path.name for path in files_of(deployment.folder)} >= {"hub.sqlite", "hub.sqlite-wal", "hub.toml"}
            await requester.sign_out()
            assert not search(canaries, *everywhere), "after signing out"
        assert program.terminate() == 0
        assert not search(canaries, *everywhere), "after the hub has ended"
    finally:
        program.kill()
    kept = deployment.kept()
    assert all(request_id.encode() in kept for request_id in request_ids)
    assert b"hub.serving" in program.log()
    assert b"link.fault" in program.log()
    control = deployment.folder / "data" / "control"
    control.write_bytes(b"..." + next(iter(canaries.planted)).encode())
    assert search(canaries, *everywhere)


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_the_search_finds_a_value_in_every_form(before: str) -> None:
    canaries = Canaries()
    value = canaries.value("here")
    text = f"{before}{value} and more".encode()
    for content in (
        text,
        text.upper(),
        text.decode().encode("utf-16-le"),
        base64.b64encode(text),
        text.hex().encode(),
        hashlib.sha256(value.encode()).hexdigest().encode(),
    ):
        assert canaries.found_in(content) == ["here"]
    assert canaries.found_in(b"nothing of it") == []
    assert len(set(forms_of(value))) > 10
