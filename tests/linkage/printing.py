"""What `python -m tests.linkage` prints: tables that can be put into a page as they are."""

from collections.abc import Iterator, Sequence

from tests.linkage.febrl import Judged
from tests.linkage.lookalikes import Outcome
from tests.linkage.tally import Tally


def settings_table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield one line for each setting."""
    yield (
        "| identifiers | questions | precision of same | wrong | recall of same"
        " | missed, shown as possibly | others shown as possibly |"
    )
    yield "|---|---|---|---|---|---|---|"
    for outcome in outcomes:
        whole = outcome.whole
        yield (
            f"| {outcome.setting.name} | {whole.questions:,} | {_cut(whole.precision)}"
            f" | {whole.wrong} of {whole.same + whole.wrong:,} | {_cut(whole.recall, 4)}"
            f" | {_cut(whole.visible, 4)} ({whole.missed_possibly:,} of {whole.missed:,})"
            f" | {whole.others_possibly / max(1, whole.others):.4f} |"
        )


def origins_table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Yield one line for each origin: recall and precision of each setting; `*` marks who is too far behind."""
    yield f"| names | {' | '.join(outcome.setting.name for outcome in outcomes)} |"
    yield f"|---|{'---|' * len(outcomes)}"
    for origin in outcomes[0].origins:
        yield f"| {origin} | {' | '.join(_cell(outcome, origin) for outcome in outcomes)} |"
    yield f"| mean of recalls | {' | '.join(_cut(outcome.mean_recall, 4) for outcome in outcomes)} |"


def wrong_line(whole: Tally) -> str:
    """Say who was taken for the child."""
    return ", ".join(f"{kin} {count}" for kin, count in sorted(whole.wrong_kin.items())) or "nobody"


def febrl_table(rows: Sequence[Judged]) -> Iterator[str]:
    """Yield one line for each judge and set."""
    yield "| tested on | trained on | identifiers | judge | precision | recall | F1 | wrong links |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in rows:
        with_or_without = "with" if row.with_identifier else "without"
        yield (
            f"| {row.tested_on} | {row.trained_on} | {with_or_without} | {row.judge} | {_cut(row.precision)}"
            f" | {_cut(row.recall)} | {_cut(row.f1)} | {row.wrong} |"
        )


def _cell(outcome: Outcome, origin: str) -> str:
    one = outcome.origins[origin]
    return f"{_cut(one.recall, 4)}{' *' if origin in outcome.behind() else ''} (P {_cut(one.precision)})"


def _cut(share: float, digits: int = 5) -> str:
    """Write a share with so many digits, cut off and never rounded up."""
    return f"{int(share * 10**digits) / 10**digits:.{digits}f}"
