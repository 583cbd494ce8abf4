"""The parts of a manifest that describe a OneRoster 1.2 service: who may read it, users, and what belongs to them."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from adapters.kit.http_access import HttpAccess, OAuth2, Scope
from adapters.kit.mapping import Key, Name, PathField, Related, Word, mend_needed
from adapters.kit.record_sets import Records
from adapters.kit.source_limits import SourceLimits
from adapters.kit.verifiable import require_verifiable

READ_SCOPES = (
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-core.readonly",
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster.readonly",
    "https://purl.imsglobal.org/spec/or/v1p2/scope/roster-demographics.readonly",
)
READ_ONLY = ".readonly"
DEMOGRAPHICS = "demographics"
MOST_FILTERED = 2
"""Conditions that one `filter` may hold (rostering binding 1.2: one logical operation)."""


class RosterAccount(OAuth2):
    """OAuth2 client credentials, which the standard prescribes; the scopes are asked for read-only."""

    scopes: Annotated[list[Scope], Field(min_length=1, max_length=50, default_factory=lambda: list(READ_SCOPES))]

    @model_validator(mode="after")
    def _reads_only(self) -> Self:
        writing = [scope for scope in self.scopes if "/scope/" in scope and not scope.endswith(READ_ONLY)]
        if writing:
            raise mend_needed(f"the scope `{writing[0]}` lets more than read", f"Use one that ends in `{READ_ONLY}`.")
        return self


class RosterKey(Key):
    """A property of a user, or of a user's demographics, by which the service is asked to filter."""

    # `property` is a word of Python's, so the attribute has another name than the manifest's word.
    property_: Annotated[
        str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9]*(\.[A-Za-z][A-Za-z0-9]*){0,2}$"), Field(alias="property")
    ]

    @model_validator(mode="before")
    @classmethod
    def _short(cls, given: object) -> object:
        return {"property": given} if isinstance(given, str) else given

    @property
    def place(self) -> str:
        """Name the property."""
        return self.property_

    @property
    def of_demographics(self) -> str | None:
        """Name the property of the demographics, where it is one of those."""
        first, _, rest = self.property_.partition(".")
        return rest if first == DEMOGRAPHICS and rest else None


class Belonging(StrEnum):
    """What of the standard's rostering service belongs to a user."""

    DEMOGRAPHICS = DEMOGRAPHICS
    ENROLLMENTS = "enrollments"
    CLASSES = "classes"
    ORGS = "orgs"
    USERS = "users"


Followed = Literal["class", "school", "course", "org", "parent"]


class RosterRelated(Related):
    """What belongs to a user; `by` says where references to orgs or users stand, `follow` which are read in full."""

    resource: Belonging
    by: Name | None = None
    follow: Annotated[list[Followed], Field(max_length=4, default_factory=list)]

    @property
    def references(self) -> str:
        """Give the JSONPath of the references that are read: the orgs of a user's roles, or a user's agents."""
        return self.by or ("$.roles[*].org.sourcedId" if self.resource is Belonging.ORGS else "$.agents[*].sourcedId")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.by is not None and self.resource not in {Belonging.ORGS, Belonging.USERS}:
            raise mend_needed(f"`by` does not apply to {self.resource.value}", "It is for `orgs` and `users`.")
        return self


class RosterRecords(Records[RosterKey, PathField]):
    """Users, with what belongs to them."""

    record_id: Name = "$.sourcedId"
    role: Annotated[str, StringConstraints(pattern=r"^[A-Za-z:]+$")] | None = None
    related: Annotated[dict[Word, RosterRelated], Field(default_factory=dict)]
    search: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        require_verifiable(self, self.related.values())
        own = [name for name in ("family_name", "given_name") if self._is_of_demographics(name)]
        if own:
            raise mend_needed(f"`{own[0]}` is no part of the demographics", "Map it to a property of the user.")
        demographics = self.related.get(DEMOGRAPHICS)
        if any(map(self._is_of_demographics, self.keys.mapped())) and (
            demographics is None or demographics.resource is not Belonging.DEMOGRAPHICS
        ):
            mend = "Add `demographics: {resource: demographics, take: first, optional: true}` under `related`."
            raise mend_needed("a key is in the demographics, which are not read", mend)
        return self

    def _is_of_demographics(self, name: str) -> bool:
        key = self.keys.mapped().get(name)
        return key is not None and key.of_demographics is not None


class RosterSource(HttpAccess):
    """A OneRoster 1.2 rostering service; `url` ends in `/ims/oneroster/rostering/v1p2/`."""

    kind: Literal["oneroster"]
    name: Name
    limits: SourceLimits = SourceLimits()
    oauth2: RosterAccount
    page_size: Annotated[int, Field(ge=1, le=1000)] = 100
    max_pages: Annotated[int, Field(ge=1, le=100)] = 10
    records: Annotated[dict[Word, RosterRecords], Field(min_length=1)]
