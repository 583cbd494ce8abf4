"""Which rows fit the criteria of a search, whatever the agency thought that fits."""

from collections.abc import Mapping

from hub.model.criteria import Criteria
from hub.model.records import Records
from hub.model.text import plain

_INWARD = 3
_FIELD_OF: Mapping[str, str] = {
    "given_name": "given_name",
    "family_name": "family_name",
    "born_from": "date_of_birth",
    "born_to": "date_of_birth",
    "postcode_area": "postcode",
    "school": "school",
    "gp_practice": "gp_practice",
}


def fitting(records: Records, criteria: Criteria) -> list[bool]:
    """Tell for each row whether it fits every criterion; one that lacks a value does not."""
    fits = [True] * len(records)
    for name in criteria.given:
        wanted = getattr(criteria, name)
        column = records.column(_FIELD_OF[name]) or ("",) * len(records)
        fits = [before and _fits(name, wanted, cell) for before, cell in zip(fits, column, strict=True)]
    return fits


def _fits(name: str, wanted: str, cell: str) -> bool:
    if not cell:
        return False
    match name:
        case "born_from":
            return wanted <= cell
        case "born_to":
            return cell <= wanted
        case "postcode_area":
            return cell.replace(" ", "").upper()[:-_INWARD] == wanted
        case "school" | "gp_practice":
            return plain(wanted) in plain(cell)
        case _:
            return plain(cell).startswith(plain(wanted))
