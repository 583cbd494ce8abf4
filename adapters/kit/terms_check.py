"""Says, for `adapter check`, which codes a source has that its manifest does not list under `terms`."""

import re
from collections.abc import Iterable

from adapters.kit.mapping import Conversion
from adapters.kit.reader import Finding, FindingState
from adapters.kit.terms import Words

MOST_CODES = 200
MOST_NAMED = 8
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,15}")


def unlisted(records: str, part: str, form: Conversion, words: Words, texts: Iterable[str]) -> list[Finding]:
    """Name the codes of a part of the terms that are not listed; a text that is no code may be anything, and is not."""
    listed = {code.strip().casefold() for code in (words.words if form.values is None else form.values)}
    found = sorted({text for text in texts if text and text.casefold() not in listed})
    if not found:
        return []
    named = [f"`{text}`" for text in found if _CODE.fullmatch(text)][:MOST_NAMED]
    others = [f"{len(found) - len(named)} more"] if len(found) > len(named) else []
    what = f"{records}: `terms.{part}` does not list {', '.join((*named, *others))}"
    mend = f"Such a code counts as `{form.otherwise or words.unlisted}`; list each with what it means."
    return [Finding(state=FindingState.NOTE, what=what, mend=mend)]
