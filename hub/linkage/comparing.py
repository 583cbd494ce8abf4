"""Two records compared: how alike they are field by field, what that weighs, and what the strict rule makes of it."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from hub.linkage import likeness, names, values
from hub.linkage.features import Features, Name
from hub.linkage.likeness import Agreement, Compared
from hub.linkage.parameters import ADDRESS, DATE_OF_BIRTH, FAMILY_NAME, GENDER, GIVEN_NAME, POSTCODE, Parameters
from hub.model.identifiers import STRONG_IDENTIFIERS
from hub.model.matching import Likeness

THOUSAND = 1000
NAMED = (GIVEN_NAME, FAMILY_NAME, DATE_OF_BIRTH)
# Of names and date of birth so many may be only near; one more at one address, where the given name is not among them:
# twins have all the rest in common.
MOST_NEAR = 1
MOST_NEAR_AT_ONE_ADDRESS = 2
# A number that agrees is in doubt where so many of the three oppose it: it may have been typed for somebody else.
NUMBER_IN_DOUBT = 2

_NO_NUMBERS = ("",) * len(STRONG_IDENTIFIERS)

# How two values compare, and what that weighs.
Weighed = tuple[Compared, float]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """How two records compare.

    `fields` has each field that both hold. `weight` is in bits and includes the prior. `agrees` tells that a strong
    identifier is the same, `contradicts` that one is not, `ties` that numbers, or names and date of birth, speak for
    one person whatever speaks against it, `opposes` that both cannot be right of one person, and `is_same` and
    `is_possible` what follows.
    """

    fields: Mapping[str, Weighed]
    weight: float
    agrees: bool
    contradicts: bool
    ties: bool
    opposes: bool
    is_same: bool
    is_possible: bool

    @property
    def levels(self) -> dict[str, Likeness]:
        """Return how alike the values of each field are."""
        return {field: compared.likeness for field, (compared, _) in self.fields.items()}


def per_mille(weight: float) -> int:
    """Return a weight in bits as a chance in parts of a thousand."""
    return round(THOUSAND / (1 + math.exp2(-min(max(weight, -THOUSAND), THOUSAND))))


def compare(one: Features, other: Features, parameters: Parameters) -> Comparison:
    """Compare two records."""
    return Comparer(parameters).compare(one, other)


class Comparer:
    """Compares records, and two values that meet again only once; it is dropped with the answer that it is for."""

    __slots__ = ("_fields", "_pairs", "_parameters", "_prior", "_values", "_weights")

    def __init__(self, parameters: Parameters) -> None:
        """Take what each likeness weighs."""
        self._parameters = parameters
        self._prior = parameters.prior_weight
        self._pairs: dict[tuple[Features, Features], Comparison] = {}
        self._fields: dict[tuple[Features, Features], Mapping[str, Weighed]] = {}
        self._values: dict[tuple[str, object, object], Weighed | None] = {}
        self._weights: dict[tuple[str, Likeness], float] = {}

    def compare(self, one: Features, other: Features) -> Comparison:
        """Compare two records; which of them comes first makes no difference."""
        found = self._pairs.get((one, other)) or self._pairs.get((other, one))
        if found is None:
            found = self._pairs[one, other] = self._judged(self.fields(one, other))
        return found

    def may_be_one(self, one: Features, other: Features) -> bool:
        """Tell, in fewer steps than comparing, whether two records can be tied to each other at all."""
        if _NO_NUMBERS not in (one.numbers, other.numbers):
            for mine, theirs in zip(one.numbers, other.numbers, strict=True):
                if mine and mine == theirs:
                    return True
        if not (one.born and other.born and one.given and other.given and one.family and other.family):
            return False
        if not names.may_agree((one.given, one.family), (other.given, other.family)):
            return False
        if one.born != other.born and self._born(one, other)[0].agreement < Agreement.NEARLY:
            return False
        given, family = self._names(one, other)
        return given[0].agreement >= Agreement.NEARLY and family[0].agreement >= Agreement.NEARLY

    def any_opposes(self, records: Sequence[Features]) -> bool:
        """Tell whether any two given names, family names or dates of birth of some records oppose each other."""
        given = dict.fromkeys(record.given for record in records if record.given)
        if any(self._given(*pair)[0].agreement is Agreement.OPPOSES for pair in combinations(given, 2)):
            return True
        family = dict.fromkeys(record.family for record in records if record.family)
        if any(self._family(*pair)[0].agreement is Agreement.OPPOSES for pair in combinations(family, 2)):
            return True
        born = dict.fromkeys(record.born for record in records if record.born)
        return any(values.dates(*pair).agreement is Agreement.OPPOSES for pair in combinations(born, 2))

    def fields(self, one: Features, other: Features) -> Mapping[str, Weighed]:
        """Compare the fields that two records both have, and judge nothing."""
        if (found := self._fields.get((one, other))) is None:
            found = self._fields[one, other] = self._compare_fields(one, other)
        return found

    def _compare_fields(self, one: Features, other: Features) -> Mapping[str, Weighed]:
        fields: dict[str, Weighed] = {}
        if one.written[: len(_NO_NUMBERS)] != _NO_NUMBERS != other.written[: len(_NO_NUMBERS)]:
            self._compare_numbers(one, other, fields)
        self._compare_names(one, other, fields)
        if one.born and other.born:
            fields[DATE_OF_BIRTH] = self._born(one, other)
        if one.postcode and other.postcode:
            fields[POSTCODE] = self._weighed(POSTCODE, one.postcode, other.postcode, values.postcodes)
        if one.address and other.address:
            fields[ADDRESS] = self._weighed(ADDRESS, one.address, other.address, values.addresses)
        if one.gender and other.gender:
            fields[GENDER] = self._weighed(GENDER, one.gender, other.gender, values.genders)
        return fields

    def _compare_numbers(self, one: Features, other: Features, fields: dict[str, Weighed]) -> None:
        for place, kind in enumerate(STRONG_IDENTIFIERS):
            mine, theirs = one.numbers[place] or one.typed[place], other.numbers[place] or other.typed[place]
            if mine and theirs:
                compared = values.numbers(kind, (one.numbers[place], mine), (other.numbers[place], theirs))
                if compared is not None:
                    fields[kind] = (compared, self._parameters.weight(kind, compared.likeness))

    def _compare_names(self, one: Features, other: Features, fields: dict[str, Weighed]) -> None:
        if one.given and other.given and one.family and other.family:
            fields[GIVEN_NAME], fields[FAMILY_NAME] = self._names(one, other)
        elif one.given and other.given:
            fields[GIVEN_NAME] = self._given(one.given, other.given)
        elif one.family and other.family:
            fields[FAMILY_NAME] = self._family(one.family, other.family)

    def _names(self, one: Features, other: Features) -> tuple[Weighed, Weighed]:
        """Compare given and family names, also across where they do not agree as they stand."""
        if one.given is None or other.given is None or one.family is None or other.family is None:
            raise ValueError("names are compared where both records have them")
        given, family = self._given(one.given, other.given), self._family(one.family, other.family)
        if given[0].agreement >= Agreement.NEARLY and family[0].agreement >= Agreement.NEARLY:
            return given, family
        swapped = names.swapped((one.given, one.family), (other.given, other.family))
        weight = self._parameters.weight
        if swapped is None:
            if given[0].agreement is Agreement.OPPOSES and (
                one.given.spelled == other.family.spelled or one.family.spelled == other.given.spelled
            ):
                # One name is in the other's place and the second is not known again, as where it has changed since.
                return (likeness.SWAPPED_PERHAPS, weight(GIVEN_NAME, likeness.SWAPPED_PERHAPS.likeness)), family
            return given, family
        return (swapped, weight(GIVEN_NAME, swapped.likeness)), (swapped, weight(FAMILY_NAME, swapped.likeness))

    def _given(self, one: Name, other: Name) -> Weighed:
        if (found := self._values.get((GIVEN_NAME, one, other))) is None:
            compared = names.given_names(one, other, self._parameters.knows_given_name)
            found = self._values[GIVEN_NAME, one, other] = self._weighed_name(GIVEN_NAME, compared, one, other)
        return found

    def _family(self, one: Name, other: Name) -> Weighed:
        if (found := self._values.get((FAMILY_NAME, one, other))) is None:
            compared = names.family_names(one, other)
            found = self._values[FAMILY_NAME, one, other] = self._weighed_name(FAMILY_NAME, compared, one, other)
        return found

    def _weighed_name(self, field: str, compared: Compared, one: Name, other: Name) -> Weighed:
        return compared, self._parameters.weight(field, compared.likeness, (one.spelled, other.spelled))

    def _born(self, one: Features, other: Features) -> Weighed:
        return self._weighed(DATE_OF_BIRTH, one.born, other.born, values.dates)

    def _weighed(self, field: str, one: T, other: T, compare: Callable[[T, T], Compared]) -> Weighed:
        if (found := self._values.get((field, one, other))) is None:
            compared = compare(one, other)
            weight = self._weights.get((field, compared.likeness))
            if weight is None:
                weight = self._weights[field, compared.likeness] = self._parameters.weight(field, compared.likeness)
            found = self._values[field, one, other] = (compared, weight)
        return found

    def _judged(self, fields: Mapping[str, Weighed]) -> Comparison:
        weight = self._prior + sum([weight for _, weight in fields.values()])
        numbers = [fields[kind][0].likeness for kind in STRONG_IDENTIFIERS if kind in fields]
        agrees, contradicts = Likeness.EQUAL in numbers, Likeness.CONTRADICTS in numbers
        named = [fields[field][0].agreement for field in NAMED if field in fields]
        is_named = len(named) == len(NAMED) and min(named) >= Agreement.NEARLY
        ties = agrees or is_named
        opposes = contradicts or (Agreement.OPPOSES in named and _oppose(fields, agrees=agrees))
        is_sure = agrees or (is_named and weight >= self._parameters.same and not _speaks_against(fields))
        is_other = contradicts or _has_another_name(fields)
        return Comparison(
            fields=fields,
            weight=weight,
            agrees=agrees,
            contradicts=contradicts,
            ties=ties,
            opposes=opposes,
            is_same=is_sure and not opposes,
            is_possible=ties
            or (weight >= self._parameters.possibly and not is_other)
            or (not contradicts and (Likeness.SLIP in numbers or _may_go_by_another_name(fields))),
        )


def _oppose(fields: Mapping[str, Weighed], *, agrees: bool) -> bool:
    """Tell whether names and dates of birth cannot be one person's; with a number that agrees it takes two of them.

    A family name alone changes in a life.
    """
    opposed = [field for field in NAMED if field in fields and fields[field][0].agreement is Agreement.OPPOSES]
    return len(opposed) >= NUMBER_IN_DOUBT if agrees else opposed not in ([], [FAMILY_NAME])


def _has_another_name(fields: Mapping[str, Weighed]) -> bool:
    """Tell whether the given name is another one beyond doubt, as with twins, brothers and sisters."""
    compared = fields[GIVEN_NAME][0] if GIVEN_NAME in fields else None
    return compared is not None and (compared.likeness, compared.agreement) == (Likeness.DIFFERENT, Agreement.OPPOSES)


def _may_go_by_another_name(fields: Mapping[str, Weighed]) -> bool:
    """Tell whether somebody born that day, or nearly, shares a name or the home, so that one name alone is against it.

    No list has all names by which children are known. A twin looks just so: shown apart, never joined. Where a date is
    missing, both names must be shared.
    """
    named = [fields[field][0].agreement > Agreement.OPPOSES for field in (GIVEN_NAME, FAMILY_NAME) if field in fields]
    if DATE_OF_BIRTH not in fields:
        return len(named) > 1 and all(named)
    if fields[DATE_OF_BIRTH][0].agreement is Agreement.OPPOSES:
        return False
    is_near_home = ADDRESS in fields and fields[ADDRESS][0].likeness is not Likeness.DIFFERENT
    is_at_postcode = POSTCODE in fields and fields[POSTCODE][0].likeness is Likeness.EQUAL
    return any(named) or is_near_home or is_at_postcode


def _speaks_against(fields: Mapping[str, Weighed]) -> bool:
    """Tell whether, with names and date of birth agreeing, something is against their being one person's."""
    given, family, born = (fields[field][0] for field in NAMED)
    if GENDER in fields and fields[GENDER][0].agreement is Agreement.OPPOSES and given.likeness is not Likeness.EQUAL:
        return True
    homes = [fields[field][0].likeness for field in (ADDRESS, POSTCODE) if field in fields]
    is_at_home = bool({Likeness.EQUAL, Likeness.WRITTEN_DIFFERENTLY} & set(homes))
    if born.agreement is Agreement.NEARLY and not is_at_home:
        # Cousins of one name are born a slip apart more often than a child's date is mistyped where it does not live;
        # how common a name is among those on whom the parameters were trained must not decide that.
        return True
    most = MOST_NEAR_AT_ONE_ADDRESS if is_at_home and given.agreement is Agreement.SURELY else MOST_NEAR
    return [given.agreement, family.agreement, born.agreement].count(Agreement.NEARLY) > most
