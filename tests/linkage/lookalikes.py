"""Ask about children among their look-alikes, and count what the engine makes of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from hub.linkage.parameters import Parameters
from hub.linkage.people import link
from tests.lib.lookalikes.questions import Generator, Setting
from tests.linkage.tally import Tally, tally_of

# What is asked of "same person", by the setting's name; where those who ask hold no number it asks the same.
LEAST_PRECISION = {
    "all": 0.9995,
    "all, asked by name": 0.9995,
    "60 %": 0.999,
    "60 %, asked by name": 0.999,
    "none": 0.998,
}
LEAST_VISIBLE = 0.99
MOST_POINTS_UNDER_MEAN = 0.03
EVERY = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one setting, in all and by origin of names."""

    setting: Setting
    whole: Tally = field(default_factory=Tally)
    origins: dict[str, Tally] = field(default_factory=dict)

    @property
    def mean_recall(self) -> float:
        """Return the mean of the origins' recalls."""
        return sum(one.recall for one in self.origins.values()) / max(1, len(self.origins))

    def behind(self) -> list[str]:
        """Name the origins whose recall is too far under the mean."""
        least = self.mean_recall - MOST_POINTS_UNDER_MEAN
        return [origin for origin, one in self.origins.items() if one.recall < least]

    def faults(self) -> Iterator[str]:
        """Say what is not as it must be."""
        if self.whole.precision < LEAST_PRECISION[self.setting.name]:
            yield f"precision {self.whole.precision:.5f}, at least {LEAST_PRECISION[self.setting.name]}"
        if self.whole.visible < LEAST_VISIBLE:
            yield f"missed and shown as possibly {self.whole.visible:.4f}, at least {LEAST_VISIBLE}"
        for origin in self.behind():
            yield f"recall of {origin} {self.origins[origin].recall:.4f}, mean {self.mean_recall:.4f}"


def measure(
    settings: Sequence[Setting],
    *,
    questions: int,
    seed: int,
    parameters: Parameters,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Outcome]:
    """Ask so many questions of each setting."""
    outcomes = []
    for setting in settings:
        outcome = Outcome(setting=setting)
        for number, question in enumerate(Generator(seed=seed, setting=setting).questions(questions), start=1):
            people = link(question.tables, question.agencies, question.asked, parameters)
            counted = tally_of(question, people)
            outcome.whole.add(counted)
            outcome.origins.setdefault(question.origin, Tally()).add(counted)
            if number % EVERY == 0:
                tell(f"{setting.name}: {number:,} of {questions:,} questions")
        outcomes.append(outcome)
    return outcomes
