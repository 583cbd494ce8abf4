"""Every rpc and every kind of level: who is let through, and who is not; a new rpc is red until it has its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from sharing.v1 import accounts_pb2, audit_pb2, grounds_pb2, policies_pb2, questions_pb2, sessions_pb2, status_pb2

from hub.model.policy import LevelKind
from hub.model.request import Requester
from tests.integration.journey.refusing import said_by
from tests.lib.administration import Administration
from tests.lib.requester import PATIENCE_SECONDS

FILES = (accounts_pb2, audit_pb2, grounds_pb2, policies_pb2, questions_pb2, sessions_pb2, status_pb2)
REFUSED_FOR = {"NOT_YOUR_OFFICE", "STEP_UP_NEEDED", "NOT_SIGNED_IN"}

ADMINISTRATOR, GUARDIAN, AUDITOR = LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN, LevelKind.AUDITOR
PROFESSIONAL, OFFICER = LevelKind.PROFESSIONAL, LevelKind.OFFICER
# Somebody of each kind, and of a level that nobody can hold; without one, nobody is signed in.
LEVELS = {
    PROFESSIONAL: "health_visitor",
    ADMINISTRATOR: "policy_administrator",
    GUARDIAN: "data_guardian",
    AUDITOR: "auditor",
    OFFICER: "designated_officer",
    LevelKind.ABSTRACT: "practitioner",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who is let through, and whether a second factor must be fresh; without kinds of levels, everybody."""

    kinds: frozenset[LevelKind] = frozenset(LevelKind)
    is_fresh: bool = False
    is_open: bool = False

    def refusal(self, kind: LevelKind | None, *, is_fresh: bool) -> str:
        """Say for what somebody is refused; nothing if they are let through."""
        if self.is_open:
            return ""
        if kind is None:
            return "NOT_SIGNED_IN"
        if kind not in self.kinds:
            return "NOT_YOUR_OFFICE"
        return "STEP_UP_NEEDED" if self.is_fresh and not is_fresh else ""


OPEN, SIGNED_IN, FRESH = Rule(is_open=True), Rule(), Rule(is_fresh=True)
SEES = Rule(kinds=frozenset({ADMINISTRATOR, GUARDIAN, AUDITOR}))
SETS = Rule(kinds=frozenset({ADMINISTRATOR, GUARDIAN}), is_fresh=True)
ADMINISTERS = Rule(kinds=frozenset({ADMINISTRATOR}), is_fresh=True)
AUDITS = Rule(kinds=frozenset({AUDITOR}))
AUDITS_FRESH = Rule(kinds=frozenset({AUDITOR}), is_fresh=True)
SEARCHES = Rule(kinds=frozenset({AUDITOR, GUARDIAN}))
REVIEWS = Rule(kinds=frozenset({ADMINISTRATOR, GUARDIAN, AUDITOR}), is_fresh=True)
ASKS = Rule(kinds=frozenset({PROFESSIONAL}))
DECIDES = Rule(kinds=frozenset({OFFICER}), is_fresh=True)
HOLDS_OFFICE = Rule(kinds=frozenset(LevelKind) - {LevelKind.ABSTRACT})

TABLE: dict[str, Rule] = {
    "SessionService.SignIn": OPEN,
    "SessionService.SignOut": SIGNED_IN,
    "SessionService.BeginStepUp": SIGNED_IN,
    "SessionService.StepUp": SIGNED_IN,
    "SessionService.BeginPasskeySignIn": OPEN,
    "SessionService.FinishPasskeySignIn": OPEN,
    "SessionService.ListIssuers": OPEN,
    "SessionService.BeginExternalSignIn": OPEN,
    "SessionService.FinishExternalSignIn": OPEN,
    "QuestionService.Menu": SIGNED_IN,
    "QuestionService.Ask": SIGNED_IN,
    "QuestionService.ListHeld": SIGNED_IN,
    "QuestionService.View": SIGNED_IN,
    "QuestionService.ShowDetails": SIGNED_IN,
    "QuestionService.Judge": SIGNED_IN,
    "QuestionService.ShowMore": SIGNED_IN,
    "QuestionService.Close": SIGNED_IN,
    "StatusService.GetStatus": SIGNED_IN,
    "AccountService.ListAccounts": SEES,
    "AccountService.CreateAccount": ADMINISTERS,
    "AccountService.DisableAccount": ADMINISTERS,
    "AccountService.ResetPassword": ADMINISTERS,
    "CredentialService.AcceptInvitation": OPEN,
    "CredentialService.ChangePassword": SIGNED_IN,
    "CredentialService.ListFactors": SIGNED_IN,
    # Whoever has no second factor yet cannot give one: these ask for a fresh one as soon as there is one.
    "CredentialService.BeginTotp": SIGNED_IN,
    "CredentialService.ConfirmTotp": SIGNED_IN,
    "CredentialService.BeginPasskey": SIGNED_IN,
    "CredentialService.FinishPasskey": SIGNED_IN,
    "CredentialService.RemoveFactor": FRESH,
    "PolicyService.GetPolicy": SEES,
    "PolicyService.Weigh": SEES,
    "PolicyService.Propose": SETS,
    "PolicyService.ProposeRollback": SETS,
    "PolicyService.ProposeAccounts": SETS,
    "PolicyService.ListProposals": SEES,
    "PolicyService.Approve": SETS,
    "PolicyService.Withdraw": SETS,
    "PolicyService.Publish": ADMINISTERS,
    "PolicyService.ListPublications": SEES,
    "PolicyService.Review": REVIEWS,
    "GroundService.PutToOfficers": ASKS,
    "GroundService.ListConfirmations": Rule(kinds=frozenset({PROFESSIONAL, OFFICER, AUDITOR})),
    "GroundService.DecideConfirmation": DECIDES,
    "GroundService.RevokeConfirmation": DECIDES,
    "GroundService.PreviewBreakGlass": ASKS,
    # Of a level that may, it wants a second factor by rules of its own, given moments ago: tests/integration/grounds.
    "GroundService.BreakGlass": ASKS,
    # Ends only what the same session has opened.
    "GroundService.CloseBreakGlass": SIGNED_IN,
    "GroundService.ListBreakGlass": Rule(kinds=frozenset({PROFESSIONAL, GUARDIAN, AUDITOR})),
    "GroundService.ReviewBreakGlass": Rule(kinds=frozenset({GUARDIAN, AUDITOR}), is_fresh=True),
    "GroundService.ListDuties": HOLDS_OFFICE,
    "GroundService.FulfilDuty": HOLDS_OFFICE,
    "GroundService.RequestContact": ASKS,
    "AuditService.Search": SEARCHES,
    "AuditService.Export": AUDITS_FRESH,
    "AuditService.GetCheckpoint": AUDITS,
    "AuditService.GetProof": AUDITS,
    "AuditService.Reconcile": AUDITS,
    "AuditService.Subject": AUDITS_FRESH,
    "AuditService.Breadth": AUDITS,
}


def methods() -> dict[str, MethodDescriptor]:
    """Return every rpc that requesters are offered."""
    services = [service for file in FILES for service in file.DESCRIPTOR.services_by_name.values()]
    return {f"{service.name}.{method.name}": method for service in services for method in service.methods}


async def refusal(channel: grpc.aio.Channel, method: MethodDescriptor, token: str) -> str:
    """Make one call and say for what its caller is refused, if it is for who they are."""
    nothing = GetMessageClass(method.input_type)()
    path = f"/{method.containing_service.full_name}/{method.name}"
    serialize = GetMessageClass(method.input_type).SerializeToString
    read = GetMessageClass(method.output_type).FromString
    metadata = (("authorization", f"Bearer {token}"),) if token else ()
    try:
        if method.client_streaming:
            call = channel.stream_unary(path, request_serializer=serialize, response_deserializer=read)
            await call(iter([nothing]), metadata=metadata, timeout=PATIENCE_SECONDS)
        elif method.server_streaming:
            stream = channel.unary_stream(path, request_serializer=serialize, response_deserializer=read)
            async for _ in stream(nothing, metadata=metadata, timeout=PATIENCE_SECONDS):
                pass
        else:
            unary = channel.unary_unary(path, request_serializer=serialize, response_deserializer=read)
            await unary(nothing, metadata=metadata, timeout=PATIENCE_SECONDS)
    except grpc.aio.AioRpcError as error:
        reason = said_by(error).reason
        # What the hub fails at, or does not say in words of its own, belongs to nobody's row of the table.
        return (reason or "NO REASON") if reason in REFUSED_FOR | {"", "INTERNAL"} else ""
    return ""


def everybody() -> Iterator[tuple[LevelKind | None, bool]]:
    """Yield every kind of person, with and without a second factor given a short while ago."""
    yield None, False
    for kind in LevelKind:
        yield kind, False
        yield kind, True


def opened(administration: Administration, kind: LevelKind | None, *, is_fresh: bool) -> str:
    """Open a session of one kind of person, and return its token."""
    if kind is None:
        return ""
    who = Requester(
        user_name="n.okafor", display_name="N", access_level=LEVELS[kind], agency="health", areas=("bolton",)
    )
    return administration.hub.sessions.open(who, is_strong=is_fresh)


def test_every_rpc_has_its_place_in_the_table() -> None:
    assert methods().keys() == TABLE.keys()


def test_every_kind_of_level_is_tried() -> None:
    assert LEVELS.keys() == set(LevelKind)


async def test_every_rpc_lets_through_exactly_those_whom_the_table_names(administration: Administration) -> None:
    channel = await administration.channel()
    wrong: list[str] = []
    for name, method in methods().items():
        for kind, is_fresh in everybody():
            wanted = TABLE[name].refusal(kind, is_fresh=is_fresh)
            said = await refusal(channel, method, opened(administration, kind, is_fresh=is_fresh))
            if said != wanted:
                wrong.append(f"{name} for {kind}, fresh {is_fresh}: {said or 'let through'} and not {wanted or 'so'}")
    assert not wrong, "\n".join(wrong)


async def test_a_token_that_is_no_session_s_opens_nothing(administration: Administration) -> None:
    channel = await administration.channel()
    closed = {name: method for name, method in methods().items() if not TABLE[name].is_open}
    for token in ("x", "x" * 43):
        assert {await refusal(channel, method, token) for method in closed.values()} == {"NOT_SIGNED_IN"}


def test_nothing_that_this_service_says_can_hold_anything_of_a_case() -> None:
    """Its messages have no field for a person or a record: whom a question was about cannot be told by mistake."""
    seen: set[str] = set()

    def walk(message: Any) -> None:
        if message.full_name not in seen:
            seen.add(message.full_name)
            for field in message.fields:
                if field.type == FieldDescriptor.TYPE_MESSAGE:
                    walk(field.message_type)

    for method in methods().values():
        if method.containing_service.name in {
            "PolicyService",
            "AccountService",
            "CredentialService",
            "GroundService",
            "AuditService",
        }:
            walk(method.output_type)
    assert not seen & {"sharing.v1.PersonKeys", "sharing.v1.Records", "sharing.v1.AnswerPart", "sharing.v1.AgencyPart"}
    assert len(seen) > 20
