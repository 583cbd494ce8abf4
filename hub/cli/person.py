"""From the options of `hub ask` to a request, checked by the hub's own rules before the hub is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, TypeVar

from sharing.v1 import questions_pb2, records_pb2

from hub.cli.errors import CommandError
from hub.errors import InvalidRequest
from hub.model.person import person_keys
from hub.model.request import case_reference

_Checked = TypeVar("_Checked")

_OPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nhs_number": "--nhs-number",
        "upn": "--upn",
        "uln": "--uln",
        "local_numbers": "--local AGENCY=NUMBER",
        "given_name": "--name or --given-name",
        "family_name": "--name or --family-name",
        "date_of_birth": "--born",
        "address": "--address",
        "postcode": "--postcode",
        "gender": "--gender",
        "person": "--nhs-number, --upn, --uln, --local, or --name with --born, --postcode or --address",
        "case_reference": "--case",
    }
)


_INFORMED: Final[Mapping[str, questions_pb2.InformedState.ValueType]] = MappingProxyType(
    {
        "yes": questions_pb2.INFORMED_STATE_YES,
        "no_unsafe": questions_pb2.INFORMED_STATE_NO_UNSAFE,
        "no_impracticable": questions_pb2.INFORMED_STATE_NO_IMPRACTICABLE,
        "no_prejudice": questions_pb2.INFORMED_STATE_NO_PREJUDICE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Whom:
    """The options that say whom a question is about, as they were typed."""

    nhs_number: str = ""
    upn: str = ""
    uln: str = ""
    local: tuple[str, ...] = ()
    name: str = ""
    given_name: str = ""
    family_name: str = ""
    born: str = ""
    address: str = ""
    postcode: str = ""
    gender: str = ""

    def __repr__(self) -> str:
        """Tell nothing about the person."""
        return "<Whom>"

    @property
    def is_given(self) -> bool:
        """Tell whether anything was typed."""
        return any(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The options that say what a question is asked for, as they were typed."""

    purpose: str = ""
    basis: str = ""
    case: str = ""
    condition: str = ""
    ground: str = ""
    reason: str = ""
    informed: str = ""
    confirmation: str = ""
    break_glass: str = ""
    needs_more: bool = False


def make_request(question: str, whom: Whom, why: Why, today: date) -> questions_pb2.AskRequest:
    """Make the request; raise CommandError at the first thing that cannot be right.

    Words of the policy pass as they are, also when they are missing: the hub knows which ones it would accept.
    """
    return questions_pb2.AskRequest(
        question=question,
        person=make_person(whom, today),
        purpose=why.purpose,
        lawful_basis=why.basis,
        case_reference=_checked(lambda: case_reference(why.case.strip())),
        special_condition=why.condition,
        ground=why.ground,
        override_reason=why.reason,
        informed=_informed(why.informed.strip()),
        confirmation=why.confirmation.strip(),
        break_glass=why.break_glass.strip(),
        needs_more=why.needs_more,
    )


def _informed(typed: str) -> questions_pb2.Informed | None:
    """Say whether somebody has been told; a day means that they will be by then."""
    if not typed:
        return None
    if typed[0].isdigit():
        return questions_pb2.Informed(state=questions_pb2.INFORMED_STATE_LATER, by=typed)
    state = _INFORMED.get(typed.lower().replace("-", "_"))
    if state is None:
        mend = f"Write {', '.join(_INFORMED)}, or the day (YYYY-MM-DD) by which they will be told. (See --informed.)"
        raise CommandError("INFORMED_UNKNOWN", "It is not clear whether they have been told.", mend=mend)
    return questions_pb2.Informed(state=state)


def make_person(whom: Whom, today: date) -> records_pb2.PersonKeys:
    """Say whom it is about: a number, or enough of the rest; raise CommandError."""
    given_name, family_name = _names(whom)
    keys = _checked(
        lambda: person_keys(
            nhs_number=whom.nhs_number.strip(),
            upn=whom.upn,
            uln=whom.uln,
            local_numbers=_local_numbers(whom.local),
            given_name=given_name,
            family_name=family_name,
            date_of_birth=whom.born.strip(),
            address=whom.address,
            postcode=whom.postcode,
            gender=whom.gender,
            today=today,
        )
    )
    return records_pb2.PersonKeys(
        nhs_number=keys.nhs_number,
        upn=keys.upn,
        uln=keys.uln,
        local_numbers=[records_pb2.LocalNumber(agency=agency, number=number) for agency, number in keys.local_numbers],
        given_name=keys.given_name,
        family_name=keys.family_name,
        date_of_birth=keys.date_of_birth,
        address=keys.address,
        postcode=keys.postcode,
        gender=keys.gender,
    )


def _local_numbers(typed: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Take each apart at its first equals sign; the hub's own check refuses what has none."""
    pairs = (each.partition("=") for each in typed)
    return tuple((agency, number) for agency, _, number in pairs)


def _names(whom: Whom) -> tuple[str, str]:
    """Take a whole name apart: its last word is the family name, unless one of the two is named by itself."""
    words = whom.name.split()
    if not words:
        return whom.given_name, whom.family_name
    if whom.given_name and whom.family_name:
        raise CommandError(
            "NAME_TWICE", "The name is given twice.", mend="Give --name, or --given-name and --family-name."
        )
    if whom.given_name or whom.family_name:
        whole = " ".join(words)
        return whom.given_name or whole, whom.family_name or whole
    if len(words) == 1:
        raise CommandError(
            "NAME_INCOMPLETE",
            "--name needs a given name and a family name.",
            mend='Write --name "Given Family", or use --given-name and --family-name.',
        )
    return " ".join(words[:-1]), words[-1]


def _checked(check: Callable[[], _Checked]) -> _Checked:
    """Run one of the hub's checks and name the option that it stumbles over."""
    try:
        return check()
    except InvalidRequest as error:
        option = _OPTIONS.get(error.field, error.field)
        raise CommandError(
            error.reason, error.message, mend=f"{error.mend} (See {option}.)", field=error.field
        ) from None
