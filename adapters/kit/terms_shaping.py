"""Reads the terms of a row; how they are read is decided once, and every doubt falls on the side where less leaves."""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from adapters.kit.converting import RECORD_DATE, Convert, as_text, conversion
from adapters.kit.mapping import Conversion
from adapters.kit.terms import (
    ALL,
    CONSENT_GIVERS,
    CONSENT_STATES,
    GIVEN,
    MOST_LISTED,
    NOT_LISTED,
    NOT_SAID,
    OPT_OUTS,
    SHIELDS,
    UNSAID,
    Terms,
    Words,
)
from adapters.kit.terms_mapping import ConsentMapping, TermsMapping

F = TypeVar("F", bound=Conversion)
Row = TypeVar("Row")
RowText = Callable[[Row], str]
RowTexts = Callable[[Row], Iterable[str]]
RowList = Callable[[Row], tuple[str, ...]]
TextsOf = Callable[[F], RowTexts[Row]]
UNREADABLE = "?"
_WORD = re.compile(r"[a-z][a-z0-9_]{1,39}")


def terms_reader(mapping: TermsMapping[F] | None, texts_of: TextsOf[F, Row]) -> Callable[[Row], Terms] | None:
    """Make what reads the terms of a row; None where none are mapped. `texts_of` says how a part's texts are found."""
    if mapping is None:
        return None
    consent = _consent(mapping.consent, texts_of) if mapping.consent is not None else _unsaid
    opt_out = _word(mapping.opt_out or (), OPT_OUTS, texts_of)
    shield = _word(mapping.shield or (), SHIELDS, texts_of)
    areas: RowList[Row] = _list(mapping.areas, texts_of, empty=()) if mapping.areas is not None else _no_limit

    def read(row: Row) -> Terms:
        return consent(row, opt_out(row), shield(row), areas(row))

    return read


def said_text(value: object) -> str:
    """Write a value as text; what is there and is no text, like a part with parts of its own, is a code of nobody's."""
    return as_text(value) or ("" if value is None or isinstance(value, str) else UNREADABLE)


def constantly(text: str) -> RowTexts[object]:
    """Give the same one text for every row."""
    return lambda _: (text,)


def _unsaid(_row: object, opt_out: str, shield: str, areas: tuple[str, ...]) -> Terms:
    if opt_out == UNSAID.opt_out and shield == UNSAID.shield and not areas:
        return UNSAID
    return Terms(opt_out=opt_out, shield=shield, areas=areas)


def _no_limit(_row: object) -> tuple[str, ...]:
    return ()


def _consent(
    mapping: ConsentMapping[F], texts_of: TextsOf[F, Row]
) -> Callable[[Row, str, str, tuple[str, ...]], Terms]:
    state = _word(mapping.state, CONSENT_STATES, texts_of, otherwise=NOT_SAID)
    given_by = _word(mapping.given_by or (), CONSENT_GIVERS, texts_of)
    decided_on, until, review_due = (_day(form, texts_of) for _, form in mapping.days)
    # Where it is mapped what consent covers, an empty place does not mean that it covers everything.
    covers = [
        _list(form, texts_of, empty=(NOT_LISTED,)) if form is not None else _no_limit for _, form in mapping.covers
    ]

    def read(row: Row, opt_out: str, shield: str, areas: tuple[str, ...]) -> Terms:
        said, limit = state(row), until(row)
        if said in GIVEN and limit is None:
            # There is a limit, and nobody can tell which.
            said = NOT_SAID
        classes, purposes, agencies = (listed(row) for listed in covers) if said in GIVEN else ((), (), ())
        return Terms(
            state=said,
            given_by=given_by(row),
            decided_on=decided_on(row) or "",
            until=limit or "",
            review_due=review_due(row) or "",
            classes=classes,
            purposes=purposes,
            agencies=agencies,
            opt_out=opt_out,
            shield=shield,
            areas=areas,
        )

    return read


def _word(forms: Iterable[F], words: Words, texts_of: TextsOf[F, Row], *, otherwise: str | None = None) -> RowText[Row]:
    """Choose how a word is read: the strictest of all that any form finds, `otherwise` where nothing is there."""
    nothing = otherwise or words.words[0]
    parts = [(texts_of(form), _code(form, words)) for form in forms if form.constant is None]
    constants = [form.constant for form in forms if form.constant is not None]

    def read(row: Row) -> str:
        found = [word for texts, code in parts for text in (list(texts(row)) or [""]) if (word := code(text))]
        return words.strictest([*found, *constants]) if found or constants else nothing

    return read


def _code(form: Conversion, words: Words) -> Convert:
    """Choose what a code counts as: nothing where there is none, and the safe word where it is not listed."""
    codes = {
        code.strip().casefold(): word for code, word in (form.values or {word: word for word in words.words}).items()
    }
    unlisted = form.otherwise or words.unlisted
    return lambda text: codes.get(text.casefold(), unlisted if text else "")


def _day(form: F | None, texts_of: TextsOf[F, Row]) -> Callable[[Row], str | None]:
    """Choose how a day is read: empty where there is none, None where there is something that is no day."""
    if form is None:
        return lambda _: ""
    texts: RowTexts[Row] = texts_of(form) if form.constant is None else constantly(form.constant)
    convert = conversion(RECORD_DATE, form) or str

    def read(row: Row) -> str | None:
        days = [convert(text) for text in texts(row) if text]
        # Of several the first to come counts; what is no day is empty, and so counts before all of them.
        return (min(days) or None) if days else ""

    return read


def _list(form: F, texts_of: TextsOf[F, Row], *, empty: tuple[str, ...]) -> RowList[Row]:
    """Choose how a list is read: out of several texts, or of one that is separated."""
    texts: RowTexts[Row] = texts_of(form) if form.constant is None else constantly(form.constant)
    separator = form.separator.strip() or None
    codes = {code.strip().casefold(): word for code, word in (form.values or {}).items()}
    nothing = (codes[""],) if codes.get("") else empty

    def word_for(piece: str) -> str:
        word = codes.get(piece, form.otherwise or "") if form.values is not None else piece
        return word if _WORD.fullmatch(word) else NOT_LISTED

    def read(row: Row) -> tuple[str, ...]:
        pieces = [piece.strip().casefold() for text in texts(row) for piece in text.split(separator)]
        words = tuple(dict.fromkeys(word_for(piece) for piece in pieces if piece))[:MOST_LISTED] or nothing
        return () if ALL in words else words

    return read
