"""Who may ask what of whom: agencies, access levels, agreements, and the permits that follow from them."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from hub.model.catalogue import Catalogue, Listing


class AgencyStatus(StrEnum):
    """Is what an agency is in law; some gateways reach relevant authorities only."""

    RELEVANT_AUTHORITY = "relevant_authority"
    PUBLIC_BODY = "public_body"
    VOLUNTARY = "voluntary"
    INVITED = "invited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """One partner: its professionals ask, its systems answer; its people hold offices in its areas and no others."""

    id: str
    title: str
    status: AgencyStatus
    areas: tuple[str, ...]


class Office(NamedTuple):
    """What somebody asks as: an access level, in one agency, for some areas; without an area nothing is allowed."""

    level: str
    agency: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One sentence of a level, allowing or denying every combination of what it lists, and the reason for it."""

    because: str
    questions: tuple[str, ...]
    agencies: tuple[str, ...]
    classes: tuple[str, ...]
    purposes: tuple[str, ...]
    areas: tuple[str, ...]


class LevelKind(StrEnum):
    """Is what holders of a level are there for; only professionals ask questions.

    Administrators propose and publish policies, a guardian agrees for one agency to what its records are opened for,
    auditors review who asked what; an officer decides for one agency whether its records may leave without consent.
    """

    PROFESSIONAL = "professional"
    ABSTRACT = "abstract"
    ADMINISTRATOR = "administrator"
    GUARDIAN = "guardian"
    AUDITOR = "auditor"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelTerms:
    """Who can hold an access level, and on what terms; all of it that a hub needs beside the compiled profile.

    An abstract level is held by nobody and only inherited from. Levels that are not tied to an agency have none.
    Sessions of its holders end after `idle_seconds` without a request and after `absolute_seconds` in any case, where
    these are set and shorter than the deployment's own. Holders of one that `sees_shielded` are shown whom agencies
    protect, unless absolutely; those of one with `break_glass` may open that access. Neither is inherited.
    """

    id: str
    title: str
    kind: LevelKind
    agency: str | None
    inherits: tuple[str, ...]
    idle_seconds: int | None = None
    absolute_seconds: int | None = None
    sees_shielded: bool = False
    break_glass: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Level(LevelTerms):
    """One access level as it is written: its terms, and the sentences that say what its holders may ask."""

    grants: tuple[Grant, ...]
    denials: tuple[Grant, ...]

    @property
    def terms(self) -> LevelTerms:
        """Return the level without its sentences, which are most of a policy and needed for compiling only."""
        return LevelTerms(**{field.name: getattr(self, field.name) for field in fields(LevelTerms)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The statute that lets agencies exchange something, in force between two days where these are set."""

    id: str
    title: str
    explanation: str
    relevant_authorities_only: bool
    in_force_from: date | None = None
    in_force_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One party's signature under an agreement, by office rather than by name."""

    agency: str
    office: str
    on: date


class TellDifferences(StrEnum):
    """Is what an agreement lets a party be told where others hold something else than it does: that, or also what."""

    THAT_THEY_DIFFER = "that_they_differ"
    VALUES = "values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An information-sharing protocol; in force from its start up to, and not including, its end."""

    id: str
    title: str
    parties: tuple[str, ...]
    gateway: str
    purposes: tuple[str, ...]
    classes: tuple[str, ...]
    starts: datetime
    ends: datetime
    review: date
    signed_by: tuple[Signature, ...]
    tell_differences: TellDifferences = TellDifferences.THAT_THEY_DIFFER

    def in_force(self, at: datetime) -> bool:
        """Tell whether it is in force at an instant."""
        return self.starts <= at < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All that the policy files say, checked but not yet compiled."""

    catalogue: Catalogue
    agencies: Listing[Agency]
    gateways: Listing[Gateway]
    levels: Listing[Level]
    agreements: Listing[Agreement]


class Refusal(StrEnum):
    """Is why an agency may not be asked."""

    ACCESS_LEVEL = "access_level"
    NO_AGREEMENT = "no_agreement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What may be asked of one agency: some fields, or none and why; and under which agreements, of those in force."""

    agency: str
    fields: tuple[str, ...]
    refusal: Refusal | None
    agreements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MenuItem:
    """One question that an office may ask, for which purposes, and what would come back from whom for any of them.

    `step_up` says that some of it is shown only after a second factor.
    """

    question: str
    purposes: tuple[str, ...]
    agencies: tuple[str, ...]
    fields: tuple[str, ...]
    step_up: bool
