"""What a source says about letting one record leave, as the adapter finds it, sends it, and compares it later."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sharing.v1 import records_pb2

ALL = "all"
"""The word in a list of what consent covers, or of areas, that stands for no limit."""
NOT_LISTED = "not_listed"
"""Stands in such a list for what the manifest does not list: no class, purpose, agency or area is called so."""
MOST_LISTED = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words that a part of the terms can have, from the one that lets most leave to the one that lets least.

    `unlisted` is what a code counts as that the manifest does not list; `safe` are the words that it may choose.
    """

    words: tuple[str, ...]
    unlisted: str
    safe: frozenset[str]

    def strictest(self, found: Iterable[str]) -> str:
        """Choose, of the words that were found, the one that lets least leave; the first word where none was."""
        return self.words[max((self.words.index(word) for word in found), default=0)]


EXPLICIT, IMPLIED, NOT_SAID = "explicit", "implied_by_statute", "not_said"
GIVEN = frozenset({EXPLICIT, IMPLIED})
DENIED = frozenset({"refused", "withdrawn"})
_NOT_GIVEN = ("not_said", "not_sought", "sought", "no_reply", "cannot_consent", "expired", "withdrawn", "refused")
CONSENT_STATES = Words(words=(EXPLICIT, IMPLIED, *_NOT_GIVEN), unlisted=NOT_SAID, safe=frozenset(_NOT_GIVEN))
_GIVERS = ("not_said", "person", "parent", "guardian", "deputy")
CONSENT_GIVERS = Words(words=_GIVERS, unlisted=NOT_SAID, safe=frozenset(_GIVERS))
OPT_OUTS = Words(words=("none", "pupil", "parents"), unlisted="parents", safe=frozenset({"pupil", "parents"}))
SHIELDS = Words(
    words=("none", "address", "person", "absolute"), unlisted="person", safe=frozenset({"person", "absolute"})
)
PERSON, ABSOLUTE = "person", "absolute"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is said about one record; the defaults say nothing. Days are YYYY-MM-DD, an empty list is no limit."""

    state: str = NOT_SAID
    given_by: str = NOT_SAID
    decided_on: str = ""
    until: str = ""
    review_due: str = ""
    classes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    opt_out: str = "none"
    shield: str = "none"
    areas: tuple[str, ...] = ()

    def hides(self, *, with_shielded: bool) -> bool:
        """Tell whether whoever asks must not learn that this person is known at all."""
        return self.shield == ABSOLUTE or (self.shield == PERSON and not with_shielded)


UNSAID = Terms()
RowTerms = Mapping[str, Sequence[Terms]]
"""What is said of the records that were told, by the system's own reference of each."""


_STATE = {word: records_pb2.ConsentState.Value(f"CONSENT_STATE_{word.upper()}") for word in (*GIVEN, *_NOT_GIVEN[1:])}
_GIVER = {word: records_pb2.ConsentGiver.Value(f"CONSENT_GIVER_{word.upper()}") for word in _GIVERS[1:]}
_OPT_OUT = {word: records_pb2.OptOut.Value(f"OPT_OUT_{word.upper()}") for word in OPT_OUTS.words[1:]}
_SHIELD = {word: records_pb2.Shield.Value(f"SHIELD_{word.upper()}") for word in SHIELDS.words[1:]}


def message_of(terms: Terms) -> records_pb2.Terms:
    """Write terms in the contract's words; a word that says nothing is the zero of its enumeration."""
    consent = records_pb2.Consent(
        state=_STATE.get(terms.state, records_pb2.CONSENT_STATE_UNSPECIFIED),
        given_by=_GIVER.get(terms.given_by, records_pb2.CONSENT_GIVER_UNSPECIFIED),
        decided_on=terms.decided_on,
        until=terms.until,
        review_due=terms.review_due,
        classes=terms.classes,
        purposes=terms.purposes,
        agencies=terms.agencies,
    )
    return records_pb2.Terms(
        consent=consent,
        opt_out=_OPT_OUT.get(terms.opt_out, records_pb2.OPT_OUT_UNSPECIFIED),
        shield=_SHIELD.get(terms.shield, records_pb2.SHIELD_UNSPECIFIED),
        areas=terms.areas,
    )


def is_less(before: RowTerms, now: RowTerms) -> bool:
    """Tell whether less may leave now than before: a record is gone, or what is said of one has become stricter."""
    return any(_is_less_of_one(said, now.get(reference, ())) for reference, said in before.items())


def _is_less_of_one(before: Sequence[Terms], now: Sequence[Terms]) -> bool:
    if len(now) < len(before):
        return True
    # Rows that say the same as before are none of those that changed, in whatever order the source gives them.
    changed = list((Counter(before) - Counter(now)).elements())
    instead = list((Counter(now) - Counter(before)).elements())
    return any(_is_stricter(now_said, said) for said in changed for now_said in instead)


def _is_stricter(now: Terms, before: Terms) -> bool:
    return (
        SHIELDS.words.index(now.shield) > SHIELDS.words.index(before.shield)
        or OPT_OUTS.words.index(now.opt_out) > OPT_OUTS.words.index(before.opt_out)
        or _is_narrower(now.areas, before.areas)
        or _is_consent_less(now, before)
    )


def _is_consent_less(now: Terms, before: Terms) -> bool:
    if before.state not in GIVEN or now.state not in GIVEN:
        return (before.state in GIVEN and now.state not in GIVEN) or (
            now.state in DENIED and before.state not in DENIED
        )
    return (
        (bool(now.until) and (not before.until or now.until < before.until))
        or _is_narrower(now.classes, before.classes)
        or _is_narrower(now.purposes, before.purposes)
        or _is_narrower(now.agencies, before.agencies)
    )


def _is_narrower(now: Sequence[str], before: Sequence[str]) -> bool:
    """Tell whether a list names less than before; an empty one names everything."""
    return bool(now) and (not before or not set(before) <= set(now))
