"""Prints what was scored: one line for each kind of question, and everybody who was shown wrongly."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.linkage.bolton.questions import Kind
from tests.linkage.bolton.scoring import Holding, Score

HEAD = (
    "| asked by | questions | held | right, of the certain | found as certain | found at all | not shown |"
    " no such key | missed | kept back | no answer | others certain | others possibly (most) |"
)
MOST_LISTED = 50


def lines(scores: Mapping[Kind, Score]) -> Iterator[str]:
    """Give the table, then who was missed by whom, then who was shown wrongly."""
    yield HEAD
    yield "|---" + "|---:" * (HEAD.count("|") - 2) + "|"
    yield from (_line(kind, score) for kind, score in scores.items())
    missed = sum((score.missed_by for score in scores.values()), Counter[str]())
    yield ""
    yield f"Missed, by agency: {', '.join(f'{agency} {count}' for agency, count in missed.most_common()) or 'none'}."
    yield f"Records that fit several children: {sum(score.untold for score in scores.values())}."
    wrong = [wrong for score in scores.values() for wrong in score.wrong]
    yield f"Others shown as certain: {len(wrong)}."
    for each in wrong[:MOST_LISTED]:
        yield f"  asked by {each.kind} for {each.asked}: {each.agency} showed {each.shown}"


def document(scores: Mapping[Kind, Score]) -> dict[str, object]:
    """Give the same as one JSON document."""
    return {
        kind.value: {
            "questions": score.questions,
            "held": sum(score.holdings.values()),
            "precision_certain": score.precision,
            "recall_certain": score.share(Holding.CERTAIN),
            "recall_at_all": score.share(Holding.CERTAIN, Holding.POSSIBLY),
            "holdings": {holding.value: score.holdings[holding] for holding in Holding},
            "missed_by": dict(score.missed_by),
            "certain_records": score.certain_records,
            "others_possibly": score.others_possibly,
            "most_others_possibly": score.most_others,
            "untold": score.untold,
            "others_certain": [
                {"asked": wrong.asked, "shown": wrong.shown, "agency": wrong.agency} for wrong in score.wrong
            ],
        }
        for kind, score in scores.items()
    }


def _line(kind: Kind, score: Score) -> str:
    counts = score.holdings
    cells = (
        kind.value,
        f"{score.questions:,}",
        f"{counts.total():,}",
        _share(score.precision),
        _share(score.share(Holding.CERTAIN)),
        _share(score.share(Holding.CERTAIN, Holding.POSSIBLY)),
        f"{counts[Holding.NOT_SHOWN]:,}",
        f"{counts[Holding.UNABLE]:,}",
        f"{counts[Holding.MISSED]:,}",
        f"{counts[Holding.KEPT_BACK]:,}",
        f"{counts[Holding.NO_ANSWER]:,}",
        f"{len(score.wrong):,}",
        f"{score.others_possibly:,} ({score.most_others})",
    )
    return f"| {' | '.join(cells)} |"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.2%}"
