"""Makes one text of all that a path finds in a document: the first, the last, the greatest, how many."""

from collections.abc import Mapping, Sequence

from adapters.kit.converting import as_text
from adapters.kit.json_paths import Finder, spread
from adapters.kit.mapping import Pick
from adapters.kit.shaping import RowText

Row = Mapping[str, object]


def picked(find: Finder, pick: Pick, separator: str) -> RowText[Row]:
    """Choose how one text is made of a path's matches."""
    if pick is Pick.COUNT:
        return lambda row: str(len(find(row)))
    if pick is Pick.FIRST:
        return lambda row: as_text(next(spread(find(row)), None))

    def text(row: Row) -> str:
        texts = [written for value in spread(find(row)) if (written := as_text(value))]
        return _one_of(texts, pick, separator) if texts else ""

    return text


def _one_of(texts: Sequence[str], pick: Pick, separator: str) -> str:
    match pick:
        case Pick.LAST:
            return texts[-1]
        case Pick.GREATEST:
            return max(texts)
        case Pick.LEAST:
            return min(texts)
        case Pick.JOINED:
            return separator.join(texts)
        case _:
            return texts[0]
