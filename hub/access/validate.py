"""Validating a policy: every fault of all its files at once."""

from collections.abc import Iterable, Iterator

from hub.access.agreement_checks import check_agreements
from hub.access.area_checks import check_areas
from hub.access.catalogue_checks import check_catalogue
from hub.access.indicator_checks import check_indicators
from hub.access.leaving_checks import check_leaving
from hub.access.level_checks import check_levels
from hub.access.model_conf import check_model
from hub.access.own_tests import check_own_tests
from hub.access.papers import MODEL, Papers
from hub.access.references import check_references
from hub.access.rulebook import rulebook_from
from hub.access.sentence_checks import check_sentences
from hub.access.status_checks import check_status
from hub.errors import Fault, PolicyError
from hub.model.policy import Rulebook


def validated(papers: Papers) -> Rulebook:
    """Return the rulebook that the papers make; raise PolicyError with every fault, in the order of the files."""
    _refuse([*papers.faults, *_faults(papers)])
    # What sentences come to, and whether tests hold, can be told only of a policy that is sound in itself.
    book = rulebook_from(papers)
    _refuse([*check_sentences(papers, book), *check_areas(papers, book), *check_own_tests(papers, book)])
    return book


def _refuse(faults: Iterable[Fault]) -> None:
    found = sorted(dict.fromkeys(faults), key=lambda fault: (str(fault.file), fault.line))
    if found:
        raise PolicyError(found)


def _faults(papers: Papers) -> Iterator[Fault]:
    if papers.model:
        yield from check_model(papers.root / MODEL, papers.model)
    yield from _names(papers)
    yield from check_catalogue(papers)
    yield from check_references(papers)
    yield from check_levels(papers)
    yield from check_agreements(papers)
    yield from check_status(papers)
    yield from check_leaving(papers)
    yield from check_indicators(papers)


def _names(papers: Papers) -> Iterator[Fault]:
    """Demand that a file is called what it defines: so nothing is defined twice, and everything is found."""
    named = [
        *((paper.document, paper.shape.id) for paper in papers.questions),
        *((paper.document, paper.shape.id) for paper in papers.levels),
        *((paper.document, paper.shape.id) for paper in papers.agreements),
    ]
    for document, defined in named:
        if defined != document.file.stem:
            what = f"The file is called “{document.file.stem}” and defines “{defined}”"
            yield document.fault(("id",), what, "Call both the same.")
