"""The part of a record set that says that a hub may search it for people whose numbers nobody knows, and how."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from adapters.kit.mapping import Name, Part, mend_needed

VALUE = "{}"


def _has_place(written: str) -> str:
    if written.count(VALUE) != 1:
        raise mend_needed("`written` does not say where the value goes", 'Put {} into it once, as in "{}*".')
    return written


class SearchParameter(Part):
    """A parameter of a search, and how the system writes the beginning of a name, or a day."""

    parameter: Name
    written: Annotated[str, AfterValidator(_has_place)] = VALUE
    as_date: Annotated[str | None, Field(alias="date")] = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"parameter": given} if isinstance(given, str) else given


class ParameterSearch(Part):
    """Parameters by which a service is searched; criteria that it takes none for are compared with what comes back."""

    given_name: SearchParameter | None = None
    family_name: SearchParameter | None = None
    born_from: SearchParameter | None = None
    born_to: SearchParameter | None = None
    postcode_area: SearchParameter | None = None
    school: SearchParameter | None = None
    gp_practice: SearchParameter | None = None

    @model_validator(mode="after")
    def _searches_people(self) -> Self:
        if not self.mapped().keys() & {"given_name", "family_name", "born_from", "born_to"}:
            raise mend_needed("`search` takes neither a name nor a date of birth", "Map one of them.")
        return self

    def mapped(self) -> Mapping[str, SearchParameter]:
        """List what is said."""
        return {name: part for name in type(self).model_fields if (part := getattr(self, name)) is not None}


def parameters_for(mapped: Mapping[str, SearchParameter], wanted: Mapping[str, str]) -> dict[str, str]:
    """Give the parameters of a search, as the system writes them; none where it takes none of the criteria."""
    return {mapped[name].parameter: _written(mapped[name], value) for name, value in wanted.items() if name in mapped}


def _written(part: SearchParameter, value: str) -> str:
    if part.as_date is not None:
        value = date.fromisoformat(value).strftime(part.as_date)
    return part.written.replace(VALUE, value)


class FhirSearch(Part):
    """Parameters of Patient; those for names and date of birth are the standard's unless something else is said."""

    given_name: Name = "given"
    family_name: Name = "family"
    date_of_birth: Name = "birthdate"
    postcode: Name | None = None
