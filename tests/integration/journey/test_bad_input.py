"""Bad input, each over the wire: a clear error that says what to do, and nothing of what was given."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import grpc
import pytest
from grpc import StatusCode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sharing.v1 import questions_pb2, records_pb2, sessions_pb2
from sharing.v1.questions_pb2_grpc import QuestionServiceStub
from sharing.v1.sessions_pb2_grpc import SessionServiceStub

from tests.integration.journey.raw import RawRequester, signed_in
from tests.integration.journey.refusing import Said, said_by
from tests.lib.deployment import PASSWORD, Deployment, Served, hub_in_process
from tests.lib.good_adapter import all_connected
from tests.lib.people import nhs_numbers
from tests.lib.requester import PATIENCE_SECONDS, requesters_channel

SECRET = "Qwertina"
NUMBER = next(nhs_numbers())
NAMED = {"given_name": "Ann", "family_name": "Smith", "date_of_birth": "2016-03-09"}
RIGHT: Mapping[str, object] = {
    "question": "child_services",
    "person": records_pb2.PersonKeys(nhs_number=NUMBER),
    "purpose": "safeguarding",
    "lawful_basis": "A6_E",
    "case_reference": "TEST/1",
}


def person(**keys: str) -> dict[str, object]:
    return {"person": records_pb2.PersonKeys(**keys)}


WRONG: Sequence[tuple[str, dict[str, object], StatusCode, str, str]] = (
    ("unknown question", {"question": SECRET}, StatusCode.PERMISSION_DENIED, "NOT_ON_MENU", "question"),
    ("no question", {"question": ""}, StatusCode.PERMISSION_DENIED, "NOT_ON_MENU", "question"),
    ("not on the menu", {"question": "youth_order"}, StatusCode.PERMISSION_DENIED, "NOT_ON_MENU", "question"),
    ("long question", {"question": SECRET * 1_000}, StatusCode.PERMISSION_DENIED, "NOT_ON_MENU", "question"),
    ("no purpose", {"purpose": ""}, StatusCode.INVALID_ARGUMENT, "PURPOSE_MISSING", "purpose"),
    (
        "foreign purpose",
        {"purpose": "careers_guidance"},
        StatusCode.PERMISSION_DENIED,
        "PURPOSE_NOT_ALLOWED",
        "purpose",
    ),
    ("unknown purpose", {"purpose": SECRET}, StatusCode.PERMISSION_DENIED, "PURPOSE_NOT_ALLOWED", "purpose"),
    ("no basis", {"lawful_basis": ""}, StatusCode.INVALID_ARGUMENT, "BASIS_MISSING", "lawful_basis"),
    ("unaccepted basis", {"lawful_basis": "A6_F"}, StatusCode.INVALID_ARGUMENT, "BASIS_NOT_ACCEPTED", "lawful_basis"),
    ("long basis", {"lawful_basis": SECRET * 900}, StatusCode.INVALID_ARGUMENT, "BASIS_NOT_ACCEPTED", "lawful_basis"),
    ("no case", {"case_reference": ""}, StatusCode.INVALID_ARGUMENT, "CASE_MISSING", "case_reference"),
    ("a name as case", {"case_reference": SECRET}, StatusCode.INVALID_ARGUMENT, "CASE_INVALID", "case_reference"),
    ("long case", {"case_reference": "1" * 41}, StatusCode.INVALID_ARGUMENT, "CASE_INVALID", "case_reference"),
    ("nobody", person(), StatusCode.INVALID_ARGUMENT, "PERSON_MISSING", "person"),
    ("half a name", person(given_name=SECRET), StatusCode.INVALID_ARGUMENT, "PERSON_TOO_VAGUE", "person"),
    ("nhs number", person(nhs_number="1234567890"), StatusCode.INVALID_ARGUMENT, "NHS_NUMBER_INVALID", "nhs_number"),
    ("long number", person(nhs_number="9" * 9_000), StatusCode.INVALID_ARGUMENT, "NHS_NUMBER_INVALID", "nhs_number"),
    ("upn", person(upn="B350000000001"), StatusCode.INVALID_ARGUMENT, "UPN_INVALID", "upn"),
    (
        "impossible date",
        person(**(NAMED | {"date_of_birth": "2016-02-30"})),
        StatusCode.INVALID_ARGUMENT,
        "DATE_OF_BIRTH_INVALID",
        "date_of_birth",
    ),
    (
        "date in words",
        person(**(NAMED | {"date_of_birth": f"{SECRET} 9th"})),
        StatusCode.INVALID_ARGUMENT,
        "DATE_OF_BIRTH_INVALID",
        "date_of_birth",
    ),
    (
        "long name",
        person(**(NAMED | {"family_name": SECRET * 100})),
        StatusCode.INVALID_ARGUMENT,
        "NAME_TOO_LONG",
        "family_name",
    ),
    (
        "control characters",
        person(**(NAMED | {"given_name": f"{SECRET}\x1b[2J"})),
        StatusCode.INVALID_ARGUMENT,
        "NAME_UNREADABLE",
        "given_name",
    ),
)


@asynccontextmanager
async def channel_to(served: Served) -> AsyncIterator[grpc.aio.Channel]:
    async with requesters_channel(served.deployment, served.ports.requesters) as channel:
        yield channel


class _Unsigned:
    """A requester with whatever metadata it likes."""

    def __init__(self, channel: grpc.aio.Channel, metadata: Sequence[tuple[str, str | bytes]]) -> None:
        self.channel, self.metadata = channel, metadata


async def refused(requester: RawRequester | _Unsigned, changed: dict[str, object]) -> Said:
    request = questions_pb2.AskRequest(**{**RIGHT, **changed})  # type: ignore[arg-type]  # each is of its field's type
    return await refused_bytes(requester, request.SerializeToString())


async def refused_bytes(requester: RawRequester | _Unsigned, request: bytes, *, method: str = "Ask") -> Said:
    """Send bytes as they are."""
    call = requester.channel.unary_stream(f"/sharing.v1.QuestionService/{method}")
    with pytest.raises(grpc.aio.AioRpcError) as error:
        async for _ in call(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS):
            pass
    return said_by(error.value)


async def failed(call: grpc.aio.UnaryUnaryCall) -> Said:
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await call
    return said_by(error.value)


@pytest.mark.parametrize(("changed", "code", "reason", "field"), [pytest.param(*row[1:], id=row[0]) for row in WRONG])
async def test_each_bad_question_is_told_what_is_wrong_and_what_to_do(
    changed: dict[str, object], code: StatusCode, reason: str, field: str, served: Served
) -> None:
    async with (
        all_connected(served.deployment, served.ports.links, ["health"]) as adapters,
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        said = await refused(requester, changed)
        assert (said.code, said.reason, said.field) == (code, reason, field)
        assert said.words.endswith(".")
        assert said.mend.endswith((".", "'.'"))
        assert not said.leak
        assert SECRET not in said.wire
        assert not adapters["health"].asks
        assert await requester.sign_out() == 0


async def test_a_question_that_does_not_exist_reads_like_one_that_is_not_on_the_menu(served: Served) -> None:
    async with signed_in(served.deployment, served.ports.requesters) as requester:
        unknown, foreign = (
            await refused(requester, {"question": "x"}),
            await refused(requester, {"question": "youth_order"}),
        )
    assert unknown == foreign


@pytest.mark.parametrize("level", ["auditor", "policy_administrator", "practitioner"])
async def test_a_level_without_questions_has_an_empty_menu_and_asks_nothing(level: str, served: Served) -> None:
    async with signed_in(served.deployment, served.ports.requesters, level) as requester:
        menu = await requester.questions.Menu(
            questions_pb2.MenuRequest(), metadata=requester.metadata, timeout=PATIENCE_SECONDS
        )
        assert list(menu.questions) == []
        said = await refused(requester, {})
    assert (said.code, said.reason) == (StatusCode.PERMISSION_DENIED, "NOT_ON_MENU")


@pytest.mark.parametrize(
    "metadata",
    [
        (),
        (("authorization", ""),),
        (("authorization", "Bearer "),),
        (("authorization", f"Bearer {SECRET}"),),
        (("authorization", f"Basic {SECRET}"),),
        (("authorization", f"bearer {SECRET}"),),
        (("authorization", "Bearer " + "A" * 43),),
        (("x-authorization-bin", b"\x00\xff"),),
        (("authorization", "Bearer x"), ("authorization", "Bearer y")),
    ],
)
async def test_no_token_and_a_wrong_one_read_alike(metadata: Sequence[tuple[str, str | bytes]], served: Served) -> None:
    async with channel_to(served) as channel:
        stub = QuestionServiceStub(channel)
        calls = [
            stub.Menu(questions_pb2.MenuRequest(), metadata=metadata, timeout=PATIENCE_SECONDS),
            stub.ListHeld(questions_pb2.ListHeldRequest(), metadata=metadata, timeout=PATIENCE_SECONDS),
            stub.View(questions_pb2.ViewRequest(request_id=SECRET), metadata=metadata, timeout=PATIENCE_SECONDS),
            stub.Close(questions_pb2.CloseRequest(), metadata=metadata, timeout=PATIENCE_SECONDS),
            SessionServiceStub(channel).SignOut(
                sessions_pb2.SignOutRequest(), metadata=metadata, timeout=PATIENCE_SECONDS
            ),
        ]
        said = {await failed(call) for call in calls}
        said.add(await refused(_Unsigned(channel, metadata), {}))
    (one,) = said
    assert (one.code, one.reason) == (StatusCode.UNAUTHENTICATED, "NOT_SIGNED_IN")
    assert one.mend
    assert SECRET not in one.wire


async def test_an_ended_session_reads_like_none(deployment: Deployment) -> None:
    async with hub_in_process(deployment) as hub, signed_in(deployment, hub.requesters_port) as requester:
        hub.sessions._clock = lambda: 10.0**9
        said = await refused(requester, {})
        nothing = await failed(
            QuestionServiceStub(requester.channel).Menu(questions_pb2.MenuRequest(), timeout=PATIENCE_SECONDS)
        )
    assert said == nothing


@pytest.mark.parametrize(
    ("user_name", "password"),
    [
        (SECRET, PASSWORD),
        ("health_visitor", SECRET),
        ("", ""),
        ("health_visitor", ""),
        ("", PASSWORD),
        (SECRET * 100, PASSWORD),
        ("health_visitor", SECRET * 500),
        ("health_visitor\x00", PASSWORD),
        ("Health_Visitor", PASSWORD),
    ],
)
async def test_every_refused_sign_in_reads_the_same(user_name: str, password: str, served: Served) -> None:
    async with channel_to(served) as channel:
        request = sessions_pb2.SignInRequest(user_name=user_name, password=password)
        said = await failed(SessionServiceStub(channel).SignIn(request, timeout=PATIENCE_SECONDS))
        nobody = sessions_pb2.SignInRequest(user_name="nobody", password="wrong")
        assert said == await failed(SessionServiceStub(channel).SignIn(nobody, timeout=PATIENCE_SECONDS))
    assert (said.code, said.reason) == (StatusCode.UNAUTHENTICATED, "SIGN_IN_REFUSED")
    assert SECRET not in said.wire


@pytest.mark.parametrize("request_id", ["", SECRET, "../../etc", "0" * 10_000, "'; drop table audit_entry; --"])
async def test_an_answer_that_is_not_held_is_not_found(request_id: str, served: Served) -> None:
    async with signed_in(served.deployment, served.ports.requesters) as requester:
        request = questions_pb2.ViewRequest(request_id=request_id)
        said = await failed(requester.questions.View(request, metadata=requester.metadata, timeout=PATIENCE_SECONDS))
    assert (said.code, said.reason, said.field) == (StatusCode.NOT_FOUND, "NOT_HELD", "request_id")
    assert SECRET not in said.wire


UNREADABLE = [b"\xff\xff\xff", b"\x0a\xff", b"\x0a\x02\xff\xfe", b"\x12\x05\x0a\xff\xff\xff\xff", b"\x08"]


@pytest.mark.parametrize("request_bytes", UNREADABLE)
async def test_bytes_that_are_no_message_are_refused_in_our_own_words(request_bytes: bytes, served: Served) -> None:
    async with signed_in(served.deployment, served.ports.requesters) as requester:
        said = await refused_bytes(requester, request_bytes)
        assert (said.code, said.reason) == (StatusCode.INVALID_ARGUMENT, "UNREADABLE")
        assert said.mend
        assert not said.leak


async def test_fields_that_the_contract_does_not_know_change_nothing(served: Served) -> None:
    """A newer client may send more; what the hub does not know, it neither uses nor keeps nor sends on."""
    unknown = b"\xaa\x06" + bytes([len(SECRET)]) + SECRET.encode()  # field 101, a string
    request = questions_pb2.AskRequest(**RIGHT)  # type: ignore[arg-type]  # each is of its field's type
    keys = records_pb2.PersonKeys(nhs_number=NUMBER).SerializeToString() + unknown
    request.ClearField("person")
    raw = request.SerializeToString() + b"\x12" + bytes([len(keys)]) + keys + unknown
    async with (
        all_connected(served.deployment, served.ports.links, ["health"]) as adapters,
        signed_in(served.deployment, served.ports.requesters) as requester,
    ):
        call = requester.channel.unary_stream("/sharing.v1.QuestionService/Ask")
        parts = [part async for part in call(raw, metadata=requester.metadata, timeout=PATIENCE_SECONDS)]
        assert b"A service" in b"".join(parts)
        (ask,) = adapters["health"].asks
        assert SECRET.encode() not in ask.SerializeToString()
        assert SECRET.encode() not in b"".join(parts)


async def test_a_message_that_is_too_large_is_refused_before_it_is_read(served: Served) -> None:
    async with signed_in(served.deployment, served.ports.requesters) as requester:
        said = await refused(requester, {"question": SECRET * 2_100})
        assert said.code is StatusCode.RESOURCE_EXHAUSTED
        assert SECRET not in said.wire
        assert not said.leak
        assert (await refused(requester, {"purpose": ""})).reason == "PURPOSE_MISSING"


@pytest.mark.parametrize("size", [9_000, 12_000, 20_000])
async def test_metadata_that_is_too_large_is_refused(size: int, served: Served) -> None:
    async with channel_to(served) as channel:
        metadata = (("x-note", (SECRET * size)[:size]),)
        request = sessions_pb2.SignInRequest(user_name="health_visitor", password=PASSWORD)
        said = await failed(SessionServiceStub(channel).SignIn(request, metadata=metadata, timeout=PATIENCE_SECONDS))
        assert said.code is StatusCode.RESOURCE_EXHAUSTED
        assert SECRET not in said.wire


async def test_a_method_that_does_not_exist_is_unimplemented(served: Served) -> None:
    async with channel_to(served) as channel:
        said = await failed(channel.unary_unary("/sharing.v1.QuestionService/Dump")(b"", timeout=PATIENCE_SECONDS))
    assert said.code is StatusCode.UNIMPLEMENTED
    assert not said.leak


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(
        [
            "QuestionService/Ask",
            "QuestionService/Menu",
            "QuestionService/View",
            "QuestionService/Close",
            "SessionService/SignIn",
        ]
    ),
    request_bytes=st.one_of(
        st.binary(max_size=300), st.builds(bytes.__add__, st.binary(max_size=4), st.binary(max_size=40))
    ),
)
def test_no_bytes_at_all_make_the_hub_answer_unknown_or_leak(wire: "Wire", method: str, request_bytes: bytes) -> None:
    said = wire.send(method, request_bytes)
    if said is not None:
        assert said.code not in (StatusCode.UNKNOWN, StatusCode.INTERNAL, StatusCode.DEADLINE_EXCEEDED)
        assert not said.leak


class Wire:
    """A synchronous connection, because Hypothesis calls its tests synchronously."""

    def __init__(self, channel: grpc.Channel, token: str) -> None:
        self._channel = channel
        self._metadata = (("authorization", f"Bearer {token}"),)

    def send(self, method: str, request: bytes) -> Said | None:
        """Send bytes; return how they were refused, None when they were not."""
        call = self._channel.unary_stream(f"/sharing.v1.{method}")
        try:
            list(call(request, metadata=self._metadata, timeout=PATIENCE_SECONDS))
        except grpc.RpcError as error:
            return said_by(error)
        return None


@pytest.fixture
def wire(served: Served) -> object:
    credentials = served.deployment.requesters_credentials()
    address, options = f"127.0.0.1:{served.ports.requesters}", (("grpc.enable_http_proxy", 0),)
    with grpc.secure_channel(address, credentials, options=options) as channel:
        request = sessions_pb2.SignInRequest(user_name="health_visitor", password=PASSWORD)
        yield Wire(channel, SessionServiceStub(channel).SignIn(request, timeout=PATIENCE_SECONDS).token)


def test_the_hub_s_log_holds_nothing_of_all_that_was_given(served: Served) -> None:
    """Runs last in this file: everything above has passed through this hub."""
    log = served.program.log()
    assert b"hub.serving" in log
    assert SECRET.encode() not in log
    assert NUMBER.encode() not in log
    assert b"call.failed" not in log
    assert b"Traceback" not in log
    assert SECRET.encode() not in served.deployment.kept()
    assert NUMBER.encode() not in served.deployment.kept()
