"""`python -m tests.linkage WORD`: measures what the word names; `--help` after it lists what can be chosen."""

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from tests.linkage import measures
from tests.linkage.bolton import command as bolton


def _measure(word: str, arguments: Sequence[str]) -> int:
    return measures.main([word, *arguments])


MEASURES: Mapping[str, Callable[[Sequence[str]], int]] = {
    "bolton": bolton.main,
    **{word: partial(_measure, word) for word in ("lookalikes", "febrl", "population")},
}


def main(arguments: Sequence[str]) -> int:
    """Run one measure; exit code 2 for a word that names none."""
    if not arguments or arguments[0] not in MEASURES:
        print(f"Say one of: {', '.join(MEASURES)}", file=sys.stderr)
        return 2
    return MEASURES[arguments[0]](arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
