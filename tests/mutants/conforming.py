"""Mutants of the conformance suite: a rule that is looked at no longer must let its wrong adapter pass unnoticed."""

from tests.mutants.mutant import Mutant, mutant

SUITE, TRIALS = "adapters/conformance", "adapters/conformance/trials"
PAPER = "tests/conformance/test_paper_agency.py"
WRONG = f"{PAPER}::test_an_adapter_that_goes_wrong_in_one_way_breaks_one_rule"
QUICK = f"{PAPER}::test_an_adapter_that_says_too_much_or_errs_is_told_just_that"
RULES = "tests/unit/adapters/conformance/test_rules.py"
VALUES = "tests/unit/adapters/test_values.py"

MUTANTS: tuple[Mutant, ...] = (
    mutant(
        "conformance: control characters leave no adapter",
        "adapters/kit/converting.py",
        "    if not cell.isprintable():",
        "    if not cell:",
        f"{VALUES}::test_control_characters_become_blanks_since_the_hub_would_drop_the_value",
    ),
    mutant(
        "conformance: a key with control characters looks for nobody",
        "adapters/kit/looking.py",
        'return bool(value) and all(mark >= " " for mark in value)',
        "return bool(value)",
        f"{VALUES}::test_nobody_is_looked_for_by_a_key_with_control_characters",
    ),
    mutant(
        "conformance: an exemption excuses nothing that is broken",
        f"{SUITE}/rules.py",
        "if reason is None or verdict.state is not State.NOT_TRIED or verdict.is_waiting:",
        "if reason is None:",
        f"{RULES}::test_an_exemption_is_for_what_could_not_be_tried_and_excuses_nothing_that_is_broken",
    ),
    mutant(
        "conformance: what was not tried is not kept",
        f"{SUITE}/rules.py",
        "return self.state in (State.KEPT, State.EXEMPT)",
        "return self.state is not State.BROKEN",
        f"{RULES}::test_what_was_not_tried_counts_as_not_kept",
    ),
    mutant(
        "conformance: over-answering is broken",
        f"{TRIALS}/answering.py",
        "more = sorted(set(reply.records.columns) - set(ask.fields))",
        "more: list[str] = []",
        f"{QUICK}[sends_all_fields]",
    ),
    mutant(
        "conformance: an error for somebody unknown is broken",
        f"{TRIALS}/answering.py",
        "            if not holds_nothing(answer.reply):",
        "            if answer.reply.records.cells:",
        f"{QUICK}[error_for_unknown]",
    ),
    mutant(
        "conformance: the shielded are compared with the unknown byte for byte",
        f"{TRIALS}/silence.py",
        "if same_bytes(answer.reply) != same_bytes(unknown.reply):",
        "if answer.reply.records.cells:",
        f"{WRONG}[withholds_shielded]",
    ),
    mutant(
        "conformance: the shielded are compared with the unknown in time",
        f"{TRIALS}/silence.py",
        "if abs(silent - unknown) > allowed:",
        "if silent < 0:",
        f"{WRONG}[hesitates_over_shielded]",
    ),
    mutant(
        "conformance: rows about somebody else are noticed",
        f"{TRIALS}/answering.py",
        "any(not _is_about(row, ask) for row",
        "any(not row for row",
        f"{WRONG}[adds_a_sibling]",
    ),
    mutant(
        "conformance: whoever an injection finds is noticed",
        f"{TRIALS}/hostility.py",
        "        if answer is None or not nothing_of(answer.reply):",
        "        if answer is None:",
        f"{WRONG}[believes_conditions]",
    ),
    mutant(
        "conformance: the logs are searched for whom was asked about",
        f"{TRIALS}/hostility.py",
        "    if found:\n",
        "    if len(found) > len(traces):\n",
        f"{WRONG}[prints_keys]",
    ),
    mutant(
        "conformance: an adapter that speaks to an imposter is noticed",
        f"{TRIALS}/wire.py",
        "        if spoken.is_set():",
        "        if not relay.port:",
        f"{WRONG}[trusts_any_name]",
    ),
    mutant(
        "conformance: a journal that believes forgeries is noticed",
        f"{TRIALS}/keeping.py",
        "    if (said.size, said.root, said.last_receipt) != (before.size, before.root, before.last_receipt):",
        "    if not said.size:",
        f"{WRONG}[believes_everything]",
    ),
    mutant(
        "conformance: what the contract has no place for is noticed",
        f"{SUITE}/held_link.py",
        "    if _has_unknown(request):",
        "    if _has_unknown(Hello()):",
        f"{WRONG}[adds_a_remark]",
    ),
)
