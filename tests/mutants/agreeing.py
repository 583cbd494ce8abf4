"""Mutants of the agreed process: who must agree, to what exactly, and what follows from it at once."""

from tests.mutants.mutant import Change, Mutant, mutant

APPROVALS, APPROVING, PROPOSING, PUBLISHABLE, PUBLISHING = (
    f"hub/agreeing/{name}.py" for name in ("approvals", "approving", "proposing", "publishable", "publishing")
)
STORE = "hub/store/proposals.py"
WIRE, UNIT = "tests/integration/agreeing", "tests/unit/hub"
PURE, ROWS = f"{UNIT}/agreeing/test_approvals.py", f"{UNIT}/store/test_proposals.py"
WALK, AT_ONCE, EMERGENCIES = f"{WIRE}/test_walk.py", f"{WIRE}/test_at_once.py", f"{WIRE}/test_emergencies.py"
EFFECTS, MOMENTS, WHO_MAY = f"{WIRE}/test_effects.py", f"{WIRE}/test_moments.py", f"{WIRE}/test_who_may.py"
TABLE = f"{WHO_MAY}::test_every_rpc_lets_through_exactly_those_whom_the_table_names"
WRONG_PEOPLE = f"{WALK}::test_whose_agreement_cannot_count_is_refused_and_leaves_no_trace"
WHOLE_WALK = (
    f"{WALK}::test_what_opens_records_is_published_once_a_second_person_and_their_guardian_agree",
    f"{PURE}::test_a_policy_needs_a_second_person_and_a_guardian_of_every_agency_that_it_opens",
)

RECORDED = (
    "        await self._process.record(agreed.publishing(proposal, publication, approvers=approvers,"
    " lacking=lacking))\n"
)
KEPT = "        kept = await self._process.store(self._process.proposals.publish, proposal, publication)\n"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "a proposal needs a second person",
        APPROVALS,
        "    return (*_second_person(proposal), *_guardians(proposal))\n",
        "    return _guardians(proposal)\n",
        *WHOLE_WALK,
    ),
    mutant(
        "a proposal needs a guardian of each agency whose records it opens",
        APPROVALS,
        "    return (*_second_person(proposal), *_guardians(proposal))\n",
        "    return _second_person(proposal)\n",
        *WHOLE_WALK,
    ),
    mutant(
        "nobody approves the own proposal",
        APPROVALS,
        "    if actor.user_name == proposal.proposer:\n",
        "    if False:\n",
        WRONG_PEOPLE,
        f"{PURE}::test_who_may_not_approve_is_told_why",
    ),
    mutant(
        "a colleague of the proposer's agency is no second person",
        APPROVALS,
        "return approval.approver != proposal.proposer and approval.approver_agency != proposal.proposer_agency",
        "return approval.approver != proposal.proposer",
        f"{PURE}::test_a_guardian_of_the_proposer_s_agency_agrees_for_that_agency_when_its_records_are_opened",
    ),
    mutant(
        "a colleague of the proposer's agency cannot approve",
        APPROVALS,
        "    return agency != proposal.proposer_agency\n",
        "    return True\n",
        WRONG_PEOPLE,
        f"{PURE}::test_who_may_not_approve_is_told_why",
    ),
    mutant(
        "nobody approves a change of the own account",
        APPROVALS,
        "    if actor.user_name in concerned:\n",
        "    if False:\n",
        f"{WIRE}/test_accounts.py::test_nobody_approves_what_changes_their_own_account",
        f"{PURE}::test_nobody_approves_a_change_of_the_own_account",
    ),
    mutant(
        "a guardian stays within the own agency and its professionals",
        APPROVALS,
        "    if not proposal.proposer_guards:\n",
        "    if True:\n",
        f"{WIRE}/test_accounts.py::test_what_goes_beyond_an_office_or_fits_nothing_is_not_proposed",
        f"{PURE}::test_a_guardian_gives_and_takes_only_professional_offices_of_the_own_agency",
    ),
    mutant(
        "a guardian's proposal is looked at once more when it is published",
        PUBLISHING,
        "            await self._proposing.check_changes(proposal)\n",
        "            pass\n",
        f"{WIRE}/test_accounts.py::test_a_guardian_s_proposal_is_within_the_office_when_it_is_published_too",
    ),
    mutant(
        "approvals of what a proposal was before an edit count no more",
        "hub/model/proposal.py",
        "if approval.digest == self.digest)",
        ")",
        f"{PURE}::test_approvals_of_what_it_was_before_an_edit_count_no_more",
    ),
    mutant(
        "an edit takes approvals away, also when it is taken back",
        STORE,
        "            connection.execute(delete(approvals).where(approvals.c.proposal == proposal.id))\n",
        "",
        f"{WALK}::test_an_edit_takes_the_approvals_away_even_when_it_is_taken_back",
        f"{ROWS}::test_an_edit_takes_approvals_away_also_when_the_content_comes_back",
    ),
    Mutant(
        control="an approval is bound to the digest of what was shown",
        changes=(
            Change(
                file=APPROVING,
                old="if proposal.state is not ProposalState.OPEN or digest != proposal.digest:",
                new="if proposal.state is not ProposalState.OPEN:",
            ),
            Change(
                file=APPROVING,
                old="approver_agency=actor.agency, digest=digest, guards",
                new="approver_agency=actor.agency, digest=proposal.digest, guards",
            ),
        ),
        tests=(
            f"{WALK}::test_an_approval_is_of_what_was_shown_and_counts_once",
            f"{WALK}::test_an_edit_takes_the_approvals_away_even_when_it_is_taken_back",
        ),
    ),
    mutant(
        "an approval that comes with an edit is not kept for what it has become",
        STORE,
        "current = (proposals.c.id == proposal) & (proposals.c.digest == approval.digest)",
        "current = proposals.c.id == proposal",
        f"{ROWS}::test_what_is_no_longer_what_it_was_is_neither_approved_edited_moved_nor_published",
    ),
    mutant(
        "what is published is what was agreed to, whoever can write to the store",
        PUBLISHING,
        "    if digest_of(proposal.kind, proposal.base, content) != proposal.digest:\n",
        "    if False:\n",
        f"{AT_ONCE}::test_what_somebody_changes_in_the_store_after_it_was_approved_is_not_published",
    ),
    mutant(
        "what was compared with an older policy is not published",
        PUBLISHABLE,
        "if proposal.kind is ProposalKind.POLICY and proposal.base != base:",
        "if False:",
        f"{AT_ONCE}::test_what_was_compared_with_an_older_policy_is_proposed_again",
        f"{AT_ONCE}::test_of_two_who_publish_at_once_one_does_and_the_other_is_out_of_date",
        f"{MOMENTS}::test_one_whose_base_has_moved_is_open_again_at_its_moment_and_that_is_recorded",
    ),
    mutant(
        "a proposal is published once",
        STORE,
        "            if not _change(connection, proposal.id, proposal.digest, proposal.state, values):\n"
        "                return None\n",
        "            _change(connection, proposal.id, proposal.digest, proposal.state, values)\n",
        f"{ROWS}::test_of_two_publications_of_one_proposal_at_once_one_is_made",
    ),
    mutant(
        "in an emergency nobody opens records alone",
        APPROVALS,
        "if proposal.opens or proposal.loosens or gives else ()",
        "if proposal.loosens or gives else ()",
        f"{EMERGENCIES}::test_opening_in_an_emergency_takes_a_second_person_and_leaves_the_guardian_for_the_review",
        f"{PURE}::test_in_an_emergency_one_may_close_and_two_may_open",
    ),
    mutant(
        "in an emergency nobody takes a protection away alone",
        APPROVALS,
        "if proposal.opens or proposal.loosens or gives else ()",
        "if proposal.opens or gives else ()",
        f"{PURE}::test_in_an_emergency_one_may_close_and_two_may_open",
    ),
    mutant(
        "in an emergency nobody gives an account anything alone",
        APPROVALS,
        "if proposal.opens or proposal.loosens or gives else ()",
        "if proposal.opens or proposal.loosens else ()",
        f"{EMERGENCIES}::test_no_emergency_lets_one_person_alone_give_an_account_anything",
        f"{PURE}::test_in_an_emergency_one_may_take_an_office_away_and_two_may_give_an_account_anything",
    ),
    mutant(
        "an emergency is not reviewed by who published it",
        APPROVING,
        "        if actor.user_name in took_part:\n",
        "        if False:\n",
        f"{EMERGENCIES}::test_an_emergency_is_reviewed_once_by_somebody_else",
        f"{EMERGENCIES}::test_nobody_who_took_part_in_an_emergency_reviews_it",
    ),
    mutant(
        "nor by who approved it",
        APPROVING,
        "{found.publisher, proposal.proposer, *(one.approver for one in proposal.valid_approvals)}",
        "{found.publisher, proposal.proposer}",
        f"{EMERGENCIES}::test_nobody_who_took_part_in_an_emergency_reviews_it",
    ),
    mutant(
        "nor by who proposed it",
        APPROVING,
        "{found.publisher, proposal.proposer, *(one.approver for one in proposal.valid_approvals)}",
        "{found.publisher, *(one.approver for one in proposal.valid_approvals)}",
        f"{EMERGENCIES}::test_nobody_who_took_part_in_an_emergency_reviews_it",
    ),
    mutant(
        "the approval of somebody who has lost the office since does not count",
        PUBLISHABLE,
        "    proposal = await _with_standing_approvals(process, proposal)\n",
        "",
        f"{AT_ONCE}::test_the_approval_of_who_may_no_longer_approve_does_not_count",
    ),
    mutant(
        "a guardian who has moved to another agency guards the former no more",
        PUBLISHABLE,
        "(not approval.guards or (kind is LevelKind.GUARDIAN and agency == approval.guards))",
        "True",
        f"{AT_ONCE}::test_the_approval_of_a_guardian_of_another_agency_does_not_count",
    ),
    mutant(
        "what somebody set a moment for who has lost the office since does not come into force",
        PUBLISHING,
        "                await require_administrator(self._process, proposal.publisher)\n",
        "",
        f"{MOMENTS}::test_one_whose_publisher_has_gone_is_open_again_at_its_moment",
    ),
    mutant(
        "what was agreed of an account is not done to what it has become since",
        PROPOSING,
        "            if before[change.user_name].standing != change.formerly:\n",
        "            if False:\n",
        f"{WIRE}/test_accounts.py::test_what_was_agreed_of_an_account_that_has_changed_since_is_not_published",
    ),
    mutant(
        "an emergency is told to those who set rules and to nobody else",
        "hub/agreeing/showing.py",
        "if kind in {LevelKind.PROFESSIONAL, LevelKind.ABSTRACT, LevelKind.OFFICER}:",
        "if kind is LevelKind.ABSTRACT:",
        f"{EMERGENCIES}::test_one_administrator_closes_at_once_and_everybody_who_sets_rules_is_told",
    ),
    mutant(
        "a publication is recorded before it is kept",
        PUBLISHING,
        f"{RECORDED}{KEPT}",
        f"{KEPT}{RECORDED}",
        f"{WALK}::test_a_publication_is_recorded_before_it_is_kept_or_decides_anything",
        f"{WALK}::test_what_cannot_be_recorded_does_not_happen",
    ),
    mutant(
        "held answers that a publication no longer allows are taken back at once",
        PUBLISHING,
        "                taken = self._withdrawing.everywhere()\n",
        "                taken = 0\n",
        f"{EFFECTS}::test_held_answers_that_are_no_longer_allowed_are_taken_back_and_others_stay",
        f"{EFFECTS}::test_a_running_question_is_cut_when_it_may_no_longer_be_asked",
    ),
    mutant(
        "a changed account's sessions end when the change is published",
        PUBLISHING,
        "            self._sessions.revoke(change.user_name)\n",
        "            pass\n",
        f"{WIRE}/test_closing_accounts.py::test_an_office_that_changes_ends_the_account_s_sessions",
        f"{WIRE}/test_closing_accounts.py::test_a_level_that_is_gone_before_a_sign_in_ends_lets_nobody_in",
    ),
    mutant(
        "whoever changes the rules has just given a second factor",
        "hub/agreeing/actor.py",
        "        if not self.is_stepped_up:\n",
        "        if False:\n",
        TABLE,
        WRONG_PEOPLE,
    ),
    mutant(
        "an auditor looks on and changes nothing",
        "hub/agreeing/actor.py",
        "SETTING = frozenset({LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN})",
        "SETTING = frozenset({LevelKind.ADMINISTRATOR, LevelKind.GUARDIAN, LevelKind.AUDITOR})",
        TABLE,
    ),
    mutant(
        "a proposal is shown to nobody without an office in the process",
        APPROVING,
        "        actor.require_to_change(*SETTING)\n"
        "        proposal = await self._process.proposal(proposal_id)\n"
        "        require_may_approve(proposal, actor)\n",
        "        proposal = await self._process.proposal(proposal_id)\n        require_may_approve(proposal, actor)\n",
        TABLE,
    ),
    mutant(
        "an office that nobody can hold is for nothing",
        "hub/edge/callers.py",
        "is_held = policy.is_held(session.requester.office)",
        "is_held = session.requester.access_level in policy.levels",
        f"{UNIT}/edge/test_callers.py::test_an_office_that_nobody_can_hold_is_for_nothing",
    ),
    mutant(
        "the store decides what is in force and no longer the folder",
        "hub/agreeing/beginning.py",
        "    if found is None:\n",
        "    if found is None or as_bytes(found.texts) != dict(folder):\n",
        f"{UNIT}/agreeing/test_beginning.py::test_from_then_on_the_store_decides_whatever_the_folder_holds",
        f"{WIRE}/test_restarts.py::test_what_was_published_is_in_force_again_whatever_the_folder_says",
    ),
    mutant(
        "a store whose texts were changed is refused",
        "hub/agreeing/beginning.py",
        "    if policy.version != found.version:\n",
        "    if False:\n",
        f"{UNIT}/agreeing/test_beginning.py::test_a_store_whose_texts_say_something_else_is_refused",
        f"{WIRE}/test_restarts.py::test_a_store_whose_texts_were_changed_is_refused",
    ),
    mutant(
        "one hub at a time uses a store",
        "hub/store/engine.py",
        "            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)\n",
        "            pass\n",
        f"{WIRE}/test_restarts.py::test_a_second_hub_on_the_same_store_is_refused",
    ),
)
