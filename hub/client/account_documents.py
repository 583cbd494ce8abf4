"""The JSON documents of accounts and of what their holders do; see docs/administering.md and docs/client.md."""

from collections.abc import Iterable

from sharing.v1 import accounts_pb2, sessions_pb2

from hub.client.documents import Document
from hub.client.moments import spell_moment


def accounts_document(accounts: Iterable[accounts_pb2.Account]) -> Document:
    """Spell accounts, by user name."""
    return {"accounts": [_account(account) for account in accounts]}


def invitation_document(user_name: str, invitation: accounts_pb2.Invitation) -> Document:
    """Spell an invitation, with its token: this is the one time that it is shown."""
    return {
        "user_name": user_name,
        "invitation": invitation.token,
        "expires_at": spell_moment(invitation.expires_at_ms),
    }


def ended_document(sessions: int) -> Document:
    """Spell how many sessions were ended."""
    return {"ended_sessions": sessions}


def accepted_document(user_name: str) -> Document:
    """Spell whose password was set."""
    return {"user_name": user_name}


def factors_document(factors: Iterable[accounts_pb2.Factor]) -> Document:
    """Spell second factors, without their secrets."""
    return {
        "factors": [
            {"id": factor.id, "label": factor.label, "added_at": spell_moment(factor.added_at_ms)} for factor in factors
        ]
    }


def seed_document(begun: accounts_pb2.BeginTotpResponse) -> Document:
    """Spell the seed of codes: this is the one time that it is shown."""
    return {"uri": begun.uri, "seed": begun.seed}


def issuers_document(issuers: Iterable[sessions_pb2.Issuer]) -> Document:
    """Spell the providers through which one may sign in."""
    return {"issuers": [{"id": issuer.id, "title": issuer.title} for issuer in issuers]}


def _account(account: accounts_pb2.Account) -> Document:
    return {
        "user_name": account.user_name,
        "display_name": account.display_name,
        "access_level": account.access_level or None,
        "agency": account.agency,
        "areas": list(account.areas),
        "disabled": account.disabled,
        "has_password": account.has_password,
        "has_second_factor": account.has_second_factor,
        "last_signed_in": spell_moment(account.last_signed_in_ms),
    }
