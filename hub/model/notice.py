"""Notices: what an agency is told of one record of its own that it released."""

from dataclasses import dataclass

from hub.model.person import PersonKeys
from hub.model.request import Requester


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Difference:
    """That so many other agencies hold something else than the record does, and what, where that may be told.

    `own` is what the record holds.
    """

    field: str
    agencies: int
    own: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Judgement:
    """A requester's word on whether the record is about the person asked about."""

    is_same: bool
    requester: Requester
    case_reference: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Notice:
    """One notice to one agency; `person` is whom the record says it is about, in that record's own values."""

    agency: str
    request_id: str
    person: PersonKeys
    about: Difference | Judgement
