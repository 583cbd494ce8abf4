"""Writes the search of Patients who fit criteria, by the parameters of the standard (R4, 3.1.1 and Patient)."""

from collections.abc import Mapping

from adapters.fhir.bundles import escaped
from adapters.kit.search_mapping import FhirSearch
from adapters.kit.searching import NotSearched, Search

Written = Mapping[str, str | list[str]]


def people_for(mapped: FhirSearch, search: Search) -> Written:
    """Give the parameters: a string is searched from its beginning, a span of days as two bounds; raises NotSearched.

    What a server cannot be asked for is compared when the Patients have come.
    """
    wanted = search.wanted
    written: dict[str, str | list[str]] = {}
    for name, parameter in (("family_name", mapped.family_name), ("given_name", mapped.given_name)):
        if name in wanted:
            written[parameter] = escaped(wanted[name])
    if "born_from" in wanted:
        written[mapped.date_of_birth] = [f"ge{wanted['born_from']}", f"le{wanted['born_to']}"]
    if not written:
        raise NotSearched
    if "postcode_area" in wanted and mapped.postcode is not None:
        written[mapped.postcode] = escaped(wanted["postcode_area"])
    return written
