"""Whom a request is about, read out of the contract's words."""

from datetime import date

from sharing.v1 import records_pb2

from hub.model.person import PersonKeys, person_keys


def person_from(message: records_pb2.PersonKeys, today: date) -> PersonKeys:
    """Check and normalise the keys of a person; raise InvalidRequest for what is wrong with them."""
    return person_keys(
        nhs_number=message.nhs_number,
        upn=message.upn,
        uln=message.uln,
        local_numbers=local_numbers_from(message),
        given_name=message.given_name,
        family_name=message.family_name,
        date_of_birth=message.date_of_birth,
        address=message.address,
        postcode=message.postcode,
        gender=message.gender,
        today=today,
    )


def local_numbers_from(message: records_pb2.PersonKeys) -> tuple[tuple[str, str], ...]:
    """Read the numbers that agencies themselves gave a person."""
    return tuple((local.agency, local.number) for local in message.local_numbers)
