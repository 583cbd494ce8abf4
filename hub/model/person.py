"""Whom a question is about: the keys by which agencies are to look for one person."""

from dataclasses import dataclass
from datetime import date

from hub.model import typed_keys
from hub.model.identifiers import NHS_NUMBER, ULN, UPN
from hub.model.naming import require_enough

FULL_DATE_LENGTH = 10


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonKeys:
    """The keys given for one person; what is not known is empty.

    A date of birth is YYYY-MM-DD, or YYYY-MM or YYYY where no more of it is known.
    """

    nhs_number: str = ""
    upn: str = ""
    given_name: str = ""
    family_name: str = ""
    date_of_birth: str = ""
    uln: str = ""
    # Each the agency that gave it, and the number.
    local_numbers: tuple[tuple[str, str], ...] = ()
    address: str = ""
    postcode: str = ""
    gender: str = ""

    def __repr__(self) -> str:
        """Name the keys that are given, never their values."""
        given = [key for key in self.__slots__ if getattr(self, key)]
        return f"PersonKeys({', '.join(given)})"

    @property
    def has_full_date(self) -> bool:
        """Tell whether the day of birth is given, and not its month or year alone."""
        return len(self.date_of_birth) == FULL_DATE_LENGTH

    @property
    def has_full_name(self) -> bool:
        """Tell whether names and day of birth are all given, as looking without an identifier needs at the least."""
        return bool(self.given_name and self.family_name and self.has_full_date)

    @property
    def has_number(self) -> bool:
        """Tell whether a number is given that is one person's, be it one agency's own."""
        return bool(self.nhs_number or self.upn or self.uln or self.local_numbers)

    @property
    def is_found_by_place(self) -> bool:
        """Tell whether it takes the address or postcode to find the person, so that to be found would tell it."""
        return bool(self.address or self.postcode) and not (self.has_number or self.has_full_name)

    def local_number(self, agency: str) -> str:
        """Return the number that an agency itself gave the person; no other agency is to learn it."""
        return dict(self.local_numbers).get(agency, "")


def person_keys(  # noqa: PLR0913  each is a key by which somebody can be looked for
    *,
    today: date,
    nhs_number: str = "",
    upn: str = "",
    uln: str = "",
    local_numbers: tuple[tuple[str, str], ...] = (),
    given_name: str = "",
    family_name: str = "",
    date_of_birth: str = "",
    address: str = "",
    postcode: str = "",
    gender: str = "",
) -> PersonKeys:
    """Check and normalise keys as a requester typed them; raise InvalidRequest for the first that is wrong."""
    keys = PersonKeys(
        nhs_number=typed_keys.number(NHS_NUMBER, nhs_number),
        upn=typed_keys.number(UPN, upn),
        uln=typed_keys.number(ULN, uln),
        local_numbers=typed_keys.local_numbers(local_numbers),
        given_name=typed_keys.name("given_name", given_name),
        family_name=typed_keys.name("family_name", family_name),
        date_of_birth=typed_keys.date_of_birth(date_of_birth, today),
        address=typed_keys.address(address),
        postcode=typed_keys.postcode(postcode),
        gender=typed_keys.gender(gender),
    )
    if not keys.has_number:
        require_enough(
            family_name=keys.family_name,
            given_name=keys.given_name,
            date_of_birth=keys.date_of_birth,
            address=keys.address,
            postcode=keys.postcode,
        )
    return keys
