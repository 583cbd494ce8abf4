from collections.abc import Iterator

import pytest
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc import StatusCode

from hub.edge.statuses import DETAILS_KEY, DOMAIN, Refusal, refusal_for
from hub.errors import ConfigurationError, HubError, NotReady, NotWeighed, RequestError, SettingsError


def kinds_of(root: type[HubError]) -> Iterator[type[HubError]]:
    for kind in root.__subclasses__():
        yield kind
        yield from kinds_of(kind)


def made(kind: type[HubError]) -> HubError:
    if issubclass(kind, RequestError):
        return kind("A_REASON", "Some words.", mend="Do this.", field="purpose")
    if issubclass(kind, NotReady):
        return kind("A_REASON", "Some words.")
    if issubclass(kind, NotWeighed):
        return kind("A_REASON", "Some words.", mend="Do this.")
    raise TypeError(kind)


def told(refused: Refusal | None) -> tuple[StatusCode, str, ErrorInfo]:
    assert refused is not None
    code, message, trailing = refused
    ((key, packed),) = trailing
    assert key == DETAILS_KEY
    status, note = Status.FromString(packed), ErrorInfo()
    assert (status.code, status.message) == (code.value[0], message)
    assert status.details[0].Unpack(note)
    return code, message, note


@pytest.mark.parametrize("kind", [*kinds_of(RequestError), NotReady, *kinds_of(NotReady), NotWeighed])
def test_every_error_that_a_peer_may_see_has_a_status(kind: type[HubError]) -> None:
    code, message, note = told(refusal_for(made(kind)))
    assert code not in (StatusCode.OK, StatusCode.UNKNOWN, StatusCode.INTERNAL)
    assert message == "Some words."
    assert (note.reason, note.domain) == ("A_REASON", DOMAIN)


@pytest.mark.parametrize("kind", list(kinds_of(RequestError)))
def test_a_peer_is_told_the_mend_and_the_field(kind: type[HubError]) -> None:
    _, _, note = told(refusal_for(made(kind)))
    assert dict(note.metadata) == {"mend": "Do this.", "field": "purpose"}


def test_what_is_wrong_inside_the_hub_is_not_told() -> None:
    assert refusal_for(ConfigurationError([])) is None
    assert refusal_for(SettingsError([])) is None


def test_the_two_that_end_in_signing_in_again_have_one_code() -> None:
    codes = {kind.__name__: told(refusal_for(made(kind)))[0] for kind in kinds_of(RequestError)}
    assert codes["SignInRefused"] is codes["NotSignedIn"] is StatusCode.UNAUTHENTICATED
