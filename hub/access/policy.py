"""The policy in force: one immutable value, asked what a level may ask of whom at an instant."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from hub.access.compile import Profile, compile_profiles, identity_classes
from hub.access.coverage import Coverage, Span, compile_coverage, covered
from hub.access.judge import JudgeError, check_judge
from hub.access.model_conf import model_text
from hub.access.papers import MODEL
from hub.access.reading import read_rulebook
from hub.access.version import content_of, version_of
from hub.errors import Fault, PolicyError
from hub.model.catalogue import Catalogue, Listing, Question
from hub.model.policy import Agency, Agreement, Gateway, Level, LevelKind, MenuItem, Permit, Refusal, Rulebook

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)
_Key = tuple[str, str, str, str]
_Known = tuple[datetime, datetime, tuple[Permit, ...]]


class Standing(StrEnum):
    """Is how a question stands with a level, and for a purpose; for the hub's own record, not for the requester."""

    MAY_ASK = "may_ask"
    UNKNOWN_QUESTION = "unknown_question"
    NOT_ON_MENU = "not_on_menu"
    PURPOSE_NOT_ALLOWED = "purpose_not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """One version of the policy, compiled; everything in it stays as it is for as long as it lives."""

    version: str
    content: str = field(repr=False)
    catalogue: Catalogue
    agencies: Listing[Agency]
    gateways: Listing[Gateway]
    levels: Listing[Level]
    agreements: Listing[Agreement]
    profiles: Listing[Profile]
    _coverage: Coverage = field(repr=False)
    # What has been worked out so far, and from when until when it holds; bounded by the vocabulary.
    _known: dict[_Key, _Known] = field(default_factory=dict, init=False, repr=False)

    def permits(
        self, *, level: str, requester_agency: str, question: str, purpose: str, at: datetime
    ) -> tuple[Permit, ...]:
        """Return one permit for each agency of the question, in the question's order; none if it is unknown.

        The instant must carry its zone. A look-up and two comparisons, but for the first time in a span of agreements.
        """
        known = self._known.get((level, requester_agency, question, purpose))
        if known is not None and known[0] <= at < known[1]:
            return known[2]
        return self._work_out(level, requester_agency, question, purpose, at)

    def may_ask(self, *, level: str, requester_agency: str, question: str, purpose: str | None = None) -> Standing:
        """Say how a question, and if given a purpose, stands with a level, whatever agreements are in force."""
        if question not in self.catalogue.questions:
            return Standing.UNKNOWN_QUESTION
        purposes = self.purposes(level=level, requester_agency=requester_agency, question=question)
        if not purposes:
            return Standing.NOT_ON_MENU
        if purpose is not None and purpose not in purposes:
            return Standing.PURPOSE_NOT_ALLOWED
        return Standing.MAY_ASK

    def purposes(self, *, level: str, requester_agency: str, question: str) -> tuple[str, ...]:
        """Return the purposes for which a level may ask a question; none if it is not on the menu."""
        profile = self._profile(level, requester_agency)
        return profile.purposes.get(question, ()) if profile else ()

    def menu(self, level: str, requester_agency: str, at: datetime) -> tuple[MenuItem, ...]:
        """Return exactly the questions that a level may ask, with what would come back from whom at an instant."""
        profile = self._profile(level, requester_agency)
        if profile is None:
            return ()
        return tuple(
            self._menu_item(question, profile.purposes[question.id], level, requester_agency, at)
            for question in self.catalogue.questions.values()
            if question.id in profile.purposes
        )

    def _menu_item(
        self, question: Question, purposes: tuple[str, ...], level: str, requester_agency: str, at: datetime
    ) -> MenuItem:
        granted = [
            permit
            for purpose in purposes
            for permit in self.permits(
                level=level, requester_agency=requester_agency, question=question.id, purpose=purpose, at=at
            )
            if permit.refusal is None
        ]
        agencies = {permit.agency for permit in granted}
        fields = {name for permit in granted for name in permit.fields}
        return MenuItem(
            question=question.id,
            purposes=purposes,
            agencies=tuple(agency for agency in question.agencies if agency in agencies),
            fields=tuple(name for name in question.fields if name in fields),
        )

    def _profile(self, level: str, requester_agency: str) -> Profile | None:
        """Return the profile of a level, if somebody in this agency can hold it."""
        found = self.levels.get(level)
        if found is None or found.kind is LevelKind.ABSTRACT or requester_agency not in self.agencies:
            return None
        if found.agency is not None and found.agency != requester_agency:
            return None
        return self.profiles[level]

    def _work_out(
        self, level: str, requester_agency: str, question_id: str, purpose: str, at: datetime
    ) -> tuple[Permit, ...]:
        """Decide anew, and remember it for as long as no agreement that matters begins or ends."""
        if at.tzinfo is None:
            raise ValueError("the instant has no zone")
        question = self.catalogue.questions.get(question_id)
        profile = self._profile(level, requester_agency)
        if question is None:
            return ()
        if profile is None or purpose not in question.purposes:
            return tuple(Permit(agency=agency, fields=(), refusal=Refusal.ACCESS_LEVEL) for agency in question.agencies)
        permits = tuple(
            self._permit(profile, requester_agency, agency, question, purpose, at) for agency in question.agencies
        )
        turns = set(self._turns(profile, requester_agency, question, purpose))
        since = max((turn for turn in turns if turn <= at), default=_BEGINNING)
        until = min((turn for turn in turns if turn > at), default=_END)
        self._known[level, requester_agency, question_id, purpose] = (since, until, permits)
        return permits

    def _permit(
        self, profile: Profile, requester_agency: str, agency: str, question: Question, purpose: str, at: datetime
    ) -> Permit:
        """Decide one agency: all identity fields must be permitted, or it is refused whole."""
        identity = identity_classes(self.catalogue)
        allowed = profile.classes.get((question.id, agency, purpose), frozenset())
        if not identity <= allowed:
            return Permit(agency=agency, fields=(), refusal=Refusal.ACCESS_LEVEL)
        if agency != requester_agency:
            allowed = frozenset(
                found for found in allowed if covered(self._spans(requester_agency, agency, purpose, found), at)
            )
        if not identity <= allowed:
            return Permit(agency=agency, fields=(), refusal=Refusal.NO_AGREEMENT)
        fields = tuple(name for name in question.fields if self.catalogue.fields[name].field_class in allowed)
        return Permit(agency=agency, fields=fields, refusal=None)

    def _turns(self, profile: Profile, requester_agency: str, question: Question, purpose: str) -> Iterator[datetime]:
        """Yield every instant at which an agreement that could matter begins or ends."""
        for agency in question.agencies:
            for field_class in profile.classes.get((question.id, agency, purpose), ()):
                for span in self._spans(requester_agency, agency, purpose, field_class):
                    yield from span

    def _spans(self, requester_agency: str, agency: str, purpose: str, field_class: str) -> tuple[Span, ...]:
        return self._coverage.get((requester_agency, agency, purpose, field_class), ())


def load_policy(folder: Path) -> Policy:
    """Read, validate and compile the policy in a folder; raise PolicyError with every fault found."""
    return compile_policy(read_rulebook(folder))


def compile_policy(book: Rulebook) -> Policy:
    """Compile a checked rulebook; raise PolicyError if Casbin does not judge as it must.

    Takes about a second for 10,000 rules: never on the event loop, and never on two threads at once.
    """
    try:
        check_judge(model_text())
        profiles = compile_profiles(book)
    except JudgeError as failure:
        mend = "Install the version of pycasbin that the project pins, and not the package casbin beside it."
        raise PolicyError([Fault(file=Path(MODEL), line=1, what=str(failure), mend=mend)]) from failure
    content = content_of(book)
    return Policy(
        version=version_of(content),
        content=content,
        catalogue=book.catalogue,
        agencies=book.agencies,
        gateways=book.gateways,
        levels=book.levels,
        agreements=book.agreements,
        profiles=profiles,
        _coverage=compile_coverage(book.agreements.values()),
    )
