"""Looks whether a FHIR server leaves out no more than it is told to, before an agency relies on that."""

from collections.abc import Mapping, Sequence

from adapters.fhir.bundles import resources_in
from adapters.kit.documents import Document
from adapters.kit.errors import SourceFault
from adapters.kit.http import HttpSource
from adapters.kit.http_faults import mend_for
from adapters.kit.reader import Finding, FindingState

PATIENT = "Patient"


async def check_elements(
    http: HttpSource, sample: Mapping[str, str], elements: Sequence[str], deadline: float
) -> list[Finding]:
    """Compare a few whole Patients with what comes of them when only these elements are asked for."""
    if not elements:
        what = "a path may read any element, so that `elements` has no effect"
        return [Finding(state=FindingState.NOTE, what=what, mend="Begin every path with a name, as in `$.name`.")]
    try:
        whole = await http.get(PATIENT, sample, deadline)
        part = await http.get(PATIENT, {**sample, "_elements": ",".join(elements)}, deadline)
    except SourceFault as fault:
        what = f"the server does not answer when it is asked for some elements only ({fault.kind.value})"
        return [Finding(state=FindingState.FAULT, what=what, mend=f"{mend_for(fault)} Or remove `elements`.")]
    lost = sorted(_lost(_by_id(whole), _by_id(part), elements))
    if lost:
        what = f"the server leaves out {', '.join(f'`{one}`' for one in lost)} although it was asked for"
        return [Finding(state=FindingState.FAULT, what=what, mend="Remove `elements`: a shield may stand there.")]
    return [Finding(state=FindingState.OK, what="the server sends every element that it is asked for")]


def _by_id(bundle: object) -> dict[str, Document]:
    return {str(one.get("id")): one for one in resources_in(bundle, PATIENT) if isinstance(one, dict)}


def _lost(whole: Mapping[str, Document], part: Mapping[str, Document], elements: Sequence[str]) -> set[str]:
    both = [(whole[identity], part[identity]) for identity in whole.keys() & part.keys()]
    return {element for before, after in both for element in elements if element in before and element not in after}
