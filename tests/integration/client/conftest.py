"""What the tests of the commands share: a desk with a hub that answers every call."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sharing.v1 import accounts_pb2, grounds_pb2, policies_pb2, questions_pb2, sessions_pb2

from tests.integration.client.desk import Desk
from tests.lib.scripted_hub import Script, ScriptedHub
from tests.unit.hub.client import agreed_sample, ground_sample, sample


def _say_what_is_agreed(script: Script) -> None:
    """Answer every call of accounts, second factors and the agreed process."""
    script.say("StepUp", sessions_pb2.StepUpResponse(token="stepped-up", seconds=900))
    script.say("ListIssuers", sessions_pb2.ListIssuersResponse(issuers=agreed_sample.issuers()))
    script.say("AcceptInvitation", accounts_pb2.AcceptInvitationResponse(user_name="n.okafor", device="a-device"))
    script.say("ChangePassword", accounts_pb2.ChangePasswordResponse(ended_sessions=2))
    script.say("ListFactors", accounts_pb2.ListFactorsResponse(factors=agreed_sample.factors()))
    script.say("BeginTotp", agreed_sample.begun())
    script.say("ConfirmTotp", accounts_pb2.ConfirmTotpResponse(token="stepped-up"))
    script.say("RemoveFactor", accounts_pb2.RemoveFactorResponse())
    script.say("ListAccounts", accounts_pb2.ListAccountsResponse(accounts=agreed_sample.accounts()))
    script.say("CreateAccount", accounts_pb2.CreateAccountResponse(invitation=agreed_sample.invitation()))
    script.say("DisableAccount", accounts_pb2.DisableAccountResponse(ended_sessions=1))
    script.say("ResetPassword", accounts_pb2.ResetPasswordResponse(invitation=agreed_sample.invitation()))
    proposal, publication = agreed_sample.proposal(), agreed_sample.publication()
    script.say("Weigh", *agreed_sample.weighed(agreed_sample.DIFFERENCE))
    script.say("Propose", policies_pb2.ProposeResponse(proposal=proposal))
    script.say("ProposeRollback", policies_pb2.ProposeRollbackResponse(proposal=proposal))
    script.say("ProposeAccounts", policies_pb2.ProposeAccountsResponse(proposal=agreed_sample.offices()))
    script.say("ListProposals", policies_pb2.ListProposalsResponse(proposals=[agreed_sample.offices(), proposal]))
    script.say("Approve", policies_pb2.ApproveResponse(proposal=proposal))
    script.say("Withdraw", policies_pb2.WithdrawResponse(proposal=proposal))
    script.say("Publish", policies_pb2.PublishResponse(publication=publication, proposal=proposal))
    script.say(
        "ListPublications",
        policies_pb2.ListPublicationsResponse(publications=[agreed_sample.emergency(), agreed_sample.first()]),
    )
    script.say("Review", policies_pb2.ReviewResponse(publication=agreed_sample.emergency()))


def _say_what_goes_without_consent(script: Script) -> None:
    """Answer every call of officers, emergencies, duties and contacts."""
    put, use, uses = ground_sample.confirmation(), ground_sample.reviewed(), ground_sample.uses()
    script.say("PutToOfficers", grounds_pb2.PutToOfficersResponse(confirmation=put))
    script.say("ListConfirmations", grounds_pb2.ListConfirmationsResponse(confirmations=[put]))
    script.say("DecideConfirmation", grounds_pb2.DecideConfirmationResponse(confirmation=put))
    script.say("RevokeConfirmation", ground_sample.revoked())
    script.say("PreviewBreakGlass", ground_sample.preview())
    script.say("BreakGlass", ground_sample.opened())
    script.say("CloseBreakGlass", ground_sample.closed())
    script.say("ListBreakGlass", grounds_pb2.ListBreakGlassResponse(uses=uses.uses, by_user=uses.by_user))
    script.say("ReviewBreakGlass", grounds_pb2.ReviewBreakGlassResponse(use=use))
    script.say("ListDuties", grounds_pb2.ListDutiesResponse(duties=[ground_sample.duty()]))
    script.say("FulfilDuty", grounds_pb2.FulfilDutyResponse(duty=ground_sample.done()))
    script.say("RequestContact", grounds_pb2.RequestContactResponse())


@pytest.fixture
async def desk(tmp_path: Path, repository: Path) -> AsyncIterator[Desk]:
    async with ScriptedHub() as hub:
        hub.script.say("SignIn", sample.session())
        hub.script.say("SignOut", sessions_pb2.SignOutResponse(dropped_answers=2))
        hub.script.say("Menu", sample.menu())
        hub.script.say("Ask", *[questions_pb2.AskResponse(part=part) for part in sample.parts()])
        hub.script.say("ListHeld", sample.held())
        hub.script.say("View", questions_pb2.ViewResponse(answer=sample.whole()))
        hub.script.say("Close", questions_pb2.CloseResponse(dropped_answers=1))
        hub.script.say("GetStatus", sample.status())
        _say_what_is_agreed(hub.script)
        _say_what_goes_without_consent(hub.script)
        yield Desk(folder=hub.write_folder(tmp_path / "a desk"), repository=repository, hub=hub)
