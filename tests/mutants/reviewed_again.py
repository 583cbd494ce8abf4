"""Mutants of what a second look found: who is taken for whom, what is said of it, and what is kept back."""

from tests.mutants.mutant import mutant

NAMES, FEATURES, VALUES = "hub/linkage/names.py", "hub/linkage/features.py", "hub/linkage/values.py"
COMPARING, PEOPLE = "hub/linkage/comparing.py", "hub/linkage/people.py"
SHAPING, DOCUMENTS, DESK = "adapters/kit/shaping.py", "adapters/kit/documents.py", "adapters/kit/desk.py"
WORDS = "hub/client/likeness.py"
UNIT = "tests/unit/hub/linkage"
TABLE = f"{UNIT}/test_who_is_who.py::test_somebody_stands_to_the_person_asked_about_as_the_table_says"
LIKENESS, WHO = f"{UNIT}/test_likeness.py", f"{UNIT}/test_people.py"

MUTANTS = (
    mutant(
        "reviewed again: given names are known whatever parameters were trained on",
        NAMES,
        " or one.spelled in GIVEN_NAMES",
        "",
        f"{TABLE}[a twin with another name]",
    ),
    mutant(
        "reviewed again: behind what many names begin with, the rest is the name",
        NAMES,
        "        if one.startswith(leading) and other.startswith(leading):",
        "        if False:",
        f"{LIKENESS}::test_given_names[Oluwadeyo-Oluwadeto-slip-no]",
    ),
    mutant(
        "reviewed again: Kaur and Singh are not one person's",
        NAMES,
        " or _are_of_two_genders(one, other):",
        ":",
        f"{LIKENESS}::test_given_names[Manpreet Kaur-Manpreet Singh-short_form-no]",
    ),
    mutant(
        "reviewed again: initials are those of many",
        NAMES,
        "    if len(one.parts[-1]) == 1 and len(one.spelled) == len(one.parts):",
        "    if False:",
        f"{TABLE}[an initial, which is a twin's too]",
    ),
    mutant(
        "reviewed again: newborn twins that have no names yet are not one child",
        FEATURES,
        " or not NO_NAME_YET.isdisjoint(parts)",
        "",
        f"{TABLE}[another baby of that day and home]",
    ),
    mutant(
        "reviewed again: a day that stands for none that is known is that of many",
        VALUES,
        "likeness.EQUAL_NEARLY if one[YEAR:] == ESTIMATED else likeness.EQUAL",
        "likeness.EQUAL",
        f"{TABLE}[of that name, also of no known day]",
    ),
    mutant(
        "reviewed again: a slip in the date needs the home",
        COMPARING,
        "    if born.agreement is Agreement.NEARLY and not is_at_home:",
        "    if born.agreement is Agreement.NEARLY and homes and not is_at_home:",
        f"{TABLE}[a day beside it, home unknown]",
    ),
    mutant(
        "reviewed again: whoever is possibly the person is never certain",
        PEOPLE,
        "MOST_OPPOSED if compared.opposes else MOST_POSSIBLY)",
        "1000)",
        f"{WHO}::test_whoever_is_only_possibly_the_person_is_never_certain_and_a_twin_no_surer_than_not",
    ),
    mutant(
        "reviewed again: a name longer than anybody's is not compared",
        FEATURES,
        "    if len(written) > LONGEST_NAME:",
        "    if len(written) > 1_000_000:",
        f"{WHO}::test_a_name_longer_than_anybody_s_says_nothing_so_that_it_takes_no_time[101]",
    ),
    mutant(
        "reviewed again: whatever has the reference of somebody shielded is left out",
        SHAPING,
        "        if shape.reference(row) not in gone and not any(",
        "        if not any(",
        "tests/unit/adapters/test_looking_wider.py::test_what_has_the_reference_of_somebody_shielded_is_left_out_whatever_its_names",
    ),
    mutant(
        "reviewed again: what hangs on a record keeps back that person and nobody else",
        DOCUMENTS,
        "        found = gather_near(shape, rows, replace(match, apart=hidden))",
        "        found = gather(shape, rows, with_shielded=match.with_shielded)",
        "tests/unit/adapters/test_wider_documents.py::test_what_hangs_on_a_record_keeps_back_that_person_and_nobody_else",
    ),
    mutant(
        "reviewed again: a huge notice is not kept",
        DESK,
        " or notice.ByteSize() > LARGEST_NOTICE",
        "",
        "tests/integration/adapters/test_notices_over_the_link.py::test_a_notice_that_is_about_nothing_known_or_huge_is_neither_kept_nor_acknowledged_and_the_link_goes_on",
    ),
    mutant(
        "reviewed again: the name of a twin does not read as a spelling",
        WORDS,
        '_OF_NAMES if field == "family_name" else _OF_GIVEN_NAMES',
        "_OF_NAMES",
        "tests/unit/hub/client/test_likeness.py::test_words_say_no_more_than_is_known",
    ),
)
