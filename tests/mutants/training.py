"""Mutants of training: what is kept of an authority's records, and that what is trained is what the engine compares."""

from tests.mutants.mutant import mutant

LEVELS, FREQUENCIES = "hub/training/levels.py", "hub/training/frequencies.py"
READING = "hub/training/own_records.py"
UNIT = "tests/unit/hub/training"
OF_LEVELS, OF_FREQUENCIES, OF_TRAINING = (f"{UNIT}/test_{name}.py" for name in ("levels", "frequencies", "training"))

MUTANTS = (
    mutant(
        "training keeps no name that few people bear",
        FREQUENCIES,
        "if len(people[name]) >= fewest",
        "if people[name]",
        f"{OF_FREQUENCIES}::test_a_name_that_fewer_than_six_people_bear_is_not_kept",
        f"{OF_FREQUENCIES}::test_one_much_recorded_child_does_not_make_a_name_common_enough_to_keep",
    ),
    mutant(
        "training counts people and not records",
        FREQUENCIES,
        "people[name].add(who)",
        "people[name].add((*who, str(len(people[name]))))",
        f"{OF_FREQUENCIES}::test_one_much_recorded_child_does_not_make_a_name_common_enough_to_keep",
    ),
    mutant(
        "training refuses a likeness of which nothing is known",
        LEVELS,
        "if likeness not in self._parameters.levels.get(field, {}):",
        "if False:",
        f"{OF_LEVELS}::test_a_likeness_of_which_the_parameters_know_nothing_is_refused",
    ),
    mutant(
        "Splink asks the engine how alike two values are",
        LEVELS,
        "packed |= _CODES[likeness] << (BITS * FIELDS.index(field))",
        'packed |= _CODES[Likeness.EQUAL if field == "gender" else likeness] << (BITS * FIELDS.index(field))',
        f"{OF_LEVELS}::test_splink_counts_the_same_levels_and_weighs_the_same_as_the_engine",
    ),
    mutant(
        "names weigh by how common they are with Splink as well",
        LEVELS,
        "if level.frequency if scored else (",
        "if False if scored else (",
        f"{OF_LEVELS}::test_splink_counts_the_same_levels_and_weighs_the_same_as_the_engine",
    ),
    mutant(
        "an error of training quotes no record",
        READING,
        'what = f"{path.name} cannot be read ({type(wrong).__name__})."',
        'what = f"{path.name} cannot be read ({wrong})."',
        f"{OF_TRAINING}::test_an_error_quotes_nothing_of_what_could_not_be_read",
    ),
)
