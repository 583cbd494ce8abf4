"""Counts of what became of records: who is shown as the person asked about, who as possibly, and who as nobody."""

from dataclasses import dataclass, field, fields

from hub.linkage.people import NOBODY, People
from hub.model.matching import Standing
from tests.lib.lookalikes.people import Kin
from tests.lib.lookalikes.questions import Question


@dataclass(slots=True, kw_only=True)
class Tally:
    """Counts rows; shares are of none where nothing was counted, and then 1."""

    questions: int = 0
    true: int = 0
    same: int = 0
    wrong: int = 0
    missed: int = 0
    missed_possibly: int = 0
    others: int = 0
    others_possibly: int = 0
    cards_possibly: int = 0
    cards_mixed: int = 0
    wrong_kin: dict[Kin, int] = field(default_factory=dict)

    @property
    def precision(self) -> float:
        """Return which share of what is shown as the person asked about is."""
        return share(self.same, self.same + self.wrong)

    @property
    def recall(self) -> float:
        """Return which share of the true records is shown as the person asked about."""
        return share(self.same, self.true)

    @property
    def visible(self) -> float:
        """Return which share of the missed true records is shown as possibly."""
        return share(self.missed_possibly, self.missed)

    @property
    def found(self) -> float:
        """Return which share of the true records is shown at all."""
        return share(self.same + self.missed_possibly, self.true)

    def add(self, other: "Tally") -> None:
        """Add what somebody else counted."""
        for one in fields(self):
            if one.name != "wrong_kin":
                setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))
        for kin, count in other.wrong_kin.items():
            self.wrong_kin[kin] = self.wrong_kin.get(kin, 0) + count

    def as_json(self) -> dict[str, object]:
        """Return every figure."""
        counted: dict[str, object] = {one.name: getattr(self, one.name) for one in fields(self)}
        shares = {name: getattr(self, name) for name in ("precision", "recall", "visible", "found")}
        return counted | shares | {"wrong_kin": {kin.value: count for kin, count in self.wrong_kin.items()}}


def tally_of(question: Question, people: People) -> Tally:
    """Count what became of the rows of one question."""
    counted = Tally(questions=1)
    for person, kin in zip(people.person_of_row, question.kin, strict=True):
        is_same = person != NOBODY and people.cards[person].standing is Standing.SAME
        if kin is Kin.SELF:
            counted.true += 1
            counted.same += is_same
            counted.missed += not is_same
            counted.missed_possibly += not is_same and person != NOBODY
            continue
        counted.others += 1
        counted.others_possibly += not is_same and person != NOBODY
        if is_same:
            counted.wrong += 1
            counted.wrong_kin[kin] = counted.wrong_kin.get(kin, 0) + 1
    for number, card in enumerate(people.cards):
        if card.standing is Standing.POSSIBLY:
            shown = {who for who, person in zip(question.people, people.person_of_row, strict=True) if person == number}
            counted.cards_possibly += 1
            counted.cards_mixed += len(shown) > 1
    return counted


def share(part: int, whole: int) -> float:
    """Return a part of a whole; 1 where there is nothing."""
    return part / whole if whole else 1.0
