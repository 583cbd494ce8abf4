"""The policy in force: one immutable value, asked what a level may ask of whom at an instant."""

from collections.abc import Iterable, Iterator, Mapping
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
from hub.model.policy import (
    Agency,
    Agreement,
    Gateway,
    LevelKind,
    LevelTerms,
    MenuItem,
    Office,
    Permit,
    Refusal,
    Rulebook,
)

_BEGINNING = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)
_NOTHING: frozenset[str] = frozenset()
_Key = tuple[Office, str, str]
_Known = tuple[datetime, datetime, tuple[Permit, ...]]


class Standing(StrEnum):
    """Is how a question stands with an office, and for a purpose; for the hub's own record, not for the requester."""

    MAY_ASK = "may_ask"
    UNKNOWN_QUESTION = "unknown_question"
    NOT_ON_MENU = "not_on_menu"
    PURPOSE_NOT_ALLOWED = "purpose_not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Policy:
    """One version of the policy, compiled; everything in it stays as it is for as long as it lives."""

    version: str
    catalogue: Catalogue
    agencies: Listing[Agency]
    gateways: Listing[Gateway]
    levels: Listing[LevelTerms]
    agreements: Listing[Agreement]
    profiles: Listing[Profile]
    coverage: Coverage = field(repr=False)
    step_up_fields: frozenset[str] = field(repr=False)
    # What has been worked out so far, and from when until when it holds; bounded by the vocabulary.
    _known: dict[_Key, _Known] = field(default_factory=dict, init=False, repr=False)
    _menus: dict[Office, Mapping[str, tuple[str, ...]]] = field(default_factory=dict, init=False, repr=False)
    _barred: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False)

    def permits(self, office: Office, *, question: str, purpose: str, at: datetime) -> tuple[Permit, ...]:
        """Return one permit for each agency of the question, in the question's order; none if it is unknown.

        The instant must carry its zone. A look-up and two comparisons, but for the first time in a span of agreements.
        """
        known = self._known.get((office, question, purpose))
        if known is not None and known[0] <= at < known[1]:
            return known[2]
        return self._work_out(office, question, purpose, at)

    def may_ask(self, office: Office, *, question: str, purpose: str | None = None) -> Standing:
        """Say how a question, and if given a purpose, stands with an office, whatever agreements are in force."""
        if question not in self.catalogue.questions:
            return Standing.UNKNOWN_QUESTION
        purposes = self.purposes(office, question)
        if not purposes:
            return Standing.NOT_ON_MENU
        if purpose is not None and purpose not in purposes:
            return Standing.PURPOSE_NOT_ALLOWED
        return Standing.MAY_ASK

    def purposes(self, office: Office, question: str) -> tuple[str, ...]:
        """Return the purposes for which an office may ask a question; none if it is not on the menu."""
        return self._purposes(office).get(question, ())

    def menu(self, office: Office, at: datetime) -> tuple[MenuItem, ...]:
        """Return exactly the questions that an office may ask, with what would come back from whom at an instant."""
        return tuple(
            self._menu_item(self.catalogue.questions[question], purposes, office, at)
            for question, purposes in self._purposes(office).items()
        )

    def needs_step_up(self, permits: Iterable[Permit]) -> bool:
        """Tell whether something that is permitted is shown only to those who have just given a second factor."""
        return any(not self.step_up_fields.isdisjoint(permit.fields) for permit in permits)

    def barred_fields(self, special_condition: str) -> frozenset[str]:
        """Return the fields that need another special condition than this one; empty stands for none."""
        if special_condition not in self._barred:
            self._barred[special_condition] = self.catalogue.barred_fields(special_condition)
        return self._barred[special_condition]

    @property
    def turns(self) -> frozenset[datetime]:
        """Return every instant at which an agreement begins or ends."""
        agreements = self.agreements.values()
        return frozenset(turn for agreement in agreements for turn in (agreement.starts, agreement.ends))

    def _purposes(self, office: Office) -> Mapping[str, tuple[str, ...]]:
        """List for each question of the menu the purposes for which some agency may tell who a person is."""
        if office in self._menus:
            return self._menus[office]
        if not self._asks(office):
            return {}
        menu = {question.id: self._purposes_of(question, office) for question in self.catalogue.questions.values()}
        self._menus[office] = {question: purposes for question, purposes in menu.items() if purposes}
        return self._menus[office]

    def _purposes_of(self, question: Question, office: Office) -> tuple[str, ...]:
        identity = identity_classes(self.catalogue)
        return tuple(
            purpose
            for purpose in question.purposes
            if any(identity <= self._allowed(office, question.id, agency, purpose) for agency in question.agencies)
        )

    def _menu_item(self, question: Question, purposes: tuple[str, ...], office: Office, at: datetime) -> MenuItem:
        granted = [
            permit
            for purpose in purposes
            for permit in self.permits(office, question=question.id, purpose=purpose, at=at)
            if permit.refusal is None
        ]
        agencies = {permit.agency for permit in granted}
        fields = {name for permit in granted for name in permit.fields}
        return MenuItem(
            question=question.id,
            purposes=purposes,
            agencies=tuple(agency for agency in question.agencies if agency in agencies),
            fields=tuple(name for name in question.fields if name in fields),
            step_up=self.needs_step_up(granted),
        )

    def may_flow(self, source: str, receiver: str, *, purpose: str, field_class: str, at: datetime) -> bool:
        """Tell whether an agreement in force lets a class go from one agency to another, whoever asks."""
        return covered(self._spans(receiver, source, purpose, field_class), at)

    def is_held(self, office: Office) -> bool:
        """Tell whether somebody can hold an office: a level of that agency, in areas that it serves."""
        level, agency = self.levels.get(office.level), self.agencies.get(office.agency)
        if level is None or level.kind is LevelKind.ABSTRACT or agency is None:
            return False
        return level.agency in {None, agency.id} and bool(office.areas) and set(office.areas) <= set(agency.areas)

    def _asks(self, office: Office) -> bool:
        """Tell whether somebody can ask in an office: whoever sets or reviews the rules asks nothing."""
        return self.is_held(office) and self.levels[office.level].kind is LevelKind.PROFESSIONAL

    def _allowed(self, office: Office, question: str, agency: str, purpose: str) -> frozenset[str]:
        """Return the classes that the level allows in every area of the office.

        A record does not say yet to which area it belongs, so what one area denies is denied.
        """
        classes = self.profiles[office.level].classes
        in_each = [classes.get((question, agency, purpose, area), _NOTHING) for area in office.areas]
        return in_each[0] if len(in_each) == 1 else frozenset.intersection(*in_each)

    def _work_out(self, office: Office, question_id: str, purpose: str, at: datetime) -> tuple[Permit, ...]:
        """Decide anew, and remember it for as long as no agreement that matters begins or ends."""
        if at.tzinfo is None:
            raise ValueError("the instant has no zone")
        question = self.catalogue.questions.get(question_id)
        if question is None:
            return ()
        if not self._asks(office) or purpose not in question.purposes:
            return tuple(Permit(agency=agency, fields=(), refusal=Refusal.ACCESS_LEVEL) for agency in question.agencies)
        permits = tuple(self._permit(office, agency, question, purpose, at) for agency in question.agencies)
        turns = set(self._turns(office, question, purpose))
        since = max((turn for turn in turns if turn <= at), default=_BEGINNING)
        until = min((turn for turn in turns if turn > at), default=_END)
        self._known[office, question_id, purpose] = (since, until, permits)
        return permits

    def _permit(self, office: Office, agency: str, question: Question, purpose: str, at: datetime) -> Permit:
        """Decide one agency: all identity fields must be permitted, or it is refused whole."""
        identity = identity_classes(self.catalogue)
        allowed = self._allowed(office, question.id, agency, purpose)
        if not identity <= allowed:
            return Permit(agency=agency, fields=(), refusal=Refusal.ACCESS_LEVEL)
        if agency != office.agency:
            allowed = frozenset(
                found for found in allowed if covered(self._spans(office.agency, agency, purpose, found), at)
            )
        if not identity <= allowed:
            return Permit(agency=agency, fields=(), refusal=Refusal.NO_AGREEMENT)
        fields = tuple(name for name in question.fields if self.catalogue.fields[name].field_class in allowed)
        agreements = self._covering(office.agency, agency, purpose, allowed, at)
        return Permit(agency=agency, fields=fields, refusal=None, agreements=agreements)

    def _covering(
        self, requester_agency: str, agency: str, purpose: str, classes: frozenset[str], at: datetime
    ) -> tuple[str, ...]:
        """Name the agreements in force under which one of the classes goes from one agency to another."""
        if agency == requester_agency:
            return ()
        return tuple(
            agreement.id
            for agreement in self.agreements.values()
            if agreement.in_force(at)
            and {requester_agency, agency} <= set(agreement.parties)
            and purpose in agreement.purposes
            and not classes.isdisjoint(agreement.classes)
        )

    def _turns(self, office: Office, question: Question, purpose: str) -> Iterator[datetime]:
        """Yield every instant at which an agreement that could matter begins or ends."""
        for agency in question.agencies:
            for field_class in self._allowed(office, question.id, agency, purpose):
                for span in self._spans(office.agency, agency, purpose, field_class):
                    yield from span

    def _spans(self, requester_agency: str, agency: str, purpose: str, field_class: str) -> tuple[Span, ...]:
        return self.coverage.get((requester_agency, agency, purpose, field_class), ())


def load_policy(folder: Path) -> Policy:
    """Read, validate and compile the policy in a folder; raise PolicyError with every fault found."""
    return compile_policy(read_rulebook(folder))


def compile_policy(book: Rulebook) -> Policy:
    """Compile a checked rulebook; raise PolicyError if Casbin does not judge as it must.

    Takes about a second for 10,000 rules: never on the event loop, and never on two threads at once. While a hub runs
    it is done in the workshop.
    """
    try:
        check_judge(model_text())
        profiles = compile_profiles(book)
    except JudgeError as failure:
        mend = "Install the version of pycasbin that the project pins, and not the package casbin beside it."
        raise PolicyError([Fault(file=Path(MODEL), line=1, what=str(failure), mend=mend)]) from failure
    return Policy(
        version=version_of(content_of(book)),
        catalogue=book.catalogue,
        agencies=book.agencies,
        gateways=book.gateways,
        levels=Listing.of(tuple(level.terms for level in book.levels.values())),
        agreements=book.agreements,
        profiles=profiles,
        coverage=compile_coverage(book.agreements.values()),
        step_up_fields=book.catalogue.step_up_fields,
    )
