"""The parts of a manifest that name a class of an agency's own, which finds what no other technology can reach."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from adapters.kit.mapping import Name, ParameterKey, Part, PathField, Word
from adapters.kit.record_sets import Records
from adapters.kit.source_limits import SourceLimits
from adapters.kit.verifiable import require_verifiable

_SECRET = re.compile(r"passw|secret|token|credential|api.?key", re.IGNORECASE)


class PythonRecords(Records[ParameterKey, PathField]):
    """Documents that the class finds; what is made of them stands in the manifest, as for any other source."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_verifiable(self)
        return self


class PythonSource(Part):
    """A class of an agency's own; `settings` are handed to it."""

    kind: Literal["python"]
    name: Name
    limits: SourceLimits = SourceLimits()
    class_: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*$"), Field(alias="class")
    ]
    settings: Annotated[dict[Name, str], Field(default_factory=dict, repr=False)]
    records: Annotated[dict[Word, PythonRecords], Field(min_length=1)]

    def secrets(self) -> Iterator[tuple[str, str]]:
        """List the settings that are secrets by their names, and must come out of the environment."""
        yield from (("settings", name) for name in self.settings if _SECRET.search(name))
