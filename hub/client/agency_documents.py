"""The JSON documents of agencies' certificates, and how a token is spelt for whoever takes it away."""

import base64
from collections.abc import Iterable

from sharing.v1 import agencies_pb2

from hub.client.documents import Document
from hub.client.moments import spell_moment

_STATE = "AGENCY_STATE_"
# The first part says which form this is; adapters read no other.
_FORM = "enrol1"


def spell_token(agency: str, made: agencies_pb2.AddAgencyResponse, address: str) -> str:
    """Spell a token: for whom it is, by which authority the hub is known, the secret, and where the hub is reached.

    Whoever uses it needs nothing else, and cannot be led to another hub.
    """
    return ".".join((_FORM, agency, _text(made.authority_fingerprint), made.token, _text(address.encode())))


def token_document(agency: str, token: str, expires_at_ms: int) -> Document:
    """Spell a token's document: this is the one time that it is shown."""
    return {"agency": agency, "token": token, "expires_at": spell_moment(expires_at_ms)}


def agencies_document(agencies: Iterable[agencies_pb2.AgencyMember]) -> Document:
    """Spell how agencies stand."""
    return {"agencies": [_member(member) for member in agencies]}


def changed_document(agency: str, state: str, ended_links: int) -> Document:
    """Spell what was changed, and how many links ended by it."""
    return {"agency": agency, "state": state, "ended_links": ended_links}


def spell_state(state: agencies_pb2.AgencyState.ValueType) -> str:
    """Spell whether an agency may connect; a state that this client does not know yet is unknown."""
    if not state or state not in agencies_pb2.AgencyState.values():
        return "unknown"
    return agencies_pb2.AgencyState.Name(state).removeprefix(_STATE).lower()


def _member(member: agencies_pb2.AgencyMember) -> Document:
    return {
        "agency": member.agency,
        "title": member.title,
        "state": spell_state(member.state),
        "changed_at": spell_moment(member.changed_at_ms),
        "changed_by": member.changed_by or None,
        "links": member.links,
        "links_end_at": spell_moment(member.links_end_at_ms),
        "links_of_old_authority": member.links_of_old_authority,
        "certificates": member.certificates,
        "token_until": spell_moment(member.token_until_ms),
    }


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
