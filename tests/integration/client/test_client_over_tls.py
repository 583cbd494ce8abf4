"""The client against a real server over TLS: proof and deadline on every call, every failure in words of our own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import grpc
import pytest
from google.protobuf import message_factory
from sharing.v1 import accounts_pb2, policies_pb2, questions_pb2, sessions_pb2, status_pb2

from hub.client import errors
from hub.client.assembling import assemble
from hub.client.client import Deadlines, HubAddress, HubClient
from hub.client.sessions import Redirect
from tests.lib.certificates import Authority
from tests.lib.scripted_hub import RawRefusal, Refusal, ScriptedHub
from tests.unit.hub.client import sample

TOKEN = "a-token"


async def read(hub: HubClient) -> list[questions_pb2.AnswerPart]:
    return [part async for part in hub.ask(questions_pb2.AskRequest(question="child_services"))]


CALLS: dict[str, Callable[[HubClient], Awaitable[object]]] = {
    "SignOut": lambda hub: hub.sign_out(),
    "Menu": lambda hub: hub.menu(),
    "Ask": read,
    "ListHeld": lambda hub: hub.held(),
    "View": lambda hub: hub.view("r-1"),
    "ShowDetails": lambda hub: hub.show_details("r-1", 0),
    "ShowMore": lambda hub: hub.more("r-1"),
    "Judge": lambda hub: hub.judge("r-1", 0, questions_pb2.REQUESTER_WORD_SAME),
    "Close": lambda hub: hub.close_all(),
    "GetStatus": lambda hub: hub.status(),
    "BeginStepUp": lambda hub: hub.sessions.begin_step_up(),
    "StepUp": lambda hub: hub.sessions.step_up(code="123456"),
    "ChangePassword": lambda hub: hub.credentials.change_password("a", "b"),
    "ListFactors": lambda hub: hub.credentials.factors(),
    "BeginTotp": lambda hub: hub.credentials.begin_totp(),
    "ConfirmTotp": lambda hub: hub.credentials.confirm_totp("123456"),
    "BeginPasskey": lambda hub: hub.credentials.begin_passkey(),
    "FinishPasskey": lambda hub: hub.credentials.finish_passkey("{}", "a key"),
    "RemoveFactor": lambda hub: hub.credentials.remove_factor("totp"),
    "ListAccounts": lambda hub: hub.accounts.all(),
    "CreateAccount": lambda hub: hub.accounts.create("a", "A.", "health"),
    "DisableAccount": lambda hub: hub.accounts.disable("a"),
    "ResetPassword": lambda hub: hub.accounts.reset("a"),
    "GetPolicy": lambda hub: hub.policies.texts(policies_pb2.Which()),
    "Weigh": lambda hub: hub.policies.weigh(policies_pb2.WeighRequest()),
    "Propose": lambda hub: hub.policies.propose({"a.yaml": b"a"}, reason="A reason."),
    "ProposeRollback": lambda hub: hub.policies.propose_rollback(1, "A reason."),
    "ProposeAccounts": lambda hub: hub.policies.propose_accounts([], "A reason."),
    "ListProposals": lambda hub: hub.policies.proposals(),
    "Approve": lambda hub: hub.policies.approve("p", "d"),
    "Withdraw": lambda hub: hub.policies.withdraw("p"),
    "Publish": lambda hub: hub.policies.publish("p"),
    "ListPublications": lambda hub: hub.policies.publications(),
    "Review": lambda hub: hub.policies.review(1, "training"),
}

# What opens a session, or sets a password without one: the token of another session is no business of it.
OPENING: dict[str, Callable[[HubClient], Awaitable[object]]] = {
    "SignIn": lambda hub: hub.sessions.sign_in("r.adeyemi", "a", code="1", device="d"),
    "BeginPasskeySignIn": lambda hub: hub.sessions.begin_passkey(),
    "FinishPasskeySignIn": lambda hub: hub.sessions.finish_passkey("{}"),
    "ListIssuers": lambda hub: hub.sessions.issuers(),
    "BeginExternalSignIn": lambda hub: hub.sessions.begin_external("trust", "http://127.0.0.1:1/"),
    "FinishExternalSignIn": lambda hub: hub.sessions.finish_external("h", Redirect(state="s", code="c")),
    "AcceptInvitation": lambda hub: hub.credentials.accept("t", "p"),
}
SERVICES = (accounts_pb2, policies_pb2, questions_pb2, sessions_pb2, status_pb2)


def address_of(hub: ScriptedHub, *, server_name: str = "") -> HubAddress:
    return HubAddress(target=hub.target, ca=hub.ca, server_name=server_name)


@pytest.fixture
async def hub() -> AsyncIterator[ScriptedHub]:
    async with ScriptedHub() as running:
        running.script.say("SignIn", sample.session())
        running.script.say("SignOut", sessions_pb2.SignOutResponse(dropped_answers=2))
        running.script.say("Menu", sample.menu())
        running.script.say("Ask", *[questions_pb2.AskResponse(part=part) for part in sample.parts()])
        running.script.say("ListHeld", sample.held())
        running.script.say("View", questions_pb2.ViewResponse(answer=sample.whole()))
        running.script.say("Close", questions_pb2.CloseResponse(dropped_answers=1))
        running.script.say("GetStatus", sample.status())
        for module in SERVICES:
            for service in module.DESCRIPTOR.services_by_name.values():
                for method in service.methods:
                    # What is not written yet is answered with nothing in particular.
                    running.script.lines.setdefault(
                        method.name, (message_factory.GetMessageClass(method.output_type)(),)
                    )
        running.script.say("Weigh", policies_pb2.WeighResponse(json=b"{}"))
        yield running


@pytest.fixture
async def client(hub: ScriptedHub) -> AsyncIterator[HubClient]:
    async with HubClient(address_of(hub), token=TOKEN) as opened:
        yield opened


@pytest.mark.parametrize("name", CALLS)
async def test_every_call_carries_the_token_and_a_deadline(hub: ScriptedHub, client: HubClient, name: str) -> None:
    await CALLS[name](client)
    (call,) = hub.script.calls
    assert call.name == name
    assert call.authorization == f"Bearer {TOKEN}"
    assert call.seconds is not None
    assert 0 < call.seconds <= Deadlines().weigh


@pytest.mark.parametrize("name", OPENING)
async def test_what_needs_no_session_shows_none_and_has_a_deadline(
    hub: ScriptedHub, client: HubClient, name: str
) -> None:
    await OPENING[name](client)
    (call,) = hub.script.calls
    assert (call.name, call.authorization) == (name, "")
    assert call.seconds is not None


def test_every_call_of_the_contract_for_people_is_known_to_the_client() -> None:
    methods = {
        method.name
        for module in SERVICES
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }
    assert methods == CALLS.keys() | OPENING.keys()


@pytest.mark.parametrize("name", ["StepUp", "ConfirmTotp"])
async def test_a_session_that_gets_a_new_token_uses_it_from_then_on(
    hub: ScriptedHub, client: HubClient, name: str
) -> None:
    hub.script.say("StepUp", sessions_pb2.StepUpResponse(token="new"))
    hub.script.say("ConfirmTotp", accounts_pb2.ConfirmTotpResponse(token="new"))
    await CALLS[name](client)
    await client.menu()
    assert [call.authorization for call in hub.script.calls] == [f"Bearer {TOKEN}", "Bearer new"]


@pytest.mark.parametrize("reason", ["CODE_REFUSED", "CURRENT_PASSWORD_REFUSED"])
async def test_what_was_shown_in_vain_is_told_apart_from_a_session_that_is_over(
    hub: ScriptedHub, client: HubClient, reason: str
) -> None:
    hub.script.say("StepUp", Refusal(code=grpc.StatusCode.UNAUTHENTICATED, message="No.", reason=reason))
    with pytest.raises(errors.SignInRefused):
        await CALLS["StepUp"](client)
    hub.script.say("StepUp", Refusal(code=grpc.StatusCode.UNAUTHENTICATED, message="No.", reason="NOT_SIGNED_IN"))
    with pytest.raises(errors.NotSignedIn):
        await CALLS["StepUp"](client)


async def test_signing_in_sends_no_token_and_gives_one_to_the_calls_that_follow(hub: ScriptedHub) -> None:
    async with HubClient(address_of(hub)) as client:
        await client.sign_in("r.adeyemi", "correct horse battery")
        await client.menu()
        await client.sign_out()
        assert client.token == ""
    assert [call.authorization for call in hub.script.calls] == ["", *[f"Bearer {sample.session().token}"] * 2]
    assert hub.script.calls[0].seconds is not None


async def test_an_answer_streamed_over_the_wire_is_the_one_that_was_sent(client: HubClient) -> None:
    assert assemble(await read(client)) == assemble(sample.parts())


async def test_a_view_is_the_answer_that_was_streamed(hub: ScriptedHub, client: HubClient) -> None:
    assert assemble([await client.view("r-7f3a")]) == assemble(sample.parts())
    assert hub.script.calls[0].request == questions_pb2.ViewRequest(request_id="r-7f3a")


async def test_an_answer_that_is_not_named_is_never_closed_for_all_are_meant_by_that(
    hub: ScriptedHub, client: HubClient
) -> None:
    with pytest.raises(errors.InvalidRequest):
        await client.close_answer("")
    assert not hub.script.calls


KINDS = [
    (grpc.StatusCode.INVALID_ARGUMENT, errors.InvalidRequest),
    (grpc.StatusCode.UNAUTHENTICATED, errors.NotSignedIn),
    (grpc.StatusCode.PERMISSION_DENIED, errors.NotAllowed),
    (grpc.StatusCode.NOT_FOUND, errors.NotHeld),
    (grpc.StatusCode.RESOURCE_EXHAUSTED, errors.TooMuch),
    (grpc.StatusCode.UNAVAILABLE, errors.HubUnreachable),
    (grpc.StatusCode.CANCELLED, errors.HubUnreachable),
    (grpc.StatusCode.INTERNAL, errors.HubFailed),
    (grpc.StatusCode.UNKNOWN, errors.HubFailed),
]


@pytest.mark.parametrize(("code", "kind"), KINDS)
@pytest.mark.parametrize("name", ["Menu", "Ask"])
async def test_a_refusal_of_the_hub_becomes_a_client_error_with_its_own_words(
    hub: ScriptedHub, client: HubClient, name: str, code: grpc.StatusCode, kind: type[errors.ClientError]
) -> None:
    hub.script.say(name, Refusal(code=code, message="Not so.", reason="WHY", mend="Do this.", field="purpose"))
    with pytest.raises(errors.ClientError) as refused:
        await CALLS[name](client)
    error = refused.value
    assert type(error) is kind
    assert (error.message, error.reason, error.mend, error.field) == ("Not so.", "WHY", "Do this.", "purpose")


@pytest.mark.parametrize("code", [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK])
async def test_words_that_are_not_from_the_hubs_table_are_never_shown(
    hub: ScriptedHub, client: HubClient, code: grpc.StatusCode
) -> None:
    secret = "Unexpected <class 'ValueError'>: Amina Khan"
    foreign = Refusal(code=code, message=secret, reason="OTHER", mend=secret, domain="elsewhere")
    for refusal in (
        Refusal(code=code, message=secret),
        foreign,
        RawRefusal(code=code, message=secret, details=b"\xff\x00garbage"),
    ):
        hub.script.say("Menu", refusal)
        with pytest.raises(errors.ClientError) as refused:
            await client.menu()
        assert "Amina" not in f"{refused.value.message} {refused.value.mend} {refused.value!r}"
        assert refused.value.message


@pytest.mark.parametrize("code", [grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED])
async def test_a_refusal_to_sign_in_is_told_apart_from_a_session_that_ended(
    hub: ScriptedHub, client: HubClient, code: grpc.StatusCode
) -> None:
    hub.script.say("SignIn", Refusal(code=code, message="No.", reason="SIGN_IN_REFUSED"))
    with pytest.raises(errors.SignInRefused):
        await client.sign_in("r.adeyemi", "wrong")
    assert client.token == TOKEN


async def test_a_stream_that_breaks_off_is_an_error_and_never_half_an_answer(
    hub: ScriptedHub, client: HubClient
) -> None:
    first = questions_pb2.AskResponse(part=sample.parts()[0])
    hub.script.say("Ask", first, Refusal(code=grpc.StatusCode.UNAVAILABLE, message="gone"))
    with pytest.raises(errors.HubUnreachable):
        await read(client)


async def test_parts_reach_the_reader_before_the_answer_is_whole(hub: ScriptedHub, client: HubClient) -> None:
    seen = asyncio.Event()
    first, *others = [questions_pb2.AskResponse(part=part) for part in sample.parts()]
    hub.script.say("Ask", first, seen, *others)
    count = 0
    async for _ in client.ask(questions_pb2.AskRequest()):
        count += 1
        seen.set()
    assert count == 4


async def test_a_hub_that_hangs_is_left_at_the_deadline(hub: ScriptedHub) -> None:
    never = asyncio.Event()
    hub.script.say("Menu", never, sample.menu())
    async with HubClient(address_of(hub), token=TOKEN, deadlines=Deadlines(call=0.2)) as client:
        with pytest.raises(errors.HubUnreachable) as late:
            await client.menu()
    never.set()
    assert late.value.reason == "TOO_SLOW"


async def test_a_hub_that_is_not_there_is_said_to_be_unreachable() -> None:
    async with ScriptedHub() as gone:
        address = address_of(gone)
    async with HubClient(address) as client:
        with pytest.raises(errors.HubUnreachable) as refused:
            await client.menu()
    assert refused.value.reason == "UNREACHABLE"


async def test_a_hub_that_another_authority_vouches_for_is_not_trusted(hub: ScriptedHub) -> None:
    address = HubAddress(target=hub.target, ca=Authority.new("Another").certificate)
    async with HubClient(address, token=TOKEN) as client:
        with pytest.raises(errors.HubUnreachable) as refused:
            await client.menu()
    assert refused.value.reason == "NOT_TRUSTED"
    assert not hub.script.calls


async def test_a_hub_with_another_name_is_trusted_only_under_the_name_that_was_given() -> None:
    async with ScriptedHub(names=("hub.example",)) as hub:
        hub.script.say("Menu", sample.menu())
        async with HubClient(address_of(hub)) as client:
            with pytest.raises(errors.HubUnreachable):
                await client.menu()
        async with HubClient(address_of(hub, server_name="hub.example")) as client:
            assert await client.menu() == sample.menu()


async def test_a_held_answer_larger_than_the_librarys_limit_arrives(hub: ScriptedHub, client: HubClient) -> None:
    whole = sample.whole()
    whole.agencies[2].records.cells[4] = "x" * 6_000_000
    hub.script.say("View", questions_pb2.ViewResponse(answer=whole))
    assert len(assemble([await client.view("r-7f3a")]).people[0].fields["address"][0].value) == 6_000_000


async def test_nothing_is_tried_twice(hub: ScriptedHub, client: HubClient) -> None:
    hub.script.say("Menu", Refusal(code=grpc.StatusCode.UNAVAILABLE, message="busy"))
    with pytest.raises(errors.HubUnreachable):
        await client.menu()
    assert len(hub.script.calls) == 1


async def test_closing_twice_does_no_harm(hub: ScriptedHub) -> None:
    client = HubClient(address_of(hub), token=TOKEN)
    await client.menu()
    await client.close()
    await client.close()
