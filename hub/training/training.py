"""Train: read an authority's records, estimate, and write the parameters down."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.errors import ParametersError
from hub.linkage.parameters import Parameters, read_parameters, shipped
from hub.training.errors import CannotTrain
from hub.training.estimating import Estimated, estimate
from hub.training.own_records import read_own_records
from hub.training.writing import written


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be trained; thresholds that are not given are those of the parameters to start from."""

    records: Path
    into: Path
    start: Path | None
    trained_on: str
    pairs: int
    same: float | None
    possibly: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was trained."""

    into: Path
    found: Estimated

    def lines(self) -> Iterator[str]:
        """Say it in words."""
        names = sum(len(counted) for counted in self.found.frequencies.values())
        yield f"Wrote {self.into}: {self.found.rows:,} records, {names:,} names, prior {self.found.prior:.3g}."
        if self.found.kept:
            yield f"No record holds {', '.join(self.found.kept)}: what was known of it stands."

    def as_json(self) -> dict[str, object]:
        """Say it for programs."""
        counted = {field: len(names) for field, names in self.found.frequencies.items()}
        return {
            "file": str(self.into),
            "records": self.found.rows,
            "prior": self.found.prior,
            "names": counted,
            "kept": list(self.found.kept),
        }


def train(wanted: Wanted, *, tell: Callable[[str], None]) -> Done:
    """Train; raise CannotTrain where the records, or what to start from, do not allow it."""
    start = _start(wanted.start)
    same = start.same if wanted.same is None else wanted.same
    possibly = start.possibly if wanted.possibly is None else wanted.possibly
    if possibly >= same:
        raise CannotTrain("Possibly would be surer than the same person.", mend="Give --possibly less than --same.")
    tell(f"Reading {wanted.records.name}…")
    found = estimate(read_own_records(wanted.records), start, pairs=wanted.pairs, tell=tell)
    words = wanted.trained_on or f"{found.rows} records of {wanted.records.name}."
    text = written(found, trained_on=words, same=same, possibly=possibly)
    try:
        wanted.into.write_text(text, encoding="utf-8")
    except OSError as wrong:
        what = f"{wanted.into} cannot be written ({type(wrong).__name__})."
        raise CannotTrain(what, mend="Give a place where you may write.") from None
    return Done(into=wanted.into, found=found)


def _start(path: Path | None) -> Parameters:
    if path is None:
        return shipped()
    try:
        return read_parameters(path.read_text(encoding="utf-8"))
    except OSError as wrong:
        raise CannotTrain(
            f"{path} cannot be read ({type(wrong).__name__}).", mend="Give a file of parameters."
        ) from None
    except ParametersError as wrong:
        raise CannotTrain(f"{path}: {wrong}", mend="Mend the file, or start from those shipped.") from None
