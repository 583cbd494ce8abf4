"""Mutants of weighing policies: the matrix, the difference, explanations, rehearsals and reviews."""

from tests.mutants.mutant import Mutant, mutant

MATRIX, DIFFERENCE, EXPLAIN = "hub/access/matrix.py", "hub/access/difference.py", "hub/access/explain.py"
OTHERS, LOOSER, REHEARSE = "hub/access/others.py", "hub/access/looser.py", "hub/access/rehearse.py"
VERDICTS, REVIEWS = "hub/access/class_verdicts.py", "hub/access/reviews.py"
TESTS = "tests/unit/hub/access"
OF_MATRIX, OF_DIFFERENCE, OF_EXPLAIN, OF_REHEARSE, OF_REVIEWS = (
    f"{TESTS}/test_{name}.py" for name in ("matrix", "difference", "explain", "rehearse", "reviews")
)
MADE_UP_MATRIX = (
    f"{OF_MATRIX}::test_the_matrix_of_made_up_policies_is_what_they_permit_at_every_turn_and_a_second_around"
)
PAIRS = f"{OF_DIFFERENCE}::test_gains_and_losses_are_as_brute_force_has_them_and_equal_versions_have_no_difference"
CELLS = f"{OF_EXPLAIN}::test_explanations_of_made_up_policies_agree_with_them_in_every_cell"
ONE_BY_ONE = f"{OF_REHEARSE}::test_a_rehearsal_is_what_comes_of_asking_again_one_by_one"
PROTECTIONS = f"{OF_DIFFERENCE}::test_protections_that_are_not_in_the_matrix_are_marked_when_they_fall"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "the matrix knows that agreements begin and end",
        MATRIX,
        "self._always if own else self._flows.get((requester, source, purpose, found), ())",
        "self._always",
        MADE_UP_MATRIX,
        PAIRS,
        f"{OF_DIFFERENCE}::test_an_agreement_that_is_prolonged_is_a_gain_from_its_former_end_on",
        f"{OF_DIFFERENCE}::test_the_end_of_an_agreement_is_a_loss_though_no_level_changes",
    ),
    mutant(
        "the matrix knows that nothing is seen unless who the person is may be told",
        MATRIX,
        "if not self._identity <= classes:",
        "if False:",
        MADE_UP_MATRIX,
    ),
    mutant(
        "the matrix knows that who the person is must be agreed as well",
        MATRIX,
        "named = overlap(named, spans[found])",
        "named = self._always",
        f"{OF_MATRIX}::test_where_no_agreement_covers_who_the_person_is_nothing_is_seen_of_another_agency",
    ),
    mutant(
        "the matrix knows in which areas an agency has offices",
        MATRIX,
        "if area in areas:",
        "if True:",
        MADE_UP_MATRIX,
        PAIRS,
    ),
    mutant(
        "a grouped row stands for each of its cells",
        "hub/access/allowances.py",
        "areas_of[purposes].append(area)",
        "areas_of[purposes] = [area]",
        MADE_UP_MATRIX,
        PAIRS,
    ),
    mutant(
        "levels that are new are compared too",
        DIFFERENCE,
        "dict.fromkeys((*old.levels, *new.levels))",
        "dict.fromkeys(old.levels)",
        f"{OF_DIFFERENCE}::test_what_a_new_level_may_see_is_a_gain",
    ),
    mutant(
        "a field that is seen for longer is a gain",
        DIFFERENCE,
        "without(spans, other.get(field, ()))",
        "() if field in other else spans",
        PAIRS,
        f"{OF_DIFFERENCE}::test_an_agreement_that_is_prolonged_is_a_gain_from_its_former_end_on",
    ),
    mutant(
        "the difference names every agency whose records are opened",
        DIFFERENCE,
        "opens=frozenset(gain.allowance.source for gain in gains),",
        "opens=frozenset(gain.allowance.source for gain in gains[1:]),",
        PAIRS,
        f"{OF_DIFFERENCE}::test_what_is_opened_to_an_agency_s_own_people_counts_for_that_agency",
    ),
    mutant(
        "what is opened to an agency's own people is opened",
        DIFFERENCE,
        "opens=frozenset(gain.allowance.source for gain in gains),",
        "opens=frozenset(one.allowance.source for one in gains if one.allowance.source != one.allowance.requester),",
        f"{OF_DIFFERENCE}::test_what_is_opened_to_an_agency_s_own_people_counts_for_that_agency",
    ),
    mutant(
        "the difference names those whose records lose another protection",
        DIFFERENCE,
        "for changed, looser in places if looser for agency",
        "for changed, looser in places if looser is False for agency",
        f"{PROTECTIONS}[field_classes.health.step_up]",
        f"{PROTECTIONS}[questions.child_concerns.lawful_bases]",
    ),
    mutant(
        "a field that moves out of a class with a second factor loses protection",
        "hub/access/leaving_looser.py",
        "return loses(_class_of(old, field), _class_of(new, field))",
        "return None",
        f"{PROTECTIONS}[fields.last_seen.field_class]",
    ),
    mutant(
        "a further lawful basis is looser",
        LOOSER,
        "    if set(will) - set(was):\n        return True\n",
        "",
        f"{PROTECTIONS}[questions.child_concerns.lawful_bases]",
    ),
    mutant(
        "the order of things is part of the difference",
        OTHERS,
        "    kept = [key for key in old if key in new], [key for key in new if key in old]\n    if kept[0] != kept[1]:",
        "    kept: tuple[list[object], list[object]] = ([], [])\n    if kept[0] != kept[1]:",
        f"{OF_DIFFERENCE}::test_the_order_of_things_is_told_too",
    ),
    mutant(
        "an explanation knows that a denial wins",
        VERDICTS,
        "        if self._naming(name, Effect.DENY):\n            return Verdict.DENIED\n",
        "",
        CELLS,
        f"{OF_EXPLAIN}::test_a_denial_wins_and_is_named",
    ),
    mutant(
        "an explanation knows that agreements must be in force",
        "hub/access/explanation.py",
        "self.classes if self.standing is Standing.IN_FORCE and self.serves_purpose else ()",
        "self.classes if self.serves_purpose else ()",
        CELLS,
        f"{OF_EXPLAIN}::test_without_an_agreement_in_force_that_is_what_failed",
    ),
    mutant(
        "an explanation knows that each area of the office must be granted",
        VERDICTS,
        "return tuple(area for area in self.wish.office.areas if area not in granted)",
        "return () if granted else self.wish.office.areas",
        CELLS,
    ),
    mutant(
        "a rehearsal judges by the draft",
        REHEARSE,
        "_Bench(policy=old, at=at), _Bench(policy=new, at=at)",
        "_Bench(policy=old, at=at), _Bench(policy=old, at=at)",
        ONE_BY_ONE,
        f"{OF_REHEARSE}::test_what_a_request_would_lose_and_gain_is_told_agency_by_agency",
    ),
    mutant(
        "a rehearsal tells that a second factor falls away",
        REHEARSE,
        " and before.step_up is after.step_up",
        "",
        f"{OF_REHEARSE}::test_a_second_factor_that_falls_away_is_a_change_though_the_fields_are_the_same",
    ),
    mutant(
        "a rehearsal tells of which lawful bases it cannot be sure",
        REHEARSE,
        'count["unsure"] += 1',
        'count["unsure"] += 0',
        f"{OF_REHEARSE}::test_where_the_lawful_basis_was_not_recorded_any_that_is_accepted_counts_and_doubt_is_counted",
    ),
    mutant(
        "a review that was missed is overdue",
        REVIEWS,
        "found.review < today",
        "False",
        f"{OF_REVIEWS}::test_a_review_is_due_on_its_day_and_overdue_from_the_next",
        f"{OF_REVIEWS}::test_what_ends_within_so_many_days_is_listed_and_what_has_ended_by_itself_and_without_a_review",
    ),
)
