"""Read what a source says about letting records leave: claims like everything else that it sends."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sharing.v1 import records_pb2

from hub.model.terms import UNSAID, Consent, ConsentGiver, ConsentState, OptOut, Shield, Terms

E = TypeVar("E", bound=StrEnum)

# More different terms than rows say nothing more; longer lists than a vocabulary has are no lists of it.
MOST_TERMS = 500
MOST_NAMED = 100
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{1,39}")


# The numbers of the contract's words; nought is for what is not said.
_STATES: Mapping[int, ConsentState] = {
    0: ConsentState.NOT_SAID,
    **{records_pb2.ConsentState.Value(f"CONSENT_STATE_{word.name}"): word for word in tuple(ConsentState)[1:]},
}
_GIVERS: Mapping[int, ConsentGiver] = {
    0: ConsentGiver.NOT_SAID,
    **{records_pb2.ConsentGiver.Value(f"CONSENT_GIVER_{word.name}"): word for word in tuple(ConsentGiver)[1:]},
}
_OPT_OUTS: Mapping[int, OptOut] = {
    0: OptOut.NONE,
    **{records_pb2.OptOut.Value(f"OPT_OUT_{word.name}"): word for word in tuple(OptOut)[1:]},
}
_SHIELDS: Mapping[int, Shield] = {
    0: Shield.NONE,
    **{records_pb2.Shield.Value(f"SHIELD_{word.name}"): word for word in tuple(Shield)[1:]},
}


class BadTermsError(ValueError):
    """Is raised for terms that no honest adapter sends; it holds nothing of them."""


def read_terms(sent: records_pb2.Records, rows: int) -> tuple[Terms, ...]:
    """Return the terms of each row, or nothing where the source says nothing of any; raise BadTermsError.

    Rows with the same terms share one value.
    """
    places = sent.terms_of_row
    if not sent.terms and not any(places):
        return ()
    if len(sent.terms) > MOST_TERMS or len(places) != rows or max(places, default=0) > len(sent.terms):
        raise BadTermsError
    said = (UNSAID, *map(_terms, sent.terms))
    return tuple(said[place] for place in places)


def _terms(sent: records_pb2.Terms) -> Terms:
    return Terms(
        consent=_consent(sent.consent) if sent.HasField("consent") else UNSAID.consent,
        opt_out=_word(_OPT_OUTS, sent.opt_out),
        shield=_word(_SHIELDS, sent.shield),
        areas=_named(sent.areas),
    )


def _consent(sent: records_pb2.Consent) -> Consent:
    return Consent(
        state=_word(_STATES, sent.state),
        given_by=_word(_GIVERS, sent.given_by),
        decided_on=_day(sent.decided_on),
        until=_day(sent.until),
        review_due=_day(sent.review_due),
        classes=_named(sent.classes),
        purposes=_named(sent.purposes),
        agencies=_named(sent.agencies),
    )


def _word(known: Mapping[int, E], number: int) -> E:
    """Return the word for a number; what a later contract may add is not understood, and so not trusted."""
    if number not in known:
        raise BadTermsError
    return known[number]


def _named(sent: Iterable[str]) -> tuple[str, ...]:
    names = tuple(sent)
    if len(names) > MOST_NAMED or not all(map(_IDENTIFIER.fullmatch, names)):
        raise BadTermsError
    return names


def _day(sent: str) -> str:
    """Return a day that exists, or nothing; a limit that cannot be read must not be taken for none."""
    try:
        if sent and sent != date.fromisoformat(sent).isoformat():
            raise BadTermsError
    except ValueError:
        raise BadTermsError from None
    return sent
