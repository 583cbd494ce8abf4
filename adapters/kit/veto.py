"""The agency's own veto: rules of its manifest that refuse an ask, or hold back records, whatever the hub decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Self

from pydantic import Field, model_validator
from sharing.v1.links_pb2 import Ask

from adapters.kit.mapping import Conditions, Part, Word, mend_needed

REFUSE, WITHHOLD_WHEN, STOPPED = "refuse", "withhold_when", "stopped"
"""What stands in the journal for the manifest's older two settings, and for the switch, where a rule's name would."""
MOST_RULES = 64

Words = Annotated[list[Word], Field(min_length=1)]


class Asker(Part):
    """Who asks and why: a part that is left out fits everybody; one that is there fits those that it lists."""

    agencies: Words | None = None
    access_levels: Words | None = None
    purposes: Words | None = None

    def fits(self, ask: Ask) -> bool:
        """Tell whether an ask comes from such a requester."""
        return (
            (self.agencies is None or ask.requester_agency in self.agencies)
            and (self.access_levels is None or ask.access_level in self.access_levels)
            and (self.purposes is None or ask.purpose in self.purposes)
        )

    @property
    def is_anybody(self) -> bool:
        """Tell whether nothing is said of the requester."""
        return self.agencies is None and self.access_levels is None and self.purposes is None


class VetoRule(Asker):
    """One rule; every part that is given must fit for it to apply.

    Without `person` it refuses what it applies to. With `person` it holds back the records in which one of the columns
    or paths has one of the values, as `withhold_when` does.
    """

    name: Word
    questions: Words | None = None
    unless: Asker | None = None
    person: Annotated[Conditions, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.name in {REFUSE, WITHHOLD_WHEN, STOPPED}:
            raise mend_needed(f"a rule is called `{self.name}`, which the journal uses itself", "Give it another name.")
        if self.unless is not None and self.unless.is_anybody:
            raise mend_needed("`unless` names nobody, so the rule would never apply", "Say whom it leaves out.")
        if self.is_always and self.questions is None and self.person is None:
            mend = "Say what it is about; `adapter stop-answers` refuses everything."
            raise mend_needed("a rule that names nothing refuses everything", mend)
        return self

    @property
    def is_always(self) -> bool:
        """Tell whether the rule applies whoever asks."""
        return self.is_anybody and self.unless is None

    def concerns(self, question: str) -> bool:
        """Tell whether the rule is about a question."""
        return self.questions is None or question in self.questions

    def applies(self, ask: Ask) -> bool:
        """Tell whether an ask falls under the rule."""
        return (
            self.concerns(ask.question) and self.fits(ask) and not (self.unless is not None and self.unless.fits(ask))
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Vetoes:
    """All that an agency has decided for itself. It is asked first, and nothing that the hub says changes it."""

    refuse: frozenset[str] = frozenset()
    rules: Sequence[VetoRule] = ()
    _refusing: Sequence[VetoRule] = field(init=False)
    _holding_back: Sequence[VetoRule] = field(init=False)

    def __post_init__(self) -> None:
        """Tell apart, once, the rules that refuse and those that hold back."""
        self._refusing = tuple(rule for rule in self.rules if rule.person is None)
        self._holding_back = tuple(rule for rule in self.rules if rule.person is not None)

    def refusing(self, ask: Ask) -> str:
        """Name the first rule that refuses an ask; empty where none does."""
        if ask.question in self.refuse:
            return REFUSE
        return next((rule.name for rule in self._refusing if rule.applies(ask)), "")

    def holding_back(self, ask: Ask) -> tuple[VetoRule, ...]:
        """List the rules by which records of some people are held back from an ask."""
        return tuple(rule for rule in self._holding_back if rule.applies(ask))


def records_under(records: str, rules: Iterable[VetoRule]) -> str:
    """Name the record set that is read under these rules."""
    names = [rule.name for rule in rules]
    return f"{records} without {' or '.join(names)}" if names else records


def rules_that_held_back(rules: Sequence[VetoRule], held_back_by: Sequence[str]) -> tuple[str, ...]:
    """Name the rules by whose columns or paths records were held back, and `withhold_when` for any other.

    Where it is not known by which, each rule that was in force is named.
    """
    named = tuple(
        rule.name for rule in rules if not held_back_by or not set(rule.person or ()).isdisjoint(held_back_by)
    )
    of_rules = {place for rule in rules for place in rule.person or ()}
    return named if named and of_rules >= set(held_back_by) else (*named, WITHHOLD_WHEN)
