"""Checks of the agreements between agencies."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time

from hub.access.papers import Paper, Papers
from hub.access.shapes import AgencyShape, AgreementShape
from hub.errors import Fault
from hub.model.policy import AgencyStatus


def check_agreements(papers: Papers) -> Iterator[Fault]:
    """Yield the faults of agreements whose references are right or are told elsewhere."""
    agencies = {agency.id: agency for agency in papers.agencies.shape.agencies} if papers.agencies else {}
    limited = (
        {gateway.id for gateway in papers.vocabulary.shape.gateways if gateway.relevant_authorities_only}
        if papers.vocabulary
        else set()
    )
    for paper in papers.agreements:
        yield from _dates(paper)
        yield from _signatures(paper)
        if len(paper.shape.parties) == 1:
            yield paper.document.fault(("parties",), "An agreement needs two parties", "Name the other party.")
        if paper.shape.gateway in limited:
            yield from _outsiders(paper, agencies)


def _dates(paper: Paper[AgreementShape]) -> Iterator[Fault]:
    shape, document = paper.shape, paper.document
    if shape.ends <= shape.starts:
        yield document.fault(("until",), "The agreement ends before it begins", "Mend “from” or “until”.")
        return
    review = datetime.combine(shape.review, time(), tzinfo=UTC)
    if not shape.starts <= review <= shape.ends:
        what = "The review is not while the agreement is in force"
        yield document.fault(("review",), what, "Set a day between “from” and “until”.")


def _signatures(paper: Paper[AgreementShape]) -> Iterator[Fault]:
    """Demand one signature of each party, given by the day on which the agreement begins."""
    shape, document = paper.shape, paper.document
    signed: Counter[str] = Counter()
    for number, signature in enumerate(shape.signed_by):
        place = ("signed_by", number, "agency")
        signed[signature.agency] += 1
        if signature.agency not in shape.parties:
            what = f"“{signature.agency}” signed but is no party"
            yield document.fault(place, what, "Add the party, or remove this.")
        elif signed[signature.agency] > 1:
            yield document.fault(place, f"“{signature.agency}” signed twice", "Keep one signature.")
        if signature.on > shape.starts.date():
            what = f"“{signature.agency}” signed after the agreement began"
            yield document.fault(("signed_by", number, "date"), what, "Mend the day, or let the agreement begin later.")
    for number, party in enumerate(shape.parties):
        if not signed[party]:
            what = f"“{party}” is a party but has not signed"
            yield document.fault(("parties", number), what, "Add its signature to “signed_by”, or remove the party.")


def _outsiders(paper: Paper[AgreementShape], agencies: Mapping[str, AgencyShape]) -> Iterator[Fault]:
    """Refuse parties whom a gateway does not reach (Crime and Disorder Act 1998, s.115)."""
    for number, party in enumerate(paper.shape.parties):
        agency = agencies.get(party)
        if agency is not None and agency.status is not AgencyStatus.RELEVANT_AUTHORITY:
            what = f"{paper.shape.gateway} is for relevant authorities, and “{party}” is none ({agency.status})"
            mend = "Choose another gateway, or make an agreement without this party."
            yield paper.document.fault(("parties", number), what, mend)
