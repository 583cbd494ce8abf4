"""One invented change of the policy, with the accounts of those who agree to it, as a hub sends them."""

import json
from collections.abc import Mapping

from sharing.v1 import accounts_pb2, agencies_pb2, policies_pb2, sessions_pb2

from tests.unit.hub.client.sample import ASKED_MS, RETRIEVED_MS

REASON = "Health visitors lose sight of children who change schools."
DIGEST = "6f1d" * 16
ROW: Mapping[str, object] = {
    "level": "health_visitor",
    "requester": "health",
    "areas": ["north", "south"],
    "question": "child_attendance",
    "source": "schools",
    "purposes": ["safeguarding"],
    "classes": ["basic", "education"],
    "fields": ["given_name", "attendance_percent"],
    "spans": [{"from": None, "until": "2030-04-01T00:00:00+00:00"}],
}
SENTENCE = "Health visitor (health) may ask “child_attendance” of Schools for safeguarding."
MATRIX: Mapping[str, object] = {"rows": [ROW]}
DIFFERENCE: Mapping[str, object] = {
    "gains": [{"sentence": SENTENCE, **ROW}],
    "losses": [],
    "others": [
        {"place": "questions.child_attendance.deadline_ms", "old": "3000", "new": "4000", "is_looser": None},
        {"place": "field_classes.health.step_up", "old": "true", "new": "false", "is_looser": True},
    ],
    "opens": ["schools"],
    "loosens": ["health"],
}
EXPLANATION: Mapping[str, object] = {
    "may": True,
    "failed": None,
    "refusal": None,
    "verdict": "It may be asked.",
    "fields": ["given_name", "attendance_percent"],
    "sentences": ["The level “health_visitor” grants it: children change schools.", "Nothing denies it."],
    "classes": {
        "basic": {"allowed": True, "verdict": "shown", "because": "Grant 5 of health_visitor."},
        "health": {"allowed": False, "verdict": "not_granted", "because": "No rule grants it."},
    },
}
REHEARSAL: Mapping[str, object] = {
    "put_again": 1000,
    "unsure": 2,
    "changed": 1,
    "changes": [
        {
            "request": "r-81c0",
            "position": 40211,
            "level": "health_visitor",
            "agency": "health",
            "question": "child_attendance",
            "purpose": "safeguarding",
            "refusal_before": "access_level",
            "refusal_after": "",
            "gains": {"schools": ["attendance_percent"]},
            "losses": {},
            "sentence": "It would no longer be refused.",
        }
    ],
}
REVIEWS: Mapping[str, object] = {
    "agreements": [
        {
            "id": "youth_crime_and_disorder",
            "title": "Youth crime and disorder",
            "review": "2026-12-01",
            "until": "2027-03-31T23:59:59Z",
            "state": "due",
        }
    ],
    "emergencies": [
        {
            "number": 7,
            "at": "2026-11-20T08:00:00Z",
            "publisher": "ada",
            "emergency": "A worker had left with her device.",
            "due": "2026-11-27T08:00:00Z",
            "is_overdue": False,
        }
    ],
}


def weighed(document: Mapping[str, object]) -> list[policies_pb2.WeighResponse]:
    """Give a document as it is sent, in two pieces that cut a letter in half if there is one to cut."""
    text = json.dumps(document, ensure_ascii=False).encode()
    middle = (text.find("“".encode()) + 1) or len(text) // 2
    return [policies_pb2.WeighResponse(json=text[:middle]), policies_pb2.WeighResponse(json=text[middle:])]


def proposal(**more: object) -> policies_pb2.Proposal:
    said = {
        "id": "4c1e77aa90",
        "kind": policies_pb2.PROPOSAL_KIND_POLICY,
        "state": policies_pb2.PROPOSAL_STATE_OPEN,
        "digest": DIGEST,
        "base": 6,
        "proposer": "ada",
        "reason": REASON,
        "made_at_ms": ASKED_MS,
        "opens": ["schools"],
        "approvals": [policies_pb2.Approval(approver="bea", at_ms=RETRIEVED_MS)],
        "missing": ["a guardian of schools"],
    }
    return policies_pb2.Proposal(**(said | more))  # type: ignore[arg-type]  # whatever a test wants to say


def offices() -> policies_pb2.Proposal:
    """Give a proposal about accounts."""
    changes = [
        policies_pb2.AccountChange(
            user_name="n.okafor", access_level="health_visitor", agency="health", areas=["north"]
        ),
        policies_pb2.AccountChange(user_name="p.shah", keep_office=True, remove_factors=True, enable=True),
        policies_pb2.AccountChange(user_name="l.berg", keep_office=True, issuer="trust", subject="4711"),
    ]
    return proposal(
        id="77aa0b13c2", kind=policies_pb2.PROPOSAL_KIND_ACCOUNTS, opens=[], approvals=[], missing=[], changes=changes
    )


def publication(**more: object) -> policies_pb2.Publication:
    said = {
        "number": 7,
        "policy_version": "b51a90c2",
        "kind": policies_pb2.PROPOSAL_KIND_POLICY,
        "at_ms": RETRIEVED_MS,
        "publisher": "ada",
        "proposal": "4c1e77aa90",
        "reason": REASON,
    }
    return policies_pb2.Publication(**(said | more))  # type: ignore[arg-type]  # as above


def emergency() -> policies_pb2.Publication:
    return publication(emergency="A worker had left with her device.", review_due_ms=RETRIEVED_MS + 604_800_000)


def first() -> policies_pb2.Publication:
    return publication(number=1, publisher="", proposal="", reason="The deployment's folder.", at_ms=ASKED_MS)


def accounts() -> list[accounts_pb2.Account]:
    return [
        accounts_pb2.Account(
            user_name="n.okafor",
            display_name="Nkem Okafor",
            access_level="health_visitor",
            agency="health",
            areas=["north", "south"],
            has_password=True,
            has_second_factor=True,
            last_signed_in_ms=ASKED_MS,
        ),
        accounts_pb2.Account(user_name="p.shah", display_name="Priya Shah", agency="health", disabled=True),
    ]


def invitation() -> accounts_pb2.Invitation:
    return accounts_pb2.Invitation(token="an-invitation-that-is-shown-once", expires_at_ms=RETRIEVED_MS)


def factors() -> list[accounts_pb2.Factor]:
    return [accounts_pb2.Factor(id="totp", label="Authenticator", added_at_ms=ASKED_MS)]


def begun() -> accounts_pb2.BeginTotpResponse:
    seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    return accounts_pb2.BeginTotpResponse(
        uri=f"otpauth://totp/Sharing%20hub:n.okafor?secret={seed}&issuer=Sharing%20hub", seed=seed
    )


def issuers() -> list[sessions_pb2.Issuer]:
    return [sessions_pb2.Issuer(id="trust", title="The trust's own sign-in")]


def made() -> agencies_pb2.AddAgencyResponse:
    """Give a token as a hub makes it; its fingerprint is shorter than any."""
    return agencies_pb2.AddAgencyResponse(
        token="a-token-that-is-shown-once", expires_at_ms=RETRIEVED_MS, authority_fingerprint=bytes(3)
    )


def member() -> agencies_pb2.AgencyMember:
    """Give an agency that is suspended while its links are about to end."""
    return agencies_pb2.AgencyMember(
        agency="schools",
        title="Schools",
        state=agencies_pb2.AGENCY_STATE_SUSPENDED,
        changed_at_ms=RETRIEVED_MS,
        changed_by="ada",
        links=2,
        links_end_at_ms=RETRIEVED_MS,
        certificates=3,
        links_of_old_authority=1,
    )
