"""What a hub says of going without consent: the samples that docs/grounds.md shows."""

from sharing.v1 import grounds_pb2, questions_pb2

from hub.client.grounds import Uses

AT_MS = 1_795_514_400_000
HOUR_MS = 60 * 60 * 1_000
DAY_MS = 24 * HOUR_MS
HEALTH = questions_pb2.Choice(id="health", title="Community health services")


def confirmation() -> grounds_pb2.Confirmation:
    word = grounds_pb2.OfficerWord(
        agency="health",
        state=grounds_pb2.CONFIRMATION_STATE_CONFIRMED,
        grounds=["G4_DEATH_OR_SERIOUS_HARM"],
        because=[grounds_pb2.BECAUSE_RISK_OUTWEIGHS],
        own_reference="DO/77",
        officer="dana",
        decided_at_ms=AT_MS + HOUR_MS,
        valid_until_ms=AT_MS + HOUR_MS + 2 * DAY_MS,
    )
    return grounds_pb2.Confirmation(
        id="4c1e77aa90",
        requester="sam",
        requester_agency="social_care",
        question="child_health",
        purpose="safeguarding",
        lawful_basis="A6_E",
        ground="G4_DEATH_OR_SERIOUS_HARM",
        override_reason="CHILD_RISK",
        case_reference="SC/2026-114",
        put_at_ms=AT_MS,
        decide_by_ms=AT_MS + 5 * DAY_MS,
        words=[word],
    )


def revoked() -> grounds_pb2.RevokeConfirmationResponse:
    return grounds_pb2.RevokeConfirmationResponse(confirmation=confirmation(), dropped_answers=2)


def preview() -> grounds_pb2.PreviewBreakGlassResponse:
    return grounds_pb2.PreviewBreakGlassResponse(
        fields=[questions_pb2.Choice(id="last_seen", title="Last seen")],
        told=[HEALTH],
        reviewed_by=questions_pb2.Choice(id="social_care", title="Social care"),
        review_days=7,
        minutes=60,
    )


def opened() -> grounds_pb2.BreakGlassResponse:
    return grounds_pb2.BreakGlassResponse(
        id="77aa0b13c2", until_ms=AT_MS + HOUR_MS, told=[HEALTH], review_due_ms=AT_MS + 7 * DAY_MS
    )


def closed() -> grounds_pb2.CloseBreakGlassResponse:
    return grounds_pb2.CloseBreakGlassResponse(closed=1, dropped_answers=2)


def use() -> grounds_pb2.BreakGlassUse:
    return grounds_pb2.BreakGlassUse(
        id="77aa0b13c2",
        requester="sam",
        requester_agency="social_care",
        access_level="social_care_duty",
        question="child_health",
        reason=grounds_pb2.BREAK_GLASS_REASON_LIFE_AT_RISK,
        told=["health"],
        opened_at_ms=AT_MS,
        until_ms=AT_MS + HOUR_MS,
        review_due_ms=AT_MS + 7 * DAY_MS,
    )


def reviewed() -> grounds_pb2.BreakGlassUse:
    found = use()
    found.finding = grounds_pb2.REVIEW_FINDING_NOT_JUSTIFIED
    found.reviewer = "gus"
    return found


def uses() -> Uses:
    count = grounds_pb2.BreakGlassCount(
        requester="sam", requester_agency="social_care", uses=3, unreviewed=1, not_justified=1
    )
    return Uses(uses=(use(),), by_user=(count,))


def duty() -> grounds_pb2.Duty:
    return grounds_pb2.Duty(
        id="0b13c277aa",
        kind=grounds_pb2.DUTY_KIND_CONSENT_FORM,
        agency="social_care",
        requester="sam",
        about="f875e88777abcd5fed",
        case_reference="SC/2026-114",
        made_at_ms=AT_MS,
        due_ms=1_796_169_600_000,
    )


def done() -> grounds_pb2.Duty:
    found = duty()
    found.fulfilled_at_ms, found.fulfilled_by, found.evidence = AT_MS + DAY_MS, "sam", "SC/2026-114/7"
    return found
