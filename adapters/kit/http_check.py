"""Looks at an HTTP source for `adapter check`: does it answer, and do the paths find anything in a first page."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.kit.documents import DocumentSet
from adapters.kit.documents_check import NobodySearch, check_documents, check_nobody
from adapters.kit.errors import SourceFault
from adapters.kit.http import HttpSource
from adapters.kit.http_faults import mend_for
from adapters.kit.json_paths import CompiledPath, Finder
from adapters.kit.reader import Finding, FindingState
from adapters.kit.suggesting import did_you_mean
from adapters.kit.terms_check import unlisted

CHECK_SECONDS = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A first page of a record set: how to get it, and what should be in it."""

    records: str
    path: str
    parameters: Mapping[str, str]
    find_rows: Finder
    documents: DocumentSet
    nobody: Sequence[NobodySearch] = ()


async def check_samples(http: HttpSource, samples: Sequence[Sample]) -> list[Finding]:
    """Prove who the adapter is, get a first page of every record set, and look whether each path finds something in it.

    No value is told.
    """
    findings = await http.prove(asyncio.get_running_loop().time() + CHECK_SECONDS)
    if any(found.state is FindingState.FAULT for found in findings):
        note = "no search was made, since the source would refuse every one"
        return [*findings, Finding(state=FindingState.NOTE, what=note, mend="Mend the above first.")]
    for sample in samples:
        deadline = asyncio.get_running_loop().time() + CHECK_SECONDS
        try:
            rows = sample.find_rows(await http.get(sample.path, sample.parameters, deadline))
        except SourceFault as fault:
            why = f"({fault.kind.value})" if fault.because is None else f"({fault.kind.value}): {fault.because.value}"
            what = f"{sample.records}: the source does not answer a search {why}"
            findings.append(Finding(state=FindingState.FAULT, what=what, mend=mend_for(fault)))
        else:
            findings += _look(sample, rows)
            findings += await check_nobody(http, sample.records, sample.nobody)
    but = " but for the request of a token" if http.tokens is not None else ""
    return [*findings, Finding(state=FindingState.OK, what=f"nothing but GET is ever sent{but}")]


def _look(sample: Sample, rows: Sequence[object]) -> list[Finding]:
    documents = [row for row in rows if isinstance(row, dict)]
    if not documents:
        what = f"{sample.records}: a search without keys gives no record to compare the mapping with"
        return [
            Finding(
                state=FindingState.NOTE, what=what, mend="Check `rows`, or try the mapping with a known test person."
            )
        ]
    notes = [_missed(sample, name, path, documents) for name, path in _own(sample) if not _finds(path, documents)]
    for part, form, words, texts in sample.documents.codes(documents):
        notes += unlisted(sample.records, part, form, words, texts)
    said = f"{sample.records}: the paths were compared with {len(documents)} records"
    values = check_documents(sample.records, sample.documents.records, documents)
    return [*(notes or [Finding(state=FindingState.OK, what=said)]), *values]


def _own(sample: Sample) -> Iterator[tuple[str, CompiledPath]]:
    """List the paths that stay within the record itself; what is related is not in a first page."""
    for name, path in sample.documents.paths().items():
        if path.begins not in sample.documents.related:
            yield name, path


def _finds(path: CompiledPath, documents: Sequence[object]) -> bool:
    return any(path.find(document) for document in documents)


def _missed(sample: Sample, name: str, path: CompiledPath, documents: Sequence[dict[str, object]]) -> Finding:
    """Say that a path finds nothing: a fault where not even its first name is there, else perhaps just rare."""
    known = {key for document in documents for key in document}
    if path.begins is not None and path.begins not in known:
        what = f"{sample.records}: the path of `{name}` begins with `{path.begins}`, which no record has"
        return Finding(state=FindingState.FAULT, what=what, mend=did_you_mean(path.begins, known, "Check the path."))
    what = f"{sample.records}: the path of `{name}` finds nothing in {len(documents)} records"
    return Finding(state=FindingState.NOTE, what=what, mend="It may be rare; or check the path.")
