"""Judge FEBRL's pairs by the engine, whose parameters were trained on the other set, beside two libraries."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.linkage.comparing import Comparer
from hub.linkage.features import Reading
from hub.linkage.parameters import Parameters, shipped
from hub.training.estimating import estimate
from hub.training.writing import as_parameters
from tests.linkage.febrl_people import Febrl, as_records, best_threshold
from tests.linkage.tally import share


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Is how one judge did on one set; true pairs that are out of reach count as missed."""

    judge: str
    trained_on: str
    tested_on: str
    with_identifier: bool
    right: int
    wrong: int
    true: int

    @property
    def precision(self) -> float:
        """Return which share of the links is right."""
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Return which share of the true pairs is linked."""
        return share(self.right, self.true)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.right / (self.right + self.wrong + self.true)

    def as_json(self) -> dict[str, object]:
        """Return every figure."""
        counted = {name: getattr(self, name) for name in self.__slots__}
        return counted | {"precision": self.precision, "recall": self.recall, "f1": self.f1}


def judged(judge: str, trained: Febrl, tested: Febrl, links: Sequence[bool], *, with_identifier: bool) -> Judged:
    """Count a judge's links."""
    pairs = list(zip(links, tested.truth, strict=True))
    return Judged(
        judge=judge,
        trained_on=trained.name,
        tested_on=tested.name,
        with_identifier=with_identifier,
        right=sum(linked and is_true for linked, is_true in pairs),
        wrong=sum(linked and not is_true for linked, is_true in pairs),
        true=len(tested.true),
    )


def trained_on(febrl: Febrl, *, with_identifier: bool) -> Parameters:
    """Estimate parameters from the records of a set, as `hub linkage train` does; nothing is told of who is who."""
    start = shipped()
    found = estimate(as_records(febrl.table, with_identifier=with_identifier), start)
    return as_parameters(found, same=start.same, possibly=start.possibly)


def judge_by_engine(trained: Febrl, tested: Febrl, parameters: Parameters, *, with_identifier: bool) -> list[Judged]:
    """Judge by weight, from the one on that was best where it was trained, and by the strict rule."""
    known, _ = weigh(trained, parameters, with_identifier=with_identifier)
    threshold = best_threshold(known, trained.truth)
    weights, same = weigh(tested, parameters, with_identifier=with_identifier)
    by_weight = [weight >= threshold for weight in weights]
    return [
        judged("engine, by weight", trained, tested, by_weight, with_identifier=with_identifier),
        judged("engine, same person", trained, tested, same, with_identifier=with_identifier),
    ]


def weigh(febrl: Febrl, parameters: Parameters, *, with_identifier: bool) -> tuple[list[float], list[bool]]:
    """Return of each pair its weight, and whether the strict rule says that it is one person."""
    rows = Reading().records(as_records(febrl.table, with_identifier=with_identifier))
    comparer = Comparer(parameters)
    found = [comparer.compare(rows[one], rows[other]) for one, other in febrl.pairs]
    return [one.weight for one in found], [one.is_same for one in found]
