"""Mutants of asking for a person and of looking wider: who is named, who is found, and who is left out."""

from tests.mutants.mutant import mutant

NAMING, TYPED, WIRE = "hub/model/naming.py", "hub/model/typed_keys.py", "hub/links/wire.py"
NEARNESS, LOOKING, SHAPING = "adapters/kit/nearness.py", "adapters/kit/looking.py", "adapters/kit/shaping.py"
PERSON, NEAR = "tests/unit/hub/model/test_person.py", "tests/unit/adapters/test_nearness.py"
WIDER = "tests/unit/adapters/test_looking_wider.py"

MUTANTS = (
    mutant(
        "looking: what fits too many people is not asked",
        NAMING,
        "    if given >= ENOUGH:",
        "    if given:",
        f"{PERSON}::test_what_fits_too_many_people_is_refused_with_what_to_add",
    ),
    mutant(
        "looking: a number for tests names nobody where real people are asked about",
        TYPED,
        "    if is_test_nhs_number(nhs_number):",
        "    if not nhs_number:",
        f"{PERSON}::test_numbers_that_are_for_tests_are_refused_where_real_people_are_asked_about",
    ),
    mutant(
        "looking: an agency's own number is told to that agency alone",
        WIRE,
        "        del shared.person.local_numbers[:]\n",
        "",
        "tests/unit/hub/links/test_wire.py::test_each_agency_is_told_its_own_number_and_no_others",
    ),
    mutant(
        "looking: the manifest bounds how wide is looked",
        LOOKING,
        "    width = min(Width[wider.width.upper()], Width(asked.width))",
        "    width = Width[wider.width.upper()]",
        f"{NEAR}::test_an_adapter_looks_no_wider_than_hub_and_manifest_both_say",
    ),
    mutant(
        "looking: more people than may be sent are not sent",
        SHAPING,
        "    if people_in([keys(row) for row in told]) > near.most_people:",
        "    if not near.most_people:",
        f"{WIDER}::test_records_about_more_people_than_may_be_sent_are_not_sent_at_all",
    ),
    mutant(
        "looking: what may be another record of somebody shielded is left out",
        NEARNESS,
        "    return one == other or Near(width=Width.FUZZY, asked=one).accepts(other)",
        "    return one == other",
        f"{WIDER}::test_what_may_be_another_record_of_somebody_shielded_is_left_out_with_them",
    ),
    mutant(
        "looking: a stranger of the same day is not near",
        NEARNESS,
        "return given >= SOMEWHAT if family >= ALIKE else bool(given == 1 and asked[1] and held[1] and asked[2])",
        "return True",
        f"{NEAR}::test_whoever_differs_more_is_never_near",
        f"{WIDER}::test_a_misspelt_name_is_found_and_a_stranger_of_the_same_day_is_not",
    ),
)
