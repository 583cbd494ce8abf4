"""A record set of a manifest: how to look for a person, what is read, and what may not leave."""

from typing import Annotated, Generic, Self, TypeVar

from pydantic import Field, model_validator

from adapters.kit.mapping import (
    NAME_KEYS,
    ColumnField,
    ColumnKey,
    Conditions,
    Conversion,
    Key,
    Keys,
    Name,
    Part,
    Wider,
    Word,
    mend_needed,
)
from adapters.kit.terms_mapping import TermsMapping

K = TypeVar("K", bound=Key)
F = TypeVar("F", bound=Conversion)


class Records(Part, Generic[K, F]):
    """A record set: what is read to answer a question."""

    keys: Keys[K]
    looking: Wider | None = None
    fields: Annotated[dict[Word, F], Field(min_length=1)]
    record_id: Name | None = None
    record_date: F | None = None
    terms: TermsMapping[F] | None = None
    withhold_when: Annotated[Conditions, Field(default_factory=dict)]
    only_when: Annotated[Conditions, Field(default_factory=dict)]

    @model_validator(mode="after")
    def _looks_by_its_keys(self) -> Self:
        mapped = self.keys.mapped()
        wanted = {*NAME_KEYS, *(name for way in self.looking.by for name in way)} if self.looking is not None else set()
        if missing := sorted(wanted - set(mapped)):
            listed = " and ".join(f"`{name}`" for name in missing)
            raise mend_needed(f"`looking` needs {listed} among the keys", f"Map {listed} under `keys` as well.")
        return self


ColumnRecords = Records[ColumnKey, ColumnField]


def columns_mentioned(records: ColumnRecords) -> list[str]:
    """List every column that a record set mentions outside its joins, each once."""
    names = [key.place for key in records.keys.mapped().values()]
    names += [column for part in records.fields.values() for column in part.names]
    names += columns_beside(records)
    return list(dict.fromkeys(names))


def columns_beside(records: ColumnRecords) -> list[str]:
    """List the columns that are read whatever fields are asked for."""
    names = list(records.record_date.names) if records.record_date is not None else []
    names += [records.record_id] if records.record_id is not None else []
    if records.terms is not None:
        names += [column for _, form in records.terms.forms() for column in form.names]
    return [*names, *records.withhold_when, *records.only_when]
